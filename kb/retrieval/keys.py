"""Where the words of a text stand, each with the terms under which the index knows it.

`kb.text.words.terms` says what a text holds; marking words, checking phrases and reading a glossary also need to know
where. What stands between two spaces recurs and is read for itself, so what is found there is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kb.text.words import stem, terms, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.records import Language

# Digits with a space between them may be one number, so such a space does not end a run.
_RUN = re.compile("\\S*\\d(?:[ \u00a0\u2009\u202f]\\d\\S*)+|\\S+")


@dataclass(frozen=True, slots=True)
class Key:
    """One word: `text[start:end]`. `terms` are what the index holds of it: none for a stop word, several for an act.

    `key` is the first of them, or the stem of a stop word; it compares words one by one.
    """

    start: int
    end: int
    key: str
    terms: tuple[str, ...]


def placed_keys(text: str, language: Language) -> list[Key]:
    """Return the words of `text` in order; their terms, one after the other, are `terms(text, language)`."""
    return [
        Key(at + key.start, at + key.end, key.key, key.terms)
        for at, keys in placed_runs(text, language)
        for key in keys
    ]


@lru_cache(maxsize=1_024)
def passage_keys(text: str, language: Language) -> tuple[Key, ...]:
    """Return `placed_keys` of a passage; those of often found ones are asked for again and again."""
    return tuple(placed_keys(text, language))


def placed_runs(text: str, language: Language) -> Iterator[tuple[int, tuple[Key, ...]]]:
    """Yield the runs of `text` between white space: where each starts, and its words, placed from there."""
    for run in _RUN.finditer(text):
        yield run.start(), _keys_of(run[0], language)


@lru_cache(maxsize=50_000)
def _keys_of(run: str, language: Language) -> tuple[Key, ...]:
    return tuple(_key(token.start, token.end, run[token.start : token.end], language) for token in tokenize(run))


def _key(start: int, end: int, word: str, language: Language) -> Key:
    found = tuple(terms(word, language))
    return Key(start, end, found[0] if found else stem(word, language), found)
