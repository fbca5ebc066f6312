"""How many places an answer is to be gathered from: one, many, or two sides that are held against each other.

Read from the question's words alone, on folded keys, so that all spellings of Uzbek meet. A question is broad when it
asks for a set (measures, obstacles, sources), for what the documents say, or for a strategic direction as such, and
nothing in it points at one place: a name, a number, a date, a person, a reason, the greatest of all. Where these rules
say neither, a model that learned from questions of both kinds does (`breadth_model`). A question that is wrongly called
broad loses its one best sentence among others, so what is doubtful is "single".
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, cast

import msgspec

from kb.models.translation import load_tables
from kb.retrieval.breadth_model import features_of, load_breadth_model
from kb.retrieval.breadth_words import (
    ACROSS,
    CATEGORY,
    COMPARE,
    COORDINATED,
    DIFFER,
    DIFFER_PLAINLY,
    DIFFERENCE,
    GENERAL,
    LIST,
    MANNER,
    NUMBER_WORD,
    PLACES,
    POINTED,
    TOPIC_BARRED,
    VERSUS,
    WEAK_CATEGORY,
    WHAT,
)
from kb.text.fold import fold, loose
from kb.text.language import identify
from kb.text.stopwords import STOP_WORDS
from kb.text.words import stem, terms, tokenize

if TYPE_CHECKING:
    from kb.records import Language
    from kb.retrieval.query import Query

Breadth = Literal["single", "list", "comparison"]
Rule = Literal["pointed", "open", "list", "comparison"]

LONGEST_TOPIC = 5
"""A topic typed without a question has at most this many terms."""

_ACRONYM = 5
_DIGITS = re.compile(r"\d")
_OTHERS: dict[str, tuple[Language, ...]] = {"uz": ("ru", "en"), "ru": ("uz", "en"), "en": ("uz", "ru")}
_JOINED = re.compile(r"\W*(?:and|va|hamda|bilan|и|ва|ҳамда|билан|и в|versus|vs\.?)\W+", re.IGNORECASE)
"""What stands between the first word of a question and a name that it is coordinated with."""


def breadth(query: Query) -> Breadth:
    """Return what kind of answer a question asks for, in any of the three languages and four spellings."""
    return breadth_of(query.text, query.language)


@lru_cache(maxsize=256)
def breadth_of(text: str, language: Language) -> Breadth:
    """Return the same of a text in a known language."""
    rule = ruled(text, language)
    if rule == "open":
        model = load_breadth_model()
        return "list" if model.probability(features_of(text, language, rule), language) >= model.threshold else "single"
    return "single" if rule == "pointed" else rule


def ruled(text: str, language: Language) -> Rule:
    """Return what the hand-written rules alone say: "pointed" where something in a text points at one place."""
    key = " ".join(loose(fold(text)).split())
    names = names_in(text, language)
    if _compares(key, names) or _coordinated(text, names):
        return "comparison"
    if LIST.search(key):
        return "list"
    if names or _DIGITS.search(key) or NUMBER_WORD.search(key) or POINTED.search(key):
        return "pointed"
    asks_for_many = ACROSS.search(key) or CATEGORY.search(key) or WHAT.search(key)
    may_ask = MANNER.search(key) or WEAK_CATEGORY.search(key)
    if asks_for_many or (may_ask and GENERAL.search(key)) or _is_topic(key, text, language):
        return "list"
    return "open"


def names_in(text: str, language: Language) -> tuple[tuple[int, int], ...]:
    """Return where words stand that name one place, firm or document: `text[start:end]`.

    Those are words that a dictionary lacks, and those with a capital inside the sentence; abbreviations are neither.
    """
    found: list[tuple[int, int]] = []
    stop = STOP_WORDS.get(language, frozenset())
    tokens = tokenize(text)
    for place, token in enumerate(tokens):
        word = text[token.start : token.end]
        key = loose(fold(word))
        if not word[0].isalpha() or len(word) < 3 or key in stop or (word.isupper() and len(word) <= _ACRONYM):
            continue
        starts = not place or text[: token.start].rstrip()[-1:] in '.?!:«“"'
        if PLACES.match(key) or (word[0].isupper() and not starts) or _unknown(word, language):
            found.append((token.start, token.end))
    first = tokens[0] if tokens else None
    if first and found and text[first.start].isupper() and _JOINED.fullmatch(text[first.end : found[0][0]]):
        found.insert(0, (first.start, first.end))
    return tuple(found)


def strange_words(title: str) -> frozenset[str]:
    """Return the words of a title, folded, that begin with a capital and that no dictionary knows: mostly names."""
    language = identify(title).language
    words = (title[token.start : token.end] for token in tokenize(title))
    return frozenset(stem(word, language) for word in words if len(word) > 2 and _unknown(word, language))


def _unknown(word: str, language: Language) -> bool:
    """Return whether a word that begins with a capital has no translation."""
    if not word[0].isupper() or language not in _OTHERS:
        return False
    tables, key = load_tables(), stem(word, language)
    return not any(tables.translate(key, language, other) for other in _OTHERS[language])


def _compares(key: str, names: tuple[tuple[int, int], ...]) -> bool:
    if COMPARE.search(key) or DIFFERENCE.search(key) or VERSUS.search(key):
        return True
    if DIFFER_PLAINLY.search(key) and not POINTED.search(key):
        return True
    return len(names) >= 2 and bool(DIFFER.search(key))


def _coordinated(text: str, names: tuple[tuple[int, int], ...]) -> bool:
    """Return whether two names stand side by side: "in Tolzor and in Sarvisoy"."""
    return any(
        COORDINATED.fullmatch(text[end:start]) and text[slice(*one)] != text[slice(*other)]
        for one, other in pairwise(names)
        for end, start in ((one[1], other[0]),)
    )


def _is_topic(key: str, text: str, language: Language) -> bool:
    """Return whether a text without a question is a few words, a strategic direction's typical term among them."""
    if "?" in text or language not in _OTHERS or TOPIC_BARRED.search(key):
        return False
    stems = terms(text, language)
    held = set(stems)
    return 0 < len(stems) <= LONGEST_TOPIC and any(phrase <= held for phrase in _typical(language))


class _Entry(msgspec.Struct, frozen=True):
    label: dict[str, str]
    terms: dict[str, tuple[str, ...]]


class _File(msgspec.Struct, frozen=True):
    directions: dict[str, _Entry]


@cache
def _typical(language: str) -> frozenset[frozenset[str]]:
    """Return the stems of the bundled directions' labels and of their terms of two words and more."""
    path = files("kb.resources") / "directions" / "directions.toml"
    entries = msgspec.toml.decode(path.read_bytes(), type=_File).directions.values()
    phrases = [entry.label[language] for entry in entries]
    phrases += [term for entry in entries for term in entry.terms[language] if " " in term]
    return frozenset(frozenset(terms(phrase, cast("Language", language))) for phrase in phrases)
