"""Words broken at a line's end: whether their hyphen belongs to them is decided by the document's own words.

"oziq-" + "ovqat" keeps its hyphen, "elektr-" + "lashtirish" loses it. A file does not always tell the two apart
(pdfium gives one mark for both), but a document that breaks a word once usually writes it whole elsewhere.
"""

from __future__ import annotations

import bisect
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SOFT_MARKS = "\u00ad\u2010"
"""Hyphens that only a program's hyphenation writes; the soft hyphen is seen in a broken word only."""
UNKNOWN_MARK = "\ufffe"
_MARKS = f"-{SOFT_MARKS}{UNKNOWN_MARK}"
_APOSTROPHES = "'`´ʹʻʼʽˈˊ‘’‛′"
_TAIL = re.compile(rf"([^\W\d_](?:[\w{_APOSTROPHES}]*\w[{_APOSTROPHES}]?)?)[{_MARKS}]$")
_HEAD = re.compile(rf"[^\W\d_][\w{_APOSTROPHES}]*(?:-[\w{_APOSTROPHES}]+)*")
_WORD = re.compile(rf"[^\W\d_][\w{_APOSTROPHES}]*(?:[-\u2010\u2011][\w{_APOSTROPHES}]+)*")
_RANGE = re.compile(r"\d[\u2012\u2013]$")
"""A range of numbers ("2021–2024") broken after its dash."""
_SHORTEST_EVIDENCE = 3


class HyphenJoiner:
    """Joins the lines of a paragraph. `words` are the document's words that no line end broke."""

    def __init__(self, words: Iterable[str], *, hyphenates: bool = True) -> None:
        self._words: set[str] = set()
        for word in words:
            for match in _WORD.finditer(word):
                self._words.add(match.group().lower().replace("\u2010", "-").replace("\u2011", "-"))
        self._sorted = sorted(self._words)
        self._hyphenates = hyphenates
        """Whether the document's program breaks words with a plain hyphen; if not, such a hyphen is the author's."""

    def join(self, lines: Sequence[str]) -> str:
        """Return the lines as one, with single spaces between them but where a word runs over a line's end."""
        joined = lines[0] if lines else ""
        for line in lines[1:]:
            joined = self._join_two(joined, line)
        return joined.replace(UNKNOWN_MARK, "-")

    def _join_two(self, first: str, second: str) -> str:
        if not first or not second:
            return first + second
        if first[-1] not in _MARKS:
            glued = _RANGE.search(first[-2:]) and second[0].isdigit()
            return first + second if glued else f"{first} {second}"
        tail = _TAIL.search(first[-80:])
        head = _HEAD.match(second)
        if tail and head and self._is_broken(tail.group(1), head.group(), first[-1]):
            return first[:-1] + second
        if first[-1] in SOFT_MARKS and tail and head:
            return f"{first[:-1]}-{second}"
        if len(first) > 1 and first[-2].isalnum() and second[0].isalnum():
            return first + second
        return f"{first} {second}"

    def _is_broken(self, tail: str, head: str, mark: str) -> bool:
        """Tell whether `tail` and `head` are one word whose hyphen only marks the line's end."""
        whole, compound = (tail + head).lower(), f"{tail}-{head}".lower()
        evidence = self._evidence(whole, len(tail)) - self._evidence(compound, len(tail) + 1)
        if evidence:
            return evidence > 0
        if mark in SOFT_MARKS:
            return True
        if not self._hyphenates or (head[0].isupper() and not (head.isupper() and tail.isupper())):
            return False
        both_are_words = tail.lower() in self._words and head.lower() in self._words
        return not (both_are_words and min(len(tail), len(head)) >= _SHORTEST_EVIDENCE)

    def _evidence(self, form: str, joint: int) -> int:
        """Return 2 when the document has the form, 1 when it has the same word with another ending, else 0."""
        if form in self._words:
            return 2
        beyond = min(len(form) - joint, 4)
        if beyond < _SHORTEST_EVIDENCE or joint < _SHORTEST_EVIDENCE - 1:
            return 0
        prefix = form[: joint + beyond]
        at = bisect.bisect_left(self._sorted, prefix)
        return int(at < len(self._sorted) and self._sorted[at].startswith(prefix))
