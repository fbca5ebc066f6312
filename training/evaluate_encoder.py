"""Measures an encoder on public Uzbek, Russian and English test sets, with the definitions of the MTEB benchmark.

    make bench-encoder DATA=folder MODEL=fast
    python training/evaluate_encoder.py DATA [--model fast] [--only flores,belebele] [--out figures.json]

DATA holds `eval/` with tatoeba_{uz,ru}_en.tsv, flores.tsv, belebele_{ru,en}.jsonl,
belebele_uz_passages_from_flores.jsonl, xquad_{passages,questions}.tsv, sts_uz_test.tsv and
sib200_{train,dev,test}.tsv. They are for measuring only; nothing may be trained on them.

Bitext sets (a-b: a is the query side): F1 and accuracy of the nearest neighbour by cosine. Retrieval sets (question
language > passage language): nDCG@10; `belebele302` uses only the 302 passages whose Uzbek text is known and is easier
than the full set of 488. STS: Spearman's correlation. SIB-200 (Adelani et al. 2024): V-measure (Rosenberg, Hirschberg
2007) of k-means clusters against the seven topics, the mean of ten samples drawn as MTEB draws them. "uz-cyrillic",
"uz-2026" and "uz-bare" are the Uzbek side respelled. Last come the speed on Belebele's English passages, measured in a
process of its own, and the published rows of other encoders (published.py).
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from published import comparison
from sklearn.cluster import MiniBatchKMeans
from sklearn.metrics import v_measure_score

from kb.models.encoder import FloatArray, load_encoder
from kb.models.speed import measure_speed
from kb.text import spellings

Encode = Callable[[list[str]], FloatArray]
Figures = dict[str, dict[str, float]]

SETS = ("tatoeba", "flores", "belebele", "xquad", "sts", "sib200")
SEED = 42
CLUSTERED, TIMES = 16_384, 10
"""Texts drawn, with replacement, for one clustering, and how often; as MTEB does."""
SIX = (("uz", "en"), ("en", "uz"), ("uz", "ru"), ("ru", "uz"), ("ru", "en"), ("en", "ru"))
RESPELLED = {
    "uz-cyrillic": spellings.to_cyrillic,
    "uz-2026": spellings.to_latin_2026,
    "uz-bare": spellings.drop_apostrophes,
}


def read_table(path: Path) -> dict[str, list[str]]:
    """Return the columns of a tab-separated file by the names in its first line."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line]
    return {name: [row[column] for row in rows[1:]] for column, name in enumerate(rows[0])}


