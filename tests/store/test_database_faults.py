"""Faults of the one file that holds the truth: nothing damaged is ever taken for content."""

import shutil
import sqlite3
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from store_material import everything, put

from kb.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexMismatchError,
    IndexStoreError,
)
from kb.store.database import Database
from kb.store.snapshot import open_snapshot


def filled(folder, documents=6):
    with Database.open(folder) as database:
        for seed in range(documents):
            put(database, f"doc {seed}", seed)
        database.set_meta("model", "fast")
        return everything(database)


def python(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )


def test_a_flipped_bit_anywhere_is_reported_or_changes_nothing(folder):
    original = filled(folder)
    content = (folder / "kb.sqlite").read_bytes()
    rng = np.random.default_rng(0)
    reported = 0
    for position in rng.integers(0, len(content), 150):
        damaged = bytearray(content)
        damaged[position] ^= 1 << int(rng.integers(0, 8))
        (folder / "kb.sqlite").write_bytes(damaged)
        try:
            with Database.open(folder) as database:
                problems = database.check(deep=True)
                if not problems:
                    assert everything(database) == original, f"byte {position} changed the content unnoticed"
        except (IndexDamagedError, IndexMismatchError) as error:
            problems = [str(error)]
        for side in ("kb.sqlite-wal", "kb.sqlite-shm"):
            (folder / side).unlink(missing_ok=True)
        reported += bool(problems)
    assert reported > 50


TEXTS = {
    "page": ("UPDATE page SET text = replace(text, 'klaster', 'Klaster')", "page"),
    "page block": ("UPDATE page SET blocks = '[]'", "page"),
    "passage": ("UPDATE passage SET text = replace(text, 'klaster', 'Klaster')", "passage"),
    "span": ("UPDATE passage SET spans = '[[1,0,5]]'", "passage"),
    "vector": ("UPDATE unit SET vector = zeroblob(16)", "unit"),
    "terms": ("UPDATE unit SET terms = x'80'", "unit"),
    "language": ("UPDATE passage SET language = 'en'", "passage"),
    "title": ("UPDATE document SET title = 'x'", "document"),
    "pages lost": ("DELETE FROM page WHERE page_index = 1", "pages"),
    "vectors lost": ("DELETE FROM unit", "vectors"),
    "passages orphaned": ("DELETE FROM document WHERE id = 1", "not there"),
    "revision": ("UPDATE meta SET value = '2' WHERE key = 'revision'", "revision"),
    "no number": ("UPDATE meta SET value = 'x' WHERE key = 'revision'", "revision"),
}


@pytest.mark.parametrize("case", TEXTS)
def test_content_that_was_changed_behind_our_back_is_reported(folder, case):
    filled(folder)
    statement, word = TEXTS[case]
    with sqlite3.connect(folder / "kb.sqlite") as connection:
        connection.execute(statement)
    connection.close()
    with Database.open(folder) as database:
        problems = database.check(deep=True)
    assert problems
    assert any(word in problem for problem in problems)
    assert all("restore it from a backup" in problem for problem in problems)


def test_a_changed_text_is_never_handed_out(folder):
    filled(folder)
    with sqlite3.connect(folder / "kb.sqlite") as connection:
        connection.execute("UPDATE page SET text = text || ' ' WHERE document_id = 1 AND page_index = 1")
        connection.execute("UPDATE passage SET text = text || ' ' WHERE document_id = 1 AND ordinal = 0")
    connection.close()
    with Database.open(folder) as database:
        ids = [unit.passage_id for unit in database.units() if unit.document_id == 1]
        for read in (
            lambda: database.page(1, 1),
            lambda: database.document(1),
            lambda: database.passages(ids),
            lambda: database.passage_sentences(ids),
        ):
            with pytest.raises(IndexDamagedError, match="not what was stored"):
                read()
        assert database.page(1, 2).index == 2


def test_text_that_is_not_utf_8_is_damage(folder):
    filled(folder)
    with sqlite3.connect(folder / "kb.sqlite") as connection:
        connection.execute("UPDATE page SET text = CAST(x'ff' AS TEXT)")
    connection.close()
    with Database.open(folder) as database:
        with pytest.raises(IndexDamagedError):
            database.page(1, 1)
        assert database.check(deep=True)


@pytest.mark.parametrize("content", [b"not a database" * 500, b"x"], ids=["long", "short"])
def test_a_file_that_is_no_database_is_damage(folder, content):
    folder.mkdir()
    (folder / "kb.sqlite").write_bytes(content)
    with pytest.raises(IndexDamagedError, match="restore it from a backup"):
        Database.open(folder)


