"""The detail leg: how much of a question the best single sentence of a passage covers.

The lexical leg counts a question's words anywhere in a passage; an answer has them together. Each word of the question
counts, by its idf, as far as the sentence holds it or a translation, or else as near as its nearest word there is by
static word vectors (late interaction: Khattab and Zaharia 2020). It reads the passages' texts, so it looks at the
best few of the other legs only, which is where the first rank is decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from kb.models.words import load_word_vectors
from kb.retrieval.keys import passage_keys
from kb.retrieval.legs import scored_leg
from kb.retrieval.synonyms import turned_round

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.records import Language
    from kb.retrieval.legs import LegResult, Rows, Scores
    from kb.retrieval.query import Query
    from kb.retrieval.synonyms import QueryTerm
    from kb.store.database import Database
    from kb.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class _Text:
    """The words of a passage that are no stop words, as written and by their stems, and how many each sentence has."""

    language: Language
    words: tuple[str, ...]
    stems: tuple[tuple[str, ...], ...]
    counts: tuple[int, ...]


def detail_leg(
    query: Query, query_terms: Sequence[QueryTerm], rows: Rows, snapshot: Snapshot, database: Database
) -> LegResult | None:
    """Return the leg over some rows: the greatest share of the question, in 0 .. 1, that one sentence covers."""
    total = sum(term.idf for term in query_terms)
    if not total:
        return None
    ids = snapshot.ids[rows].tolist()
    with database.view() as view:
        passages, sentences = view.passages(ids), view.passage_sentences(ids)
    texts = {
        place: _cut(passages[number].text, passages[number].language, tuple(sentences[number]))
        for place, number in enumerate(ids)
        if number in passages and number in sentences
    }
    texts = {place: text for place, text in texts.items() if text.words}
    scores = np.zeros(len(rows), dtype=np.float32)
    if texts:
        weights = np.asarray([term.idf / total for term in query_terms], dtype=np.float32)
        covered = np.vecdot(_found(query, query_terms, list(texts.values())).T, weights)
        starts = [0, *accumulate(len(text.counts) for text in texts.values())]
        scores[list(texts)] = np.maximum.reduceat(covered, starts[:-1])
    return scored_leg("detail", rows, scores)


def _found(query: Query, terms: Sequence[QueryTerm], texts: Sequence[_Text]) -> Scores:
    """Return how far each sentence holds each term, in 0 .. 1, shape (terms, sentences of all texts)."""
    written: dict[str, str] = {}
    for stem, word in zip(query.terms, query.written, strict=True):
        written.setdefault(stem, word)
    vectors = load_word_vectors()
    asked = vectors.of([written.get(term.stem, term.stem) for term in terms])
    places = {word: place for place, word in enumerate(dict.fromkeys(word for text in texts for word in text.words))}
    near = np.vecdot(asked[:, None, :], vectors.of(list(places))[None, :, :])
    order = [places[word] for text in texts for word in text.words]
    counts = [count for text in texts for count in text.counts]
    found = np.maximum.reduceat(near[:, order], [0, *accumulate(counts)][:-1], axis=1)
    np.maximum(found, 0, out=found)
    members = turned_round(terms)
    sentence = 0
    for text in texts:
        known = members.get(text.language, {})
        first = 0
        for count in text.counts:
            for stem in {stem for stems in text.stems[first : first + count] for stem in stems} & known.keys():
                for number, weight in known[stem]:
                    found[number, sentence] = max(found[number, sentence], weight)
            first += count
            sentence += 1
    return found


@lru_cache(maxsize=1_024)
def _cut(text: str, language: Language, sentences: tuple[tuple[int, int], ...]) -> _Text:
    """Return the words of a passage by sentence; those of often found passages are asked for again and again."""
    keys = [key for key in passage_keys(text, language) if key.terms]
    words, stems, counts = [], [], []
    for start, end in sentences:
        own = [key for key in keys if start <= key.start and key.end <= end]
        if own:
            words += [text[key.start : key.end] for key in own]
            stems += [key.terms for key in own]
            counts.append(len(own))
    return _Text(language, tuple(words), tuple(stems), tuple(counts))
