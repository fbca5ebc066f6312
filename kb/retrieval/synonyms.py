"""Question terms in the passage's language: each becomes a weighted class of index terms.

The class of a stem holds the stem itself, its translations from the tables, and, for a word that no table knows
(a place, a company), the index terms with the same consonants: Koʻkdaryo, Кукдарья and Kukdaryo share "kkdr".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.models.translation import TranslationTables
    from kb.records import Language
    from kb.store.postings import Postings

SAME_KEY_WEIGHT = 1.0
NAME_WEIGHT = 0.8
LONGER_NAME_WEIGHT = 0.4
MIN_CONSONANTS = 3
MIN_PREFIX = 4

_VOWELS = re.compile(r"[aeiouyöü]+")
_ADJECTIVE = re.compile(r"(?<=..)n?sk$")
_REPEATED = re.compile(r"(.)\1+")
_LIKE = str.maketrans({"q": "k", "x": "h", "w": "v", "ğ": "g", "c": "k"})


@dataclass(frozen=True, slots=True)
class TermClass:
    """One question term and the index terms of one language that stand for it, with weights in (0, 1]."""

    source: str
    members: tuple[tuple[str, float], ...]


def skeleton(stem: str) -> str:
    """Return the consonants of a folded stem in one spelling: what a name keeps in all three languages.

    The Russian adjective ending -(n)sk- is left out, so that «кукдарьинский» and "Kukdaryo" meet.
    """
    return _REPEATED.sub(r"\1", _ADJECTIVE.sub("", _VOWELS.sub("", stem.translate(_LIKE))))


class Synonyms:
    """Finds term classes over the vocabulary of one snapshot."""

    def __init__(self, tables: TranslationTables, lexical: Mapping[Language, Postings]) -> None:
        self._tables = tables
        self._lexical = lexical
        self._names: dict[Language, dict[str, list[tuple[str, str]]]] = {}

    def classes(self, stems: Sequence[str], source: Language, target: Language) -> list[TermClass]:
        """Return one class a distinct stem, in the order of the question; a class may be empty."""
        return [TermClass(stem, tuple(self._members(stem, source, target))) for stem in dict.fromkeys(stems)]

    def _members(self, stem: str, source: Language, target: Language) -> list[tuple[str, float]]:
        postings = self._lexical[target]
        members: dict[str, float] = {}
        if postings.document_frequency(stem):
            members[stem] = SAME_KEY_WEIGHT
        known = source == target and bool(members)
        if source != target and "und" not in (source, target):
            translations = self._tables.translate(stem, source, target)
            known = bool(translations)
            for word, weight in translations:
                if postings.document_frequency(word):
                    members[word] = max(weight, members.get(word, 0.0))
        if not known and not any(character.isdigit() for character in stem):
            for word, weight in self._namesakes(stem, target):
                members.setdefault(word, weight)
        return sorted(members.items())

    def _namesakes(self, stem: str, target: Language) -> list[tuple[str, float]]:
        """Return index terms with the same consonants, and, with less weight, those that only go on longer."""
        key = skeleton(stem)
        if len(key) < MIN_CONSONANTS:
            return []
        table = self._names.get(target)
        if table is None:
            table = {}
            for word in self._lexical[target].terms():
                other = skeleton(word)
                if len(other) >= MIN_CONSONANTS:
                    table.setdefault(other[:MIN_PREFIX], []).append((other, word))
            self._names[target] = table
        found = []
        for other, word in table.get(key[:MIN_PREFIX], ()):
            if other == key:
                found.append((word, NAME_WEIGHT))
            elif min(len(key), len(other)) >= MIN_PREFIX and (key.startswith(other) or other.startswith(key)):
                found.append((word, LONGER_NAME_WEIGHT))
        return found
