"""Where the words of a text stand, each with the terms under which the index knows it.

`kb.text.words.terms` says what a text holds; marking words, checking phrases and reading a glossary also need to know
where. Words recur, so a word's terms are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kb.text.words import stem, terms, tokenize

if TYPE_CHECKING:
    from kb.records import Language


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
    return [Key(token.start, token.end, *_keys_of(text[token.start : token.end], language)) for token in tokenize(text)]


@lru_cache(maxsize=100_000)
def _keys_of(word: str, language: Language) -> tuple[str, tuple[str, ...]]:
    found = tuple(terms(word, language))
    return (found[0] if found else stem(word, language)), found
