"""How far source sentences bear out a sentence: its words among theirs, and its vector near theirs.

Words are looked for as those of a question are (`kb.answering.coverage`): by stem, by translation, and by likeness.
The thresholds were chosen on translated news, where a sentence must pass for its own passage and fall for the nearest
wrong one, and on sentences written by hand over the documents of corpus/ (docs/language-model.md).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from kb.answering.coverage import Coverage
from kb.models.words import load_word_vectors
from kb.retrieval.query import Query
from kb.text.words import terms
from kb.writing.light import is_light

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from kb.models.encoder import Encoder, FloatArray
    from kb.records import Language
    from kb.retrieval.glossary import Given
    from kb.retrieval.search import Searcher
    from kb.writing.sources import SourceSentence

MIN_COVERED = 0.45
"""Of the weight of a sentence's words that its sources must hold."""

MIN_COVERED_OWN = 0.6
"""The same where all sources are in the language of the sentence, so that nothing is lost in translation."""

MIN_DEVIATIONS = 1.0
"""By how many standard deviations of the index its vector must be nearer than usual to its nearest source sentence."""

DEVIATIONS_OF_ALL = 15.0
MIN_SUPPORT = 0.8
"""Of both together, the covered weight and the deviations divided by `DEVIATIONS_OF_ALL`."""

MAX_LACKING = 0.22
"""Of the weight of a sentence that one word may lack: one invented word is enough to make a sentence false."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The scores of w words of a sentence in s source sentences, shape (w, s), in 0 .. 1; the weights of the words.

    `deviations` says how near its vector is to the nearest source sentence, in standard deviations of the index;
    `translated` when some source is in another language.
    """

    words: tuple[str, ...]
    weights: NDArray[np.float32]
    scores: NDArray[np.float32]
    deviations: float
    translated: bool

    @property
    def covered(self) -> float:
        """The share of the words' weight that the sources hold together."""
        return float(self.weights @ self.scores.max(axis=1)) if self.scores.size else 0.0

    @property
    def lacking(self) -> NDArray[np.float32]:
        """The weight of each word that no source holds, shape (w,)."""
        lacking: NDArray[np.float32] = self.weights * (1.0 - self.scores.max(axis=1, initial=0.0))
        return lacking

    @property
    def by_sentence(self) -> NDArray[np.float32]:
        """The share that each source sentence holds alone, shape (s,)."""
        shares: NDArray[np.float32] = self.weights @ self.scores
        return shares

    @property
    def enough(self) -> bool:
        """Whether words and vector say that the sources bear the sentence out."""
        covered, deviations = self.covered, self.deviations
        return bool(
            covered >= (MIN_COVERED if self.translated else MIN_COVERED_OWN)
            and deviations >= MIN_DEVIATIONS
            and covered + deviations / DEVIATIONS_OF_ALL >= MIN_SUPPORT
            and self.lacking.max(initial=0.0) <= MAX_LACKING
        )


class Measure:
    """Measures sentences in `language` against those of an index; vectors of source sentences are made once."""

    def __init__(
        self, language: Language, searcher: Searcher, encoder: Encoder, given: Callable[[str, Language], Given]
    ) -> None:
        self._language = language
        self._searcher = searcher
        self._encoder = encoder
        self._given = given
        self._vectors: dict[str, FloatArray] = {}

    def of(self, text: str, sentences: Sequence[SourceSentence], languages: Sequence[Language]) -> Measured:
        """Return how far the source sentences bear out a text."""
        words = self.words(text, sentences, languages)
        return replace(words, deviations=self._deviations(text, sentences)) if sentences else words

    def words(self, text: str, sentences: Sequence[SourceSentence], languages: Sequence[Language]) -> Measured:
        """Return what the words alone say; `deviations` is 0."""
        coverage = Coverage(self._query(text), self._searcher.lexical, load_word_vectors())
        kept = [row for row, word in enumerate(coverage.written) if not is_light(word, self._language)]
        scores = np.zeros((len(kept), len(sentences)), np.float32)
        if kept and sentences:
            hard, soft = coverage.found([sentence.words for sentence in sentences], languages)
            scores = np.maximum(hard, soft)[kept]
        weights = coverage.weights[kept]
        return Measured(
            words=tuple(coverage.written[row] for row in kept),
            weights=weights / max(float(weights.sum()), 1e-9),
            scores=scores,
            deviations=0.0,
            translated=any(language != self._language for language in languages),
        )

    def _query(self, text: str, vector: FloatArray | None = None) -> Query:
        return Query(
            text=text,
            language=self._language,
            spelling="",
            terms=tuple(terms(text, self._language)),
            vector=np.zeros(0, np.float32) if vector is None else vector,
            given=self._given(text, self._language),
        )

    def _deviations(self, text: str, sentences: Sequence[SourceSentence]) -> float:
        query = self._query(text, self._encoder.encode_queries([text])[0])
        leg = self._searcher.dense.sentence_leg(query, None, 1)
        if leg is None:
            return float("inf")  # a text without a vector, or an index without any, cannot be judged by it
        texts = [sentence.text for sentence in sentences]
        if new := [one for one in dict.fromkeys(texts) if one not in self._vectors]:
            self._vectors |= dict(zip(new, self._encoder.encode_passages(new), strict=True))
        nearest = max(float(self._vectors[one] @ query.vector) for one in texts)
        return (nearest - leg.mean) / max(leg.deviation, 1e-9)
