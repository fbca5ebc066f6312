"""Sentences that might answer, with the features by which they are judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kb.answering.coverage import Coverage, words_of
from kb.answering.expectation import expectation, fulfils
from kb.models.words import load_word_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kb.answering.coverage import Words
    from kb.records import Hit
    from kb.retrieval.fusion import Fused
    from kb.retrieval.query import Query
    from kb.retrieval.search import Searcher
    from kb.store.database import Database

FEATURES = (
    "cosine",
    "cosine_behind_best",
    "plain_cosine",
    "plain_behind_best",
    "terms",
    "terms_behind_best",
    "rare_terms",
    "words",
    "words_behind_best",
    "best",
    "best_behind_best",
    "passage_behind_best",
    "passage_rank",
    "fulfils_number",
    "fulfils_date",
    "lacks_expected",
    "short",
    "first_in_passage",
    "same_language",
    "indexed",
)
"""Names of the columns of `Candidates.features`, in order."""

SHORT_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence: `hit.passage.text[start:end]`."""

    hit: Hit
    start: int
    end: int
    words: Words

    @property
    def text(self) -> str:
        """The sentence as it stands in the passage."""
        return self.hit.passage.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Candidates:
    """All sentences of the best hits; `features` has shape (sentences, len(FEATURES))."""

    sentences: tuple[Candidate, ...]
    features: NDArray[np.float32]


def gather(query: Query, hits: Sequence[Hit], fused: Fused, database: Database, searcher: Searcher) -> Candidates:
    """Return the sentences of the hits with their features; `fused` is the ranking that the hits were made of."""
    offsets = database.passage_sentences(hit.passage.id for hit in hits)
    sentences = tuple(
        Candidate(hit, start, end, words_of(hit.passage.text[start:end], hit.passage.language))
        for hit in hits
        for start, end in offsets.get(hit.passage.id, ())
    )
    if not sentences:
        return Candidates((), np.empty((0, len(FEATURES)), np.float32))
    languages = [sentence.hit.passage.language for sentence in sentences]
    coverage = Coverage(query, searcher.lexical, load_word_vectors())
    covered = coverage.of([sentence.words for sentence in sentences], languages)
    cosines = _standardised_cosines(query, sentences, fused, searcher)
    plain = _plain_cosines(query, sentences)
    expected = expectation(query.text)
    fits = np.asarray([fulfils(sentence.text, expected) for sentence in sentences])
    passages = np.asarray([sentence.hit.score for sentence in sentences])
    columns = (
        cosines,
        cosines - cosines.max(),
        plain,
        plain - plain.max(),
        covered.terms,
        covered.terms - covered.terms.max(),
        covered.rare,
        covered.words,
        covered.words - covered.words.max(),
        covered.best,
        covered.best - covered.best.max(),
        passages - passages.max(),
        [1.0 / sentence.hit.rank for sentence in sentences],
        fits & (expected == "number"),
        fits & (expected == "date"),
        ~fits & (expected != "other"),
        [sentence.end - sentence.start < SHORT_CHARACTERS for sentence in sentences],
        [sentence.start == 0 for sentence in sentences],
        [language == query.language for language in languages],
        np.full(len(sentences), coverage.indexed),
    )
    return Candidates(sentences, np.stack([np.asarray(column, np.float32) for column in columns], axis=1))


def _standardised_cosines(
    query: Query, sentences: Sequence[Candidate], fused: Fused, searcher: Searcher
) -> NDArray[np.float32]:
    """Return the sentences' cosines with the question in standard deviations of the sentence leg.

    So the models that weigh them hold for every encoder. Zeros when the question has no vector.
    """
    leg = next((leg for leg in fused.legs if leg.name == "sentence"), None)
    if leg is None:
        return np.zeros(len(sentences), np.float32)
    snapshot = searcher.snapshot
    rows = snapshot.rows_of(np.asarray([sentence.hit.passage.id for sentence in sentences], dtype=np.int64))
    place, numbers = 0, []
    for before, sentence, row in zip((None, *sentences), sentences, rows, strict=False):
        place = place + 1 if before is not None and before.hit is sentence.hit else 0
        numbers.append(int(snapshot.sentence_offsets[row]) + place)
    cosines = snapshot.sentence_vectors(np.asarray(numbers)) @ query.vector
    return np.asarray((cosines - leg.mean) / max(leg.deviation, 1e-9), np.float32)


def _plain_cosines(query: Query, sentences: Sequence[Candidate]) -> NDArray[np.float32]:
    """Return the cosines of question and bare sentences by the bundled static encoder, whatever the index holds.

    Standardised cosines say which sentence is nearest; these say whether the nearest is near at all.
    """
    texts = [query.text, *(sentence.text for sentence in sentences)]
    vectors = load_word_vectors().of(texts)
    cosines: NDArray[np.float32] = vectors[1:] @ vectors[0]
    return cosines
