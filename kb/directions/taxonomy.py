"""The taxonomy: which directions there are, what they are called, what they mean, which words speak of them.

    taxonomy = load_taxonomy()                     # the eleven bundled directions
    taxonomy = load_taxonomy("my-directions.toml") # more of them, or others

The file is for people to edit, so every unknown key and every missing language is an error that names the place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

from kb.errors import SettingsError
from kb.models.encoder import bundled_folder

LANGUAGES = ("uz", "ru", "en")
FILE_NAME = "directions.toml"

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in each of the three languages."""

    uz: _Text
    ru: _Text
    en: _Text

    def __getitem__(self, language: str) -> str:
        """Return the text in `language`, in English for any other than uz, ru and en."""
        text: str = getattr(self, language if language in LANGUAGES else "en")
        return text


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Typical words and phrases in each language; at least one a language."""

    uz: Annotated[tuple[_Text, ...], msgspec.Meta(min_length=1, max_length=500)]
    ru: Annotated[tuple[_Text, ...], msgspec.Meta(min_length=1, max_length=500)]
    en: Annotated[tuple[_Text, ...], msgspec.Meta(min_length=1, max_length=500)]

    def __getitem__(self, language: str) -> tuple[str, ...]:
        """Return the terms of one of the three languages."""
        found: tuple[str, ...] = getattr(self, language)
        return found


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    label: Wording
    definition: Wording
    terms: Terms


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    directions: dict[str, _Entry]
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Direction:
    """One direction. `name` is its key everywhere: in filters, records and JSON."""

    name: str
    label: Wording
    definition: Wording
    terms: Terms


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The directions in the order of the file, the user's own after the bundled ones."""

    directions: tuple[Direction, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The keys in order."""
        return tuple(direction.name for direction in self.directions)

    def label(self, name: str, language: str) -> str:
        """Return what a direction is called in a language. Raises KeyError for an unknown name."""
        for direction in self.directions:
            if direction.name == name:
                return direction.label[language]
        raise KeyError(name)


def load_taxonomy(path: str | Path | None = None) -> Taxonomy:
    """Return the bundled directions, joined or replaced by those of the user's file.

    Raises SettingsError naming the file and the place in it when it cannot be read, has an unknown key, lacks a
    language, has no direction, or one whose name is not made of a-z, 0-9 and _.
    """
    bundled = _bundled()
    own = _read(Path(path).expanduser()) if path is not None else None
    if own is None:
        entries = dict(bundled.directions)
    else:
        entries = dict(own.directions) if own.replace else {**bundled.directions, **own.directions}
    return Taxonomy(
        tuple(Direction(name, entry.label, entry.definition, entry.terms) for name, entry in entries.items())
    )


@cache
def _bundled() -> _File:
    return _read(bundled_folder("directions") / FILE_NAME)


def _read(path: Path) -> _File:
    try:
        read = msgspec.toml.decode(path.read_bytes(), type=_File)
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise SettingsError(f"Directions file {path}: {error}. docs/directions.md shows its shape") from error
    wrong = [name for name in read.directions if not _NAME.fullmatch(name)]
    if wrong or not read.directions:
        problem = f"the name {wrong[0]!r} is not made of a-z, 0-9 and _" if wrong else "it names no direction"
        raise SettingsError(f"Directions file {path}: {problem}. docs/directions.md shows its shape")
    return read
