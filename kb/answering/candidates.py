"""Sentences that might answer, with the features by which they are judged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from kb.answering.coverage import Coverage
from kb.answering.expectation import expectation, fulfils
from kb.text.words import terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.records import Hit, Language
    from kb.retrieval.query import Query
    from kb.retrieval.search import Searcher
    from kb.store.database import Database

FEATURES = (
    "cosine",
    "cosine_behind_best",
    "coverage",
    "rare_coverage",
    "coverage_behind_best",
    "passage_score_behind_best",
    "passage_rank",
    "passage_coverage",
    "fulfils_number",
    "fulfils_date",
    "lacks_expected",
    "short",
    "first_in_passage",
    "same_language",
)
"""Names of the columns of `Candidates.features`, in order."""

SHORT_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence: `hit.passage.text[start:end]`."""

    hit: Hit
    start: int
    end: int
    terms: frozenset[str]

    @property
    def text(self) -> str:
        """The sentence as it stands in the passage."""
        return self.hit.passage.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Candidates:
    """All sentences of the best hits; `features` has shape (sentences, len(FEATURES))."""

    sentences: tuple[Candidate, ...]
    features: NDArray[np.float32]


def gather(query: Query, hits: list[Hit], database: Database, searcher: Searcher) -> Candidates:
    """Return the sentences of the hits with their features."""
    snapshot = searcher.snapshot
    ids = [hit.passage.id for hit in hits]
    offsets = database.passage_sentences(ids)
    rows = snapshot.rows_of(np.asarray(ids, dtype=np.int64))
    coverage = Coverage(query, searcher.lexical)
    expected = expectation(query.text)
    sentences: list[Candidate] = []
    values: list[list[float]] = []
    for hit, row in zip(hits, rows, strict=True):
        first = int(snapshot.sentence_offsets[row])
        spans = offsets[hit.passage.id]
        cosines = snapshot.sentence_vectors(np.arange(first, first + len(spans))) @ query.vector
        language = hit.passage.language
        words_of = [_terms_of(hit.passage.text[start:end], language) for start, end in spans]
        of_passage = coverage.of(frozenset().union(*words_of), language)[0]
        for place, ((start, end), words, cosine) in enumerate(zip(spans, words_of, cosines, strict=True)):
            text = hit.passage.text[start:end]
            covered, rare = coverage.of(words, language)
            fits = fulfils(text, expected)
            sentences.append(Candidate(hit, start, end, words))
            values.append(
                [
                    float(cosine),
                    float(cosine),
                    covered,
                    rare,
                    covered,
                    hit.score - hits[0].score,
                    1.0 / hit.rank,
                    of_passage,
                    float(fits and expected == "number"),
                    float(fits and expected == "date"),
                    float(expected != "other" and not fits),
                    float(end - start < SHORT_CHARACTERS),
                    float(place == 0),
                    float(language == query.language),
                ]
            )
    features = np.asarray(values, dtype=np.float32).reshape(len(values), len(FEATURES))
    for name in ("cosine_behind_best", "coverage_behind_best"):
        column = FEATURES.index(name)
        if len(features):
            features[:, column] -= features[:, column].max()
    return Candidates(tuple(sentences), features)


@lru_cache(maxsize=20_000)
def _terms_of(text: str, language: Language) -> frozenset[str]:
    """Return the distinct terms of a sentence; the sentences of often found passages are asked for again and again."""
    return frozenset(terms(text, language))
