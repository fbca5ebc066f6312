"""Terms of several words whose translation the words alone do not give: "qoʻshilgan qiymat", "value added".

They stand in the file of the translation tables. An entry is a term with its forms in the three languages, a form is
the sequence of its stems. Of each language there are, ordered by entry, `<lang>.phrases` (the stems of all forms end to
end, by number), `<lang>.phrases.lengths` (stems of each form) and `<lang>.phrases.entries` (the entry of each form).
Forms of one stem are only translations of others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.models.stems import StemNumbers, encode_numbers, starts_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from kb.models.stems import Arrays, Stems
    from kb.records import Language

MOST_STEMS = 1 << 31

Entry = dict["Language", tuple[tuple[str, ...], ...]]
"""The forms of a term by language."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A term that stands in a text: its stems there, and by language those of its translations, each once."""

    stems: tuple[str, ...]
    translations: Mapping[Language, tuple[str, ...]]


def encode_phrases(entries: Sequence[Entry], language: Language, ids: Mapping[str, int]) -> dict[str, NDArray[Any]]:
    """Return the arrays of the forms that at most 65,536 entries have in a language; `ids` numbers its stems."""
    forms = [(number, form) for number, entry in enumerate(entries) for form in entry.get(language, ())]
    return {
        f"{language}.phrases.lengths": np.array([len(form) for _, form in forms], np.uint8),
        f"{language}.phrases.entries": np.array([number for number, _ in forms], np.uint16),
        **encode_numbers([ids[stem] for _, form in forms for stem in form], f"{language}.phrases", len(ids)),
    }


class _Forms:
    """The forms of one language."""

    def __init__(self, arrays: Arrays, language: Language, stems: Stems) -> None:
        self.names = stems
        self.entries = arrays[f"{language}.phrases.entries"]
        self.stems = StemNumbers(arrays, f"{language}.phrases", len(stems))
        self._lengths = arrays[f"{language}.phrases.lengths"]

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where the stems of each form begin."""
        return starts_of(self._lengths)

    @cached_property
    def _by_beginning(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The forms of several stems, ordered by their first two, and these two of each."""
        forms = np.flatnonzero(self._lengths > 1)
        beginnings = _pairs(self.stems[self.starts[forms]], self.stems[self.starts[forms] + 1])
        order = np.argsort(beginnings, kind="stable")
        return forms[order], beginnings[order]

    def longest(self, stems: Sequence[str]) -> list[tuple[int, int, list[int]]]:
        """Return the longest forms in a sequence of stems, left to right: where, how many stems, which forms."""
        found = [self.names.find(stem) for stem in stems]
        numbers = np.array([-1 if number is None else number for number in found], np.int64)
        forms, beginnings = self._by_beginning
        wanted = _pairs(numbers[:-1], numbers[1:])
        firsts, lasts = (np.searchsorted(beginnings, wanted, side).tolist() for side in ("left", "right"))
        places: list[tuple[int, int, list[int]]] = []
        place = 0
        while place < len(wanted):
            here: dict[int, list[int]] = {}
            for form in forms[firsts[place] : lasts[place]].tolist():
                own = self.stems[self.starts[form] : self.starts[form + 1]]
                if np.array_equal(numbers[place : place + len(own)], own):
                    here.setdefault(len(own), []).append(form)
            length = max(here, default=1)
            if here:
                places.append((place, length, here[length]))
            place += length
        return places

    def of(self, entries: Sequence[int]) -> tuple[str, ...]:
        """Return the stems of the forms of some entries, each once."""
        bounds = np.searchsorted(self.entries, [entries, [entry + 1 for entry in entries]])
        numbers = [self.stems[self.starts[first] : self.starts[last]] for first, last in bounds.T]
        return tuple(self.names[number].decode() for number in dict.fromkeys(np.concatenate(numbers).tolist()))


def _pairs(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return one number for two stems that follow each other; below 0 when either is not known."""
    return np.where(second < 0, -1, first * MOST_STEMS + second)


class PhraseTable:
    """The phrases in the arrays of a file. What finding them needs is prepared by the first question of a language.

    Raises KeyError naming an array that is not there.
    """

    def __init__(self, arrays: Arrays, stems: Mapping[Language, Stems]) -> None:
        self._forms = {language: _Forms(arrays, language, own) for language, own in stems.items()}

    def find(self, stems: Sequence[str], language: Language) -> list[Phrase]:
        """Return the phrases in a text's stems, the longest at each place, none inside another."""
        own = self._forms.get(language)
        if own is None or len(stems) < 2:
            return []
        others = [(other, its) for other, its in self._forms.items() if other != language]
        found = []
        for place, length, forms in own.longest(stems):
            entries = own.entries[forms].tolist()
            translations = {other: its.of(entries) for other, its in others}
            found.append(Phrase(tuple(stems[place : place + length]), translations))
        return found
