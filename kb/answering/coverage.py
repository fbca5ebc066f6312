"""How much of a question a sentence covers: its terms found as such or translated, and its words by likeness.

Terms are matched through the classes of the lexical leg. Likeness is the late interaction of ColBERT (Khattab and
Zaharia 2020) over static word vectors: each question word counts its nearest word of the sentence, rare words more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from kb.text.fold import fold, loose
from kb.text.stopwords import STOP_WORDS
from kb.text.words import stem, tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kb.models.words import WordVectors
    from kb.records import Language
    from kb.retrieval.lexical import LexicalScorer
    from kb.retrieval.query import Query

UNRELATED = 0.35
"""Two words of this cosine have nothing to do with each other."""

SAME = 0.8
"""Two words of this cosine mean the same."""


@dataclass(frozen=True, slots=True)
class Words:
    """The distinct words of a text that are no stop words, as written, and their stems."""

    written: tuple[str, ...]
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Covered:
    """Shares in 0..1 of a question, for s sentences: arrays of shape (s,).

    `terms` counts terms by idf; `rare` only the rarest third of them; `words` counts words by idf and likeness; `best`
    takes for each word the better of the two.
    """

    terms: NDArray[np.float32]
    rare: NDArray[np.float32]
    words: NDArray[np.float32]
    best: NDArray[np.float32]


@lru_cache(maxsize=20_000)
def words_of(text: str, language: Language) -> Words:
    """Return the words of a sentence; those of often found passages are asked for again and again."""
    stop = STOP_WORDS.get(language, frozenset())
    written = dict.fromkeys(text[token.start : token.end] for token in tokenize(text))
    kept = tuple(word for word in written if (key := loose(fold(word))) and key not in stop)
    return Words(kept, frozenset(stem(word, language) for word in kept))


def likely(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how surely two words of these cosines mean the same, in 0 .. 1: most words are somewhat alike."""
    sure: NDArray[np.float32] = np.clip((cosines - UNRELATED) / (SAME - UNRELATED), 0.0, 1.0)
    return sure


class Coverage:
    """A question's words with their weights and vectors, prepared once.

    `indexed` is the idf-weighted share of its terms that stand anywhere in the index, in any language. `written` are
    the words of its terms, `weights` what each weighs; they sum to 1.
    """

    def __init__(self, query: Query, lexical: LexicalScorer, vectors: WordVectors) -> None:
        self._vectors = vectors
        terms = {term.stem: term for term in lexical.terms_of(query)}
        first: dict[str, str] = {}
        for word in words_of(query.text, query.language).written:
            first.setdefault(stem(word, query.language), word)
        stems = [one for one in first if one in terms]
        self._terms = [terms[one] for one in stems]
        self.rarity = np.asarray([term.idf for term in self._terms], dtype=np.float32)
        self.indexed = _share([term.idf for term in self._terms], [bool(term.members) for term in self._terms])
        self.written = tuple(first[one] for one in stems)
        self._question = vectors.of(self.written)
        idf = np.asarray([term.idf for term in self._terms], dtype=np.float32)
        self.weights = idf / idf.sum() if len(idf) else idf
        self._rarest = np.argsort(-idf, kind="stable")[: max(1, len(idf) // 3)]

    def of(self, sentences: Sequence[Words], languages: Sequence[Language]) -> Covered:
        """Return how much of the question each sentence covers; zeros for a question without terms."""
        if not self._terms:
            nothing = np.zeros(len(sentences), dtype=np.float32)
            return Covered(nothing, nothing, nothing, nothing)
        hard, soft = self.found(sentences, languages)
        rare = hard[self._rarest].mean(axis=0)
        return Covered(self.weights @ hard, rare, self.weights @ soft, self.weights @ np.maximum(hard, soft))

    def surely(self, texts: Sequence[str], languages: Sequence[Language]) -> NDArray[np.float32]:
        """Return how surely each text holds each term, as such, translated or alike, (terms, texts) in 0 .. 1."""
        hard, soft = self.found(
            [words_of(text, language) for text, language in zip(texts, languages, strict=True)], languages
        )
        return np.maximum(hard, likely(soft))

    def found(
        self, sentences: Sequence[Words], languages: Sequence[Language]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return how surely each sentence holds each term, and the greatest likeness of a word of it, in 0 .. 1.

        Both of shape (terms, sentences).
        """
        hard = np.zeros((len(self._terms), len(sentences)), dtype=np.float32)
        for row, term in enumerate(self._terms):
            for column, (words, language) in enumerate(zip(sentences, languages, strict=True)):
                members = term.members.get(language, ())
                hard[row, column] = max((weight for stem, weight in members if stem in words.stems), default=0.0)
        return hard, self._likeness(sentences)

    def _likeness(self, sentences: Sequence[Words]) -> NDArray[np.float32]:
        """Return the greatest cosine of each question word with a word of each sentence, (words, sentences)."""
        places: dict[str, int] = {}
        for words in sentences:
            for word in words.written:
                places.setdefault(word, len(places))
        cosines = self._question @ self._vectors.of(list(places)).T
        soft = np.zeros((len(self._terms), len(sentences)), dtype=np.float32)
        for column, words in enumerate(sentences):
            if words.written:
                soft[:, column] = cosines[:, [places[word] for word in words.written]].max(axis=1)
        return np.maximum(soft, 0.0)


def _share(weights: Sequence[float], held: Sequence[bool]) -> float:
    total = sum(weights)
    return sum(weight for weight, one in zip(weights, held, strict=True) if one) / total if total else 0.0
