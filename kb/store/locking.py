"""The lock that lets one process at a time write to an index.

The operating system holds it (through `filelock`), so a killed process leaves no stale lock behind. A note beside it
names the holder, only for the message that the other process gets.
"""

from __future__ import annotations

import os
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from kb.errors import IndexLockedError, IndexStoreError
from kb.store.faults import NO_SPACE, full

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class ProcessLock:
    """A lock between processes and between threads of this one; the thread that holds it may take it again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._holder = path.with_suffix(".holder")
        self._thread = threading.RLock()
        self._file = FileLock(str(path), thread_local=False)
        self._depth = 0

    @contextmanager
    def held(self, timeout: float) -> Iterator[None]:
        """Hold the lock. Raises IndexLockedError, naming the holder, after `timeout` seconds."""
        if not self._thread.acquire(timeout=max(timeout, 0)):
            raise IndexLockedError(self._message(timeout))
        try:
            if self._depth == 0:
                self._take(timeout)
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._file.release()
        finally:
            self._thread.release()

    def _take(self, timeout: float) -> None:
        try:
            self._file.acquire(timeout=timeout, poll_interval=0.05)
        except Timeout as error:
            raise IndexLockedError(self._message(timeout)) from error
        except OSError as error:
            raise self._translated(error) from error
        try:
            self._holder.write_text(f"process {os.getpid()} on {socket.gethostname()}\n", encoding="utf-8")
        except OSError as error:
            self._file.release()
            raise self._translated(error) from error

    def _message(self, timeout: float) -> str:
        try:
            holder = self._holder.read_text(encoding="utf-8").strip() or "another process"
        except OSError:
            holder = "another process"
        return f"{self._path.parent} is being written by {holder}, waited {timeout:g} s: try again when it is done"

    def _translated(self, error: OSError) -> IndexStoreError:
        if error.errno in NO_SPACE:
            return full(self._path, error)
        return IndexStoreError(f"{self._path} cannot be written ({error}): check the rights of the folder")
