"""Options that several commands share, each described once.

    @spread
    def search(question: ..., target: Target, filters: Filters): ...

`spread` shows typer the fields of both dataclasses as options of the command and hands them over put together.
"""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

if TYPE_CHECKING:
    from kb.knowledge_base import KnowledgeBase
    from kb.settings import LanguageModel, Settings


class LanguageName(StrEnum):
    """A language that passages can be narrowed to."""

    UZ = "uz"
    RU = "ru"
    EN = "en"


class SpellingName(StrEnum):
    """A spelling of Uzbek that passages can be narrowed to."""

    LATIN = "latin"
    CYRILLIC = "cyrillic"
    LATIN_2026 = "latin-2026"


ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME",
        help='Encoder: "fast" or "best" (bundled), a folder or a model name.',
        show_default=False,
    ),
]


DocumentOption = Annotated[
    list[int] | None,
    typer.Option("--document", metavar="ID", help="Only this document id; repeatable.", show_default=False),
]
DirectionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--direction",
        metavar="NAME",
        help='Only passages of this strategic direction, see "kb directions"; repeatable.',
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True)
class Target:
    """The index that a command works on, its settings, and how the result is printed."""

    index: Annotated[Path, typer.Option("--index", metavar="DIR", envvar="KB_INDEX", help="Folder of the index.")] = (
        Path("index")
    )
    settings: Annotated[
        Path | None,
        typer.Option("--settings", metavar="FILE", envvar="KB_SETTINGS", help="TOML file.", show_default=False),
    ] = None
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False

    def load_settings(self) -> "Settings | None":
        """Return the settings of the file, None without one. Raises SettingsError."""
        if self.settings is None:
            return None
        from kb.settings import Settings  # noqa: PLC0415 - most calls have no settings file

        return Settings.load(self.settings)

    def open(self, *, model: str | None = None, create: bool = False) -> "KnowledgeBase":
        """Open the index; without `create` one must be there. Raises KBError's children."""
        from kb.knowledge_base import KnowledgeBase  # noqa: PLC0415 - help and usage errors need no index

        return KnowledgeBase.open(self.index, model=model, settings=self.load_settings(), create=create)


@dataclass(frozen=True, slots=True)
class Filters:
    """What `search` and `ask` may be narrowed to."""

    language: Annotated[
        list[LanguageName] | None,
        typer.Option(
            "--language", metavar="uz|ru|en", help="Only passages in this language; repeatable.", show_default=False
        ),
    ] = None
    spelling: Annotated[
        list[SpellingName] | None,
        typer.Option(
            "--spelling",
            metavar="latin|cyrillic|latin-2026",
            help="Only Uzbek in this spelling; repeatable.",
            show_default=False,
        ),
    ] = None
    document: DocumentOption = None
    direction: DirectionOption = None
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Dated this day or later.", show_default=False)
    ] = None
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Dated this day or earlier.", show_default=False)
    ] = None

    def arguments(self) -> dict[str, Any]:
        """Return them as the keyword arguments of `KnowledgeBase.search` and `ask`."""
        return {
            "languages": [str(one) for one in self.language or ()] or None,
            "spellings": [str(one) for one in self.spelling or ()] or None,
            "documents": self.document or None,
            "since": self.since,
            "until": self.until,
            "directions": self.direction or None,
        }


@dataclass(frozen=True, slots=True)
class Writer:
    """The language model that writes an answer out; without one nothing is sent anywhere."""

    llm: Annotated[
        str | None,
        typer.Option(
            "--llm",
            metavar="URL",
            help="Have the answer written by a language model: the address of an OpenAI-compatible server, "
            "such as http://localhost:11434/v1. A key is read from KB_LLM_KEY.",
            show_default=False,
        ),
    ] = None
    llm_model: Annotated[
        str | None, typer.Option("--llm-model", metavar="NAME", help="Its name at the server.", show_default=False)
    ] = None

    def model(self, settings: "Settings | None") -> "LanguageModel | None":
        """Return the model: of the options, else of [llm] in the settings file, else None.

        Raises SettingsError when the address or the name is missing or unusable.
        """
        kept = settings.llm if settings is not None else None
        if self.llm is None and self.llm_model is None:
            return kept
        from kb.errors import SettingsError  # noqa: PLC0415 - most calls have no language model
        from kb.settings import LanguageModel  # noqa: PLC0415

        url = self.llm or (kept.url if kept else None)
        name = self.llm_model or (kept.name if kept else None)
        if url is None or name is None:
            lacking = "--llm URL" if url is None else "--llm-model NAME"
            raise SettingsError(f"A language model needs an address and a name: add {lacking}")
        if kept is None:
            return LanguageModel(url, name)
        return LanguageModel(url, name, seconds=kept.seconds, tokens=kept.tokens, passages=kept.passages)


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """Return the command with each dataclass parameter replaced by its fields as keyword options."""
    signature = inspect.signature(command)
    groups: dict[str, type[Any]] = {
        name: one.annotation
        for name, one in signature.parameters.items()
        if isinstance(one.annotation, type) and is_dataclass(one.annotation)
    }
    parameters: list[inspect.Parameter] = []
    for name, parameter in signature.parameters.items():
        if name not in groups:
            parameters.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))
            continue
        hints = get_type_hints(groups[name], include_extras=True)
        parameters += [
            inspect.Parameter(one.name, inspect.Parameter.KEYWORD_ONLY, default=one.default, annotation=hints[one.name])
            for one in fields(groups[name])
        ]

    @functools.wraps(command)
    def run(**values: Any) -> None:
        for name, group in groups.items():
            values[name] = group(**{one.name: values.pop(one.name) for one in fields(group)})
        command(**values)

    vars(run)["__signature__"] = signature.replace(parameters=parameters)
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    return run