def read_lines(path: Path) -> list[dict[str, str]]:
    """Return the records of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def bitext(queries: FloatArray, targets: FloatArray) -> dict[str, float]:
    """Score row i of `queries` against row i of `targets`: weighted F1 and accuracy of the nearest neighbour."""
    chosen = (queries @ targets.T).argmax(axis=1)
    hits = chosen == np.arange(len(queries))
    times = np.bincount(chosen, minlength=len(queries))
    return {"f1": float((2 * hits / (1 + times)).mean()), "accuracy": float(hits.mean())}


def retrieval(queries: FloatArray, passages: FloatArray, relevant: list[set[int]]) -> dict[str, float]:
    """Return nDCG@10 and the share of questions with a relevant passage first; ties count against the encoder."""
    gains, firsts = [], []
    for scores, right in zip(queries @ passages.T, relevant, strict=True):
        wrong = np.delete(scores, sorted(right))
        best = sorted((scores[row] for row in right), reverse=True)
        ranks = [int((wrong >= score).sum()) + place + 1 for place, score in enumerate(best)]
        ideal = sum(1 / np.log2(1 + rank) for rank in range(1, min(len(right), 10) + 1))
        gains.append(sum(1 / np.log2(1 + rank) for rank in ranks if rank <= 10) / ideal)
        firsts.append(ranks[0] == 1)
    return {"ndcg@10": float(np.mean(gains)), "first": float(np.mean(firsts))}


def spearman(left: FloatArray, right: FloatArray) -> float:
    """Return the correlation of the ranks, equal values sharing their mean rank."""

    def ranks(values: FloatArray) -> FloatArray:
        _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
        return (np.cumsum(counts) - (counts + 1) / 2)[inverse]

    return float(np.corrcoef(ranks(left), ranks(right))[0, 1])


def measure_tatoeba(folder: Path, text: Encode) -> Figures:
    """Score short sentences, Uzbek and Russian against English, both ways."""
    figures: Figures = {}
    for language in ("uz", "ru"):
        table = read_table(folder / f"tatoeba_{language}_en.tsv")
        foreign, english = text(table[language]), text(table["en"])
        figures[f"tatoeba {language}-en"] = bitext(foreign, english)
        figures[f"tatoeba en-{language}"] = bitext(english, foreign)
    return figures


def measure_flores(folder: Path, text: Encode) -> Figures:
    """Score news sentences in six directions, and with the Uzbek side respelled."""
    table = read_table(folder / "flores.tsv")
    sides = {language: text(table[language]) for language in ("uz", "ru", "en")}
    figures = {f"flores {a}-{b}": bitext(sides[a], sides[b]) for a, b in SIX}
    figures["flores mean of six"] = {
        measure: float(np.mean([figures[f"flores {a}-{b}"][measure] for a, b in SIX])) for measure in ("f1", "accuracy")
    }
    for spelling, respell in RESPELLED.items():
        respelled = text([respell(line) for line in table["uz"]])
        for language in ("en", "ru"):
            figures[f"flores {spelling}-{language}"] = bitext(respelled, sides[language])
            figures[f"flores {language}-{spelling}"] = bitext(sides[language], respelled)
        cosines = (respelled * sides["uz"]).sum(axis=1)
        figures[f"flores {spelling}~uz cosine"] = {"mean": float(cosines.mean()), "least": float(cosines.min())}
    return figures


def measure_belebele(folder: Path, query: Encode, passage: Encode) -> Figures:
    """Score questions of reading comprehension against all passages."""
    uzbek = {row["passage_id"]: row["passage"] for row in read_lines(folder / "belebele_uz_passages_from_flores.jsonl")}
    questions: dict[str, dict[str, set[str]]] = {}
    passages: dict[str, dict[str, str]] = {"uz": uzbek}
    for language in ("ru", "en"):
        for row in read_lines(folder / f"belebele_{language}.jsonl"):
            questions.setdefault(language, {}).setdefault(row["question"], set()).add(row["passage_id"])
            passages.setdefault(language, {})[row["passage_id"]] = row["passage"]
    pools = {("belebele", language): passages[language] for language in ("ru", "en")} | {("belebele302", "uz"): uzbek}
    for spelling in ("uz-cyrillic", "uz-2026"):
        pools["belebele302", spelling] = {name: RESPELLED[spelling](line) for name, line in uzbek.items()}
    figures: Figures = {}
    for asked, wanted in questions.items():
        for (name, language), pool in pools.items():
            row_of = {passage_id: row for row, passage_id in enumerate(sorted(pool))}
            kept = {line: {row_of[one] for one in ids if one in row_of} for line, ids in wanted.items()}
            kept = {line: rows for line, rows in kept.items() if rows}
            figures[f"{name} {asked}>{language}"] = retrieval(
                query(list(kept)), passage([pool[one] for one in row_of]), list(kept.values())
            )
    return figures


def measure_xquad(folder: Path, query: Encode, passage: Encode) -> Figures:
    """Score encyclopaedia questions against paragraphs, Russian and English."""
    pool, table = read_table(folder / "xquad_passages.tsv"), read_table(folder / "xquad_questions.tsv")
    figures: Figures = {}
    for asked in ("ru", "en"):
        wanted: dict[str, set[int]] = {}
        for line, row in zip(table[asked], table["passage_id"], strict=True):
            wanted.setdefault(line, set()).add(int(row))
        for language in ("ru", "en"):
            figures[f"xquad {asked}>{language}"] = retrieval(
                query(list(wanted)), passage(pool[language]), list(wanted.values())
            )
    return figures


def measure_sts(folder: Path, text: Encode) -> Figures:
    """Correlate cosines with people's judgement of likeness."""
    table = read_table(folder / "sts_uz_test.tsv")
    judged = np.array([float(score) for score in table["score"]])
    sides = {column: text(table[column]) for column in ("uz1", "uz2", "en1", "en2")}
    pairs = {"uz-uz": ("uz1", "uz2"), "uz-en": ("uz1", "en2"), "en-en": ("en1", "en2")}
    return {
        f"sts {name}": {"spearman": spearman((sides[a] * sides[b]).sum(1), judged)} for name, (a, b) in pairs.items()
    }


