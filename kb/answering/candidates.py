"""Sentences that might answer, with the features by which they are judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kb.answering.coverage import Coverage, likely, words_of
from kb.answering.expected import KINDS, asked, held
from kb.models.words import load_word_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from kb.answering.coverage import Words
    from kb.records import Hit, Language
    from kb.retrieval.fusion import Fused
    from kb.retrieval.query import Query
    from kb.retrieval.search import Searcher
    from kb.store.database import Database

FEATURES = (
    "cosine",
    "cosine_behind_best",
    "cosine_in_passage",
    "plain_cosine",
    "plain_behind_best",
    "plain_in_passage",
    "best",
    "best_behind_best",
    "covered",
    "focus",
    "focus_spread",
    "distinctive",
    "distinctive_focus",
    "with_headings",
    "worst_gap",
    "before_adds",
    "after_adds",
    "passage_behind_best",
    "passage_rank",
    "length",
    "first_in_passage",
    "place_in_passage",
    "is_question",
    "is_fragment",
    "same_language",
    *(f"holds_{kind}" for kind in KINDS),
)
"""Names of the columns of `Candidates.features`, in order.

`covered` is the idf-weighted share of the question's words that the sentence holds, as such, translated or alike;
`focus` counts only what title and headings do not hold already, `distinctive` the words that few candidates hold.
`before_adds` and `after_adds` are what the neighbouring sentences cover besides. `holds_number` and its kin: the
question asks for it and the sentence has it.
"""

SHORT_CHARACTERS = 60
FARTHEST_PLACE = 6
COMMON = 0.03


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
    """All sentences of the best hits; `features` has shape (sentences, len(FEATURES)).

    `covered` (terms of the question, sentences), `headed` and `surrounded` (terms, hits) say in 0 .. 1 how surely each
    sentence, title with headings, and passage holds each term.
    """

    question: str
    language: Language
    hits: tuple[Hit, ...]
    sentences: tuple[Candidate, ...]
    features: NDArray[np.float32]
    coverage: Coverage
    asked: tuple[bool, ...]
    covered: NDArray[np.float32]
    headed: NDArray[np.float32]
    surrounded: NDArray[np.float32]


def gather(query: Query, hits: Sequence[Hit], fused: Fused, database: Database, searcher: Searcher) -> Candidates:
    """Return the sentences of the hits with their features; `fused` is the ranking that the hits were made of."""
    offsets = database.passage_sentences(hit.passage.id for hit in hits)
    sentences = tuple(
        Candidate(hit, start, end, words_of(hit.passage.text[start:end], hit.passage.language))
        for hit in hits
        for start, end in offsets.get(hit.passage.id, ())
    )
    coverage = Coverage(query, searcher.lexical, load_word_vectors())
    languages = [hit.passage.language for hit in hits]
    spoken = [sentence.hit.passage.language for sentence in sentences]
    hard, soft = coverage.found([sentence.words for sentence in sentences], spoken)
    covered = np.maximum(hard, likely(soft))
    candidates = Candidates(
        question=query.text,
        language=query.language,
        sentences=sentences,
        features=np.empty((len(sentences), len(FEATURES)), np.float32),
        hits=tuple(hits),
        coverage=coverage,
        asked=asked(query.text),
        covered=covered,
        headed=coverage.surely([_above(hit) for hit in hits], languages),
        surrounded=_of_passages(covered, sentences, hits),
    )
    if not sentences:
        return candidates
    columns = (
        *_nearness(query, sentences, fused, searcher),
        *_coverage_columns(candidates, hard, soft),
        *_place_columns(candidates),
        [language == query.language for language in spoken],
        *np.asarray([held(sentence.text) for sentence in sentences]).T * np.asarray(candidates.asked)[:, None],
    )
    for number, column in enumerate(columns):
        candidates.features[:, number] = column
    return candidates


def _of_passages(
    covered: NDArray[np.float32], sentences: Sequence[Candidate], hits: Sequence[Hit]
) -> NDArray[np.float32]:
    """Return how surely each passage holds each term: as surely as the best of its sentences."""
    ranks = np.asarray([sentence.hit.rank for sentence in sentences])
    surrounded = np.zeros((len(covered), len(hits)), np.float32)
    for column, hit in enumerate(hits):
        surrounded[:, column] = covered[:, ranks == hit.rank].max(axis=1, initial=0.0)
    return surrounded


def _above(hit: Hit) -> str:
    """Return what stands above a passage: the document's title and the headings."""
    return " . ".join((hit.document.title, *hit.passage.headings))