@pytest.mark.parametrize("emptied", [lambda path: path.write_bytes(b""), lambda path: path.unlink()])
def test_a_lost_file_is_not_taken_for_a_new_index(folder, emptied):
    filled(folder)
    with Database.open(folder) as database:
        open_snapshot(database, folder)
    emptied(folder / "kb.sqlite")
    with pytest.raises(IndexDamagedError, match="0 bytes are left"):
        Database.open(folder)


def test_a_truncated_file_is_damage(folder):
    filled(folder, 30)
    content = (folder / "kb.sqlite").read_bytes()
    (folder / "kb.sqlite").write_bytes(content[: len(content) // 2])

    def read():
        with Database.open(folder) as database:
            everything(database)

    with pytest.raises(IndexDamagedError, match="restore it from a backup"):
        read()


def test_an_index_of_a_newer_version_is_refused_with_the_way_to_go_on(folder):
    filled(folder)
    with sqlite3.connect(folder / "kb.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(IndexMismatchError, match="pip install --upgrade"):
        Database.open(folder)


def test_another_programs_database_is_left_alone(folder):
    folder.mkdir()
    with sqlite3.connect(folder / "kb.sqlite") as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    with pytest.raises(IndexMismatchError, match="another program"):
        Database.open(folder)


def test_no_index_is_made_unless_asked_for(folder):
    with pytest.raises(IndexStoreError, match="kb add"):
        Database.open(folder, create=False)
    assert not folder.exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexStoreError, match="file"):
        Database.open(tmp_path / "file" / "index")


def test_each_index_has_a_history_of_its_own(tmp_path):
    with Database.open(tmp_path / "a") as one, Database.open(tmp_path / "b") as other:
        history = one.history
        assert other.history != history
    with Database.open(tmp_path / "a") as again:
        assert again.history == history


def test_a_second_writer_is_told_who_holds_the_index(folder):
    filled(folder)
    holder = python(
        """
        import sys, time
        from kb.store.database import Database
        with Database.open(sys.argv[1]) as database, database.writer():
            print("held", flush=True)
            time.sleep(60)
        """,
        folder,
    )
    try:
        assert holder.stdout.readline() == "held\n", holder.stderr.read()
        with Database.open(folder) as database:
            with pytest.raises(IndexLockedError, match=f"process {holder.pid} on .*waited 0.2 s"), database.writer(0.2):
                pass
            assert len(database.documents()) == 6
            holder.kill()
            holder.wait()
            put(database, "after", 7)
            assert len(database.documents()) == 7
    finally:
        holder.kill()
        holder.communicate()


def test_two_writing_processes_lose_nothing(folder):
    code = """
        import sys
        from store_material import put
        from kb.store.database import Database
        with Database.open(sys.argv[1]) as database:
            for seed in range(25):
                put(database, f"{sys.argv[2]} {seed}", seed)
    """
    writers = [python(code, folder, name) for name in ("a", "b")]
    for writer in writers:
        _, errors = writer.communicate(timeout=120)
        assert writer.returncode == 0, errors
    with Database.open(folder) as database:
        assert len(database.documents()) == 50
        assert database.revision == 50
        assert database.check(deep=True) == []


def test_a_full_disk_leaves_the_last_committed_state(folder):
    code = """
        import resource, sys
        from store_material import put
        from kb.errors import IndexFullError
        from kb.store.database import Database
        with Database.open(sys.argv[1]) as database:
            put(database, "first", 0)
            resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
            done = 1
            try:
                while done < 500:
                    put(database, f"doc {done}", done, words=200)
                    done += 1
            except IndexFullError as error:
                print(len(database.documents()), done, database.check(deep=True), error, sep="|")
    """
    stopped = python(code, folder)
    output, errors = stopped.communicate(timeout=120)
    assert stopped.returncode == 0, errors
    stored, done, problems, message = output.strip().split("|")
    assert stored == done
    assert problems == "[]"
    assert "what was committed stands" in message
    with Database.open(folder) as database:
        assert len(database.documents()) == int(done)
        assert database.check(deep=True) == []
        put(database, "with space again", 1)
        assert len(database.documents()) == int(done) + 1


def test_a_copied_file_opens_as_the_same_index(folder, tmp_path):
    original = filled(folder)
    (tmp_path / "copy").mkdir()
    shutil.copy(folder / "kb.sqlite", tmp_path / "copy" / "kb.sqlite")
    with Database.open(tmp_path / "copy", create=False) as database:
        assert everything(database) == original
