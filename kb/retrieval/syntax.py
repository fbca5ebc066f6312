"""What a question's signs say: -word leaves out, "words in quotes" belong together.

Only signs are read here; what a word is and which passages hold it is decided elsewhere. Names in natural questions are
quoted («Толзор Чарм»), so quoting need not demand; whether anything stands outside of the quotes is told as well.
Hyphens, ranges, dashes and negative numbers are no exclusions: a minus counts only where white space or the beginning
stands before it and a letter or an opening quotation mark after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CLOSING = {'"': '"', "“": "”“", "„": "“”", "‟": "”", "«": "»"}
_MINUS = "-\u2212"
_EXCLUDED_WORD = re.compile(r"[^\W\d_][^\s,;:.!?…/()\[\]{}\"“”„‟«»]*")
_WORD_CHARACTER = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Signs:
    """A question taken apart.

    `plain` is the question without exclusions and without the marks of its phrases; `outside` the same without the
    phrases as well. `phrases` and `excluded` hold the words between their marks, in order.
    """

    plain: str
    outside: str
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


def take_apart(text: str) -> Signs:
    """Return the signs of a question. A mark that is never closed, or that encloses no word, is left as it is."""
    plain: list[str] = []
    outside: list[str] = []
    phrases: list[str] = []
    excluded: list[str] = []
    at = copied = 0

    def copy(end: int) -> None:
        plain.append(text[copied:end])
        outside.append(text[copied:end])

    while at < len(text):
        opening = at + 1 if _is_minus(text, at) else at
        phrase = _phrase(text, opening)
        if phrase is not None:
            copy(at)
            inner, at = text[phrase[0] : phrase[1]], phrase[2]
            if opening == phrase[0] - 1 and opening > 0 and _is_minus(text, opening - 1):
                excluded.append(inner)
            else:
                phrases.append(inner)
                glued = opening > 0 and _WORD_CHARACTER.match(text[opening - 1])
                plain.append(f" {inner}" if glued else inner)
                outside.append(" ")
            copied = at
        elif opening > at and (word := _EXCLUDED_WORD.match(text, opening)) is not None:
            copy(at)
            excluded.append(word[0])
            copied = at = word.end()
        else:
            at += 1
    copy(len(text))
    return Signs("".join(plain).strip(), "".join(outside).strip(), tuple(phrases), tuple(excluded))


def _is_minus(text: str, at: int) -> bool:
    """Whether a minus stands at a word's start."""
    return text[at] in _MINUS and (at == 0 or text[at - 1].isspace())


def _phrase(text: str, at: int) -> tuple[int, int, int] | None:
    """Return start and end of the words quoted from `at`, and where the text goes on; None when nothing is."""
    closing = _CLOSING.get(text[at : at + 1])
    if closing is None or (text[at] == '"' and at > 0 and _WORD_CHARACTER.match(text[at - 1])):
        return None
    end = min((place for mark in closing if (place := text.find(mark, at + 1)) > 0), default=-1)
    if end < 0 or not _WORD_CHARACTER.search(text, at + 1, end):
        return None
    return at + 1, end, end + 1
