"""Fit the small models of `kb/answering/model.py` and write `kb/resources/answering.json`.

    python training/answering.py DATA [--report]

Which questions, and which halves of them are fitted on and reported, says `asked.py`. The sentence scorer learns from
the corpus's own questions and, each a quarter as heavy, from those on passages; whether anything answers is learned
from all of them, unanswered ones included. Then the extractive model, which learned from none of these, reads the best
passages of each question, and both are fitted once more with what it finds.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from asked import ROOT, Asked, of_corpus, of_passages
from curve import draw
from linear import fit_choice, fit_yes_or_no
from sklearn.metrics import roc_auc_score

from kb.answering.answerability import ANSWERABILITY_FEATURES, answerability_features
from kb.answering.candidates import FEATURES
from kb.answering.closely import (
    CLOSE_ANSWERABILITY_FEATURES,
    CLOSE_FEATURES,
    close_answerability_features,
    close_features,
)
from kb.answering.extraction import extract
from kb.answering.model import AnswerModel
from kb.evaluation.short_answers import is_right

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.answering.extraction import Extraction
    from kb.answering.model import Linear

PICTURE = ROOT / "docs" / "abstention.svg"
TARGET = ROOT / "kb" / "resources" / "answering.json"
OF_PASSAGES = 0.25
"""Weight of a question on a passage beside one of the corpus."""

SENTENCE_PENALTY = 0.005
ANSWERABILITY_PENALTY = 0.02
FREE = {"length", "first_in_passage", "place_in_passage", "is_question", "is_fragment", "same_language"}
SENTENCE_SIGNS = {name: 1 for name in FEATURES if name not in FREE}
"""A sentence that covers more of a question, or is nearer to it, is never thought the worse of for it."""

ANSWERABILITY_SIGNS = {
    name: 1 for name in ANSWERABILITY_FEATURES if not name.startswith(("lacks_", "passage_gaps", "gap_"))
}
"""Nor is a question for being asked in a document's own words."""

CLOSE_SIGNS = {name: 1 for name in CLOSE_FEATURES if name not in {"unread", "passage_rank"}}

ANSWERED_SHARE = 0.89
"""The threshold is set where this share of answerable fitting questions is still answered."""

BROAD_ANSWERED_SHARE = 0.98
"""So for questions with many answers, of which hardly any has none."""

SURE_PRECISION = 0.97
"""The answer counts as sure from where this share of such fitting questions is one that the documents answer."""

WEIGHTS = (
    ("corpus", True, 1.0),
    ("corpus", False, 0.7),
    ("passages", True, 1.0),
    ("on the subject", False, 1.0),
    ("taken away", False, 0.3),
    ("other things", False, 0.5),
)
"""What all fitting questions of a group, answerable or not, weigh together."""


def fit_sentences(questions: list[Asked]) -> Linear:
    """Return the model that puts the sentences that answer above the others."""
    chosen = [one for one in questions if one.fit and one.answerable and one.group != "broad"]
    weights = [1.0 if one.group == "corpus" else OF_PASSAGES for one in chosen]
    features, right = [one.candidates.features for one in chosen], [one.right for one in chosen]
    return fit_choice(features, right, weights, FEATURES, SENTENCE_PENALTY, signs=SENTENCE_SIGNS)


def report_sentences(title: str, questions: list[Asked], logits_of: list[np.ndarray]) -> None:
    """Print how often a right sentence is among the first few."""
    firsts = np.array(
        [
            float(min(np.flatnonzero(one.right[np.argsort(-logits, kind="stable")]), default=np.inf))
            for one, logits in zip(questions, logits_of, strict=True)
        ]
    )
    for group in ("corpus", "passages"):
        for fit in (True, False):
            chosen = np.array([(one.group, one.fit, one.answerable) == (group, fit, True) for one in questions])
            shares = ", ".join(f"{depth}: {np.mean(firsts[chosen] < depth):.3f}" for depth in (1, 2, 3, 4))
            half = "fit" if fit else "report"
            print(f"sentences by {title}, {group}, {half}, {chosen.sum()}: right among the first {shares}")


