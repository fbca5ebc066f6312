"""What speaks for a direction in a passage: its typical words in the passage's language, and nearness to its meaning.

Everything is computed from what a snapshot holds anyway (stems with counts, a vector a passage), so an index made
before there were directions needs nothing new, and 100,000 passages take a second. Terms are weighted by how rare they
are in the training passages, not in this index: what a document is about does not change with its neighbours.

Cosines are standardised by those of the direction with the definitions of the other directions, so that one set of
coefficients serves encoders whose cosines lie differently.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from kb.directions.meanings import meanings
from kb.directions.taxonomy import LANGUAGES
from kb.store.units import LANGUAGES as CODES
from kb.text.words import terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kb.directions.taxonomy import Direction, Taxonomy
    from kb.models.encoder import Encoder, FloatArray
    from kb.records import Language
    from kb.store.postings import Postings
    from kb.store.snapshot import Snapshot

EVIDENCE = ("terms", "stems", "cosine")
FEATURES = (*EVIDENCE, *(f"{name}_above_mean" for name in EVIDENCE), "length")
"""Names of the features of one passage and direction, in order. Those above the mean are less the mean over directions;
`length` is log(1 + terms / 50): a long passage has more directions."""

COMMON_WEIGHT = 0.5
"""Weight of a term whose rarity was not measured: a user's own."""
BLOCK = 16_384

Features = NDArray[np.float32]
Phrase = tuple[str, ...]


def phrases_of(direction: Direction, language: str) -> tuple[Phrase, ...]:
    """Return the direction's terms in a language as tuples of distinct stems, sorted, without repeats."""
    spoken = cast("Language", language)
    found = {tuple(dict.fromkeys(terms(term, spoken))) for term in direction.terms[language]}
    return tuple(sorted(phrase for phrase in found if phrase))


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """The words of all directions in one language.

    `phrases` are places in `stems`, shape (phrases, most stems of one), the first repeated in shorter ones; `specific`
    (directions, stems) and `rarity` (directions, phrases) are what a stem and a phrase weigh in each direction.
    """

    stems: tuple[str, ...]
    specific: Features
    phrases: NDArray[np.int64]
    rarity: Features


class Evidence:
    """Computes features of passages for the directions of one taxonomy.

    `reference` are the directions whose definitions cosines are standardised by. `rarity` maps language and phrase
    (stems joined by spaces) to a weight in 0 .. 1. `folder` is where vectors of definitions may be kept.
    """

    def __init__(
        self,
        taxonomy: Taxonomy,
        reference: Taxonomy,
        encoder: Encoder,
        rarity: Mapping[str, Mapping[str, float]],
        folder: Path | None = None,
    ) -> None:
        self._taxonomy = taxonomy
        self._rarity = rarity
        self._phrases = [
            {language: phrases_of(direction, language) for language in LANGUAGES} for direction in taxonomy.directions
        ]
        self._nearness = _Nearness(encoder, taxonomy, reference, folder)

    def features(self, snapshot: Snapshot, rows: NDArray[np.integer[Any]] | None = None) -> Features:
        """Return the features of passages, of all or of some rows, shape (passages, directions, len(FEATURES))."""
        count = len(self._taxonomy.directions)
        if rows is not None:
            return self._completed(self._raw_of(snapshot, rows), _lengths(snapshot)[rows])
        raw = np.zeros((snapshot.n, count, len(EVIDENCE)), dtype=np.float32)
        for language in LANGUAGES:
            postings = snapshot.lexical[cast("Language", language)]
            if postings.total:
                self._add_words(raw, postings, language)
        for first in range(0, snapshot.n, BLOCK):
            rows = np.arange(first, min(first + BLOCK, snapshot.n))
            raw[rows, :, 2] = self._nearness.of(snapshot.vectors(rows))
        return self._completed(raw, _lengths(snapshot))

    def of_question(self, terms: Sequence[str], language: Language, vector: FloatArray) -> Features:
        """Return the features of a question by its stems and vector (d,), shape (1, directions, len(FEATURES))."""
        raw = np.zeros((1, len(self._taxonomy.directions), len(EVIDENCE)), dtype=np.float32)
        raw[:, :, 2] = self._nearness.of(vector[None])
        if language in LANGUAGES:
            words = self._words[language]
            counts = np.array([[terms.count(stem)] for stem in words.stems], dtype=np.uint16)
            raw[:, :, 0] = _summed(words.rarity, _saturated(counts[words.phrases].min(axis=1)))
            raw[:, :, 1] = _summed(words.specific, _saturated(counts))
        return self._completed(raw, np.array([len(terms)], dtype=np.float32))

    @staticmethod
    def _completed(raw: Features, lengths: Features) -> Features:
        length = np.log1p(lengths / 50)[:, None, None].repeat(raw.shape[1], axis=1)
        return np.concatenate([raw, raw - raw.mean(axis=1, keepdims=True), length], axis=2)

    def _raw_of(self, snapshot: Snapshot, rows: NDArray[np.integer[Any]]) -> Features:
        """Return the evidence of a few passages without reading the postings of all."""
        raw = np.zeros((len(rows), len(self._taxonomy.directions), len(EVIDENCE)), dtype=np.float32)
        raw[:, :, 2] = self._nearness.of(snapshot.vectors(rows))
        codes = snapshot.languages[rows]
        for language in LANGUAGES:
            places = np.flatnonzero(codes == CODES.index(cast("Language", language)))
            if len(places):
                words = self._words[language]
                counts = snapshot.lexical[cast("Language", language)].counts_at(words.stems, rows[places])
                raw[places, :, 0] = _summed(words.rarity, _saturated(counts[words.phrases].min(axis=1)))
                raw[places, :, 1] = _summed(words.specific, _saturated(counts))
        return raw

    @cached_property
    def _words(self) -> dict[str, _Words]:
        return {language: self._words_of(language) for language in LANGUAGES}

    def _words_of(self, language: str) -> _Words:
        holders = self._holders(language)
        rarity = self._rarity.get(language, {})
        stems = tuple(sorted(holders))
        place = {stem: number for number, stem in enumerate(stems)}
        phrases = sorted({phrase for own in self._phrases for phrase in own[language]})
        longest = max(map(len, phrases), default=1)
        count = len(self._phrases)
        words = _Words(
            stems=stems,
            specific=np.zeros((count, len(stems)), dtype=np.float32),
            phrases=np.array(
                [[place[stem] for stem in (*phrase, *phrase[:1] * (longest - len(phrase)))] for phrase in phrases],
                dtype=np.int64,
            ).reshape(-1, longest),
            rarity=np.zeros((count, len(phrases)), dtype=np.float32),
        )
        for number, own in enumerate(self._phrases):
            for phrase in own[language]:
                words.rarity[number, phrases.index(phrase)] = rarity.get(" ".join(phrase), COMMON_WEIGHT)
                for stem in phrase:
                    words.specific[number, place[stem]] = _specific(holders[stem], count)
        return words

    def _add_words(self, raw: Features, postings: Postings, language: str) -> None:
        holders = self._holders(language)
        rarity = self._rarity.get(language, {})
        count = len(self._taxonomy.directions)
        for number in range(count):
            phrases = self._phrases[number][language]
            phrased, single = np.zeros((2, len(raw)), dtype=np.float32)
            for phrase in phrases:
                rows, counts = _holding(postings, phrase)
                phrased[rows] += rarity.get(" ".join(phrase), COMMON_WEIGHT) * _saturated(counts)
            for stem in sorted({stem for phrase in phrases for stem in phrase}):
                rows, counts = _holding(postings, (stem,))
                single[rows] += _specific(holders[stem], count) * _saturated(counts)
            raw[:, number, 0] += phrased
            raw[:, number, 1] += single

    def _holders(self, language: str) -> dict[str, int]:
        """Return of how many directions each stem is a part of a term."""
        holders: dict[str, int] = defaultdict(int)
        for phrases in self._phrases:
            for stem in {stem for phrase in phrases[language] for stem in phrase}:
                holders[stem] += 1
        return holders


