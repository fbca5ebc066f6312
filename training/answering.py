"""Fit the three small models of `kb/answering/model.py` and write `kb/resources/answering.json`.

    python training/answering.py DATA [--report]

Which questions, and which halves of them are fitted on and reported, says `asked.py`. The sentence scorer learns from
the corpus's own questions and, each a quarter as heavy, from those on passages; the short answer from the words marked
in the passages; whether anything answers from all of them, unanswered ones included.
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

from kb.answering import short
from kb.answering.answerability import ANSWERABILITY_FEATURES, answerability_features
from kb.answering.candidates import FEATURES
from kb.answering.model import AnswerModel, numbers_of
from kb.evaluation.short_answers import ENOUGH, alike

if TYPE_CHECKING:
    from kb.answering.model import Linear

NUMERIC = short.FEATURES.index("none_numeric")
PICTURE = ROOT / "docs" / "abstention.svg"
TARGET = ROOT / "kb" / "resources" / "answering.json"
OF_PASSAGES = 0.25
"""Weight of a question on a passage beside one of the corpus."""

SENTENCE_PENALTY = 0.005
SHORT_PENALTY = 0.001
ANSWERABILITY_PENALTY = 0.003
FREE = {"length", "first_in_passage", "place_in_passage", "is_question", "is_fragment", "same_language"}
SENTENCE_SIGNS = {name: 1 for name in FEATURES if name not in FREE}
"""A sentence that covers more of a question, or is nearer to it, is never thought the worse of for it."""

ANSWERABILITY_SIGNS = {
    name: 1 for name in ANSWERABILITY_FEATURES if not name.startswith(("lacks_", "passage_gaps", "gap_"))
}
"""Nor is a question for being asked in a document's own words."""

SAME = 0.8
"""Likeness (F1) from which a run is taken for the marked one."""

MARKED_PRECISION = 0.6
"""Short answers are marked from where this share of the marks on fitting questions are right (half alike)."""

ANSWERED_SHARE = 0.9
"""The threshold is set where this share of answerable fitting questions is still answered."""

BROAD_ANSWERED_SHARE = 0.98
"""So for questions with many answers, of which hardly any has none."""

SURE_PRECISION = 0.93
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


def report_sentences(model: Linear, questions: list[Asked]) -> None:
    """Print how often a right sentence is among the first few."""
    for group in ("corpus", "passages"):
        for fit in (True, False):
            chosen = [one for one in questions if (one.group, one.fit) == (group, fit) and one.answerable]
            firsts = [_first_right(model, one) for one in chosen]
            shares = ", ".join(f"{depth}: {np.mean([first < depth for first in firsts]):.3f}" for depth in (1, 2, 3, 4))
            print(f"sentences, {group}, {'fit' if fit else 'report'}, {len(chosen)}: right among the first {shares}")


def _first_right(model: Linear, one: Asked) -> float:
    order = np.argsort(-model.logits(one.candidates.features), kind="stable")
    return float(min(np.flatnonzero(one.right[order]), default=np.inf))


def marked_runs(one: Asked) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the features of the runs of the sentence that answers, and how alike each is to the marked words."""
    candidates = one.candidates
    for place in np.flatnonzero(one.right):
        sentence = candidates.sentences[place]
        if one.short not in sentence.text:
            continue
        language = sentence.hit.passage.language
        matched = candidates.coverage.at_words(sentence.text, language)
        found = short.runs(sentence.text, language, matched, candidates.asked, numbers_of(candidates.question))
        if not found.runs:
            return None
        start = sentence.text.index(one.short)
        agree = np.array(
            [
                alike(sentence.text[run.start : run.end], one.short, language)
                if run.start < start + len(one.short) and start < run.end
                else 0.0
                for run in found.runs
            ]
            + [0.0 if one.short else 1.0]
        )
        return (found.features, agree) if agree.max() >= ENOUGH else None
    return None


def fit_short(questions: list[Asked]) -> tuple[Linear, dict[str, float]]:
    """Return the model that finds the short answer in a sentence and the leads over "none" from which it is marked.

    Prints how often that is right.
    """
    marked = [(one.fit, runs) for one in questions if one.group == "passages" and (runs := marked_runs(one))]
    fitting = [runs for fit, runs in marked if fit]
    weights = [1.0] * len(fitting)
    best = [agree >= max(SAME, float(agree.max())) for _, agree in fitting]
    model = fit_choice([features for features, _ in fitting], best, weights, short.FEATURES, SHORT_PENALTY)
    leads = np.array([_lead(model, features) for _, (features, _) in marked])
    right = np.array([bool(agree[_best(model, features)] >= ENOUGH) for _, (features, agree) in marked])
    there = np.array([not agree[-1] for _, (_, agree) in marked])
    of_number = np.array([bool(features[-1, NUMERIC]) for _, (features, _) in marked])
    fit = np.array([one for one, _ in marked])
    least = {
        name: _sure_from(leads[fit & these], right[fit & these], 0.0, MARKED_PRECISION)
        for name, these in (("number_lead", of_number), ("other_lead", ~of_number))
    }
    shown = leads > np.where(of_number, least["number_lead"], least["other_lead"])
    for name, these in (("numbers", of_number), ("others", ~of_number)):
        for half, chosen in (("fit", these & fit), ("report", these & ~fit)):
            print(
                f"short answers, {name}, {half}, {chosen.sum()}: of those that have one "
                f"{shown[chosen & there].mean():.3f} marked, {right[chosen & shown].mean():.3f} of the marks right; "
                f"marked where there is none {shown[chosen & ~there].mean():.3f}"
            )
    return model, least


def _best(model: Linear, features: np.ndarray) -> int:
    return int(np.argmax(model.logits(features)[:-1]))


def _lead(model: Linear, features: np.ndarray) -> float:
    logits = model.logits(features)
    return float(logits[:-1].max() - logits[-1])


def fit_answerability(questions: list[Asked], sentence: Linear) -> tuple[Linear, dict[str, float]]:
    """Return the model of whether anything answers, and the thresholds by name; print what they do."""
    asked = [one for one in questions if one.candidates.sentences]
    logits_of = [sentence.logits(one.candidates.features) for one in asked]
    features = np.stack([answerability_features(one.candidates, of) for one, of in zip(asked, logits_of, strict=True)])
    labels = np.array([one.answerable for one in asked])
    fit = np.array([one.fit for one in asked])
    group = np.array([one.group for one in asked])
    weight = np.zeros(len(asked))
    for name, answerable, share in WEIGHTS:
        these = fit & (group == name) & (labels == answerable)
        weight[these] = share / these.sum()
    names, signs = ANSWERABILITY_FEATURES, ANSWERABILITY_SIGNS
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
    draw({name: (logits[these], labels[these]) for name, these in shown.items()}, threshold, PICTURE)
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
    sentence = fit_sentences(questions)
    report_sentences(sentence, questions)
    found, leads = fit_short(questions)
    answerability, bounds = fit_answerability(questions, sentence)
    bounds |= {name: round(lead, 4) for name, lead in leads.items()}
    for name, model in (("sentence", sentence), ("short", found), ("answerability", answerability)):
        print(name, dict(zip(model.features, model.coefficients, strict=True)), "intercept", model.intercept)
    if not arguments.report:
        bundle = AnswerModel(sentence, found, answerability, **bounds)
        TARGET.write_bytes(msgspec.json.format(msgspec.json.encode(bundle), indent=2) + b"\n")
        print(f"wrote {TARGET.relative_to(ROOT)}, {bounds}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