def read_closely(questions: list[Asked], sentence: Linear) -> list[Extraction]:
    """Return what the extractive model finds for each question, with progress."""
    found = []
    for number, one in enumerate(questions):
        found.append(extract(one.candidates, sentence.logits(one.candidates.features)))
        if (number + 1) % 500 == 0:
            print(f"{number + 1} of {len(questions)} questions read", flush=True)
    return found


def fit_closely(questions: list[Asked], sentence: Linear, extractions: list[Extraction]) -> Linear:
    """Return the model that puts the sentences that answer above the others after the best passages were read."""
    pairs = list(zip(questions, extractions, strict=True))
    chosen = [(one, read) for one, read in pairs if one.fit and one.answerable and one.group != "broad"]
    weights = [1.0 if one.group == "corpus" else OF_PASSAGES for one, _ in chosen]
    features, right = [close_of(one, sentence, read) for one, read in chosen], [one.right for one, _ in chosen]
    return fit_choice(features, right, weights, CLOSE_FEATURES, SENTENCE_PENALTY, signs=CLOSE_SIGNS)


def close_of(one: Asked, sentence: Linear, read: Extraction) -> np.ndarray:
    """Return the features of a question's sentences after reading."""
    return close_features(one.candidates, sentence.logits(one.candidates.features), read)


def report_marks(questions: list[Asked], extractions: list[Extraction], logits_of: list[np.ndarray]) -> None:
    """Print how often the likeliest answer in the best sentence is right, of questions whose short answer is known."""
    rows = []
    for one, read, logits in zip(questions, extractions, logits_of, strict=True):
        if not (one.short and one.answerable and one.candidates.sentences):
            continue
        top = int(np.argmax(logits))
        text, span = one.candidates.sentences[top].text, read.spans[top]
        language = one.candidates.sentences[top].hit.passage.language
        right = span is not None and is_right(text[slice(*span)], one.short, language)
        rows.append((one.fit, one.group, float(read.leads[top]), right, any(sign.isdigit() for sign in one.short)))
    fit, group, leads, right, numeric = (np.array(column) for column in zip(*rows, strict=True))
    for name in ("corpus", "passages"):
        for half, these in (("fit", fit), ("report", ~fit)):
            for kind, those in (("numbers", numeric), ("others", ~numeric)):
                chosen = these & those & (group == name)
                sure = chosen & (leads >= 0)
                print(
                    f"short answers, {name}, {kind}, {half}, {chosen.sum()}: {right[chosen].mean():.3f} right; "
                    f"likelier than none {sure.sum() / chosen.sum():.3f}, of these {right[sure].mean():.3f} right"
                )


