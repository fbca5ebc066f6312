"""The records that pass between the index and the rooms around it, and their codes in the snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.models.encoder import FloatArray
    from kb.records import Language, ReadDocument, Span, Spelling

LANGUAGES: tuple[Language, ...] = ("uz", "ru", "en", "und")
SPELLINGS: tuple[Spelling, ...] = ("", "latin", "cyrillic", "latin-2026")
"""A snapshot stores a language or spelling as its place in these tables; new ones go to the end."""


@dataclass(frozen=True, slots=True)
class NewPassage:
    """One passage on its way into the index.

    `text` must be the texts of its spans joined by a newline. `terms` maps each folded stem to its count (1 or more).
    `vector` has shape (d,), `sentence_vectors` (s, d), both float32; `sentences` are s pairs (start, end) of offsets
    into `text`.
    """

    ordinal: int
    text: str
    spans: tuple[Span, ...]
    headings: tuple[str, ...]
    language: Language
    spelling: Spelling
    terms: Mapping[str, int]
    vector: FloatArray
    sentences: tuple[tuple[int, int], ...]
    sentence_vectors: FloatArray


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """What searching needs of one passage: all that a snapshot is built of.

    `content_key` is equal for passages whose texts differ in white space only; it lies in 0 .. 2**64 - 1.
    `word_count` counts words between white space. Vectors come back as float32 of float16 precision.
    """

    passage_id: int
    document_id: int
    language: Language
    spelling: Spelling
    content_key: int
    word_count: int
    terms: Mapping[str, int]
    vector: FloatArray
    sentence_vectors: FloatArray


@dataclass(frozen=True, slots=True)
class FileState:
    """What the index knows of a document's file, to tell whether the file has changed since."""

    id: int
    path: str
    sha256: str
    file_size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A document of the index with its passages made anew, on its way to `Database.rewrite`."""

    state: FileState
    read: ReadDocument
    passages: tuple[NewPassage, ...]
