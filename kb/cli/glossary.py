"""`kb glossary`: a user's own terms for an index."""

from pathlib import Path
from typing import Annotated

import typer

from kb.cli.options import Target, spread
from kb.cli.terminal import one_line, say, say_json


@spread
def glossary(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with the columns uz, ru, en.", show_default=False)],
    target: Target,
) -> None:
    """Check a CSV file of terms and make it the glossary of the index, from the next question on."""
    with target.open() as base:
        entries = base.set_glossary(file)
    if target.as_json:
        say_json({"entries": entries})
    else:
        say(f"{one_line(str(file))}: {entries} entries are used from the next question on")
