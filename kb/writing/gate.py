"""The gate: a model's sentence is let through only when the passages that it cites bear it out.

Checks go from the plainest to the most careful: it cites passages that it was given; it is in the language of the
question; its dates, numbers and names stand in them; it denies nothing that they do not deny; and its words are theirs,
by stem, translation and likeness as when an answer is looked for, and by the vector of the whole sentence. The gate
knows words, not truth: a sentence may be made of a passage's own words and still say something else, so the quotes are
always shown beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from kb.answering.coverage import Coverage, words_of
from kb.models.words import load_word_vectors
from kb.retrieval.query import Query
from kb.text.dates import dates_in
from kb.text.language import identify
from kb.text.words import stem, terms, tokenize
from kb.writing.light import is_light
from kb.writing.names import names_of, stands
from kb.writing.negation import denies, may_deny
from kb.writing.numbers import is_year, quantities
from kb.writing.opposites import contradicted
from kb.writing.sources import clauses

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from kb.models.encoder import Encoder, FloatArray
    from kb.records import DropReason, Language
    from kb.retrieval.glossary import Given
    from kb.retrieval.search import Searcher
    from kb.writing.marked import MarkedSentence
    from kb.writing.numbers import Quantity
    from kb.writing.sources import Source, SourceSentence

MAX_CHARACTERS = 700
"""A longer sentence says too much to be borne out word by word."""

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

WORD_FOUND = 0.4
"""Likeness from which a word counts as held."""

WORD_SURE = 0.8
"""Score from which a word is the same, or its best translation."""

SURE_OF_LANGUAGE = 0.95
FEWEST_WORDS = 4
"""Words from which the language of a sentence can be told."""

_BREAKS = re.compile(
    r"[,;:()](?!\d)|\s[-\u2010-\u2015]\s|\b(?:and|but|while|or|и|а|но|или|va|hamda|esa|lekin|ammo|ва|ҳамда|эса|лекин|аммо)\b"
)
_NEIGHBOURS = 4
"""Words on either side of a number that say what it counts."""

_NEAREST = 2
"""Source sentences nearest to a sentence that say whether something is denied."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a sentence is dropped; `detail` is what its sources lack."""

    reason: DropReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """The sources of a sentence, by their numbers, each with its sentence that bears it out best."""

    support: dict[int, SourceSentence]


@dataclass(frozen=True, slots=True)
class Measured:
    """How far source sentences bear out a sentence: the scores of w words in s sentences, shape (w, s), in 0 .. 1."""

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
    def enough(self) -> bool:
        """Whether words and vector say together that the sources bear it out."""
        support = self.covered + min(self.deviations, DEVIATIONS_OF_ALL) / DEVIATIONS_OF_ALL
        least = MIN_COVERED if self.translated else MIN_COVERED_OWN
        if self.lacking.max(initial=0.0) > MAX_LACKING:
            return False
        return self.covered >= least and self.deviations >= MIN_DEVIATIONS and support >= MIN_SUPPORT

    @property
    def by_sentence(self) -> NDArray[np.float32]:
        """The share that each source sentence holds alone, shape (s,)."""
        shares: NDArray[np.float32] = self.weights @ self.scores
        return shares


