"""The gate: a model's sentence is let through only when the passages that it cites bear it out.

Checks go from the plainest to the most careful: it cites passages that it was given; it is in the language of the
question; its dates, numbers and names stand in them; its words are theirs, and its numbers beside the same words; and
it denies nothing that they do not deny. The gate knows words, not truth: a sentence may be made of a passage's own
words and still say something else, so the quotes are always shown beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kb.answering.coverage import words_of
from kb.text.dates import dates_in
from kb.text.language import identify
from kb.text.words import stem
from kb.writing.astray import stray_number
from kb.writing.measure import Measure
from kb.writing.names import names_of, stands
from kb.writing.negation import denies, may_deny
from kb.writing.numbers import quantities
from kb.writing.opposites import contradicted
from kb.writing.sources import clauses

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kb.models.encoder import Encoder
    from kb.records import DropReason, Language
    from kb.retrieval.glossary import Given
    from kb.retrieval.search import Searcher
    from kb.writing.marked import MarkedSentence
    from kb.writing.sources import Source, SourceSentence

MAX_CHARACTERS = 700
"""A longer sentence says too much to be borne out word by word."""

SURE_OF_LANGUAGE = 0.95
FEWEST_WORDS = 4
"""Words from which the language of a sentence can be told."""

NEAREST = 2
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
        self._synonyms = searcher.lexical.synonyms
        self._measure = Measure(language, searcher, encoder, given)

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
        known = [source.names for source in cited]
        for name in names_of(text, self._language, dates):
            ordinary = name.opening and self._synonyms.knows(stem(name.text, self._language), self._language)
            if not ordinary and not stands(name, self._language, known, self._synonyms):
                return Refused("name", name.text)
        return None

    def _content(self, text: str, cited: dict[int, Source]) -> Passed | Refused:
        places = [(number, sentence) for number, source in cited.items() for sentence in source.sentences]
        languages = [cited[number].language for number, _ in places]
        sentences = [sentence for _, sentence in places]
        measured = self._measure.of(text, sentences, languages)
        if not measured.words or not sentences:
            return Refused("unsupported")
        if not measured.enough:
            return Refused("unsupported", measured.words[int(np.argmax(measured.lacking))])
        if stray := stray_number(text, self._language, self._measure, sentences, languages):
            return Refused("number", stray)
        nearest = np.argsort(-measured.by_sentence, kind="stable")
        closest = [(sentences[place], languages[place]) for place in nearest[:NEAREST]]
        if self._turned_round(text, closest):
            return Refused("negation")
        if opposite := contradicted(text, [one.text for one, _ in closest]):
            return Refused("negation", opposite)
        support: dict[int, SourceSentence] = {}
        for place in nearest:
            support.setdefault(places[place][0], sentences[place])
        return Passed({number: support[number] for number in cited})

    def _turned_round(self, text: str, closest: Sequence[tuple[SourceSentence, Language]]) -> bool:
        """Return whether a text denies what its closest source sentences do not, or states what the closest denies."""
        if denies(text, self._language):
            return not any(may_deny(one.text, language) for one, language in closest)
        source, language = closest[0]
        if may_deny(text, self._language) or not denies(source.text, language):
            return False
        parts = clauses(source, language)
        shares = self._measure.words(text, parts, [language] * len(parts)).by_sentence
        return denies(parts[int(np.argmax(shares))].text, language)