def v_measure(vectors: FloatArray, topics: list[str]) -> float:
    """Return the mean V-measure of ten k-means clusterings, one cluster a topic, each of a sample drawn anew."""
    draw = random.Random(SEED)
    order = draw.sample(range(len(topics)), k=len(topics))
    vectors, named = vectors[order], np.array(topics)[order]
    clusters = MiniBatchKMeans(len(set(topics)), batch_size=512, init="k-means++", n_init=1, random_state=SEED)
    scores = []
    for _ in range(TIMES):
        rows = draw.choices(range(len(named)), k=CLUSTERED)
        scores.append(v_measure_score(named[rows], clusters.fit_predict(vectors[rows])))
    return float(np.mean(scores))


def measure_sib200(folder: Path, text: Encode) -> Figures:
    """Cluster sentences by topic in each language."""
    tables = [read_table(folder / f"sib200_{part}.tsv") for part in ("train", "dev", "test")]
    topics = [topic for table in tables for topic in table["category"]]
    lines = {language: [line for table in tables for line in table[language]] for language in ("uz", "ru", "en")}
    lines["uz-cyrillic"] = [spellings.to_cyrillic(line) for line in lines["uz"]]
    return {f"sib200 {name}": {"v-measure": v_measure(text(one), topics)} for name, one in lines.items()}


def speed_line(model: str, folder: Path) -> str:
    """Return passages a second, milliseconds a question, loading time and memory, on Belebele's English texts."""
    rows = read_lines(folder / "belebele_en.jsonl")
    passages = list(dict.fromkeys(row["passage"] for row in rows))[:64]
    speed = measure_speed(model, passages, [row["question"] for row in rows[:50]])
    words = sum(len(passage.split()) for passage in passages) / len(passages)
    return (
        f"{speed.passages_per_second:.0f} passages of {words:.0f} words a second, {speed.query_ms:.1f} ms a question, "
        f"loaded in {speed.load_seconds:.2f} s, {speed.memory_mib or 0:.0f} MiB of memory"
    )


def remembered(encode: Encode) -> Encode:
    """Return `encode` that computes each text once."""
    known: dict[str, FloatArray] = {}

    def look_up(texts: list[str]) -> FloatArray:
        new = list(dict.fromkeys(text for text in texts if text not in known))
        known.update(zip(new, encode(new), strict=True))
        return np.stack([known[text] for text in texts])

    return look_up


def measure(folder: Path, query: Encode, passage: Encode, sets: tuple[str, ...] = SETS) -> Figures:
    """Return all figures of the wanted sets. Sentences of bitext and STS are encoded as questions, as for E5."""
    query, passage = remembered(query), remembered(passage)
    figures: Figures = {}
    if "tatoeba" in sets:
        figures |= measure_tatoeba(folder, query)
    if "flores" in sets:
        figures |= measure_flores(folder, query)
    if "belebele" in sets:
        figures |= measure_belebele(folder, query, passage)
    if "xquad" in sets:
        figures |= measure_xquad(folder, query, passage)
    if "sts" in sets:
        figures |= measure_sts(folder, query)
    if "sib200" in sets:
        figures |= measure_sib200(folder, query)
    return figures


def main() -> None:
    """Print the figures, and write them where --out says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", default="fast")
    parser.add_argument("--only", default=",".join(SETS), help="comma-separated names of sets")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    started = time.perf_counter()
    encoder = load_encoder(options.model)
    folder = options.data / "eval"
    figures = measure(folder, encoder.encode_queries, encoder.encode_passages, tuple(options.only.split(",")))
    for name, values in figures.items():
        print(f"{name:34}" + "  ".join(f"{measure} {value:.4f}" for measure, value in values.items()))
    print("", *comparison(options.model, figures), "", sep="\n")
    print(f"{options.model}: {encoder.dimension} numbers a vector, measured in {time.perf_counter() - started:.0f} s")
    print(speed_line(options.model, folder))
    if options.out:
        options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
