"""Names of a sentence, and whether its sources hold them, in whatever script and language they are written.

A name is a word with a capital letter that does not open the sentence, a word in capitals or with a digit, and the
number of a legal act. Names are translated (Yevropa, Европа, Europe), so a name stands in a passage when its fold does,
its stem, a good translation of that, or, among the passage's own names, its consonants.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from kb.models.words import load_word_vectors
from kb.retrieval.acts import same_act
from kb.retrieval.matching import MARKED_FROM
from kb.retrieval.synonyms import likeness, skeleton
from kb.text.fold import fold, loose
from kb.text.stopwords import STOP_WORDS
from kb.text.words import stem, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kb.records import Language
    from kb.retrieval.synonyms import QueryTerm, Synonyms
    from kb.text.dates import WrittenDate

ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
    r"|\b(?:[\w-]{1,63}\.){1,8}(?:uz|ru|com|org|net|gov|io)\b"
)
"""Web and mail addresses: taken as they are written."""

_AFTER_ADDRESS = ".,;:!?)»”\"'"
"""Punctuation of the sentence that an address ends with."""

LIKE = 0.55
"""Likeness of word vectors from which two names are one: of cities it is below .3, of FBI and FQB .73."""

LIKE_WITH_HINT = 0.4
"""The same where the tables hold the translation, if faintly."""

LONG_NAME = 5
"""Consonants of names that may differ in one."""

_SHORTEST_CAPITALS = 2


@dataclass(frozen=True, slots=True)
class Name:
    """A name at `text[start:end]`; `opening` when it opens the sentence, so that its capital says nothing."""

    text: str
    start: int
    end: int
    opening: bool


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What a source offers for names: folds and stems of all its words, and those with a capital letter as written."""

    language: Language
    folds: frozenset[str]
    stems: frozenset[str]
    names: tuple[str, ...]
    addresses: frozenset[str]


def names_of(text: str, language: Language, dates: Sequence[WrittenDate]) -> list[Name]:
    """Return the names of one sentence in order, without those inside dates, and its web and mail addresses."""
    addresses = list(ADDRESS.finditer(text))
    found = [Name(one[0].rstrip(_AFTER_ADDRESS), *one.span(), opening=False) for one in addresses]
    taken = [*((one.start, one.end) for one in dates), *((one.start, one.end) for one in found)]
    opened = False
    stop = STOP_WORDS.get(language, frozenset())
    for token in tokenize(text):
        word = text[token.start : token.end]
        if any(start <= token.start < end for start, end in taken):
            opened = True
            continue
        letters = [letter for letter in word if letter.isalpha()]
        if not letters or word[0].isdecimal():
            opened = True
            continue
        capitals = len(letters) >= _SHORTEST_CAPITALS and all(letter.isupper() for letter in letters)
        telling = capitals or any(character.isdecimal() for character in word)
        if (telling or word[0].isupper()) and loose(fold(word)) not in stop:
            found.append(Name(word, token.start, token.end, opening=not opened and not telling))
        opened = True
    return sorted(found, key=lambda one: one.start)


def known_names(texts: Iterable[str], language: Language) -> KnownNames:
    """Return what the texts of one source offer; the first one is the passage, others are its title and headings."""
    folds, stems, addresses = set(), set(), set()
    names: dict[str, None] = {}
    for text in texts:
        addresses |= {one[0].rstrip(_AFTER_ADDRESS) for one in ADDRESS.finditer(text)}
        for token in tokenize(text):
            word = text[token.start : token.end]
            key = stem(word, language)
            folds |= {loose(fold(word)), loose(fold(word)).replace("–", "-")}
            stems.add(key)
            if word[0].isupper():
                names.setdefault(word)
    return KnownNames(language, frozenset(folds), frozenset(stems), tuple(names), frozenset(addresses))


def stands(name: Name, language: Language, sources: Sequence[KnownNames], synonyms: Synonyms) -> bool:
    """Return whether one of the sources holds the name."""
    if ADDRESS.fullmatch(name.text):
        return any(name.text in source.addresses for source in sources)
    key = loose(fold(name.text)).replace("–", "-")
    if any(one in source.folds for source in sources for one in (key, *same_act(key))):
        return True
    own = stem(name.text, language)
    if any(character.isdecimal() for character in name.text):
        return False
    (term,) = synonyms.query_terms([own], language)
    return any(
        own in source.stems
        or _is_translated(name, key, term, source, synonyms.translates(own, language, source.language))
        for source in sources
    )


def _is_translated(name: Name, key: str, term: QueryTerm, source: KnownNames, known: bool) -> bool:
    """Return whether the source holds the name as translated or transcribed; `known` when the tables translate it."""
    members = dict(term.members.get(source.language, ()))
    meant = [member for member, weight in members.items() if weight >= MARKED_FROM]
    if not source.stems.isdisjoint(meant):
        return True
    hinted = not source.stems.isdisjoint(members)
    # Words of the tables have their translations; likeness would take Monday for Tuesday.
    if (hinted or not known) and _alike(name, source, LIKE_WITH_HINT if hinted else LIKE):
        return True
    return any(_same_bones(one, source.names) for one in (key, term.stem, *meant))


def _alike(name: Name, source: KnownNames, least: float) -> bool:
    if not source.names:
        return False
    vectors = load_word_vectors()
    likest = vectors.of(source.names) @ vectors.of([name.text])[0]
    return float(likest.max()) >= least


def _same_bones(key: str, names: Sequence[str]) -> bool:
    """Return whether a name of the source has the consonants of this folded one, or all but one of five or more."""
    mine = skeleton(key)
    return any(
        likeness(mine, other)
        or (min(len(mine), len(other)) >= LONG_NAME and mine[0] == other[0] and OSA.distance(mine, other) <= 1)
        for name in names
        for other in _bones(name)
    )


@lru_cache(maxsize=20_000)
def _bones(name: str) -> frozenset[str]:
    key = loose(fold(name))
    return frozenset((skeleton(key), *(skeleton(stem(name, language)) for language in ("uz", "ru"))))
