"""How fast an encoder is here and now, measured in a process of its own so that loading is cold and memory its own.

    speed = measure_speed("fast", passages, questions)

The process is `python -m kb.models.speed`: it reads the task as JSON from stdin and writes the figures to stdout.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kb.errors import KBError, ModelError

if TYPE_CHECKING:
    from collections.abc import Callable

_LEAST_SECONDS = 1.0
_PACKAGE_ROOT = Path(__file__).resolve().parents[2]


class Speed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was measured, by the clock on the wall.

    `load_seconds` is from a started interpreter to the first question's vector, imports included; `query_ms` the median
    of single questions; `passages_per_second` of all passages in one call; `memory_mib` the process's largest resident
    set (memory-mapped pages count), None where the system does not tell.
    """

    load_seconds: float
    query_ms: float
    passages_per_second: float
    memory_mib: float | None


class _Task(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    model: str
    passages: list[str]
    questions: list[str]


class _Reply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    speed: Speed | None = None
    error: str = ""


def measure_speed(model: str, passages: list[str], questions: list[str]) -> Speed:
    """Return the speed of the encoder called `model` on these texts; takes seconds.

    Raises ModelError when the model cannot be loaded or its process ends early.
    """
    task = msgspec.json.encode(_Task(model, passages, questions))
    command = [sys.executable, "-m", "kb.models.speed"]
    done = subprocess.run(command, input=task, capture_output=True, cwd=_PACKAGE_ROOT, check=False)  # noqa: S603
    try:
        reply = msgspec.json.decode(done.stdout, type=_Reply)
    except msgspec.MsgspecError as error:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        message = f"Encoder {model!r}: measuring it ended with status {done.returncode}: {last}; name another model"
        raise ModelError(message) from error
    if reply.speed is None:
        raise ModelError(reply.error)
    return reply.speed


def measure_here(model: str, passages: list[str], questions: list[str]) -> Speed:
    """Return the speed measured in this process; `load_seconds` is cold only if nothing was loaded before.

    Passages are encoded again until a second has passed; the fastest round counts. Raises ModelError.
    """
    started = time.perf_counter()
    from kb.models.encoder import load_encoder  # noqa: PLC0415 - its imports belong to loading

    encoder = load_encoder(model)
    encoder.encode_queries(questions[:1])
    load_seconds = time.perf_counter() - started
    rounds: list[float] = []
    while sum(rounds) < _LEAST_SECONDS:
        rounds.append(_seconds(partial(encoder.encode_passages, passages)))
    queries = [_seconds(partial(encoder.encode_queries, [one])) for one in questions]
    return Speed(load_seconds, 1000 * statistics.median(queries), len(passages) / min(rounds), _memory_mib())


def main() -> None:
    """Answer the task on stdin."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=_Task)
    try:
        reply = _Reply(measure_here(task.model, task.passages, task.questions))
    except KBError as error:
        reply = _Reply(error=str(error))
    sys.stdout.buffer.write(msgspec.json.encode(reply))


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _memory_mib() -> float | None:
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - does not exist on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 if sys.platform == "linux" else 1024 * 1024)


if __name__ == "__main__":
    main()
