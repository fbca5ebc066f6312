"""Question terms in the passage's language: each becomes a weighted class of index terms.

The class of a stem holds the stem itself, its translations from the user's glossary, from the phrase that it stands in
and from the tables, and the other names of a legal act. A stem that neither the tables nor the index know is taken for
its nearest indexed stems, and, as it may be a name (a place, a company), for the index terms with the same consonants:
Koʻkdaryo, Кукдарья and Kukdaryo share "kkdr".
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log1p
from typing import TYPE_CHECKING

from kb.retrieval.acts import same_act
from kb.retrieval.phrases import standing_for
from kb.retrieval.typos import NearStems
from kb.text import skeletons

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.models.translation import TranslationTables
    from kb.records import Language
    from kb.retrieval.glossary import Given
    from kb.store.postings import Postings

SAME_KEY_WEIGHT = 1.0
NAME_WEIGHT = 0.8
LONGER_NAME_WEIGHT = 0.5
SOFTENING = 0.7
"""A translation of weight w counts as w ** SOFTENING: the tables give rarer, but right, translations too little."""

MOST_KEPT = 256
"""Questions whose terms are kept."""

MIN_CONSONANTS = 3
MIN_PREFIX = 4

skeleton = skeletons.skeleton


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """One stem of the question, its weight `idf`, and the index terms that stand for it in each passage language.

    `members` are (index term, weight in (0, 1]) by language; languages without any are left out. `idf` counts the
    passages of all languages, so that a word is as rare in one language as in another and scores stay comparable.
    """

    stem: str
    idf: float
    members: Mapping[Language, tuple[tuple[str, float], ...]]


def likeness(one: str, other: str) -> float:
    """Return the weight with which two skeletons are the same name: 0 when they are not.

    Uzbek stems are cut after six letters, so one may end where the other goes on.
    """
    if min(len(one), len(other)) < MIN_CONSONANTS:
        return 0.0
    if one == other:
        return NAME_WEIGHT
    shorter, longer = sorted((one, other), key=len)
    return LONGER_NAME_WEIGHT if len(shorter) >= MIN_PREFIX and longer.startswith(shorter) else 0.0


def turned_round(terms: Sequence[QueryTerm]) -> dict[Language, dict[str, list[tuple[int, float]]]]:
    """Return by language and index term the places of the question's terms that it stands for, and how much it does."""
    members: dict[Language, dict[str, list[tuple[int, float]]]] = {}
    for number, term in enumerate(terms):
        for language, own in term.members.items():
            for word, weight in own:
                members.setdefault(language, {}).setdefault(word, []).append((number, weight))
    return members


class Synonyms:
    """Finds term classes over the vocabulary of one snapshot; what it has found for a question is kept."""

    def __init__(self, tables: TranslationTables, lexical: Mapping[Language, Postings]) -> None:
        self._tables = tables
        self._lexical = lexical
        self._near: dict[Language, NearStems] = {}
        self._kept: dict[tuple[tuple[str, ...], Language, Given], tuple[QueryTerm, ...]] = {}

    def query_terms(self, stems: Sequence[str], source: Language, given: Given = ()) -> tuple[QueryTerm, ...]:
        """Return the distinct stems of a question in their order, with what stands for them in every language.

        `stems` are in the order of the question, repeats kept, so that phrases are seen. `given` is what the user's
        glossary adds (`Query.given`).
        """
        question = (tuple(stems), source, given)
        found = self._kept.get(question)
        if found is None:
            found = self._query_terms(*question)
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[question] = found
        return found

    def _query_terms(self, stems: tuple[str, ...], source: Language, given: Given) -> tuple[QueryTerm, ...]:
        total = sum(postings.total for postings in self._lexical.values())
        standing = standing_for(stems, source, given, self._tables)
        defined = {stem for stem, _ in standing}
        found = []
        for stem in dict.fromkeys(stems):
            spellings = [(stem, SAME_KEY_WEIGHT)]
            if stem not in defined and not self.knows(stem, source):
                spellings += self._nearest(stem, source)
            members: dict[Language, tuple[tuple[str, float], ...]] = {}
            frequency = 0.0
            for target, postings in self._lexical.items():
                if not postings.total:
                    continue
                own = self._members(spellings, source, target, standing.get((stem, target), {}))
                if own:
                    members[target] = tuple(own)
                    frequency += sum(weight * postings.document_frequency(word) for word, weight in own)
            frequency = min(frequency, float(total))
            found.append(QueryTerm(stem, log1p((total - frequency + 0.5) / (frequency + 0.5)), members))
        return tuple(found)

    def translates(self, stem: str, source: Language, target: Language) -> bool:
        """Return whether the tables know the stem in the target's language; a language knows its own."""
        return source == target or bool(self._tables.translate(stem, source, target))

    def knows(self, stem: str, source: Language) -> bool:
        """Return whether the tables know the stem or the index holds it in its own language."""
        indexed = source in self._lexical and self._lexical[source].document_frequency(stem)
        return bool(indexed) or any(self._tables.translate(stem, source, target) for target in self._lexical)

    def _nearest(self, stem: str, source: Language) -> list[tuple[str, float]]:
        postings = self._lexical.get(source)
        if postings is None or not stem.isalpha():
            return []
        near = self._near.get(source)
        if near is None:
            near = NearStems(postings.terms)
            self._near[source] = near
        return near.near(stem, postings.document_frequency)

    def _members(
        self, spellings: Sequence[tuple[str, float]], source: Language, target: Language, given: Mapping[str, float]
    ) -> list[tuple[str, float]]:
        """Return the index terms of `target` for a stem, which comes first in `spellings`, and its corrections.

        `given` is what the glossary and the phrases say.
        """
        postings = self._lexical[target]
        stem = spellings[0][0]
        members = {word: weight for word, weight in given.items() if postings.document_frequency(word)}
        known = bool(members)
        for spelling, likely in spellings:
            for word in (spelling, *same_act(spelling)):
                if postings.document_frequency(word):
                    members[word] = max(likely, members.get(word, 0.0))
                    known |= source == target
            if source != target and "und" not in (source, target):
                translations = self._tables.translate(spelling, source, target)
                known |= bool(translations) and spelling == stem
                for word, weight in translations:
                    if postings.document_frequency(word):
                        members[word] = max(likely * weight**SOFTENING, members.get(word, 0.0))
        if not known and not any(character.isdigit() for character in stem):
            for word, weight in self._namesakes(stem, target):
                members.setdefault(word, weight)
        return sorted(members.items())

    def _namesakes(self, stem: str, target: Language) -> list[tuple[str, float]]:
        """Return the index terms that may be the same name, and how much each counts."""
        key = skeleton(stem)
        alike = ((word, likeness(key, other)) for other, word in self._lexical[target].like(key[:MIN_PREFIX]))
        return [(word, weight) for word, weight in alike if weight]