class _Nearness:
    """Cosine of a passage with the meaning of a direction (the mean of its three languages), standardised."""

    def __init__(self, encoder: Encoder, taxonomy: Taxonomy, reference: Taxonomy, folder: Path | None) -> None:
        directions = dict.fromkeys((*taxonomy.directions, *reference.directions))
        vectors = meanings(encoder, tuple(directions), folder)
        places = list(directions)
        self._prototypes = _unit(vectors[[places.index(one) for one in taxonomy.directions]].mean(axis=1))
        others = [place for place, one in enumerate(places) if one in reference.directions]
        cosines = vectors[others] @ self._prototypes.T
        foreign = np.array([[places[place].name != name for name in taxonomy.names] for place in others])
        kept = [cosines[foreign[:, at], :, at] for at in range(len(taxonomy.directions))]
        self._mean = np.array([each.mean() for each in kept], dtype=np.float32)
        self._deviation = np.maximum(np.array([each.std() for each in kept], dtype=np.float32), 1e-3)

    def of(self, vectors: FloatArray) -> Features:
        """Return the standardised cosines of vectors (n, d), shape (n, directions); 0 for a passage without vector."""
        # Unlike a matrix product, the same to the last bit for one passage and for many.
        scores = (np.vecdot(vectors[:, None, :], self._prototypes) - self._mean) / self._deviation
        return np.where(vectors.any(axis=1, keepdims=True), scores, 0.0).astype(np.float32)


def _lengths(snapshot: Snapshot) -> Features:
    """Return how many terms each passage has."""
    return np.asarray(next(iter(snapshot.lexical.values())).lengths, dtype=np.float32)


def _holding(postings: Postings, phrase: Phrase) -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
    """Return the passages that hold every stem of a phrase, and how often they hold the rarest of them there."""
    rows, counts = postings.lookup(phrase[0])
    for stem in phrase[1:]:
        more, times = postings.lookup(stem)
        rows, left, right = np.intersect1d(rows, more, assume_unique=True, return_indices=True)
        counts = np.minimum(counts[left], times[right])
    return rows, counts


def _specific(holders: int, count: int) -> float:
    """Return what a stem of the terms of `holders` of `count` directions weighs."""
    return log(count / holders) / log(count) if count > 1 else 1.0


def _summed(weights: Features, values: Features) -> Features:
    """Return the sums of weights (d, w) times values (w, n), shape (n, d), added up in order as for all passages."""
    if not weights.shape[1]:
        return np.zeros((values.shape[1], len(weights)), dtype=np.float32)
    return np.asarray(np.cumsum(weights[:, :, None] * values, axis=1)[:, -1].T)


def _saturated(counts: NDArray[np.uint16]) -> Features:
    """Return c / (c + 1): the second mention says less than the first."""
    floats = np.asarray(counts, dtype=np.float32)
    return floats / (floats + 1)


def _unit(vectors: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
