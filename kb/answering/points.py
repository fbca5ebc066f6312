"""The points of a broad answer: many sentences of many documents, none of them said twice.

A sentence is scored by how near it is to the question, how much of the question it covers, whether it is of the kind
asked for (`intent`), and by the strategic directions that its passage shares with the best sentences
(pseudo-relevance feedback, Rocchio 1971). Weights follow a logistic regression on the fit half of the broad questions.
Points are then taken best first, as long as they say something new; those of a passage that has given one already
count less (maximal marginal relevance, Carbonell and Goldstein 1998).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from kb.answering.candidates import FEATURES
from kb.answering.intent import intent, serves
from kb.models.words import load_word_vectors
from kb.text.fold import fold, loose
from kb.text.words import tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from kb.answering.candidates import Candidate, Candidates

WIDE_HITS = 40
"""Hits whose sentences a broad answer is chosen from."""

MOST_POINTS = 14
MOST_OF_A_DOCUMENT = 5
PASSAGE_COST = 1.0
"""What a point scores less for each point that its passage has already given."""

REPEAT = 0.7
"""Two sentences whose terms overlap this much (Jaccard) say the same."""

SAME_MEANING = 0.8
"""As do two whose vectors have this cosine, in one language or in two, if they hold the same numbers."""

FEWEST_POINTS = 4
FLOOR = 2.0
"""What further points score at least; an average sentence of the hits scores about 0.5."""

_MOST_DEVIATIONS = 2.0
"""Standard deviations above the mean that count: one sentence that repeats the question does not belittle the rest."""

_WEIGHTS = {"cosine": 0.55, "best": 0.8, "first_in_passage": 0.2}
_STANDARDISED = frozenset({"cosine", "best"})
_DIRECTIONS_IN_COMMON = 0.35
_KIND_WANTED = 1.2
_FEEDBACK = 10
"""How many of the best sentences say which directions the answer has."""

_FEWEST_WORDS = 4
_WORDS_WITHOUT_STOP = 9
_ENDS = '.!;:…»”")'
_NO_STATEMENT = re.compile(
    r"\.{4}|^\W*(?:keywords?|abstract|kalit sozlar|annotatsiya|klyucheviye slova|sana|data|date)\b[^:]{0,12}:"
)


@dataclass(frozen=True, slots=True)
class Point:
    """A sentence of a broad answer with its score and the unit vector of its words.

    `coverage` is the share of the question's words, by weight, that it holds or comes near to, in 0 .. 1.
    """

    sentence: Candidate
    score: float
    vector: NDArray[np.float32]
    coverage: float


def choose_points(
    question: str,
    candidates: Candidates,
    logits: NDArray[np.float64],
    *,
    most: int = MOST_POINTS,
    most_of_a_document: int = MOST_OF_A_DOCUMENT,
) -> list[Point]:
    """Return the points of an answer, best first; `logits` are those of the sentence model."""
    sentences = candidates.sentences
    vectors = load_word_vectors().of([sentence.text for sentence in sentences])
    scores = broad_scores(question, candidates, logits)
    worth = np.where([states(sentence.text) for sentence in sentences], scores, -np.inf)
    documents = np.asarray([sentence.hit.document.id for sentence in sentences])
    passages = np.asarray([sentence.hit.passage.id for sentence in sentences])
    chosen: list[int] = []
    while len(chosen) < most and len(worth):
        place = int(np.argmax(worth))
        if worth[place] == -np.inf or (worth[place] < FLOOR and len(chosen) >= FEWEST_POINTS):
            break
        worth[place] = -np.inf
        cosines = vectors[chosen] @ vectors[place]
        if any(_says_the_same(sentences[place], sentences[o], c) for o, c in zip(chosen, cosines, strict=True)):
            continue
        chosen.append(place)
        worth[passages == passages[place]] -= PASSAGE_COST
        if np.count_nonzero(documents[chosen] == documents[place]) == most_of_a_document:
            worth[documents == documents[place]] = -np.inf
    covered = candidates.features[:, FEATURES.index("best")]
    return [Point(sentences[at], float(scores[at]), vectors[at], float(covered[at])) for at in chosen]


def broad_scores(question: str, candidates: Candidates, logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how well each sentence serves as a point of a broad answer, shape (s,), in no unit."""
    scores = np.zeros(len(logits))
    for name, weight in _WEIGHTS.items():
        column = candidates.features[:, FEATURES.index(name)].astype(np.float64)
        scores += weight * (_standardised(column) if name in _STANDARDISED else column)
    best = np.argsort(-logits, kind="stable")[:_FEEDBACK]
    wanted = intent(question)
    scores += _KIND_WANTED * np.asarray([serves(sentence.text, wanted) for sentence in candidates.sentences])
    return scores + _DIRECTIONS_IN_COMMON * _standardised(_likeness(_directions_of(candidates.sentences), best))


@lru_cache(maxsize=20_000)
def states(text: str) -> bool:
    """Return whether a sentence says something: no heading, question, keywords, or line of a table of contents.

    Kept, as `serves`, for sentences of often found passages.
    """
    words = tokenize(text)
    if len(words) < _FEWEST_WORDS or text.endswith("?") or _NO_STATEMENT.search(loose(fold(text))):
        return False
    return text[-1] in _ENDS or len(words) >= _WORDS_WITHOUT_STOP


def same_words(one: Candidate, other: Candidate) -> bool:
    """Return whether two sentences have most of their stems in common (Jaccard)."""
    either = one.words.stems | other.words.stems
    return bool(either) and len(one.words.stems & other.words.stems) / len(either) >= REPEAT


def _says_the_same(one: Candidate, other: Candidate, cosine: float) -> bool:
    if same_words(one, other):
        return True
    return cosine >= SAME_MEANING and _numbers(one.words.stems) == _numbers(other.words.stems)


def _numbers(stems: Iterable[str]) -> set[str]:
    return {stem for stem in stems if stem[:1].isdigit()}


def _directions_of(sentences: Sequence[Candidate]) -> NDArray[np.float32]:
    """Return the probabilities of the directions that the sentences' passages have, shape (s, directions found)."""
    names = sorted({one.name for sentence in sentences for one in sentence.hit.directions})
    found = np.zeros((len(sentences), max(len(names), 1)), dtype=np.float32)
    for row, sentence in enumerate(sentences):
        for one in sentence.hit.directions:
            found[row, names.index(one.name)] = one.score
    return found


def _likeness(vectors: NDArray[np.float32], best: NDArray[np.intp]) -> NDArray[np.float64]:
    centre = vectors[best].sum(axis=0, dtype=np.float64)
    return np.asarray(vectors @ (centre / max(float(np.linalg.norm(centre)), 1e-9)), dtype=np.float64)


def _standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    standardised: NDArray[np.float64] = (values - values.mean()) / max(float(values.std()), 1e-9)
    return np.minimum(standardised, _MOST_DEVIATIONS)
