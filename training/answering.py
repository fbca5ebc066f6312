"""Fit the two small logistic models of `kb/answering/model.py` and write `kb/resources/answering.json`.

    python training/answering.py DATA [--report]

Fitted on the half of `corpus/questions.jsonl` marked "fit" (a hash of the id decides) over the documents of `corpus/`,
and on `DATA/train/qa_passages.jsonl`, 769 passages with a question in each language. Every fourth of them is asked
twice: with its passage in the index, and with its passage taken away, which makes it one that nothing answers.
`training/off_topic.tsv` adds questions about other things altogether. Whether passages answer must grow with how well
they cover the question, so its coefficients are held to be 0 or more. Reported on the other half of
`corpus/questions.jsonl`, on every fifth passage and on every third row about other things, which the fit leaves out.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from kb.answering.answer import READ_HITS
from kb.answering.candidates import FEATURES, Candidates, gather
from kb.answering.model import ANSWERABILITY_FEATURES, AnswerModel, Logistic, answerability_features
from kb.evaluation.questions import Question, half, load_questions
from kb.ingest.pipeline import ingest
from kb.models.encoder import load_encoder
from kb.models.translation import load_tables
from kb.retrieval.filters import Filters
from kb.retrieval.query import understand
from kb.retrieval.search import Searcher
from kb.settings import Settings
from kb.store.database import Database
from kb.store.snapshot import open_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
OFF_TOPIC = ROOT / "training" / "off_topic.tsv"
PASSAGE_STEP = 4
FORMS = ("uz-latin", "ru", "en")
TARGET = ROOT / "kb" / "resources" / "answering.json"
PENALTY = 0.003
ANSWERED_SHARE = 0.95
"""The threshold is set where this share of answerable fitting questions is still answered."""


@dataclass(frozen=True)
class Asked:
    """One question asked of one index: its candidates, which of them are right, and whether the gold was found."""

    candidates: Candidates
    right: np.ndarray
    answerable: bool
    fit: bool


class Bench:
    """An index in a temporary folder over some documents."""

    def __init__(self, folder: Path, documents: Path) -> None:
        self.settings = Settings()
        self.encoder = load_encoder(self.settings.model)
        self.database = Database.open(folder)
        with self.database.writer():
            ingest(self.database, self.encoder, documents, self.settings, None, prune=False)
            self.searcher = Searcher(self.database, open_snapshot(self.database, folder), load_tables())

    def ask(self, text: str, documents: list[int] | None = None) -> Candidates:
        """Return the candidate sentences for a question."""
        query = understand(text, self.encoder)
        fused = self.searcher.rank(query, Filters.of(documents=documents), self.settings.retrieval)
        return gather(query, self.searcher.hits(fused, READ_HITS), fused, self.database, self.searcher)


def folded(text: str) -> str:
    """Return the text without white space, for comparing quotes."""
    return "".join(text.split())


def corpus_questions(bench: Bench, questions: list[Question]) -> Iterator[Asked]:
    """Ask every single-answer question of the corpus in three forms; the other Uzbek spellings find the same."""
    for question in questions:
        if question.broad:
            continue
        gold = [(g.document, folded(g.quote)) for g in question.gold]
        for form in (text for name, text in question.forms if name in FORMS):
            candidates = bench.ask(form)
            right = np.array(
                [
                    any(
                        Path(s.hit.document.path).stem == document
                        and (folded(s.text) in quote or quote in folded(s.text))
                        for document, quote in gold
                    )
                    for s in candidates.sentences
                ],
                dtype=bool,
            )
            yield Asked(candidates, right, question.answerable, half(question.id) == "fit")


def other_questions(bench: Bench) -> Iterator[Asked]:
    """Ask about other things altogether; every third row is left out of the fit."""
    with OFF_TOPIC.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t")):
            for text in row.values():
                candidates = bench.ask(text)
                nothing = np.zeros(len(candidates.sentences), bool)
                yield Asked(candidates, nothing, answerable=False, fit=number % 3 != 0)


def passage_questions(bench: Bench, rows: list[dict[str, str]]) -> Iterator[Asked]:
    """Ask the questions of every fourth passage with it in the index, and with it taken away."""
    ids = {Path(document.path).stem: document.id for document in bench.database.documents()}
    for number, row in list(enumerate(rows))[::PASSAGE_STEP]:
        own = ids[f"p{number:04}"]
        others = [other for other in ids.values() if other != own]
        for language in ("uz", "ru", "en"):
            text = row.get(f"q_{language}")
            if not text:
                continue
            fit = number % 5 != 0
            present = bench.ask(text)
            found = any(s.hit.document.id == own for s in present.sentences)
            yield Asked(present, np.zeros(len(present.sentences), bool), found, fit)
            absent = bench.ask(text, others)
            yield Asked(absent, np.zeros(len(absent.sentences), bool), answerable=False, fit=fit)


def fit_logistic(
    features: np.ndarray,
    labels: np.ndarray,
    weight: np.ndarray,
    names: tuple[str, ...],
    *,
    growing: bool,
) -> Logistic:
    """Return a logistic model fitted with an L2 penalty on standardised features, in the features' own units.

    `growing` holds every coefficient to 0 or more.
    """
    mean, deviation = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-6)
    x = (features - mean) / deviation
    sign = np.where(labels, 1.0, -1.0)
    weight = weight / weight.sum()

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        coefficients, intercept = parameters[:-1], parameters[-1]
        margin = sign * (x @ coefficients + intercept)
        slope = -sign * weight * expit(-margin)
        value = float(weight @ np.logaddexp(0, -margin) + PENALTY * coefficients @ coefficients)
        return value, np.append(x.T @ slope + 2 * PENALTY * coefficients, slope.sum())

    bounds = [(0.0 if growing else None, None)] * x.shape[1] + [(None, None)]
    found = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    coefficients = found[:-1] / deviation
    intercept = float(found[-1] - coefficients @ mean)
    return Logistic(names, tuple(round(float(c), 5) for c in coefficients), round(intercept, 5))


def report_sentences(sentence: Logistic, single: list[Asked]) -> None:
    """Print how often a gold sentence is among the first few."""
    for name, share in (("fit", [a for a in single if a.fit]), ("report", [a for a in single if not a.fit])):
        ranks = [
            np.flatnonzero(a.right[np.argsort(-sentence.logits(a.candidates.features), kind="stable")]) for a in share
        ]
        for depth in (1, 2, 3, 5):
            right = np.mean([bool(len(r)) and r[0] < depth for r in ranks])
            print(f"{name}: a gold sentence among the best {depth}: {right:.3f} of {len(ranks)}")


def main() -> int:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder that holds train/qa_passages.jsonl")
    parser.add_argument("--report", action="store_true", help="print figures only; write nothing")
    arguments = parser.parse_args()
    source = arguments.data / "train" / "qa_passages.jsonl"
    if not source.is_file():
        print(f"{source} is missing: pass the folder that holds train/", file=sys.stderr)
        return 1
    rows = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as scratch:
        corpus = Bench(Path(scratch) / "corpus", ROOT / "corpus")
        on_corpus = list(corpus_questions(corpus, load_questions(ROOT / "corpus" / "questions.jsonl")))
        about_others = list(other_questions(corpus))
        texts = Path(scratch) / "passages"
        texts.mkdir()
        for number, row in enumerate(rows):
            (texts / f"p{number:04}.md").write_text(f"# {row['topic']}\n\n{row['passage']}\n", encoding="utf-8")
        on_passages = list(passage_questions(Bench(Path(scratch) / "index", texts), rows))

    single = [a for a in on_corpus if a.answerable]
    fitting = [a for a in single if a.fit]
    right = np.concatenate([a.right for a in fitting])
    sentence = fit_logistic(
        np.concatenate([a.candidates.features for a in fitting]),
        right,
        np.where(right, 1 / right.sum(), 1 / (~right).sum()),
        FEATURES,
        growing=False,
    )
    report_sentences(sentence, single)

    groups = {"corpus": on_corpus, "passages": on_passages, "other things": about_others}
    everything = [a for group in groups.values() for a in group if a.candidates.sentences]
    group_of = np.array([name for name, group in groups.items() for a in group if a.candidates.sentences])
    features = np.stack(
        [answerability_features(a.candidates, sentence.logits(a.candidates.features)) for a in everything]
    )
    labels = np.array([a.answerable for a in everything])
    fit = np.array([a.fit for a in everything])
    # Each kind of question weighs the same, whatever their number; those of the corpus that it does not answer are
    # left out: they are made of its own words, so that no feature here tells them apart.
    weight = np.zeros(len(labels))
    for name, answerable, share in (
        ("corpus", True, 1),
        ("other things", False, 1),
        ("passages", True, 0.25),
        ("passages", False, 0.25),
    ):
        kind = fit & (group_of == name) & (labels == answerable)
        weight[kind] = share / kind.sum()
    answerability = fit_logistic(features, labels, weight, ANSWERABILITY_FEATURES, growing=True)
    logits = answerability.logits(features)
    positives = logits[fit & (group_of == "corpus") & labels]
    threshold_logit = float(np.quantile(positives, 1 - ANSWERED_SHARE))
    for name in groups:
        for kind, chosen in (("fit", fit), ("report", ~fit)):
            these = (group_of == name) & chosen
            refused = float((logits[these & ~labels] < threshold_logit).mean())
            line = f"{name}, {kind}: refused {refused:.3f} of those that nothing answers"
            if labels[these].any():
                answered = float((logits[these & labels] >= threshold_logit).mean())
                area = roc_auc_score(labels[these], logits[these])
                line += f", answered {answered:.3f} of the others, AUC {area:.3f}"
            print(line)
    for name, model in (("sentence", sentence), ("answerability", answerability)):
        print(name, dict(zip(model.features, model.coefficients, strict=True)), "intercept", model.intercept)
    threshold = round(float(1 / (1 + np.exp(-threshold_logit))), 4)
    if not arguments.report:
        bundle = AnswerModel(sentence=sentence, answerability=answerability, threshold=threshold)
        TARGET.write_bytes(msgspec.json.format(msgspec.json.encode(bundle), indent=2) + b"\n")
        print(f"wrote {TARGET.relative_to(ROOT)}, threshold {threshold}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