def _nearness(
    query: Query, sentences: Sequence[Candidate], fused: Fused, searcher: Searcher
) -> Iterator[NDArray[np.float32]]:
    """Yield the cosines of the sentences: as they are, behind the best, and over the mean of their passage."""
    for cosines in (_standardised_cosines(query, sentences, fused, searcher), _plain_cosines(query, sentences)):
        passages = np.asarray([sentence.hit.rank for sentence in sentences])
        means = {rank: cosines[passages == rank].mean() for rank in np.unique(passages)}
        yield cosines
        yield cosines - cosines.max()
        yield cosines - np.asarray([means[rank] for rank in passages], np.float32)


def _coverage_columns(
    candidates: Candidates, hard: NDArray[np.float32], soft: NDArray[np.float32]
) -> tuple[NDArray[np.float32], ...]:
    """Return the columns from "best" to "after_adds"."""
    weights = candidates.coverage.weights
    count = len(candidates.sentences)
    if not len(weights):
        return (np.zeros(count, np.float32),) * 11
    covered = candidates.covered
    rows = {hit.rank: row for row, hit in enumerate(candidates.hits)}
    row_of = np.asarray([rows[sentence.hit.rank] for sentence in candidates.sentences])
    headed = candidates.headed[:, row_of]
    free = weights[:, None] * (1 - headed)
    rare = weights * np.maximum(-np.log(covered.mean(axis=1) + COMMON), COMMON)
    rare = rare / max(float(rare.sum()), 1e-9)
    best = weights @ np.maximum(hard, soft)
    focus = (free * covered).sum(axis=0) / np.maximum(free.sum(axis=0), 0.05)
    together = row_of[1:] == row_of[:-1]
    before, after = np.zeros_like(covered), np.zeros_like(covered)
    before[:, 1:] = np.where(together, covered[:, :-1], 0)
    after[:, :-1] = np.where(together, covered[:, 1:], 0)
    known = np.maximum(covered, headed)
    return (
        best,
        best - best.max(),
        weights @ covered,
        focus,
        (focus - focus.mean()) / (focus.std() + 1e-6),
        rare @ covered,
        (rare[:, None] * (1 - headed) * covered).sum(axis=0),
        weights @ known,
        -(weights[:, None] * (1 - known)).max(axis=0),
        rare @ np.maximum(before - covered, 0),
        rare @ np.maximum(after - covered, 0),
    )


def _is_fragment(text: str) -> bool:
    """Return whether a text is a heading or the like: short, and not closed like a sentence."""
    return len(text) < SHORT_CHARACTERS and not text.rstrip().endswith((".", "!", "?", "…", ";", '"', "»", "”"))


def _place_columns(candidates: Candidates) -> Iterator[NDArray[np.float32]]:
    """Yield the columns from "passage_behind_best" to "is_fragment"."""
    sentences = candidates.sentences
    scores = np.asarray([sentence.hit.score for sentence in sentences], np.float32)
    yield scores - scores.max()
    yield np.asarray([1.0 / sentence.hit.rank for sentence in sentences], np.float32)
    yield np.log(np.asarray([sentence.end - sentence.start + 1 for sentence in sentences], np.float32))
    yield np.asarray([sentence.start == 0 for sentence in sentences], np.float32)
    places: list[int] = []
    for before, sentence in zip((None, *sentences), sentences, strict=False):
        places.append(places[-1] + 1 if before is not None and before.hit is sentence.hit else 0)
    yield np.minimum(np.asarray(places, np.float32), FARTHEST_PLACE)
    yield np.asarray(["?" in sentence.text for sentence in sentences], np.float32)
    yield np.asarray([_is_fragment(sentence.text) for sentence in sentences], np.float32)


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
