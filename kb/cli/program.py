"""The `kb` program: its commands, its errors and its exit status."""

import logging
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from kb.cli import asking, directions, glossary, keeping, measuring, models
from kb.cli.exits import ExitCode
from kb.cli.options import Target, spread
from kb.cli.terminal import note, say, say_json
from kb.errors import KBError

_EPILOG = "\b\nExit status:\n" + "\n".join(f"{code.value:>5}  {code.description}" for code in ExitCode)


class _Program(TyperGroup):
    """Turns every expected error into one line on stderr and its exit status."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command. Raises typer.Exit for a KBError."""
        try:
            return super().invoke(ctx)
        except KBError as error:
            note(str(error))
            raise typer.Exit(ExitCode.ERROR) from error


app = typer.Typer(
    name="kb",
    cls=_Program,
    help="A knowledge base that answers in Uzbek, Russian and English with exact, cited quotes.",
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _prepare() -> None:
    # Libraries that read files warn about every oddity; what matters of it is in the report.
    logging.getLogger().setLevel(logging.ERROR)
    logging.getLogger("kb").setLevel(logging.WARNING)


@spread
def _serve(
    target: Target,
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="Port on this machine.")] = 8501,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser.")] = True,
) -> None:
    """Open the app in a browser; Ctrl-C stops it."""
    from kb.app.launch import launch  # noqa: PLC0415 - imports Streamlit

    target.load_settings()  # a file that cannot be used is named here, not on the page
    if status := launch(target.index, port, browser=browser, settings=target.settings):
        note(f"the app's server ended with status {status}; its messages are above")
        raise typer.Exit(ExitCode.ERROR)


@spread
def _version(as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False) -> None:
    """Print the version."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - slow to import

    try:
        number = version("klaster-kb")
    except PackageNotFoundError as error:
        raise KBError("Klaster KB runs from a folder, not installed, so it has no version: pip install -e .") from error
    if as_json:
        say_json({"version": number})
    else:
        say(f"kb {number}")


for _name, _command in (
    ("index", keeping.index),
    ("search", asking.search),
    ("ask", asking.ask),
    ("documents", keeping.documents),
    ("directions", directions.directions),
    ("show", keeping.show),
    ("remove", keeping.remove),
    ("verify", keeping.verify),
    ("rebuild", keeping.rebuild),
    ("glossary", glossary.glossary),
    ("eval", measuring.evaluate),
    ("models", models.models),
    ("app", _serve),
    ("version", _version),
):
    app.command(_name)(_command)


def main() -> None:
    """Run `kb` with the arguments of the process and exit."""
    app(prog_name="kb")
