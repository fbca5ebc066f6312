"""Measures the product's own search on public reading-comprehension sets, beside the published rows of other models.

    make bench-public DATA=folder
    python tools/bench_public.py DATA [--model fast] [--only belebele,xquad] [--json]

DATA/eval holds belebele_{ru,en}.jsonl, belebele_uz_passages_from_flores.jsonl and xquad_{passages,questions}.tsv
(Bandarkar et al. 2024; Artetxe et al. 2020). They are for measuring only; nothing is trained or tuned on them.

Each language's passages go into an index of their own in a temporary folder: one passage of the set is one document
with one passage, without a title. Every distinct question is then searched with `KnowledgeBase.search`, as a user
would; there is no code of its own for these sets. nDCG@10 counts every passage that the set pairs with a question as
relevant. The Uzbek passages are the 302 whose text is known, also respelled in Cyrillic; a search among 302 is easier
than among 488, so those columns do not compare with the published ones exactly.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent))

from kb.evaluation.measures import ndcg, percentile
from kb.ingest.passages import CutPassage
from kb.ingest.representation import represent
from kb.knowledge_base import KnowledgeBase
from kb.models.encoder import load_encoder
from kb.records import Page, ReadDocument, Span
from kb.settings import Settings
from kb.store.database import Database
from kb.text import spellings
from kb.text.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Callable

Passages = dict[str, str]
Questions = dict[str, set[str]]

DEPTH = 10
NEEDED = {
    "belebele": ("belebele_ru.jsonl", "belebele_en.jsonl", "belebele_uz_passages_from_flores.jsonl"),
    "xquad": ("xquad_passages.tsv", "xquad_questions.tsv"),
}

# nDCG@10 as published for MTEB, in the order of COLUMNS; None where no figure is known.
COLUMNS = {"belebele": ("ru>ru", "en>en", "ru>en", "en>ru", "en>uz"), "xquad": ("ru>ru", "en>en")}
PUBLISHED: dict[str, dict[str, tuple[float | None, ...]]] = {
    "belebele": {
        "multilingual-e5-small (118 M)": (0.922, 0.948, 0.828, 0.866, 0.759),
        "paraphrase-multilingual-MiniLM (118 M)": (0.797, 0.858, 0.776, 0.799, 0.378),
        "static-similarity-mrl (108 M)": (0.670, 0.828, 0.569, 0.635, 0.326),
        "potion-multilingual (128 M)": (0.695, 0.794, 0.563, 0.595, 0.470),
        "LaBSE (471 M)": (0.752, 0.786, 0.662, 0.760, 0.728),
        "bge-m3 (568 M)": (0.947, 0.956, 0.929, 0.917, 0.876),
    },
    "xquad": {
        "paraphrase-multilingual-MiniLM (118 M)": (0.844, 0.885),
        "LaBSE (471 M)": (0.842, 0.853),
        "bge-m3 (568 M)": (0.960, None),
    },
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One question language against one passage language. `seconds` are of all searches together, one thread."""

    ndcg_10: float
    questions: int
    passages: int
    p50_ms: float
    seconds: float

    @property
    def queries_per_second(self) -> float:
        """Return how many questions were answered in a second."""
        return self.questions / self.seconds


def read_lines(path: Path) -> list[dict[str, str]]:
    """Return the records of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a tab-separated file under the names in its first line."""
    names, *rows = [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line]
    return [dict(zip(names, row, strict=True)) for row in rows]


def belebele(folder: Path) -> tuple[dict[str, Passages], dict[str, Questions]]:
    """Return passages by language and id, and questions by language with the ids that answer them."""
    passages: dict[str, Passages] = {"ru": {}, "en": {}}
    questions: dict[str, Questions] = {"ru": {}, "en": {}}
    for language in ("ru", "en"):
        for row in read_lines(folder / f"belebele_{language}.jsonl"):
            passages[language][str(row["passage_id"])] = row["passage"]
            questions[language].setdefault(row["question"], set()).add(str(row["passage_id"]))
    uzbek = read_lines(folder / "belebele_uz_passages_from_flores.jsonl")
    passages["uz"] = {str(row["passage_id"]): row["passage"] for row in uzbek}
    passages["uz-cyrillic"] = {name: spellings.to_cyrillic(text) for name, text in passages["uz"].items()}
    return passages, questions


def xquad(folder: Path) -> tuple[dict[str, Passages], dict[str, Questions]]:
    """Return passages by language and id, and questions by language with the ids that answer them."""
    passages: dict[str, Passages] = {"ru": {}, "en": {}}
    questions: dict[str, Questions] = {"ru": {}, "en": {}}
    for row in read_table(folder / "xquad_passages.tsv"):
        for language, pool in passages.items():
            pool[row["passage_id"]] = row[language]
    for row in read_table(folder / "xquad_questions.tsv"):
        for language, asked in questions.items():
            asked.setdefault(row[language], set()).add(row["passage_id"])
    return passages, questions


SETS: dict[str, Callable[[Path], tuple[dict[str, Passages], dict[str, Questions]]]] = {
    "belebele": belebele,
    "xquad": xquad,
}


