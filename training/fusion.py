"""Fit the weights of the legs (`kb.settings.LegWeights`), and compare ways to fuse them in one table.

    python training/fusion.py DATA [--model NAME]

Fitted on the half of `corpus/questions.jsonl` marked "fit" and on `DATA/train/qa_passages.jsonl` (every sixth of 769
passages with a question in each language); reported on the other half. Every question is scored once by the legs that
the search itself uses; all ways of fusing are compared on these scores. What is fitted is cross-validated by whole
questions, five folds: six forms of one question are not six questions.

The learned ways are a softmax over the candidates of a question (ListNet: Cao et al. 2007), the same over pairs
(RankNet: Burges et al. 2005), both linear and drawn to the weights in use by a ridge, and LambdaMART (Burges 2010) when
lightgbm can be imported. Prints the tables and the fitted weights; writes nothing.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from fusion_learning import FOLDS, fold, linear, trees
from fusion_scores import (
    FIRST,
    FORMER,
    SINGLE,
    TRIED,
    Asked,
    Bench,
    Ranker,
    by_features,
    corpus_questions,
    measured,
    passage_questions,
    ranked,
    reciprocal_ranks,
)
from msgspec.structs import asdict, replace

from kb.evaluation.questions import load_questions
from kb.evaluation.significance import randomisation_test
from kb.settings import LegWeights, RetrievalSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent


class Table:
    """Prints one line a ranking: the fitting and the report half, and p against the first line on the latter."""

    def __init__(self, title: str, asked: Sequence[Asked]) -> None:
        self._asked = asked
        self._first: np.ndarray | None = None
        head = "nDCG@10 | recall@10 | recall@20 | Success@1 | α-nDCG@10"
        print(f"\n{title}\n| | fit: {head} | report: {head} | p |\n|---|{'--:|' * 11}", flush=True)

    def add(self, name: str, rank: Ranker, held_out: Sequence[Ranker] = ()) -> np.ndarray:
        """Add a ranking; with `held_out`, one a fold, the fitting half is ranked by the one that did not see it."""
        rows = []
        for one in self._asked:
            ranker = held_out[fold(one.question)] if held_out and one.fit else rank
            rows.append(measured(one, ranker(one)))
        values = np.stack(rows)
        fit = np.asarray([one.fit for one in self._asked])
        cells = [f"{value:.3f}" for part in (fit, ~fit) for value in values[part].mean(axis=0)]
        p = ""
        if self._first is None:
            self._first = values
        else:
            p = f"{self._p(values[~fit, 0] - self._first[~fit, 0], np.flatnonzero(~fit)):.3f}"
        print(f"| {name} | {' | '.join(cells)} | {p} |", flush=True)
        return values[fit].mean(axis=0)

    def _p(self, differences: np.ndarray, places: np.ndarray) -> float:
        by_question: dict[str, list[float]] = {}
        for difference, place in zip(differences, places, strict=True):
            by_question.setdefault(self._asked[place].question, []).append(float(difference))
        means = [math.fsum(one) / len(one) for one in by_question.values()]
        return randomisation_test([one if abs(one) > 1e-9 else 0.0 for one in means])


def compare_single(asked: Sequence[Asked], passages: Sequence[Asked]) -> None:
    """Print the table of single-answer questions and the fitted weights."""
    use = RetrievalSettings()
    table = Table("Single-answer questions", asked)
    table.add("sum of dense, sentence, lexical, title", partial(ranked, weights=FORMER))
    table.add("reciprocal ranks of these", reciprocal_ranks)
    for name in FIRST:
        table.add(f"{name} alone", partial(by_features, names=(name,), weights=np.ones(1)))
    table.add("**in use**", partial(ranked, weights=use))
    for name in SINGLE:
        table.add(f"in use, without {name}", partial(ranked, weights=replace(use, **{name: 0.0})))
    for name, weight in (("heading", 1.0), ("direction", 0.3), ("level", 0.3)):
        table.add(f"in use, with {name}", partial(ranked, weights=replace(use, **{name: weight})))
    fitting = [one for one in asked if one.fit]
    best = (-1.0, np.empty(0), "")
    for pairs, ridge, share in ((False, 0.3, 0.3), (False, 0.05, 0.3), (False, 0.3, 0.0), (True, 0.3, 0.3)):
        weights = [
            linear([*(o for o in fitting if fold(o.question) != k), *passages], SINGLE, ridge, share, pairs=pairs)
            for k in range(FOLDS)
        ]
        whole = linear([*fitting, *passages], SINGLE, ridge, share, pairs=pairs)
        name = f"linear over {'pairs' if pairs else 'lists'}, ridge {ridge}, passages {share}"
        rankers = [partial(ranked, weights=_weights(one)) for one in (whole, *weights)]
        score = float(table.add(name, rankers[0], rankers[1:])[0])
        best = max(best, (score, whole, name), key=lambda one: one[0])
    names = (*SINGLE, "heading", "direction", *TRIED)
    weights = [
        linear([*(one for one in fitting if fold(one.question) != k), *passages], names, 0.05, 0.3, pairs=False)
        for k in range(FOLDS)
    ]
    whole = linear([*fitting, *passages], names, 0.05, 0.3, pairs=False)
    rankers = [partial(by_features, names=names, weights=one) for one in (whole, *weights)]
    table.add("linear, all features", rankers[0], rankers[1:])
    grown = [trees([*(o for o in fitting if fold(o.question) != k), *passages], names, 0.3) for k in range(FOLDS)]
    of_all = trees([*fitting, *passages], names, 0.3)
    if of_all is not None:
        table.add("LambdaMART, all features", of_all, [one for one in grown if one])
    print(f"\nBest when cross-validated: {best[2]}")
    print(", ".join(f"{name} {weight:.2f}" for name, weight in zip(SINGLE, best[1], strict=True)))


def compare_broad(asked: Sequence[Asked]) -> None:
    """Print the table of broad questions."""
    use = RetrievalSettings()
    table = Table("Broad questions, by their true kinds", asked)

    def of_kind(one: Asked, **changes: float) -> np.ndarray:
        return ranked(one, replace(getattr(use, one.kind), **changes))

    table.add("sum of dense, sentence, lexical, title", partial(ranked, weights=FORMER))
    table.add("weights of single answers", partial(ranked, weights=use))
    table.add("**in use**", of_kind)
    for name in (*FIRST, "heading", "direction", "level", "spread"):
        table.add(f"in use, without {name}", partial(of_kind, **{name: 0.0}))
    for name, weight in (("name", 1.0), ("detail", 1.0)):
        table.add(f"in use, with {name}", partial(of_kind, **{name: weight}))
    for name in ("heading", "direction", "level", "title", "spread", "dense", "sentence", "lexical"):
        for factor in (0.5, 1.5):
            changed = partial(_scaled, use=use, name=name, factor=factor)
            table.add(f"in use, {name} × {factor}", changed)


def _scaled(one: Asked, use: RetrievalSettings, name: str, factor: float) -> np.ndarray:
    weights = getattr(use, one.kind)
    return ranked(one, replace(weights, **{name: getattr(weights, name) * factor}))


def _weights(values: np.ndarray) -> LegWeights:
    kept = {name: max(0.0, float(value)) for name, value in zip(SINGLE, values, strict=True)}
    return LegWeights(**{**asdict(FORMER), **kept})


def main() -> int:
    """Score, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder that holds train/qa_passages.jsonl")
    parser.add_argument("--model", default=Settings().model)
    arguments = parser.parse_args()
    source = arguments.data / "train" / "qa_passages.jsonl"
    if not source.is_file():
        print(f"{source} is missing: pass the folder that holds train/", file=sys.stderr)
        return 1
    lines = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as scratch:
        corpus = Bench(Path(scratch) / "corpus", ROOT / "corpus", arguments.model)
        asked = corpus_questions(corpus, load_questions(ROOT / "corpus" / "questions.jsonl"))
        texts = Path(scratch) / "passages"
        texts.mkdir()
        for number, row in enumerate(lines):
            (texts / f"p{number:04}.md").write_text(f"# {row['topic']}\n\n{row['passage']}\n", encoding="utf-8")
        passages = passage_questions(Bench(Path(scratch) / "index", texts, arguments.model), lines)
        compare_single([one for one in asked if one.kind == "single"], passages)
        compare_broad([one for one in asked if one.kind != "single"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
