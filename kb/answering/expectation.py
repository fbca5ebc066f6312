"""What kind of answer a question expects: an amount, a date, or neither; and whether a sentence holds one."""

from __future__ import annotations

import re
from typing import Literal

from kb.text.fold import fold, loose

Expectation = Literal["number", "date", "other"]

_NUMBER_CUES = re.compile(
    r"\b(?:qancha|necha|nechta|nechi|foiz|miqdor|skolko|skolkim|protsent)"
    r"|\b(?:kakuyu (?:chast|dolyu|summu)|kakaya (?:dolya|chast|summa)|kakova (?:dolya|summa)|kakoy dole)\b"
    r"|\bhow (?:many|much|large|big|high|long|far|often)\b"
    r"|\b(?:what|which) (?:share|percentage|proportion|portion|amount|number|sum|rate|size)\b"
)
_DATE_CUES = re.compile(
    r"\bqachon|\bqaysi (?:yil|sana|oy|muddat)"
    r"|\b(?:kogda|k kakomu|do kakogo|v kakom godu|kakogo chisla|s kakogo (?:goda|chisla|vremeni))\b"
    r"|\bwhen\b|\b(?:what|which) (?:date|year|day|month|deadline)\b|\bby what\b"
)
_DIGITS = re.compile(r"\d")
_DATES = re.compile(
    r"\b(1[89]|20)\d\d\b|\b(yanvar|fevral|mart|aprel|may|iyun|iyul|avgust|sentabr|sentyabr|oktabr|oktyabr|noyabr"
    r"|dekabr|january|february|march|april|june|july|august|september|october|november|december)\w*"
)


def expectation(question: str) -> Expectation:
    """Return what the question asks for, in any of the three languages and four spellings."""
    key = loose(fold(question))
    if _DATE_CUES.search(key):
        return "date"
    if _NUMBER_CUES.search(key):
        return "number"
    return "other"


def fulfils(sentence: str, expected: Expectation) -> bool:
    """Return whether the sentence holds what is expected; "other" is never fulfilled by form alone."""
    if expected == "number":
        return bool(_DIGITS.search(sentence))
    if expected == "date":
        return bool(_DATES.search(loose(fold(sentence))))
    return False