def fill(folder: Path, passages: Passages, model: str, settings: Settings | None = None) -> None:
    """Make an index in `folder` in which every passage is a document of its own, named by its id."""
    KnowledgeBase.open(folder, model=model, settings=settings).close()
    encoder = load_encoder(model)
    with Database.open(folder, create=False) as database:
        for name, text in passages.items():
            cut = CutPassage(0, text, (Span(1, 0, len(text)),), (), tuple(sentence_spans(text)))
            read = ReadDocument("", "text/plain", None, (Page(1, "1", text),))
            database.write_document(
                read,
                path=name,
                sha256=sha256(text.encode()).hexdigest(),
                file_size=len(text.encode()),
                modified_ns=0,
                passages=represent(read, [cut], encoder),
            )


def ask(base: KnowledgeBase, passages: Passages, questions: Questions) -> Figure:
    """Search every question that has a relevant passage here and return what came of it."""
    wanted = {text: ids & passages.keys() for text, ids in questions.items() if ids & passages.keys()}
    base.search(next(iter(wanted)), k=DEPTH)
    gains, times = [], []
    for text, relevant in wanted.items():
        started = time.perf_counter()
        hits = base.search(text, k=DEPTH)
        times.append(time.perf_counter() - started)
        found = [float(hit.document.path in relevant) for hit in hits]
        gains.append(ndcg(found, [1.0] * len(relevant), DEPTH))
    return Figure(
        ndcg_10=sum(gains) / len(gains),
        questions=len(gains),
        passages=len(passages),
        p50_ms=1000 * percentile(times, 0.5),
        seconds=sum(times),
    )


def measure(name: str, folder: Path, model: str, settings: Settings | None) -> dict[str, Figure]:
    """Return the figures of one set by "question language>passage language"."""
    passages, questions = SETS[name](folder)
    figures: dict[str, Figure] = {}
    for language, pool in passages.items():
        with TemporaryDirectory(prefix="kb-bench-") as scratch:
            started = time.perf_counter()
            fill(Path(scratch), pool, model, settings)
            with KnowledgeBase.open(scratch, settings=settings) as base:
                for asked, lines in questions.items():
                    figures[f"{asked}>{language}"] = ask(base, pool, lines)
            took = time.perf_counter() - started
            print(f"{name} {language}: {len(pool)} passages, {took:.0f} s", file=sys.stderr, flush=True)
    return figures


def table(name: str, figures: dict[str, Figure], model: str) -> str:
    """Return the set's table: the published rows, then ours with the speed of each column."""
    pairs = list(dict.fromkeys([*COLUMNS[name], *figures]))
    published = {
        peer: [_share(dict(zip(COLUMNS[name], row, strict=True)).get(pair)) for pair in pairs]
        for peer, row in PUBLISHED[name].items()
    }
    ours = {
        f"Klaster KB, model {model}": [_share(figures[pair].ndcg_10) for pair in pairs],
        "  passages": [str(figures[pair].passages) for pair in pairs],
        "  questions": [str(figures[pair].questions) for pair in pairs],
        "  queries per second": [f"{figures[pair].queries_per_second:.0f}" for pair in pairs],
        "  p50, ms": [f"{figures[pair].p50_ms:.1f}" for pair in pairs],
    }
    first = max(len(row) for row in (*published, *ours)) + 1
    width = max(len(pair) for pair in pairs) + 2
    lines = [f"{name}, nDCG@10, question > passage"]
    lines.append(" " * first + "".join(pair.rjust(width) for pair in pairs))
    for row, cells in {**published, **ours}.items():
        lines.append(row.ljust(first) + "".join(cell.rjust(width) for cell in cells))
    return "\n".join(line.rstrip() for line in lines)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}".removeprefix("0")


def missing(folder: Path, names: list[str]) -> list[str]:
    """Return which files of the sets are not in `folder`."""
    return [file for name in names for file in NEEDED[name] if not (folder / file).is_file()]


def main() -> None:
    """Print one table a set, or JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, nargs="?", help="folder that holds eval/ with the sets")
    parser.add_argument("--model", default="fast", help='"fast", "best", a folder or a model name')
    parser.add_argument("--only", default=",".join(SETS), help="some of the sets, comma-separated")
    parser.add_argument("--settings", type=Path, help="TOML file")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    names = arguments.only.split(",")
    if unknown := sorted(set(names) - SETS.keys()):
        parser.error(f"no set is called {', '.join(unknown)}; there are {', '.join(SETS)}")
    if arguments.data is None:
        parser.error("the public sets are not part of this project: make bench-public DATA=folder, which holds eval/")
    folder = arguments.data / "eval"
    if absent := missing(folder, names):
        parser.error(f"{folder} lacks {', '.join(absent)}; the beginning of {Path(__file__).name} says what they are")
    settings = Settings.load(arguments.settings) if arguments.settings else None
    figures = {name: measure(name, folder, arguments.model, settings) for name in names}
    if arguments.json:
        print(json.dumps({name: {pair: asdict(one) for pair, one in row.items()} for name, row in figures.items()}))
    else:
        print("\n\n".join(table(name, row, arguments.model) for name, row in figures.items()))


if __name__ == "__main__":
    main()
