"""`kb models`: the bundled encoders with size, speed and quality, and how others are named."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from kb.cli.terminal import note, one_line, say, say_json

if TYPE_CHECKING:
    from kb.models.catalogue import BundledModel
    from kb.models.speed import Speed

_EXPLAINED = """
corpus: nDCG@10 of the search on the 126 single-answer questions of corpus/, in six forms. The rest is the encoder
alone: FLORES, mean F1 of six directions; Belebele, nDCG@10, question>passage (>uz among 302 passages, else 488).

Another encoder is named by its folder or its name on a model hub, and read from the disk, never downloaded:
  kb index FOLDER --model ./my-encoder
  kb index FOLDER --model intfloat/multilingual-e5-small"""
_COLUMNS = (
    ("corpus", "corpus"),
    ("FLORES", "flores"),
    ("en>en", "belebele_en_en"),
    ("ru>ru", "belebele_ru_ru"),
    ("ru>en", "belebele_ru_en"),
    ("en>ru", "belebele_en_ru"),
    ("en>uz", "belebele_en_uz"),
    ("ru>uz", "belebele_ru_uz"),
)


def models(
    *,
    measure: Annotated[bool, typer.Option("--measure", help="Measure the speed on this machine; seconds.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """List the bundled encoders: size, speed, figures, licence."""
    from kb.models.catalogue import bundled_models  # noqa: PLC0415 - other commands need none of it
    from kb.settings import Settings  # noqa: PLC0415

    default = Settings().model
    found = bundled_models()
    speeds = {one.name: _measured(one.name) for one in found} if measure else {}
    if as_json:
        say_json({"models": [_plain(one, default, speeds.get(one.name)) for one in found]})
        return
    for one in found:
        mark = ", the default" if one.name == default else ""
        say(f"{one_line(one.name)}{mark}: {one_line(one.summary)}")
        say(f"  {one.size_bytes / 1e6:.1f} MB · {one.dimension} numbers a vector · licence {one_line(one.licence)}")
        if one.indexed_per_second is not None:
            say(f"  indexes about {one.indexed_per_second:.0f} passages a second")
        if one.name in speeds:
            say(f"  here and now: {_speed_line(speeds[one.name])}")
        say("")
    say(f"{'':12}" + "".join(f"{title:>8}" for title, _ in _COLUMNS))
    for one in found:
        say(f"{one_line(one.name):12}" + "".join(f"{_figure(getattr(one.figures, key)):>8}" for _, key in _COLUMNS))
    say(_EXPLAINED)


def _measured(name: str) -> "Speed":
    """Return the speed on the bundled descriptions of the strategic directions, 33 texts in three languages."""
    from kb.directions.taxonomy import LANGUAGES, load_taxonomy  # noqa: PLC0415 - only with --measure
    from kb.models.speed import measure_speed  # noqa: PLC0415 - likewise

    note(f"measuring {name}")
    known = load_taxonomy().directions
    told = [(one.definition[language], one.terms[language]) for one in known for language in LANGUAGES]
    passages = [f"{definition} {', '.join(terms)}." for definition, terms in told]
    return measure_speed(name, passages, [definition.partition(":")[2].strip() for definition, _ in told])


def _speed_line(speed: "Speed") -> str:
    memory = "" if speed.memory_mib is None else f" · {speed.memory_mib:.0f} MiB of memory"
    return (
        f"{speed.passages_per_second:.0f} passages a second · {speed.query_ms:.1f} ms a question · "
        f"loaded in {speed.load_seconds:.2f} s{memory}"
    )


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}".removeprefix("0")


def _plain(model: "BundledModel", default: str, speed: "Speed | None") -> dict[str, object]:
    """Return the model as plain values; `measured` stands only where the speed was measured."""
    facts: dict[str, object] = msgspec.to_builtins(model)
    extra: dict[str, object] = {"default": model.name == default, "size_bytes": model.size_bytes}
    return facts | extra | ({"measured": msgspec.to_builtins(speed)} if speed else {})
