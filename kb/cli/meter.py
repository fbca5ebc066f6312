"""How far a long command has come: a bar on a terminal, now and then a line elsewhere; always on stderr."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from kb.cli.terminal import note, one_line
from kb.reports import Progress

_SECONDS_BETWEEN_LINES = 5.0
Update = Callable[[int, int, str], None]


@contextmanager
def meter(noun: str) -> Iterator[Update]:
    """Yield `update(done, total, remark)`, to be called as work on `noun` goes on."""
    if sys.stderr.isatty():
        with _bar(noun) as update:
            yield update
    else:
        yield _lines(noun)


def documents_update(update: Update) -> Callable[[Progress], None]:
    """Return a callback for `add` and `rebuild` that shows passages a second and failures."""

    def show(progress: Progress) -> None:
        rate = progress.passages / progress.seconds if progress.seconds > 0 else 0.0
        failures = f", {progress.failed} failed" if progress.failed else ""
        update(progress.done, progress.total, f"{progress.passages} passages, {rate:.0f}/s{failures}")

    return show


@contextmanager
def _bar(noun: str) -> Iterator[Update]:
    from rich.console import Console  # noqa: PLC0415 - slow to import, needed for a bar only
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(f"{noun}  {{task.description}}", markup=False),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def update(done: int, total: int, remark: str) -> None:
            bar.update(task, completed=done, total=total, description=one_line(remark))

        yield update


def _lines(noun: str) -> Update:
    last = monotonic()

    def update(done: int, total: int, remark: str) -> None:
        nonlocal last
        if done == total or monotonic() - last >= _SECONDS_BETWEEN_LINES:
            last = monotonic()
            note(f"{done} of {total} {noun}" + (f", {remark}" if remark else ""))

    return update
