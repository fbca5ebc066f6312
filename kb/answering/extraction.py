"""What the extractive model finds around the best sentences: for each its likeliest answer, and how likely.

The linear models weigh words that stand in a sentence; this model reads question and passage together, so it knows that
"how many jobs" wants the one of three numbers that counts jobs, and that a sentence about the very subject may not
answer at all. It is the reader of a retriever with a reader (Chen et al. 2017), on as few sentences as time allows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kb.models.extractive import Asked, load_extractive
from kb.text.words import tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kb.answering.candidates import Candidate, Candidates
    from kb.models.extractive import Ends

WINDOWS = 4
"""How many of the best sentences are read, each with the one before it and the one after.

Measured on the questions that the models are fitted on: whole passages cost more and tell questions without an answer
less well (AUC .82 of the two best, .85 of four windows); more windows change nothing.
"""

LONGEST_ANSWER = 96
"""Pieces."""

LEAST_LEAD = -15.0
"""Of a sentence that was not read, or that holds no piece."""

_SIGN = re.compile(r"[ \u00a0\u202f]?%")


@dataclass(frozen=True, slots=True)
class Extraction:
    """For each candidate sentence the log odds of its likeliest answer against none, and where this stands.

    `leads` and `known` (sentences,): `known` where a sentence was read. `spans` are characters of the sentence, None
    where it was not.
    """

    leads: NDArray[np.float32]
    known: NDArray[np.bool_]
    spans: tuple[tuple[int, int] | None, ...]


def extract(candidates: Candidates, logits: NDArray[np.float64]) -> Extraction:
    """Return what the model finds in the best sentences by `logits` and those around them."""
    parts = windows([sentence.hit.passage.id for sentence in candidates.sentences], logits)
    asked = [_asked(candidates.sentences[part.start : part.stop]) for part in parts]
    found = load_extractive().read(candidates.question, candidates.language, asked)
    leads = np.full(len(candidates.sentences), LEAST_LEAD, np.float32)
    known = np.zeros(len(candidates.sentences), np.bool_)
    spans: list[tuple[int, int] | None] = [None] * len(candidates.sentences)
    for part, ends in zip(parts, found, strict=True):
        for number in part:
            best = _best(ends, candidates.sentences[number], candidates.sentences[part.start].start)
            if best and (not known[number] or best[0] > leads[number]):
                leads[number], known[number], spans[number] = max(best[0], LEAST_LEAD), True, best[1]
    return Extraction(leads, known, tuple(spans))


def windows(passages: Sequence[int], logits: NDArray[np.float64]) -> list[range]:
    """Return the numbers of the sentences to read together: the best by `logits`, each with its neighbours.

    `passages` are those that the sentences, in reading order, stand in. One that stands in a window makes none.
    """
    parts: list[range] = []
    for best in np.argsort(-logits, kind="stable").tolist():
        if len(parts) == WINDOWS:
            break
        if any(best in part for part in parts):
            continue
        first, last = best, best
        if best > 0 and passages[best - 1] == passages[best]:
            first -= 1
        if best + 1 < len(passages) and passages[best + 1] == passages[best]:
            last += 1
        parts.append(range(first, last + 1))
    return parts


def _asked(sentences: Sequence[Candidate]) -> Asked:
    """Return sentences of one passage that follow each other as one text."""
    passage, document = sentences[0].hit.passage, sentences[0].hit.document
    heading = " . ".join((document.title, *passage.headings))
    return Asked(heading, passage.text[sentences[0].start : sentences[-1].end], passage.language)


def _best(ends: Ends, sentence: Candidate, begun: int) -> tuple[float, tuple[int, int]] | None:
    """Return the likeliest answer that stands in a sentence and its log odds; None where no piece was read.

    `begun`: where in the passage the text read begins.
    """
    starts, stops = ends.starts + begun - sentence.start, ends.ends + begun - sentence.start
    inside = np.flatnonzero((starts >= -1) & (stops > 0) & (stops <= sentence.end - sentence.start))
    if not len(inside):
        return None
    begins, closes = ends.begins[inside], ends.closes[inside]
    length = np.arange(len(inside))[None, :] - np.arange(len(inside))[:, None]
    both = np.where((length >= 0) & (length < LONGEST_ANSWER), begins[:, None] + closes[None, :], -np.inf)
    begin, close = np.unravel_index(int(both.argmax()), both.shape)
    start, end = int(starts[inside[begin]]), int(stops[inside[close]])
    return float(both[begin, close]) - ends.none, whole_words(sentence.text, max(start, 0), end)


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the words that `text[start:end]` touches, with a percent sign behind them."""
    touched = [token for token in tokenize(text) if token.start < end and token.end > start]
    if not touched:
        return start, end
    last = touched[-1].end
    sign = _SIGN.match(text, last)
    return touched[0].start, sign.end() if sign else last
