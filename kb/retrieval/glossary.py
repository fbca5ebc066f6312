"""A user's own glossary: which terms of the three languages stand for each other.

`glossary.csv` lies in the index folder and has the columns uz, ru and en, one term a row and cell, of one word or of
several. It is looked at again before each question, so that a corrected line works with the next one.
"""

from __future__ import annotations

import csv
import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.errors import GlossaryError
from kb.retrieval.keys import placed_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from kb.records import Language
    from kb.retrieval.keys import Key

FILE_NAME = "glossary.csv"
COLUMNS: tuple[Language, ...] = ("uz", "ru", "en")
MAX_BYTES = 16 * 1024 * 1024
MAX_CHARACTERS = 200

Given = tuple[tuple[str, "Language", tuple[str, ...]], ...]
"""What a glossary gives a question: (stem of the question, language, stems that stand for it there)."""

_Sequence = tuple[str, ...]
_DELIMITERS = ",;\t"
_HELP = "Save it as CSV in UTF-8 with the columns uz, ru, en, one term a row"


@dataclass(frozen=True, slots=True)
class Glossary:
    """The entries of one file: `stems` of a term by language, and which entries begin with a stem."""

    entries: tuple[Mapping[Language, _Sequence], ...] = ()
    beginnings: Mapping[tuple[Language, str], tuple[int, ...]] | None = None

    def __len__(self) -> int:
        return len(self.entries)

    def given(self, text: str, language: Language) -> Given:
        """Return what the entries that stand in a question of `language` give its stems.

        An entry stands in it when all its stems, in any one of its languages, do so one after the other.
        """
        if not self.entries:
            return ()
        own = placed_keys(text, language)
        terms_at = {key.start: key.terms for key in own}
        found: dict[tuple[str, Language], dict[str, None]] = {}
        for spoken in COLUMNS:
            words = own if spoken == language else placed_keys(text, spoken)
            words = [word for word in words if word.terms]
            for place, word in enumerate(words):
                for number in (self.beginnings or {}).get((spoken, word.key), ()):
                    entry = self.entries[number]
                    covered = words[place : place + len(entry[spoken])]
                    if tuple(one.key for one in covered) == entry[spoken]:
                        stems = [term for one in covered for term in terms_at[one.start]]
                        _give(found, stems, entry)
        return tuple((stem, target, tuple(stems)) for (stem, target), stems in found.items())


def _give(
    found: dict[tuple[str, Language], dict[str, None]], stems: Iterable[str], entry: Mapping[Language, _Sequence]
) -> None:
    for stem in stems:
        for target, others in entry.items():
            found.setdefault((stem, target), {}).update(dict.fromkeys(others))


def read_glossary(path: Path) -> Glossary:
    """Return the glossary of a CSV file: UTF-8 with or without a byte order mark; comma, semicolon or tab.

    Empty lines, further columns and empty cells are passed over, but a line needs terms in two languages. Raises
    GlossaryError naming the file, and the line where there is one.
    """
    return _glossary(_content(path), path)


def _content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        message = f"Glossary {path} cannot be read: {error.strerror}. Check the path and its rights"
        raise GlossaryError(message) from error
    if size > MAX_BYTES:
        raise GlossaryError(f"Glossary {path} has {size:,} bytes; at most {MAX_BYTES:,} are read. Shorten it")
    return content


def _glossary(content: bytes, path: Path) -> Glossary:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _wrong(path, line, f"byte {content[error.start]:#04x} is not UTF-8") from error
    entries = _entries(text.splitlines(keepends=True), path)
    beginnings: dict[tuple[Language, str], tuple[int, ...]] = {}
    for number, entry in enumerate(entries):
        for language, stems in entry.items():
            beginnings[language, stems[0]] = (*beginnings.get((language, stems[0]), ()), number)
    return Glossary(tuple(entries), beginnings)


def _entries(lines: list[str], path: Path) -> list[Mapping[Language, _Sequence]]:
    header = next((line for line in lines if line.strip()), "")
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    columns: dict[Language, int] | None = None
    entries: list[Mapping[Language, _Sequence]] = []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if columns is None:
                columns = _columns(row, path, reader.line_num)
            else:
                entries.append(_entry(row, columns, path, reader.line_num))
    except csv.Error as error:
        raise _wrong(path, reader.line_num, str(error)) from error
    if columns is None:
        raise _wrong(path, 1, "the file is empty")
    return entries


def _columns(row: list[str], path: Path, line: int) -> dict[Language, int]:
    names = [cell.strip().lower() for cell in row]
    for language in COLUMNS:
        if names.count(language) != 1:
            raise _wrong(path, line, f"the first line must name the columns uz, ru and en once each, it has {names}")
    return {language: names.index(language) for language in COLUMNS}


def _entry(row: list[str], columns: Mapping[Language, int], path: Path, line: int) -> dict[Language, _Sequence]:
    entry: dict[Language, _Sequence] = {}
    for language, column in columns.items():
        cell = row[column].strip() if column < len(row) else ""
        if not cell:
            continue
        if len(cell) > MAX_CHARACTERS:
            message = f"the {language} term has {len(cell)} characters, at most {MAX_CHARACTERS} make a term"
            raise _wrong(path, line, message)
        stems = _stems(placed_keys(cell, language))
        if not stems:
            raise _wrong(path, line, f"{cell!r} ({language}) holds no word that is searched for")
        entry[language] = stems
    if len(entry) < 2:
        raise _wrong(path, line, f"a term is needed in two languages at least, there is {len(entry)}")
    return entry


def _stems(words: Iterable[Key]) -> _Sequence:
    return tuple(word.key for word in words if word.terms)


def _wrong(path: Path, line: int, what: str) -> GlossaryError:
    return GlossaryError(f"Glossary {path}, line {line}: {what}. {_HELP}")


class GlossaryFile:
    """The glossary of one index folder. Safe to share between threads: what it keeps is replaced as a whole."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._kept: tuple[tuple[int, int], Glossary] | None = None

    def current(self) -> Glossary:
        """Return the glossary as the file has it now: empty without a file. Raises GlossaryError."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return Glossary()
        except OSError as error:
            raise GlossaryError(f"Glossary {self.path} cannot be read: {error.strerror}. Check its rights") from error
        state = (status.st_size, status.st_mtime_ns)
        kept = self._kept
        if kept is None or kept[0] != state:
            kept = (state, read_glossary(self.path))
            self._kept = kept
        return kept[1]

    def install(self, source: Path) -> Glossary:
        """Check a file and put its copy in the place of the glossary, at once or not at all. Raises GlossaryError."""
        content = _content(source)
        glossary = _glossary(content, source)
        try:
            if not (self.path.exists() and source.samefile(self.path)):
                self._replace(content)
        except OSError as error:
            message = f"Glossary {source} cannot be stored as {self.path}: {error.strerror}. The former one stands"
            raise GlossaryError(message) from error
        self._kept = None
        return glossary

    def _replace(self, content: bytes) -> None:
        temporary = self.path.with_name(f".{FILE_NAME}.{os.getpid()}-{threading.get_ident()}.tmp")
        try:
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.path)
        finally:
            temporary.unlink(missing_ok=True)
