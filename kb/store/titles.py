"""The terms of documents' titles in the snapshot: taking them from ten thousand titles takes seconds.

They lie in inverted indexes like those of passages; their rows are places in `title_documents`, the ids of all
documents, ascending, with or without passages.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.store.inverting import PostingsBuilder
from kb.store.postings import FIELDS
from kb.store.units import LANGUAGES
from kb.text.language import identify
from kb.text.words import terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from kb.records import Document, Language

DOCUMENTS = "title_documents"
_Titles = dict[int, tuple[int, dict[str, int]]]


def names() -> tuple[str, ...]:
    """Return the names of the arrays of titles."""
    return (DOCUMENTS, *(_name(language, field) for language in LANGUAGES for field in FIELDS))


def fields(arrays: Mapping[str, NDArray[Any]], language: Language) -> dict[str, NDArray[Any]]:
    """Return the five arrays of the titles in a language."""
    return {field: arrays[_name(language, field)] for field in FIELDS}


def compose(documents: Iterable[Document], old: Mapping[str, NDArray[Any]], gone: set[int]) -> dict[str, NDArray[Any]]:
    """Return the arrays of the titles of `documents` and of those of `old` that are neither among these nor `gone`."""
    titles = _kept(old)
    titles.update({document.id: _terms_of(document) for document in documents})
    ids = sorted(titles.keys() - gone)
    builders = [PostingsBuilder() for _ in LANGUAGES]
    for place, number in enumerate(ids):
        code, found = titles[number]
        builders[code].add(place, found)
    arrays: dict[str, NDArray[Any]] = {DOCUMENTS: np.asarray(ids, dtype=np.int64)}
    for language, builder in zip(LANGUAGES, builders, strict=True):
        arrays |= {_name(language, field): array for field, array in builder.build().items()}
    return arrays


def _name(language: Language, field: str) -> str:
    return f"titles.{language}.{field}"


def _terms_of(document: Document) -> tuple[int, dict[str, int]]:
    language = identify(document.title).language
    if language == "und" and document.languages:
        language = document.languages[0]
    return LANGUAGES.index(language), Counter(terms(document.title, language))


def _kept(old: Mapping[str, NDArray[Any]]) -> _Titles:
    """Return language and terms of each document of an older snapshot."""
    ids = old[DOCUMENTS].tolist()
    titles: _Titles = {number: (0, {}) for number in ids}
    for code, language in enumerate(LANGUAGES):
        mine = fields(old, language)
        words = mine["terms"].tobytes()
        starts, offsets = mine["term_offsets"].tolist(), mine["offsets"].tolist()
        rows, counts = mine["rows"].tolist(), mine["counts"].tolist()
        for place in range(len(offsets) - 1):
            term = words[starts[place] : starts[place + 1]].decode("utf-8")
            for at in range(offsets[place], offsets[place + 1]):
                number = ids[rows[at]]
                if titles[number][0] != code:
                    titles[number] = (code, {})
                titles[number][1][term] = counts[at]
    return titles
