"""Names of a sentence, and whether its sources hold them, in whatever script and language they are written.

A name is a word with a capital letter that does not open the sentence, a word in capitals or with a digit, and the
number of a legal act. Names are translated (Yevropa, Европа, Europe), so a name stands in a passage when its fold does,
its stem, a good translation of that, or, among the passage's own names, its consonants.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.retrieval.acts import same_act
from kb.retrieval.matching import MARKED_FROM
from kb.retrieval.synonyms import likeness, skeleton
from kb.text.fold import fold, loose
from kb.text.stopwords import STOP_WORDS
from kb.text.words import stem, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kb.records import Language
    from kb.retrieval.synonyms import Synonyms
    from kb.text.dates import WrittenDate

ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}|\b[\w-]+\.(?:uz|ru|com|org|net|gov|io)\b")
"""Web and mail addresses: taken as they are written."""

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
    """What a source offers for names: folds and stems of all its words, consonants of those with a capital letter."""

    language: Language
    folds: frozenset[str]
    stems: frozenset[str]
    skeletons: frozenset[str]
    addresses: frozenset[str]


def names_of(text: str, language: Language, dates: Sequence[WrittenDate]) -> list[Name]:
    """Return the names of one sentence in order, without those inside dates, and its web and mail addresses."""
    addresses = list(ADDRESS.finditer(text))
    found = [Name(one[0].rstrip(".,;:!?)»”\"'"), *one.span(), opening=False) for one in addresses]
    opened = False
    stop = STOP_WORDS.get(language, frozenset())
    for token in tokenize(text):
        word = text[token.start : token.end]
        if any(one.start <= token.start < one.end for one in (*dates, *found)):
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
    folds, stems, skeletons, addresses = set(), set(), set(), set()
    for text in texts:
        addresses |= {one[0].rstrip(".,;:!?)»”\"'") for one in ADDRESS.finditer(text)}
        for token in tokenize(text):
            word = text[token.start : token.end]
            key = stem(word, language)
            folds |= {loose(fold(word)), loose(fold(word)).replace("–", "-")}
            stems.add(key)
            if word[0].isupper():
                skeletons.add(skeleton(key))
    return KnownNames(language, frozenset(folds), frozenset(stems), frozenset(skeletons), frozenset(addresses))


def stands(name: Name, language: Language, sources: Sequence[KnownNames], synonyms: Synonyms) -> bool:
    """Return whether one of the sources holds the name."""
    if ADDRESS.fullmatch(name.text):
        return any(name.text in source.addresses for source in sources)
    key = loose(fold(name.text)).replace("–", "-")
    if any(one in source.folds for source in sources for one in (key, *same_act(key))):
        return True
    if any(character.isdecimal() for character in name.text):
        return False
    own = stem(name.text, language)
    if any(own in source.stems for source in sources):
        return True
    (term,) = synonyms.query_terms([own], language)
    bones = skeleton(own)
    for source in sources:
        members = term.members.get(source.language, ())
        if any(weight >= MARKED_FROM and member in source.stems for member, weight in members):
            return True
        if any(likeness(bones, other) for other in source.skeletons):
            return True
    return False


def translatable(word: str, language: Language, synonyms: Synonyms) -> bool:
    """Return whether a word that opens a sentence is an ordinary one: known to the tables or the index."""
    return synonyms.knows(stem(word, language), language)
