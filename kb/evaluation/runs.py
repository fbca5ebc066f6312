"""Runs kept in a file, so that a later one can be compared with them question by question."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from kb.errors import KBError, QueryError
from kb.evaluation.outcomes import Kind, values_of

if TYPE_CHECKING:
    from kb.evaluation.run import Evaluation

FORMAT = "kb-eval-run-1"


class RunQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question in one form: its measures by name, and the rank of the first relevant hit within the depth."""

    question: str
    form: str
    text: str
    kind: Kind
    language: str
    first: int | None
    measures: dict[str, float]


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is kept of an evaluation. `index` describes what was searched."""

    format: str
    depth: int
    index: dict[str, Any]
    questions: tuple[RunQuestion, ...]


def run_of(evaluation: Evaluation) -> Run:
    """Return what is kept of an evaluation."""
    return Run(
        format=FORMAT,
        depth=evaluation.depth,
        index=evaluation.index,
        questions=tuple(
            RunQuestion(
                question=one.question,
                form=one.form,
                text=one.text,
                kind=one.kind,
                language=one.language,
                first=one.ranking.first if one.ranking else None,
                measures=values_of(one, evaluation.depth),
            )
            for one in evaluation.outcomes
        ),
    )


def save_run(run: Run, path: str | Path) -> None:
    """Write a run as JSON, the same bytes for the same run. Raises KBError when the file cannot be written."""
    content = msgspec.json.format(msgspec.json.encode(run, order="sorted"), indent=1)
    try:
        Path(path).write_bytes(content + b"\n")
    except OSError as error:
        raise KBError(f"{path} cannot be written: {error.strerror}") from error


def load_run(path: str | Path) -> Run:
    """Return a run that `save_run` wrote. Raises QueryError naming the file."""
    try:
        run = msgspec.json.decode(Path(path).read_bytes(), type=Run)
    except OSError as error:
        raise QueryError(f"Run {path} cannot be read: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        message = f"{path} is not a run of `kb eval` ({error}); make one with: kb eval QUESTIONS --save {path}"
        raise QueryError(message) from error
    if run.format != FORMAT:
        raise QueryError(
            f"{path} is of format {run.format!r}, not {FORMAT!r}; make it anew with: kb eval --save {path}"
        )
    return run