class Gate:
    """Checks the sentences of one answer in `language` against sources that are numbered from 1."""

    def __init__(
        self,
        sources: Sequence[Source],
        language: Language,
        searcher: Searcher,
        encoder: Encoder,
        given: Callable[[str, Language], Given],
    ) -> None:
        self._sources = sources
        self._language = language
        self._searcher = searcher
        self._encoder = encoder
        self._given = given
        self._vectors: dict[str, FloatArray] = {}

    def check(self, sentence: MarkedSentence) -> Passed | Refused:
        """Return the sentence's support, or why it has none."""
        text = sentence.text
        if not sentence.numbers:
            return Refused("uncited")
        unknown = [number for number in sentence.numbers if not 1 <= number <= len(self._sources)]
        if unknown:
            return Refused("wrong_number", f"[{unknown[0]}]")
        if len(text) > MAX_CHARACTERS:
            return Refused("too_long")
        if self._of_another_language(text):
            return Refused("other_language")
        cited = {number: self._sources[number - 1] for number in sentence.numbers}
        return self._facts(text, list(cited.values())) or self._content(text, cited)

    def _of_another_language(self, text: str) -> bool:
        found = identify(text)
        return (
            self._language != "und"
            and found.language not in {self._language, "und"}
            and found.confidence >= SURE_OF_LANGUAGE
            and len(words_of(text, found.language).written) >= FEWEST_WORDS
        )

    def _facts(self, text: str, cited: Sequence[Source]) -> Refused | None:
        dates = dates_in(text)
        stated = [one for source in cited for sentence in source.sentences for one in sentence.dates]
        for date in dates:
            if not any(date.within(other) for other in stated):
                return Refused("date", text[date.start : date.end])
        counted = [one for source in cited for sentence in source.sentences for one in sentence.quantities]
        for quantity in quantities(text, self._language, dates):
            if not quantity.within(counted):
                return Refused("number", text[quantity.start : quantity.end])
        synonyms = self._searcher.lexical.synonyms
        known = [source.names for source in cited]
        for name in names_of(text, self._language, dates):
            ordinary = name.opening and synonyms.knows(stem(name.text, self._language), self._language)
            if not ordinary and not stands(name, self._language, known, synonyms):
                return Refused("name", name.text)
        return None

    def _content(self, text: str, cited: dict[int, Source]) -> Passed | Refused:
        places = [(number, sentence) for number, source in cited.items() for sentence in source.sentences]
        languages = [cited[number].language for number, _ in places]
        sentences = [sentence for _, sentence in places]
        measured = self.measure(text, sentences, languages)
        if not measured.words or not sentences:
            return Refused("unsupported")
        if not measured.enough:
            return Refused("unsupported", _least(measured))
        if stray := self._stray_number(text, sentences, languages):
            return Refused("number", stray)
        shares = measured.by_sentence
        nearest = np.argsort(-shares, kind="stable")
        closest = [(sentences[place], languages[place]) for place in nearest[:_NEAREST]]
        if self._turned_round(text, closest):
            return Refused("negation")
        if opposite := contradicted(text, [one.text for one, _ in closest]):
            return Refused("negation", opposite)
        support: dict[int, SourceSentence] = {}
        for place in nearest:
            support.setdefault(places[place][0], sentences[place])
        return Passed({number: support[number] for number in cited})

    def measure(self, text: str, sentences: Sequence[SourceSentence], languages: Sequence[Language]) -> Measured:
        """Return how far the source sentences bear out a text."""
        vector = self._encoder.encode_queries([text])[0]
        query = self._query(text, vector)
        return replace(
            self._words(query, sentences, languages),
            deviations=self._deviations(query, sentences) if sentences else 0.0,
        )

    def _query(self, text: str, vector: FloatArray) -> Query:
        return Query(
            text=text,
            language=self._language,
            spelling="",
            terms=tuple(terms(text, self._language)),
            vector=vector,
            given=self._given(text, self._language),
        )

    def _words(self, query: Query, sentences: Sequence[SourceSentence], languages: Sequence[Language]) -> Measured:
        """Return what the words alone say; `deviations` is 0."""
        coverage = Coverage(query, self._searcher.lexical, load_word_vectors())
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

    def _deviations(self, query: Query, sentences: Sequence[SourceSentence]) -> float:
        leg = self._searcher.dense.sentence_leg(query, None, 1)
        if leg is None:
            return float("inf")  # a text without a vector, or an index without any, cannot be judged by it
        texts = [sentence.text for sentence in sentences]
        if new := [text for text in dict.fromkeys(texts) if text not in self._vectors]:
            self._vectors |= dict(zip(new, self._encoder.encode_passages(new), strict=True))
        nearest = max(float(self._vectors[text] @ query.vector) for text in texts)
        return (nearest - leg.mean) / max(leg.deviation, 1e-9)

    def _turned_round(self, text: str, closest: Sequence[tuple[SourceSentence, Language]]) -> bool:
        """Return whether a text denies what its closest source sentences do not, or states what the closest denies."""
        if denies(text, self._language):
            return not any(may_deny(one.text, language) for one, language in closest)
        source, language = closest[0]
        if may_deny(text, self._language) or not denies(source.text, language):
            return False
        parts = clauses(source, language)
        query = self._query(text, np.zeros(0, np.float32))
        shares = self._words(query, parts, [language] * len(parts)).by_sentence
        return denies(parts[int(np.argmax(shares))].text, language)

    def _stray_number(self, text: str, sentences: Sequence[SourceSentence], languages: Sequence[Language]) -> str:
        """Return a number that the sources hold beside other words than the text does; empty when there is none."""
        query = self._query(text, np.zeros(0, np.float32))
        measured = self._words(query, sentences, languages)
        rows = {word: row for row, word in enumerate(measured.words) if not word[0].isdecimal()}
        for quantity in quantities(text, self._language, dates_in(text)):
            if is_year(quantity):
                continue  # a year says when, and stands beside anything
            near = [rows[word] for word in _words_near(text, quantity) if word in rows]
            columns = [place for place, sentence in enumerate(sentences) if quantity.within(sentence.quantities)]
            if not near or not columns:
                continue
            beside = [rows[word] for word in _words_beside(text, quantity) if word in rows]
            astray = [self._belongs_to_another(query, beside, quantity, sentences[at], languages[at]) for at in columns]
            if measured.scores[np.ix_(near, columns)].max() < WORD_FOUND or all(astray):
                return text[quantity.start : quantity.end]
        return ""

    def _belongs_to_another(
        self, query: Query, beside: Sequence[int], quantity: Quantity, sentence: SourceSentence, language: Language
    ) -> bool:
        """Return whether a word beside the number has another number in the source: "roads 86 percent, rail 12".

        A clause may go without what an earlier one said, so only later ones count; and an Uzbek clause may go without
        what a later one says, so Uzbek sources are not judged.
        """
        parts = clauses(sentence, language)
        held = [place for place, part in enumerate(parts) if quantity.within(part.quantities)]
        if language == "uz" or not beside or not held:
            return False
        later = [place for place in range(held[-1] + 1, len(parts)) if parts[place].quantities]
        if not later:
            return False
        scores = self._words(query, parts, [language] * len(parts)).scores[list(beside)]
        here = scores[:, : held[-1] + 1].max(axis=1)
        return bool(((here < WORD_FOUND) & (scores[:, later].max(axis=1) >= WORD_SURE)).any())


def _words_near(text: str, quantity: Quantity) -> list[str]:
    """Return the words around a number, as many on either side."""
    tokens = tokenize(text)
    inside = [place for place, token in enumerate(tokens) if quantity.start <= token.start < quantity.end]
    around = tokens[max(inside[0] - _NEIGHBOURS, 0) : inside[-1] + 1 + _NEIGHBOURS]
    return [text[token.start : token.end] for token in around]


def _words_beside(text: str, quantity: Quantity) -> list[str]:
    """Return the words of the part of a text, between commas and conjunctions, that a number stands in."""
    ends = [match.span() for match in _BREAKS.finditer(text)]
    start = max((end for _, end in ends if end <= quantity.start), default=0)
    stop = min((begin for begin, _ in ends if begin >= quantity.end), default=len(text))
    return [text[token.start : token.end] for token in tokenize(text) if start <= token.start < stop]


def _least(measured: Measured) -> str:
    """Return the weightiest word that no source holds."""
    return measured.words[int(np.argmax(measured.lacking))]