def fit_answerability(
    questions: list[Asked], features: np.ndarray, names: tuple[str, ...], signs: Mapping[str, int], picture: Path | None
) -> tuple[Linear, dict[str, float]]:
    """Return the model of whether anything answers, and the bounds by name; print what they do, and draw the curve."""
    labels = np.array([one.answerable for one in questions])
    fit = np.array([one.fit for one in questions])
    group = np.array([one.group for one in questions])
    weight = np.zeros(len(questions))
    for name, answerable, share in WEIGHTS:
        these = fit & (group == name) & (labels == answerable)
        weight[these] = share / these.sum()
    model = fit_yes_or_no(features[fit], labels[fit], weight[fit], names, ANSWERABILITY_PENALTY, signs=signs)
    logits = model.logits(features)
    threshold = float(np.quantile(logits[fit & (group == "corpus") & labels], 1 - ANSWERED_SHARE))
    of_corpus_fit = fit & (group == "corpus")
    sure = _sure_from(logits[of_corpus_fit], labels[of_corpus_fit], threshold, SURE_PRECISION)
    broad = float(np.quantile(logits[fit & (group == "broad")], 1 - BROAD_ANSWERED_SHARE))
    for half, chosen in (("fit", fit), ("report", ~fit)):
        print(f"broad, {half}: refused {np.mean(logits[chosen & (group == 'broad')] < broad):.3f}")
    for name, answerable, _ in WEIGHTS:
        for half, chosen in (("fit", fit), ("report", ~fit)):
            these = logits[(group == name) & chosen & (labels == answerable)]
            line = f"{name}, {'answerable' if answerable else 'not answered'}, {half}, {len(these)}: "
            line += f"refused {np.mean(these < threshold):.3f}, sure {np.mean(these >= sure):.3f}"
            if not answerable:
                others = logits[(group == ("corpus" if name == "other things" else "passages")) & chosen & labels]
                if name == "corpus":
                    others = logits[(group == "corpus") & chosen & labels]
                truth = np.concatenate([np.ones(len(others)), np.zeros(len(these))])
                line += f", AUC {roc_auc_score(truth, np.concatenate([others, these])):.3f}"
            print(line)
    shown = {
        "corpus": ~fit & (group == "corpus"),
        "passages": ~fit & np.isin(group, ["passages", "on the subject"]),
    }
    if picture:
        draw({name: (logits[these], labels[these]) for name, these in shown.items()}, threshold, picture)
    bounds = {"threshold": threshold, "partly": sure, "broad_threshold": broad}
    return model, {name: round(float(1 / (1 + np.exp(-logit))), 4) for name, logit in bounds.items()}


def _sure_from(logits: np.ndarray, labels: np.ndarray, least: float, wanted: float) -> float:
    """Return the lowest logit, `least` or above, from which the wanted share of labels is true."""
    order = np.argsort(-logits, kind="stable")
    precision = np.cumsum(labels[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precision >= wanted)
    return max(float(logits[order[good[-1]]]), least) if len(good) else float(logits.max())


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
    with tempfile.TemporaryDirectory() as scratch:
        questions = list(of_corpus(Path(scratch) / "corpus"))
        questions += of_passages(Path(scratch) / "passages", arguments.data)
    questions = [one for one in questions if one.candidates.sentences]
    sentence = fit_sentences(questions)
    report_sentences("words and ranks", questions, [sentence.logits(one.candidates.features) for one in questions])
    extractions = read_closely(questions, sentence)
    closely = fit_closely(questions, sentence, extractions)
    logits = [closely.logits(close_of(one, sentence, read)) for one, read in zip(questions, extractions, strict=True)]
    report_sentences("read closely", questions, logits)
    report_marks(questions, extractions, logits)
    features = [answerability_features(one.candidates, sentence.logits(one.candidates.features)) for one in questions]
    answerability, bounds = fit_answerability(
        questions, np.stack(features), ANSWERABILITY_FEATURES, ANSWERABILITY_SIGNS, None
    )
    features = [
        close_answerability_features(one.candidates, of, read)
        for one, of, read in zip(questions, logits, extractions, strict=True)
    ]
    signs = ANSWERABILITY_SIGNS | dict.fromkeys(CLOSE_ANSWERABILITY_FEATURES[len(ANSWERABILITY_FEATURES) :], 1)
    close_answerability, close_bounds = fit_answerability(
        questions, np.stack(features), CLOSE_ANSWERABILITY_FEATURES, signs, PICTURE
    )
    bundle = AnswerModel(
        sentence,
        answerability,
        closely,
        close_answerability,
        threshold=close_bounds["threshold"],
        partly=close_bounds["partly"],
        broad_threshold=bounds["broad_threshold"],
    )
    for model in (sentence, answerability, closely, close_answerability):
        print(dict(zip(model.features, model.coefficients, strict=True)), "intercept", model.intercept)
    if not arguments.report:
        TARGET.write_bytes(msgspec.json.format(msgspec.json.encode(bundle), indent=2) + b"\n")
        print(f"wrote {TARGET.relative_to(ROOT)}, {close_bounds}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
