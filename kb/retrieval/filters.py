"""Filters: which passages a question may find."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar, get_args

import numpy as np

from kb.errors import QueryError
from kb.records import Language, Spelling
from kb.store.units import LANGUAGES, SPELLINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kb.records import Document
    from kb.retrieval.legs import Allowed
    from kb.store.snapshot import Snapshot

_Value = TypeVar("_Value", bound=str)
_ISO_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?$")


@dataclass(frozen=True, slots=True)
class Filters:
    """What to keep; None keeps everything. `since` and `until` are inclusive ISO dates of the document.

    A year ("2025") or a month ("2025-03") stands for its first day in `since` and its last in `until`.
    A document without a date passes no date filter. A passage passes that has any of the `directions`; `about` says
    which rows of a snapshot do.
    """

    languages: frozenset[Language] | None = None
    spellings: frozenset[Spelling] | None = None
    documents: frozenset[int] | None = None
    since: str | None = None
    until: str | None = None
    directions: frozenset[str] | None = None
    about: Callable[[Snapshot, frozenset[str]], Allowed] | None = field(default=None, compare=False)

    @classmethod
    def of(
        cls,
        languages: Iterable[str] | None = None,
        spellings: Iterable[str] | None = None,
        documents: Iterable[int] | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Filters:
        """Check and return filters. Raises QueryError naming the wrong value and the right ones."""
        return cls(
            languages=_checked("language", languages, get_args(Language)),
            spellings=_checked("spelling", spellings, get_args(Spelling)),
            documents=None if documents is None else frozenset(int(document) for document in documents),
            since=_checked_date("since", since),
            until=_checked_date("until", until),
        )

    @property
    def keeps_everything(self) -> bool:
        """Whether no filter is set."""
        return self == Filters()

    def within(self, documents: Iterable[int]) -> Filters:
        """Return these filters narrowed to those of `documents` that they keep."""
        kept = frozenset(documents)
        return replace(self, documents=kept if self.documents is None else kept & self.documents)

    def allowed(self, snapshot: Snapshot, documents: Sequence[Document]) -> Allowed | None:
        """Return which rows of the snapshot pass, shape (n,), or None when all do."""
        if self.keeps_everything:
            return None
        kept = np.ones(snapshot.n, dtype=np.bool_)
        if self.languages is not None:
            kept &= np.isin(snapshot.languages, [LANGUAGES.index(language) for language in self.languages])
        if self.spellings is not None:
            kept &= np.isin(snapshot.spellings, [SPELLINGS.index(spelling) for spelling in self.spellings])
        if self.documents is not None or self.since or self.until:
            kept &= np.isin(snapshot.document_ids, [document.id for document in documents if self._keeps(document)])
        if self.directions is not None and self.about is not None:
            kept &= self.about(snapshot, self.directions)
        return kept

    def _keeps(self, document: Document) -> bool:
        if self.documents is not None and document.id not in self.documents:
            return False
        if self.since is None and self.until is None:
            return True
        if document.date is None:
            return False
        # "~" sorts after every digit and hyphen, so "2025~" stands after the last day of 2025.
        return (self.since or "") <= document.date <= (self.until or "") + "~"


def _checked(name: str, values: Iterable[str] | None, known: tuple[_Value, ...]) -> frozenset[_Value] | None:
    if values is None:
        return None
    asked = (values,) if isinstance(values, str) else tuple(values)
    unknown = sorted(set(asked) - set(known))
    if unknown:
        names = ", ".join(repr(value) for value in known)
        raise QueryError(f"Unknown {name} {', '.join(map(repr, unknown))}. Use one of {names}.")
    return frozenset(value for value in known if value in asked)


def _checked_date(name: str, value: str | None) -> str | None:
    if value is None or value == "":
        return None
    parts = value.split("-")
    try:
        if not _ISO_DATE.match(value):
            raise ValueError  # noqa: TRY301 - one message for both kinds of wrong date
        date.fromisoformat("-".join([*parts, *["01"] * (3 - len(parts))]))
    except ValueError as error:
        raise QueryError(f"{name}: {value!r} is no date. Write 2025, 2025-03 or 2025-03-14.") from error
    return value
