"""What the extractive model finds in the best passages: for each sentence its likeliest answer, and how likely.

The linear models weigh words that stand in a sentence; this model reads question and passage together, so it knows that
"how many jobs" wants the one of three numbers that counts jobs, and that a sentence about the very subject may not
answer at all. It is the reader of a retriever with a reader (Chen et al. 2017), on as few passages as time allows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kb.models.extractive import Asked, load_extractive
from kb.text.words import tokenize

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.answering.candidates import Candidate, Candidates
    from kb.models.extractive import Ends

PASSAGES = 2
"""How many of the best passages are read, on a processor core each; with four nothing measured was better."""

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


def extract(candidates: Candidates, logits: NDArray[np.float64], most: int = PASSAGES) -> Extraction:
    """Return what the model finds in the `most` passages with the best sentences by `logits`."""
    order = np.argsort(-logits, kind="stable")
    hits = {(hit := candidates.sentences[place].hit).passage.id: hit for place in order}
    read = list(hits.values())[:most]
    asked = [
        Asked(" . ".join((hit.document.title, *hit.passage.headings)), hit.passage.text, hit.passage.language)
        for hit in read
    ]
    ends = load_extractive().read(candidates.question, candidates.language, asked)
    found = {hit.passage.id: one for hit, one in zip(read, ends, strict=True)}
    leads = np.full(len(candidates.sentences), LEAST_LEAD, np.float32)
    known = np.zeros(len(candidates.sentences), np.bool_)
    spans: list[tuple[int, int] | None] = []
    for number, sentence in enumerate(candidates.sentences):
        best = _best(found[sentence.hit.passage.id], sentence) if sentence.hit.passage.id in found else None
        spans.append(best[1] if best else None)
        if best:
            leads[number], known[number] = max(best[0], LEAST_LEAD), True
    return Extraction(leads, known, tuple(spans))


def _best(ends: Ends, sentence: Candidate) -> tuple[float, tuple[int, int]] | None:
    """Return the likeliest answer that stands in a sentence and its log odds; None where no piece was read."""
    here = (ends.starts >= sentence.start - 1) & (ends.ends > sentence.start) & (ends.ends <= sentence.end)
    inside = np.flatnonzero(here)
    if not len(inside):
        return None
    begins, closes = ends.begins[inside], ends.closes[inside]
    length = np.arange(len(inside))[None, :] - np.arange(len(inside))[:, None]
    both = np.where((length >= 0) & (length < LONGEST_ANSWER), begins[:, None] + closes[None, :], -np.inf)
    begin, close = np.unravel_index(int(both.argmax()), both.shape)
    start = int(ends.starts[inside[begin]]) - sentence.start
    end = int(ends.ends[inside[close]]) - sentence.start
    return float(both[begin, close]) - ends.none, whole_words(sentence.text, max(start, 0), end)


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the words that `text[start:end]` touches, with a percent sign behind them."""
    touched = [token for token in tokenize(text) if token.start < end and token.end > start]
    if not touched:
        return start, end
    last = touched[-1].end
    sign = _SIGN.match(text, last)
    return touched[0].start, sign.end() if sign else last
