"""A folder as a sorted list of files to index: what is ours to read, what is not, and what could not be looked at.

`.kbignore` files hold patterns in gitignore syntax, for their folder and those below; the deepest one decides.
Linked folders are followed, each real folder once, so that a loop of links ends.
"""

from __future__ import annotations

import logging
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pathspec import GitIgnoreSpec

from kb.errors import NotFoundError
from kb.reports import Failure

if TYPE_CHECKING:
    from collections.abc import Collection

logger = logging.getLogger(__name__)

IGNORE_FILE = ".kbignore"

_Rules = tuple[tuple[Path, GitIgnoreSpec], ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan found, each part sorted by path.

    `root` and `files` are absolute, links unresolved. `skipped` counts files of other formats. `failed` are files
    and folders that could not be looked at; nothing is known of what lies in `blind` folders.
    """

    root: Path
    files: tuple[Path, ...]
    skipped: int
    failed: tuple[Failure, ...]
    blind: tuple[Path, ...]


def scan(path: str | Path, suffixes: Collection[str]) -> Scan:
    """Return the files under a folder whose suffix (".pdf", any case) is wanted, or the one file that is named.

    Hidden files, Office's lock files and whatever a `.kbignore` names are left out. A file named itself is taken
    whatever its suffix. Raises NotFoundError when nothing is there.
    """
    root = Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100 - resolve() would follow links
    if not os.path.lexists(root):
        raise NotFoundError(f"{root}: no such file or folder; check the path")
    if not root.is_dir():
        return Scan(root, (root,), 0, (), ())
    walk = _Walk(frozenset(suffix.lower() for suffix in suffixes))
    walk.run(root)
    failed = sorted(walk.failed, key=lambda failure: failure.path)
    return Scan(root, tuple(sorted(walk.files)), walk.skipped, tuple(failed), tuple(sorted(walk.blind)))


@dataclass(slots=True)
class _Walk:
    """One walk: folders first as they stand, then those that links lead to, unless seen by then."""

    suffixes: frozenset[str]
    files: list[Path] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    blind: list[Path] = field(default_factory=list)
    skipped: int = 0
    seen: set[tuple[int, int]] = field(default_factory=set)

    def run(self, root: Path) -> None:
        folders: list[tuple[Path, _Rules]] = [(root, ())]
        linked: list[tuple[Path, _Rules]] = []
        while folders or linked:
            folder, rules = folders.pop() if folders else linked.pop(0)
            try:
                status = folder.stat()
                if (status.st_dev, status.st_ino) in self.seen:
                    logger.debug("%s: leads to a folder that is scanned already", folder)
                    continue
                self.seen.add((status.st_dev, status.st_ino))
                rules += _own_rules(folder)
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except (OSError, ValueError) as error:
                self._fail(folder, f"{_reason(error)}; nothing in this folder was indexed or removed")
                self.blind.append(folder)
                continue
            for entry in entries:
                self._look_at(entry, rules, folders, linked)

    def _look_at(
        self,
        entry: os.DirEntry[str],
        rules: _Rules,
        folders: list[tuple[Path, _Rules]],
        linked: list[tuple[Path, _Rules]],
    ) -> None:
        name, path = entry.name, Path(entry.path)
        if name.startswith((".", "~$")):
            return
        try:
            mode = entry.stat().st_mode
        except OSError as error:
            if path.suffix.lower() in self.suffixes and not _ignored(path, rules, is_folder=False):
                self._fail(path, _reason(error))
            return
        is_folder = stat.S_ISDIR(mode)
        if _ignored(path, rules, is_folder=is_folder):
            return
        if is_folder:
            (linked if entry.is_symlink() else folders).append((path, rules))
        elif not stat.S_ISREG(mode) or path.suffix.lower() not in self.suffixes:
            self.skipped += 1
        else:
            self.files.append(path)

    def _fail(self, path: Path, reason: str) -> None:
        self.failed.append(Failure(shown(path), reason))


def shown(path: Path) -> str:
    """Return the path as text that can be printed and stored: bytes that are no UTF-8 become replacement marks."""
    return os.fsencode(path).decode("utf-8", "replace")


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower().capitalize()
    return str(error)


def _own_rules(folder: Path) -> _Rules:
    """Return the folder's own ignore rules; raises OSError or ValueError when the file cannot be understood."""
    file = folder / IGNORE_FILE
    if not file.is_file():
        return ()
    try:
        return ((folder, GitIgnoreSpec.from_lines(file.read_text(encoding="utf-8-sig").splitlines())),)
    except ValueError as error:
        raise ValueError(f"{IGNORE_FILE} in it is not UTF-8 text in gitignore syntax ({error}); mend it") from error


def _ignored(path: Path, rules: _Rules, *, is_folder: bool) -> bool:
    for folder, spec in reversed(rules):
        verdict = spec.check_file(path.relative_to(folder).as_posix() + "/" * is_folder).include
        if verdict is not None:
            return verdict
    return False
