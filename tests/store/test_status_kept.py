"""The status of a document in the store, and indexes that were made before there was one."""

import sqlite3
from dataclasses import replace

import pytest
from store_material import document

from kb.errors import IndexDamagedError
from kb.store import blobs, schema
from kb.store.database import Database


def written(folder, status="unknown"):
    read, passages = document(3)
    with Database.open(folder) as database:
        number = database.write_document(
            replace(read, status=status), path="/a.txt", sha256="0" * 64, file_size=1, modified_ns=1, passages=passages
        )
    return folder / "kb.sqlite", number


@pytest.mark.parametrize("status", ["draft", "in_force", "repealed", "unknown"])
def test_the_status_is_kept(tmp_path, status):
    _, number = written(tmp_path, status)
    with Database.open(tmp_path) as database:
        assert database.document(number).status == status
        assert database.documents()[0].status == status
        assert database.check(deep=True) == []


@pytest.mark.parametrize(("stored", "changed"), [("draft", "unknown"), ("draft", "in_force"), ("unknown", "in_force")])
def test_a_status_that_was_changed_in_the_file_is_refused(tmp_path, stored, changed):
    path, number = written(tmp_path, stored)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE document SET status = ?", (changed,))
    with Database.open(tmp_path) as database, pytest.raises(IndexDamagedError):
        database.document(number)


def test_an_index_of_before_opens_with_all_that_it_holds(tmp_path):
    path, number = written(tmp_path)
    with Database.open(tmp_path) as database:
        before, passages = database.document(number), database.passages_of(number)
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE document DROP COLUMN status")
        connection.execute("PRAGMA user_version = 1")
        row = connection.execute(
            "SELECT id, path, sha256, title, media_type, date, languages, warnings, page_count, passage_count,"
            " revision, seal FROM document"
        ).fetchone()
    assert blobs.seal(*row[:-1]) == row[-1], "sealed as it was before there was a status"
    with Database.open(tmp_path) as database:
        assert database.document(number) == before
        assert database.passages_of(number) == passages
        assert database.check(deep=True) == []
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(schema.MIGRATIONS),)
