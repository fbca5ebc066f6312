"""`kb eval`: ask a question file, print what was measured."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kb.cli.meter import documents_update, meter
from kb.cli.options import ModelOption, Target, spread
from kb.cli.terminal import note_failures, say, say_json, visible
from kb.errors import KBError, NotFoundError

if TYPE_CHECKING:
    from kb.knowledge_base import KnowledgeBase


@spread
def evaluate(
    questions: Annotated[Path, typer.Argument(metavar="QUESTIONS", help="JSONL or CSV file.", show_default=False)],
    *,
    target: Target,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--documents", metavar="FOLDER", help="Index this folder into a temporary index first.", show_default=False
        ),
    ] = None,
    model: ModelOption = None,
    forms: Annotated[
        list[str] | None,
        typer.Option(
            "--forms", metavar="FORM", help="Only this form of the questions; repeatable.", show_default=False
        ),
    ] = None,
    half: Annotated[
        Literal["all", "fit", "report"], typer.Option("--half", metavar="all|fit|report", help="Half of the questions.")
    ] = "all",
    k: Annotated[int, typer.Option("-k", metavar="N", min=10, max=1000, help="Depth of the search.")] = 20,
    search_only: Annotated[bool, typer.Option("--search-only", help="Measure the search, not the answers.")] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="Write JSON with every question here.", show_default=False),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html", metavar="FILE", help="Write a report with the worst questions here.", show_default=False
        ),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option("--save", metavar="RUN", help="Keep this run in a file, to compare with.", show_default=False),
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option("--compare", metavar="RUN", help="Show what changed since a saved run.", show_default=False),
    ] = None,
) -> None:
    """Measure search and answers on a file of questions."""
    from kb.evaluation.comparison import compare as compare_runs  # noqa: PLC0415 - other commands need none of it
    from kb.evaluation.comparison import text_comparison  # noqa: PLC0415
    from kb.evaluation.questions import load_questions  # noqa: PLC0415
    from kb.evaluation.report import text_report  # noqa: PLC0415
    from kb.evaluation.run import evaluate as run  # noqa: PLC0415
    from kb.evaluation.runs import load_run, run_of, save_run  # noqa: PLC0415

    asked = load_questions(questions)
    earlier = load_run(compare) if compare is not None else None
    with ExitStack() as stack:
        base = _temporary(stack, folder, target, model) if folder else stack.enter_context(target.open(model=model))
        with meter("questions") as update:
            found = run(
                base,
                asked,
                k,
                forms=tuple(forms or ()),
                half_of=half,
                search_only=search_only,
                progress=lambda done, total: update(done, total, ""),
            )
        comparison = compare_runs(earlier, run_of(found)) if earlier is not None else None
        if html is not None:
            from kb.evaluation.cases import worst_cases  # noqa: PLC0415 - only with --html
            from kb.evaluation.html_report import html_report  # noqa: PLC0415

            _write(html, html_report(found, worst_cases(base, found, asked), comparison))
    if output is not None:
        _write(output, json.dumps(found.to_dict(), ensure_ascii=False, indent=1) + "\n")
    if save is not None:
        save_run(run_of(found), save)
    if target.as_json:
        say_json(found.to_dict(outcomes=False) | ({"comparison": comparison.to_dict()} if comparison else {}))
    else:
        say(text_report(found).rstrip("\n"))
        if comparison is not None:
            say(visible("\n" + text_comparison(comparison).rstrip("\n")))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise KBError(f"{path} cannot be written: {error.strerror}") from error


def _temporary(stack: ExitStack, folder: Path, target: Target, model: str | None) -> "KnowledgeBase":
    from kb.evaluation.run import temporary_base  # noqa: PLC0415 - only with --documents

    if not folder.exists():
        raise NotFoundError(f"{folder}: no such folder, so nothing was measured")
    with meter("documents") as update:
        base, report = stack.enter_context(
            temporary_base(folder, model=model, settings=target.load_settings(), progress=documents_update(update))
        )
    note_failures("failed", report.failed)
    return base
