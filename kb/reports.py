"""What indexing and checking report: frozen records, counted in documents, files and passages."""

from __future__ import annotations

from dataclasses import dataclass

from kb.records import Record


@dataclass(frozen=True, slots=True)
class Failure(Record):
    """A document that could not be indexed, and why, in one sentence."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report(Record):
    """What `add` did, in documents; `passages` and `seconds` are of this run. `warnings` concern indexed documents.

    `skipped` counts files of other formats that a scanned folder holds.
    """

    indexed: int = 0
    unchanged: int = 0
    removed: int = 0
    passages: int = 0
    seconds: float = 0.0
    failed: tuple[Failure, ...] = ()
    warnings: tuple[Failure, ...] = ()
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Progress(Record):
    """Handed to the `progress` callback of `add` after each document. Counts are of this run."""

    done: int
    total: int
    passages: int
    failed: int
    path: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Verification(Record):
    """What `verify` checked. `problems` is empty when the index is sound; each names its repair."""

    documents: int
    pages: int
    passages: int
    problems: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems
