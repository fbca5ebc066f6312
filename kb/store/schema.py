"""The tables of `kb.sqlite`, as numbered migrations.

`PRAGMA user_version` is the number of migrations that a file has seen. A migration, once released, never changes; a
new one is appended. Machine-made values (vectors, stems) lie in a table of their own, so that reading a passage's text
does not pull its vectors through the cache.
"""

from __future__ import annotations

import secrets
import sqlite3
from typing import TYPE_CHECKING

from kb.errors import IndexMismatchError

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION_ID = 0x4B4C4B42  # "KLKB": told by `file` and by us from another program's SQLite file

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
        """CREATE TABLE document (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            path TEXT NOT NULL UNIQUE,
            sha256 TEXT NOT NULL,
            file_size INTEGER NOT NULL,
            modified_ns INTEGER NOT NULL,
            title TEXT NOT NULL,
            media_type TEXT NOT NULL,
            date TEXT,
            languages TEXT NOT NULL,
            warnings TEXT NOT NULL,
            page_count INTEGER NOT NULL,
            passage_count INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            seal BLOB NOT NULL
        ) STRICT""",
        """CREATE TABLE page (
            document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
            page_index INTEGER NOT NULL,
            label TEXT NOT NULL,
            text TEXT NOT NULL,
            blocks TEXT NOT NULL,
            seal BLOB NOT NULL,
            PRIMARY KEY (document_id, page_index)
        ) STRICT""",
        """CREATE TABLE passage (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
            ordinal INTEGER NOT NULL,
            text TEXT NOT NULL,
            spans TEXT NOT NULL,
            headings TEXT NOT NULL,
            language TEXT NOT NULL,
            spelling TEXT NOT NULL,
            sentences BLOB NOT NULL,
            seal BLOB NOT NULL,
            UNIQUE (document_id, ordinal)
        ) STRICT""",
        """CREATE TABLE unit (
            passage_id INTEGER PRIMARY KEY REFERENCES passage (id) ON DELETE CASCADE,
            content_key INTEGER NOT NULL,
            word_count INTEGER NOT NULL,
            terms BLOB NOT NULL,
            vector BLOB NOT NULL,
            sentence_vectors BLOB NOT NULL,
            seal BLOB NOT NULL
        ) STRICT""",
    ),
    ("ALTER TABLE document ADD COLUMN status TEXT NOT NULL DEFAULT 'unknown'",),
)


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """Return how many migrations the file has seen.

    Raises IndexMismatchError for another program's file or one made by a newer version.
    """
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if application not in {0, APPLICATION_ID} or (application == 0 and _has_tables(connection)):
        raise IndexMismatchError(f"{path} is another program's database: choose another index folder")
    if version > len(MIGRATIONS):
        raise IndexMismatchError(
            f"{path} has schema {version}, this version of klaster-kb knows {len(MIGRATIONS)}: "
            "upgrade with `pip install --upgrade klaster-kb`"
        )
    return version


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the file up to date, one transaction a migration. The caller holds the writer's lock."""
    for number in range(version_of(connection, path), len(MIGRATIONS)):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in MIGRATIONS[number]:
                connection.execute(statement)
            if number == 0:
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.executemany(
                    "INSERT INTO meta (key, value) VALUES (?, ?)",
                    [("history", secrets.token_hex(16)), ("revision", "0")],
                )
            connection.execute(f"PRAGMA user_version = {number + 1}")
            connection.execute("COMMIT")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _has_tables(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is not None
