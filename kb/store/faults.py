"""Turns what SQLite and the file system report into our errors, each with the way to repair it."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kb.errors import IndexDamagedError, IndexFullError, IndexLockedError, IndexStoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def sqlite_faults(path: Path) -> Iterator[None]:
    """Raise IndexFullError, IndexDamagedError, IndexLockedError or IndexStoreError for what SQLite reports."""
    try:
        yield
    except sqlite3.Error as error:
        raise _translated(error, path) from error
    except UnicodeDecodeError as error:
        # Python's module cannot even put SQLite's message into words when it quotes a damaged table of contents.
        raise damaged(path, error) from error


def damaged(path: Path, reason: object) -> IndexDamagedError:
    """Return the error for a damaged SQLite file, with the way to repair it."""
    return IndexDamagedError(
        f"{path} is damaged ({reason}): restore it from a backup, "
        f"or delete the folder {path.parent} and run `kb add` on your documents again"
    )


def full(path: Path, reason: object) -> IndexFullError:
    """Return the error for a device without space, a spent quota or a limit on the size of files."""
    return IndexFullError(
        f"{path} cannot grow ({reason}): what was committed stands; free some space and run the command again"
    )


def _translated(error: sqlite3.Error, path: Path) -> IndexStoreError:
    # Errors that Python's module finds itself, such as text that is not UTF-8, carry no code of SQLite's.
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return damaged(path, error)
    if code & 0xFF == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_WRITE:
        return full(path, error)
    if code & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} or code == sqlite3.SQLITE_IOERR_SHORT_READ:
        return damaged(path, error)
    if code & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return IndexLockedError(f"{path} is being written by another process ({error}): try again when it is done")
    return IndexStoreError(f"{path} cannot be used ({error}): check the disk and the rights of the folder")
