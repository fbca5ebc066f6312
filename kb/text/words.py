"""Words of a text, and the terms under which a lexical index knows them.

A term is a folded stem: Russian and English words are stemmed by Snowball and then folded, Uzbek words are folded
and then stripped of their suffixes (`uzbek_stem`). Digits pass through: a number is one term however its thousands
are grouped, and the number of a legal act ("PQ-123", «ПҚ–123») is a term of its own beside its parts.

Uzbek terms carry no marks (o for oʻ, g for gʻ), so that text typed without apostrophes meets all other spellings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import Stemmer

from kb.text.fold import APOSTROPHES, IGNORABLE, fold, loose
from kb.text.stopwords import STOP_WORDS
from kb.text.uzbek_stem import uzbek_stem

if TYPE_CHECKING:
    from kb.records import Language

_A = f"[{APOSTROPHES}]"
_INSIDE = f"[{IGNORABLE}\u0300-\u036f]"
_WORD = rf"[^\W\d_](?:[^\W_]|{_INSIDE}|{_A}(?=[^\W\d_]))*"
_HYPHEN = "[-\u2010\u2011\u2013\u2212]"
_SPACE = "[ \u00a0\u2009\u202f]"
_TOKEN = re.compile(
    rf"(?P<act>(?<![^\W_])[^\W\d_]{{1,5}}(?:{_A}[^\W\d_]{{1,3}})?{_HYPHEN}\d+(?![^\W_]))"
    rf"|(?P<number>(?<![\d.,])\d{{1,3}}(?:{_SPACE}\d{{3}})+(?!\d)(?:[.,]\d+(?![\d.,]*\d))?|\d+(?:[.,]\d+)*)"
    rf"|(?P<word>{_WORD}(?:(?<=[oOgG]){_A}(?![^\W_]))?)"
)
_OPENING = "'`‘‚‛"
_BETWEEN_DIGITS = re.compile(_SPACE)
_ENGLISH_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PARTS = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number: `text[start:end]`."""

    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Return the words and numbers of `text` in order; everything between two tokens is space or punctuation.

    An apostrophe inside an Uzbek word belongs to it, as does one after a final o or g ("togʻ"), unless the word
    opened with a quotation mark of the same kind.
    """
    return [Token(start, end) for start, end, _ in _spans(text)]


def _spans(text: str) -> list[tuple[int, int, str]]:
    found = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        kind = match.lastgroup or ""
        if kind == "word" and start and text[end - 1] in "'`’‘" and text[start - 1] in _OPENING:
            end -= 1
        found.append((start, end, kind))
    return found


def stem(word: str, language: Language) -> str:
    """Return the folded stem of one token as written; for "und" its fold."""
    if word[:1].isdigit():
        return _number(word, language)
    return _stem(word, language)


def _number(written: str, language: Language) -> str:
    """Return one key for a number however its thousands are grouped: 6 800 and, in English, 6,800 are 6800."""
    digits = _BETWEEN_DIGITS.sub("", written)
    if language == "en" and _ENGLISH_THOUSANDS.fullmatch(digits):
        return digits.replace(",", "")
    return digits.replace(",", ".") if digits.count(",") == 1 else digits


@lru_cache(maxsize=1)
def _snowball() -> dict[str, Stemmer.Stemmer]:
    # The stemmer's own cache is off: `_stem` caches the finished key.
    return {language: Stemmer.Stemmer(name, 0) for language, name in (("ru", "russian"), ("en", "english"))}


@lru_cache(maxsize=100_000)
def _stem(word: str, language: Language) -> str:
    if language == "uz":
        return uzbek_stem(loose(fold(word)))
    if language == "und":
        return fold(word)
    plain = word.lower().translate(_PLAIN)
    return fold(_snowball()[language].stemWord(plain))


_PLAIN = str.maketrans({**dict.fromkeys(APOSTROPHES, "'"), **dict.fromkeys(IGNORABLE + "\u0301", ""), "ё": "е"})


def terms(text: str, language: Language) -> list[str]:
    """Return the folded stems of `text` without stop words, in order, repeats kept; for "und" folds of all words.

    Terms hold no spaces. The number of a legal act gives its key ("pq-123") followed by its parts.
    """
    found = []
    stop = STOP_WORDS.get(language, frozenset())
    for start, end, kind in _spans(text):
        word = text[start:end]
        if kind == "number":
            found.append(_number(word, language))
        elif kind == "act":
            key = loose(fold(word)).replace("–", "-")
            found.append(key)
            found.extend(_PARTS.findall(key))
        elif (folded := loose(fold(word))) and folded not in stop:
            found.append(_stem(word, language))
    return found
