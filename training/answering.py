"""Fit the two small logistic models of `kb/answering/model.py` and write `kb/resources/answering.json`.

    python training/answering.py DATA [--report]

Fitted on the half of `corpus/questions.jsonl` marked "fit" (a hash of the id decides) in all six question forms, over
the documents of `corpus/`; and on `DATA/train/qa_passages.jsonl`, 769 passages with a question in each language. Each
of these questions is asked twice: with its passage in the index, and with its passage taken away, which makes it one
that nothing answers. Reported on the other half of `corpus/questions.jsonl`, and on every fifth passage of the other
file, which the fit leaves out.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from sklearn.linear_model import LogisticRegression
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
TARGET = ROOT / "kb" / "resources" / "answering.json"
ANSWERED_SHARE = 0.9
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
        return gather(query, self.searcher.hits(fused, READ_HITS), self.database, self.searcher)


def folded(text: str) -> str:
    """Return the text without white space, for comparing quotes."""
    return "".join(text.split())


def corpus_questions(bench: Bench, questions: list[Question]) -> Iterator[Asked]:
    """Ask every single-answer question of the corpus in its six forms."""
    for question in questions:
        if question.broad:
            continue
        gold = [(g.document, folded(g.quote)) for g in question.gold]
        for _, form in question.forms:
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


def passage_questions(bench: Bench, rows: list[dict[str, str]]) -> Iterator[Asked]:
    """Ask each authored question with its passage in the index, and with its passage taken away."""
    ids = {Path(document.path).stem: document.id for document in bench.database.documents()}
    for number, row in enumerate(rows):
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


def fit_logistic(features: np.ndarray, labels: np.ndarray, names: tuple[str, ...], strength: float) -> Logistic:
    """Return a logistic model fitted with an L2 penalty on standardised features, in the features' own units."""
    mean, deviation = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-6)
    model = LogisticRegression(C=strength, max_iter=5_000).fit((features - mean) / deviation, labels)
    coefficients = model.coef_[0] / deviation
    intercept = float(model.intercept_[0] - coefficients @ mean)
    return Logistic(names, tuple(round(float(c), 5) for c in coefficients), round(intercept, 5))


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
        texts = Path(scratch) / "passages"
        texts.mkdir()
        for number, row in enumerate(rows):
            (texts / f"p{number:04}.md").write_text(f"# {row['topic']}\n\n{row['passage']}\n", encoding="utf-8")
        on_passages = list(passage_questions(Bench(Path(scratch) / "index", texts), rows))

    single = [a for a in on_corpus if a.answerable]
    fitting = [a for a in single if a.fit]
    sentence = fit_logistic(
        np.concatenate([a.candidates.features for a in fitting]),
        np.concatenate([a.right for a in fitting]),
        FEATURES,
        strength=0.1,
    )
    for name, share in (("fit", fitting), ("report", [a for a in single if not a.fit])):
        ranks = [
            np.flatnonzero(a.right[np.argsort(-sentence.logits(a.candidates.features), kind="stable")]) for a in share
        ]
        for depth in (1, 2, 3, 5):
            right = np.mean([bool(len(r)) and r[0] < depth for r in ranks])
            print(f"{name}: a gold sentence among the best {depth}: {right:.3f} of {len(ranks)}")

    everything = [a for a in on_corpus + on_passages if a.candidates.sentences]
    features = np.stack(
        [answerability_features(a.candidates, sentence.logits(a.candidates.features)) for a in everything]
    )
    labels = np.array([a.answerable for a in everything])
    fit = np.array([a.fit for a in everything])
    answerability = fit_logistic(features[fit], labels[fit], ANSWERABILITY_FEATURES, strength=1.0)
    logits = answerability.logits(features)
    corpus_part = np.array([place < len(on_corpus) for place in range(len(everything))])
    positives = logits[fit & corpus_part & labels]
    threshold_logit = float(np.quantile(positives, 1 - ANSWERED_SHARE))
    for name, part in (("corpus", corpus_part), ("passages", ~corpus_part)):
        for kind, chosen in (("fit", fit), ("report", ~fit)):
            these = part & chosen
            refused = float((logits[these & ~labels] < threshold_logit).mean())
            answered = float((logits[these & labels] >= threshold_logit).mean())
            area = roc_auc_score(labels[these], logits[these])
            print(
                f"{name}, {kind}: AUC {area:.3f}; answered {answered:.3f} ; refused {refused:.3f}"
            )
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
