"""Soft hyphens where a typesetter would break a word.

Russian and English use pyphen's patterns. For Uzbek no patterns exist there, and its rule is short: a syllable has one
vowel and begins with the last consonant before it; sh, ch, ng, oʻ, gʻ are one letter each, and one letter never stands
alone at a line's edge.
"""

from __future__ import annotations

import itertools
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyphen

SOFT_HYPHEN = "\u00ad"
_MARKS = "ʻʼ"
_VOWELS = frozenset("aeiouöAEIOUÖаеёиоуўэюяАЕЁИОУЎЭЮЯ")
_WORD = re.compile(rf"[^\W\d_]+(?:[{_MARKS}][^\W\d_]+)*")
_UNIT = re.compile(rf"[Oo]ʻ|[Gg]ʻ|[Ss]h|[Cc]h|ng(?![aeiou])|.[{_MARKS}]?", re.DOTALL)
_SHORTEST = 6


def _uzbek(word: str) -> str:
    units = _UNIT.findall(word)
    vowels = [place for place, unit in enumerate(units) if unit[0] in _VOWELS]
    cuts: set[int] = set()
    for before, after in itertools.pairwise(vowels):
        cuts.add(after if after == before + 1 else after - 1)
    kept = {cut for cut in cuts if len("".join(units[:cut])) >= 2 and len("".join(units[cut:])) >= 3}
    return "".join((SOFT_HYPHEN if place in kept else "") + unit for place, unit in enumerate(units))


@cache
def _patterns(language: str) -> pyphen.Pyphen:
    import pyphen  # noqa: PLC0415

    return pyphen.Pyphen(lang={"ru": "ru_RU", "en": "en_GB"}[language], left=2, right=3)


def softened(text: str, language: str) -> str:
    """Return `text` with U+00AD at every place where a word of `language` ("uz", "ru", "en") may be broken."""

    def soften(match: re.Match[str]) -> str:
        word = match.group()
        if len(word) < _SHORTEST or not word[1:].islower():
            return word
        return _uzbek(word) if language == "uz" else _patterns(language).inserted(word, SOFT_HYPHEN)

    return _WORD.sub(soften, text)
