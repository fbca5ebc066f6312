"""Terms of several words for the translation tables: only those that say more than the tables do word by word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.models.translation import LANGUAGES
from kb.retrieval.phrases import PHRASE_WEIGHT
from kb.retrieval.synonyms import SOFTENING
from kb.text import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kb.models.phrases import Entry

Table = dict[str, list[tuple[str, float]]]
Form = tuple[str, ...]
Forms = tuple[Form, ...]

_ALTERNATIVES = re.compile(r"\s+/\s+")
_REMARK = re.compile(r"\([^)]*\)")


def forms_of(cell: str, language: str) -> Forms:
    """Return the stems of the alternatives in a cell ("thrifty / economical (of people)"), each once."""
    parts = _ALTERNATIVES.split(_REMARK.sub(" ", cell))
    return tuple(dict.fromkeys(form for part in parts if (form := tuple(words.terms(part, language)))))


def terms_in(path: Path) -> list[Entry]:
    """Return the terms of a tab-separated file with the columns uz, ru and en."""
    head, *lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    columns = head.split("\t")
    rows = (dict(zip(columns, line.split("\t"), strict=True)) for line in lines)
    return [{language: forms_of(row[language], language) for language in LANGUAGES} for row in rows]


def kept(terms: list[Entry], tables: Mapping[tuple[str, str], Table]) -> list[Entry]:
    """Return what is left of the terms when no form remains that adds nothing, sorted, each once."""
    left = []
    for term in terms:
        needed: dict[str, set[Form]] = {language: set() for language in LANGUAGES}
        for source, form, target in _adding(term, tables):
            needed[source].add(form)
            needed[target].update(term[target])
        if any(needed.values()):
            left.append({language: tuple(sorted(needed[language])) for language in LANGUAGES})
    return sorted({tuple(entry.items()): entry for entry in left}.values(), key=lambda entry: tuple(entry.values()))


def _adding(term: Entry, tables: Mapping[tuple[str, str], Table]) -> Iterator[tuple[str, Form, str]]:
    """Yield the forms that a question may hold and the languages into which they add a stem or raise its weight."""
    for source, target in tables:
        for form in term[source]:
            if len(form) < 2:
                continue
            known: dict[str, float] = {}
            for stem in form:
                for word, weight in tables[source, target].get(stem, ()):
                    known[word] = max(weight, known.get(word, 0.0))
            wanted = {word for other in term[target] for word in other}
            if any(known.get(word, 0.0) ** SOFTENING < PHRASE_WEIGHT for word in wanted):
                yield source, form, target
