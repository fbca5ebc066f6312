"""`kb directions`: which document is about what, as a table or with the passages to quote."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kb.cli.options import DirectionOption, DocumentOption, Target, spread
from kb.cli.terminal import indented, one_line, say, say_json

if TYPE_CHECKING:
    from kb.records import DirectionMatrix, Hit

_NUMBER = 4


@spread
def directions(
    target: Target,
    direction: DirectionOption = None,
    document: DocumentOption = None,
    best: Annotated[int, typer.Option("--best", metavar="N", min=0, max=100, help="Passages a cell.")] = 3,
    lang: Annotated[
        Literal["uz", "ru", "en"], typer.Option("--lang", metavar="uz|ru|en", help="Language of the labels.")
    ] = "en",
) -> None:
    """Show documents by strategic direction; with --direction, the passages about it."""
    quoting = target.as_json or bool(direction)
    with target.open() as base:
        found = base.directions(documents=document or None, directions=direction or None, best=best if quoting else 0)
    if target.as_json:
        say_json(found.to_dict())
    elif direction:
        _say_passages(found, lang)
    else:
        _say_table(found, lang)


def _say_table(found: "DirectionMatrix", lang: str) -> None:
    """Print the percentage of each document's passages that have each direction."""
    count = len(found.directions)
    for number, one in enumerate(found.directions, start=1):
        say(f"{number:>{_NUMBER}}  {one_line(one.label[lang])} ({one.name})")
    say("")
    say("".join(f"{number:>{_NUMBER}}" for number in range(1, count + 1)) + "   %")
    for place, document in enumerate(found.documents):
        row = found.cells[place * count : (place + 1) * count]
        numbers = "".join(f"{round(100 * cell.share) or '·':>{_NUMBER}}" for cell in row)
        say(f"{numbers}   {document.id}  {one_line(document.title)}")


def _say_passages(found: "DirectionMatrix", lang: str) -> None:
    """Print, direction by direction, the surest passages of each document that has any."""
    documents = {document.id: document for document in found.documents}
    for one in found.directions:
        say(f"{one_line(one.label[lang])}: {one_line(one.definition[lang])}\n")
        for cell in found.cells:
            if cell.direction == one.name and cell.passages:
                document = documents[cell.document_id]
                say(f"{one_line(document.title)} (document {document.id}): {cell.passages} of {document.passage_count}")
                for hit in cell.best:
                    _say_hit(hit)


def _say_hit(hit: "Hit") -> None:
    say(f"  p. {one_line(hit.page_label)} · {hit.score:.2f}")
    say(indented(hit.passage.text, "    ") + "\n")
