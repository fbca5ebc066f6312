"""Reading in child processes, so that a hostile or broken file costs itself only.

A PDF library in C may abort, and a decompression bomb may take all memory; neither must take the batch with it.
Children are plain `python -m kb.readers.worker` processes that are kept for the whole batch: no fork of a process
with threads in it, no second run of the caller's main module, nothing pickled.

    with ReaderPool(settings.reading) as pool:
        futures = [pool.submit(path) for path in paths]
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self

import msgspec

from kb import errors
from kb.errors import DamagedDocumentError, DocumentLimitError, KBError, ReadError
from kb.readers.worker import Reply, out_of_memory, read_frame, write_frame

if TYPE_CHECKING:
    from types import TracebackType

    from kb.records import ReadDocument
    from kb.settings import ReadingSettings

_START_SECONDS = 60.0
_PACKAGE_ROOT = Path(__file__).resolve().parents[2]
_BAD_INSTRUCTIONS = frozenset({"SIGSEGV", "SIGBUS", "SIGFPE"})


class ReaderPool:
    """`limits.processes` children that read documents under the limits of time and memory.

    A document on which a child dies or stops is charged to that document as a ReadError; the child is replaced.
    """

    def __init__(self, limits: ReadingSettings) -> None:
        self._limits = limits
        self._threads = ThreadPoolExecutor(limits.processes, thread_name_prefix="reader")
        self._idle: queue.LifoQueue[_Child] = queue.LifoQueue()
        self._children: set[_Child] = set()
        self._lock = threading.Lock()
        self._closed = False

    def submit(self, path: Path) -> Future[ReadDocument]:
        """Return the future of `read(path)`. Its exception is one of ReadError's children."""
        return self._threads.submit(self.read, path)

    def read(self, path: Path) -> ReadDocument:
        """Return the document in `path`, read in a child.

        Raises what `kb.readers.read` raises, and DocumentLimitError or DamagedDocumentError when the child overran
        its limits or died.
        """
        child = self._borrow()
        try:
            return child.read(path)
        except _DiedError as error:
            if error.fresh:
                raise error.as_read_error() from error
        finally:
            self._give_back(child)
        return self._read_afresh(path)

    def close(self) -> None:
        """Stop: what has not begun is cancelled, children end at once."""
        with self._lock:
            self._closed = True
            children = list(self._children)
        for child in children:
            child.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for child in children:
            child.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._threads.shutdown(wait=True)
        self.close()

    def _read_afresh(self, path: Path) -> ReadDocument:
        """Read in a child that nothing was read in before, so that what earlier files left behind cannot count."""
        child = self._start()
        try:
            return child.read(path)
        except _DiedError as error:
            raise error.as_read_error() from error
        finally:
            self._give_back(child)

    def _borrow(self) -> _Child:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return self._start()

    def _start(self) -> _Child:
        with self._lock:
            if self._closed:
                raise ReadError("The reader pool is closed; nothing more is read.")
            child = _Child(self._limits)
            self._children.add(child)
        return child

    def _give_back(self, child: _Child) -> None:
        if child.alive:
            self._idle.put(child)
            return
        child.close()
        with self._lock:
            self._children.discard(child)


class _DiedError(Exception):
    """The child ended without a reply. `fresh`: this document was the first that it read."""

    def __init__(self, read_error: ReadError, *, fresh: bool) -> None:
        super().__init__(str(read_error))
        self._read_error = read_error
        self.fresh = fresh

    def as_read_error(self) -> ReadError:
        return self._read_error


class _Child:
    """One worker process. Used by one thread at a time, but for `kill`."""

    def __init__(self, limits: ReadingSettings) -> None:
        self._limits = limits
        self._fresh = True
        self._ready = False
        self._last = False
        self._timed_out = False
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the child lives
        search_path = os.pathsep.join(filter(None, [str(_PACKAGE_ROOT), os.environ.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "kb.readers.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env={**os.environ, "PYTHONPATH": search_path},
        )

    @property
    def alive(self) -> bool:
        return not self._last and self._process.poll() is None

    def read(self, path: Path) -> ReadDocument:
        reply = self._exchange(path)
        fresh, self._fresh = self._fresh, False
        if reply is None:
            raise _DiedError(self._cause(path), fresh=fresh or self._timed_out)
        self._last = reply.last
        if reply.document is not None:
            return reply.document
        if reply.last and not fresh:
            raise _DiedError(_error(reply), fresh=False)
        raise _error(reply)

    def _exchange(self, path: Path) -> Reply | None:
        """Send the path and return the reply, or None when the child ended first."""
        incoming, outgoing = self._pipes()
        try:
            if not self._ready:
                write_frame(outgoing, msgspec.msgpack.encode(self._limits))
                self._ready = self._answer(incoming, _START_SECONDS) is not None
            write_frame(outgoing, os.fsencode(path))
        except BrokenPipeError:
            return None
        answer = self._answer(incoming, self._limits.seconds)
        return None if answer is None else msgspec.msgpack.decode(answer, type=Reply)

    def _answer(self, incoming: BinaryIO, seconds: float) -> bytes | None:
        timer = threading.Timer(seconds, self._time_out)
        timer.daemon = True
        timer.start()
        try:
            return read_frame(incoming)
        finally:
            timer.cancel()

    def _pipes(self) -> tuple[BinaryIO, BinaryIO]:
        incoming, outgoing = self._process.stdout, self._process.stdin
        if incoming is None or outgoing is None:
            raise ReadError("The reading process was started without pipes.")
        return incoming, outgoing  # type: ignore[return-value]

    def _time_out(self) -> None:
        self._timed_out = True
        self.kill()

    def _cause(self, path: Path) -> ReadError:
        """Return why the child ended on this document."""
        code = self._process.wait()
        limits = self._limits
        if self._timed_out or code == -getattr(signal, "SIGALRM", 0):
            return DocumentLimitError(
                f"{path}: not read after {limits.seconds:g} seconds. "
                "Split it, or raise reading.seconds in the settings."
            )
        if not self._ready:
            return ReadError(f"{path}: no process to read it in could be started ({self._last_complaint()}).")
        if code < 0 and signal.Signals(-code).name not in _BAD_INSTRUCTIONS:
            return DocumentLimitError(out_of_memory(path, limits))
        complaint = self._last_complaint()
        if complaint.startswith("MemoryError"):
            return DocumentLimitError(out_of_memory(path, limits))
        reason = signal.Signals(-code).name if code < 0 else complaint
        return DamagedDocumentError(f"{path}: its content breaks the reader ({reason}). Save it again from its source.")

    def _last_complaint(self) -> str:
        self._complaints.seek(max(self._complaints.seek(0, os.SEEK_END) - 2000, 0))
        lines = self._complaints.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1].strip() if lines else f"exit status {self._process.returncode}"

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._complaints):
            if stream is not None:
                _close(stream)


def _close(stream: object) -> None:
    """Close a pipe; what could not be written to a dead child needs no writing any more."""
    try:
        stream.close()  # type: ignore[attr-defined]
    except BrokenPipeError:
        return


def _error(reply: Reply) -> ReadError:
    """Return the error that the child met, of its own class."""
    kind = getattr(errors, reply.error, KBError)
    error = kind(reply.message)
    return error if isinstance(error, ReadError) else ReadError(reply.message)
