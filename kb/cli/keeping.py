"""Commands that fill, list, check and renew an index."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.exits import ExitCode
from kb.cli.meter import documents_update, meter
from kb.cli.options import ModelOption, Target, spread
from kb.cli.terminal import note, note_failures, one_line, say, say_json, status_words, visible
from kb.errors import NotFoundError
from kb.reports import Report

if TYPE_CHECKING:
    from kb.records import Document

DocumentId = Annotated[int, typer.Argument(metavar="DOCUMENT_ID", help='From "kb documents".', show_default=False)]


@spread
def index(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER...", help="Folders or files.", show_default=False)],
    target: Target,
    model: ModelOption = None,
    prune: Annotated[bool, typer.Option("--prune", help="Remove documents whose files are gone.")] = False,
) -> None:
    """Index documents: new and changed ones are read, unchanged ones left alone."""
    missing = [folder for folder in folders if not folder.exists()]
    if missing:
        message = f"{missing[0]}: no such file or folder, so nothing was indexed. Give a folder with documents"
        raise NotFoundError(message)
    with target.open(model=model, create=True) as base, meter("documents") as update:
        report = _joined([base.add(folder, progress=documents_update(update), prune=prune) for folder in folders])
    _say_report(report, target)


@spread
def rebuild(target: Target, model: ModelOption = None) -> None:
    """Cut and encode the stored pages anew, for example with another model; the files are not needed."""
    from kb.ingest.rebuild_index import rebuild_index  # noqa: PLC0415 - help and usage errors need no index

    settings = target.load_settings()
    with meter("documents") as update:
        report = rebuild_index(target.index, model=model, settings=settings, progress=documents_update(update))
    _say_report(report, target)


@spread
def documents(target: Target) -> None:
    """List the documents of the index."""
    with target.open() as base:
        listed = base.documents()
    if target.as_json:
        say_json([document.to_dict() for document in listed])
        return
    for document in listed:
        say(_described(document))


@spread
def show(
    document_id: DocumentId,
    target: Target,
    page: Annotated[
        int | None,
        typer.Option("--page", metavar="N", min=1, help="Only this page, counted from 1.", show_default=False),
    ] = None,
) -> None:
    """Print a document's text as the index holds it, page by page."""
    with target.open() as base:
        document = base.document(document_id)
    pages = [one for one in document.pages if page is None or one.index == page]
    if page is not None and not pages:
        message = f"Document {document_id} ({document.path}) has no page {page}; it has {len(document.pages)}"
        raise NotFoundError(message)
    if target.as_json:
        written = document.to_dict()
        say_json(written | {"pages": [one.to_dict() for one in pages]})
        return
    say(_described(document))
    for one in pages:
        say(f"\n--- page {one.index} of {len(document.pages)}, p. {one_line(one.label)} ---\n{visible(one.text)}")


@spread
def remove(document_id: DocumentId, target: Target) -> None:
    """Remove a document from the index; its file stays."""
    with target.open() as base:
        document = base.remove(document_id)
    if target.as_json:
        say_json(document.to_dict())
    else:
        say(f"Removed {_described(document)}")


@spread
def verify(target: Target) -> None:
    """Check every stored page, passage and vector, and the files made from them."""
    with target.open() as base:
        found = base.verify()
    if target.as_json:
        say_json(found.to_dict() | {"ok": found.ok})
    else:
        say(f"{found.documents} documents, {found.pages} pages, {found.passages} passages checked")
    for problem in found.problems:
        note(problem)
    if not found.ok:
        raise typer.Exit(ExitCode.ERROR)
    if not target.as_json:
        say("The index is sound.")


def _described(document: "Document") -> str:
    parts = [f"{document.page_count} pages", f"{document.passage_count} passages", "/".join(document.languages)]
    if document.date:
        parts.append(document.date)
    parts += status_words(document)
    return f"{document.id}  {one_line(document.title)}  ({', '.join(parts)})  {one_line(document.path)}"


def _joined(reports: Sequence[Report]) -> Report:
    """Return one report of several runs: numbers added up, lists one after the other."""
    totals: dict[str, Any] = {}
    for one in fields(Report):
        nothing: Any = one.default
        totals[one.name] = sum((getattr(report, one.name) for report in reports), nothing)
    return Report(**totals)


def _say_report(report: Report, target: Target) -> None:
    note_failures("warning", report.warnings)
    note_failures("failed", report.failed)
    if target.as_json:
        say_json(report.to_dict())
    else:
        rate = report.passages / report.seconds if report.seconds > 0 else 0.0
        say(
            f"{report.indexed} indexed, {report.unchanged} unchanged, {report.removed} removed, "
            f"{len(report.failed)} failed: {report.passages} passages in {report.seconds:.1f} s ({rate:.0f} a second)"
        )
    if report.failed:
        raise typer.Exit(ExitCode.SOME_FAILED)
