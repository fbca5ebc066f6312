"""Typed settings that reject unknown keys, and the fingerprint of those that shape an index.

Three ways to have them:

    Settings()                                   # the defaults
    Settings.load("kb.toml")                     # from a TOML file
    Settings.of({"passages": {"max_words": 180}})
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec

from kb.errors import SettingsError

_Count = Annotated[int, msgspec.Meta(ge=1)]
_Seconds = Annotated[float, msgspec.Meta(gt=0)]
_Weight = Annotated[float, msgspec.Meta(ge=0)]
_Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class ReadingSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits on one document, so that a hostile or broken file costs itself only."""

    max_bytes: _Count = 256 * 1024 * 1024
    max_pages: _Count = 5_000
    max_characters: _Count = 50_000_000
    seconds: _Seconds = 120.0
    memory_bytes: _Count = 1536 * 1024 * 1024
    processes: _Count = 2


class PassageSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Length of a passage in words."""

    min_words: _Count = 60
    target_words: _Count = 110
    max_words: _Count = 200

    def __post_init__(self) -> None:
        """Check the order of the three lengths."""
        if not self.min_words <= self.target_words <= self.max_words:
            message = f"passages: want min_words <= target_words <= max_words, got {self}"
            raise ValueError(message)


class LegWeights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What each leg of the search counts (docs/search.md); 0 leaves it out. Changing these needs no new index.

    `level` is the share of the distance between languages that is taken away, `spread` what a passage loses for each
    passage of its document that stands above it.
    """

    dense: _Weight = 0.7
    sentence: _Weight = 1.3
    lexical: _Weight = 1.1
    title: _Weight = 0.4
    name: _Weight = 3.0
    detail: _Weight = 2.5
    reading: _Weight = 1.0
    heading: _Weight = 0.0
    direction: _Weight = 0.0
    level: _Share = 0.0
    spread: _Weight = 0.0


class ListWeights(LegWeights, frozen=True, forbid_unknown_fields=True):
    """The weights for a question whose answer is gathered from many places."""

    sentence: _Weight = 0.65
    lexical: _Weight = 1.2
    title: _Weight = 0.2
    name: _Weight = 0.0
    detail: _Weight = 0.0
    reading: _Weight = 0.0
    heading: _Weight = 2.5
    direction: _Weight = 0.8
    level: _Share = 0.2
    spread: _Weight = 0.2


class ComparisonWeights(ListWeights, frozen=True, forbid_unknown_fields=True):
    """The weights for a question that holds two sides against each other: it names them, so titles count more."""

    title: _Weight = 1.0


class RetrievalSettings(LegWeights, frozen=True, forbid_unknown_fields=True):
    """How passages are ranked: for single answers by its own weights, for lists and comparisons by theirs.

    Each leg proposes its `candidates` best passages.
    """

    lists: ListWeights = ListWeights()
    comparisons: ComparisonWeights = ComparisonWeights()
    candidates: _Count = 400


class LanguageModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A language model behind a server that speaks the OpenAI protocol. Nothing is sent to one that nobody named.

    `url` is the base of the protocol ("http://localhost:11434/v1"), `name` what the server calls the model. It is shown
    the `passages` best passages, may write `tokens` tokens, and has `seconds` in all. A key is read from the variable
    KB_LLM_KEY, never from a file.
    """

    url: str
    name: str
    seconds: _Seconds = 120.0
    tokens: _Count = 700
    passages: _Count = 6

    def __post_init__(self) -> None:
        """Check address and name. Raises SettingsError."""
        try:
            parts = urlsplit(self.url)
            usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            message = f"Language model: {self.url!r} is no address; want one like http://localhost:11434/v1"
            raise SettingsError(message)
        if parts.username or parts.password:
            message = "Language model: the address holds a user or password; put the key into the variable KB_LLM_KEY"
            raise SettingsError(message)
        if not self.name.strip():
            raise SettingsError("Language model: its name is empty; use the one that the server lists")


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that can be set. `model` is a bundled name ("fast"), a folder, or a model hub's name.

    `directions` names a TOML file of strategic directions that joins or replaces the bundled ones. `llm` is what
    `kb ask` and the app take for `--llm`; in Python hand it to `ask`.
    """

    model: str = "fast"
    reading: ReadingSettings = ReadingSettings()
    passages: PassageSettings = PassageSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    directions: str | None = None
    llm: LanguageModel | None = None

    @classmethod
    def of(cls, values: dict[str, Any]) -> Settings:
        """Return settings from plain values.

        Raises SettingsError for an unknown key, a wrong type or a value out of range.
        """
        try:
            return msgspec.convert(values, cls)
        except msgspec.ValidationError as error:
            raise SettingsError(f"Settings: {error}") from error

    @classmethod
    def load(cls, path: str | Path) -> Settings:
        """Return settings from a TOML file. Raises SettingsError naming the file."""
        try:
            return msgspec.toml.decode(Path(path).read_bytes(), type=cls)
        except (OSError, msgspec.MsgspecError) as error:
            raise SettingsError(f"Settings file {path}: {error}") from error
        except SettingsError as error:
            raise SettingsError(f"Settings file {path}: {error}") from error

    def index_fingerprint(self, encoder_fingerprint: str) -> str:
        """Return the 16 hex digits that change when stored passages or vectors would come out differently."""
        shape = msgspec.json.encode({"encoder": encoder_fingerprint, "passages": self.passages})
        return hashlib.sha256(shape).hexdigest()[:16]
