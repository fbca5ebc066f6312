"""Learns to tell questions with one answer from questions with many: writes kb/resources/breadth.json.

    python training/breadth.py [--report]

`breadth_questions.tsv` holds questions in three languages with their kind: single, list or comparison (these are left
to the rules of `kb/retrieval/breadth.py`). A logistic regression with an L1 penalty is fitted a language; a tenth of
the rows is left out. The threshold is the lowest at which no more than two and a half in a hundred of those left out
that have one answer are taken for broad ones. Nothing is fitted on the questions of `corpus/`; they are reported.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from kb.evaluation.questions import half, load_questions
from kb.retrieval.breadth import ruled
from kb.retrieval.breadth_model import BreadthModel, features_of

if TYPE_CHECKING:
    from kb.records import Language

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SOURCE = HERE / "breadth_questions.tsv"
TARGET = ROOT / "kb" / "resources" / "breadth.json"
LANGUAGES: tuple[Language, ...] = ("uz", "ru", "en")
OF_FORM: dict[str, Language] = {"uz-latin": "uz", "ru": "ru", "en": "en"}
REPORT_STEP = 10
STRENGTH = 1.0
"""Inverse of the L1 penalty."""
WRONGLY_BROAD = 0.025
"""The share of questions with one answer of which more must not be taken for broad ones."""
THRESHOLDS = np.linspace(0.5, 0.99, 50)


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows that are no comparisons."""
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row for row in found if row["kind"] != "comparison"]


Judged = list[tuple[float, bool, str]]
"""Of each question the model's probability, whether it is broad, and what the rules say."""


def fit(table: list[dict[str, str]], language: Language) -> tuple[dict[str, float], float, Judged]:
    """Return weights, the intercept, and the rows left out, judged."""
    rules = [ruled(row[language], language) for row in table]
    found = [features_of(row[language], language, rule) for row, rule in zip(table, rules, strict=True)]
    of = [dict.fromkeys(names, 1.0) for names in found]
    labels = np.array([row["kind"] == "list" for row in table])
    out = np.arange(len(table)) % REPORT_STEP == 0
    vectoriser = DictVectorizer(sparse=False)
    learned = vectoriser.fit_transform([one for one, left in zip(of, out, strict=True) if not left])
    model = LogisticRegression(l1_ratio=1.0, C=STRENGTH, solver="liblinear", random_state=0, max_iter=1000)
    model.fit(learned, labels[~out])
    probabilities = model.predict_proba(vectoriser.transform([one for one, left in zip(of, out, strict=True) if left]))
    weights = zip(vectoriser.get_feature_names_out(), model.coef_[0].tolist(), strict=True)
    kept = {str(name): round(weight, 3) for name, weight in weights if round(weight, 3)}
    judged = zip(probabilities[:, 1].tolist(), labels[out].tolist(), np.array(rules)[out].tolist(), strict=True)
    return dict(sorted(kept.items())), round(float(model.intercept_[0]), 3), list(judged)


def of_corpus(model: BreadthModel) -> dict[str, Judged]:
    """Return by half the probability of each question of the corpus, whether it is broad, and what the rules say."""
    found: dict[str, Judged] = {"fit": [], "report": []}
    for question in load_questions(ROOT / "corpus" / "questions.jsonl"):
        if not question.answerable or question.kind == "compare":
            continue
        for name, text in question.forms:
            if language := OF_FORM.get(name):
                rule = ruled(text, language)
                probability = model.probability(features_of(text, language, rule), language)
                found[half(question.id)].append((probability, question.broad, rule))
    return found


def taken_for_broad(asked: Judged, least: float) -> np.ndarray:
    """Return which questions count as broad, as `kb.retrieval.breadth` decides."""
    return np.array([rule == "list" or (rule == "open" and probability >= least) for probability, _, rule in asked])


def main() -> None:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", action="store_true", help="print figures only; write nothing")
    options = parser.parse_args()
    table = rows(SOURCE)
    weights, intercepts = {}, {}
    left_out: Judged = []
    for language in LANGUAGES:
        weights[language], intercepts[language], judged = fit(table, language)
        left_out += judged
        auc = roc_auc_score([broad for _, broad, _ in judged], [probability for probability, _, _ in judged])
        print(f"{language}: {len(weights[language])} weights; AUC of {len(judged)} left out {auc:.3f}")
    single = np.array([not broad for _, broad, _ in left_out])
    lost = np.array([np.mean(taken_for_broad(left_out, least)[single]) for least in THRESHOLDS])
    threshold = round(float(THRESHOLDS[np.flatnonzero(lost <= WRONGLY_BROAD)[0]]), 3)
    of_halves = of_corpus(BreadthModel(weights, intercepts, threshold))
    for name, asked in {"left out": left_out, **{f"corpus, {part}": one for part, one in of_halves.items()}}.items():
        ours, rules = taken_for_broad(asked, threshold), taken_for_broad(asked, np.inf)
        truth = np.array([broad for _, broad, _ in asked])
        print(
            f"{name}, {truth.sum()} broad: taken for broad {np.mean(ours[truth]):.3f} (by the rules alone "
            f"{np.mean(rules[truth]):.3f}); {np.sum(~truth)} single: {np.mean(ours[~truth]):.3f} "
            f"(by the rules alone {np.mean(rules[~truth]):.3f})"
        )
    if not options.report:
        model = BreadthModel(weights, intercepts, threshold)
        TARGET.write_bytes(msgspec.json.format(msgspec.json.encode(model), indent=0) + b"\n")
        print(f"wrote {TARGET.relative_to(ROOT)}, threshold {threshold}, {TARGET.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
