"""What kind of answer a question expects: an amount, a date, or neither; and whether a sentence holds one."""

from __future__ import annotations

import re
from typing import Literal

from kb.text.fold import fold, loose

Expectation = Literal["number", "date", "other"]

_NUMBER_CUES = re.compile(
    r"\b(qancha\w*|necha\w*|nechta\w*|nechi\w*|foiz\w*|miqdor\w*|skolko|skolkim\w*|kakuyu chast|kakaya dolya|kakoy dole\w*"
    r"|protsent\w*|kakuyu summ\w*|kakova dolya|how (?:many|much|large|big|high|long|far|often)|what (?:share|percentage"
    r"|proportion|portion|amount|number|sum|rate|size)|which share)\b"
)
_DATE_CUES = re.compile(
    r"\b(qachon\w*|qaysi (?:yil|sana|oy|muddat)\w*|kogda|k kakomu|s kakogo (?:goda|chisla|vremeni)|do kakogo|v kakom godu|kakogo chisla"
    r"|when|what (?:date|year|day|deadline)|which (?:year|date|day|month)|by what)\b"
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
