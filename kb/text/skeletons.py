"""The consonants of a stem: what a name keeps in Uzbek, Russian and English.

Koʻkdaryo, Кукдарья and Kukdaryo share "kkdr".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_CONSONANTS = str.maketrans(
    {"q": "k", "g": "k", "ğ": "k", "c": "k", "x": "h", "w": "v"} | dict.fromkeys("aeiouyöü", "")
)
_ADJECTIVE = re.compile(r"(?<=..)n?sk$", re.MULTILINE)
_REPEATED = re.compile(r"(.)\1+")


def skeleton(stem: str) -> str:
    """Return the consonants of a folded stem in one spelling.

    The Russian adjective ending -(n)sk- is left out, so that «кукдарьинский» and "Kukdaryo" meet.
    """
    return _REPEATED.sub(r"\1", _ADJECTIVE.sub("", stem.translate(_CONSONANTS)))


def skeletons(stems: Sequence[str]) -> list[str]:
    """Return the skeleton of each stem; all at once is several times faster than one by one."""
    together = skeleton("\n".join(stems)).split("\n")
    return together if len(together) == len(stems) else [skeleton(stem) for stem in stems]
