"""A snapshot that is damaged, lost, half-written or of another past is made anew and gives the same results."""

import logging
import resource
import shutil
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest
from store_material import document, put

from kb.store import storage, writing
from kb.store.database import Database
from kb.store.snapshot import open_snapshot, verify_snapshot


def filled(folder, documents=8, **shape):
    database = Database.open(folder)
    for seed in range(documents):
        put(database, f"doc {seed}", seed, **shape)
    return database


def same(one, other):
    assert one.arrays.keys() == other.arrays.keys()
    for name, array in one.arrays.items():
        assert array.dtype == other.arrays[name].dtype, name
        assert np.array_equal(array, other.arrays[name]), name
    queries = np.asarray(one.vectors(np.arange(one.n))[:5])
    if one.n:
        for left, right in zip(one.dense_search(queries, 9), other.dense_search(queries, 9), strict=True):
            assert np.array_equal(left, right)
        assert np.array_equal(one.sentence_search(queries[0], 9)[0], other.sentence_search(queries[0], 9)[0])


def files(folder):
    (place,) = (folder / "snapshots").iterdir()
    return sorted(place.iterdir())


NAMES = ("columns.bin", "dense.faiss", "manifest.json", "sentences.faiss", "vectors.bin")


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    with filled(folder) as database:
        open_snapshot(database, folder)
    return folder


@pytest.fixture
def copy(sound, tmp_path):
    shutil.copytree(sound, tmp_path / "index")
    return tmp_path / "index"


def test_every_file_is_accounted_for(sound):
    assert [path.name for path in files(sound)] == list(NAMES)


def test_a_good_snapshot_is_loaded_and_not_made_anew(copy):
    before = [(path, path.stat().st_mtime_ns) for path in files(copy)]
    with Database.open(copy) as database:
        open_snapshot(database, copy)
    assert [(path, path.stat().st_mtime_ns) for path in files(copy)] == before


def flip(path):
    content = bytearray(path.read_bytes())
    content[int(np.random.default_rng(len(content)).integers(0, len(content)))] ^= 4
    path.write_bytes(content)


DAMAGES = {
    "flipped": flip,
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "emptied": lambda path: path.write_bytes(b""),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"\0"),
    "lost": lambda path: path.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_any_damaged_file_leads_to_the_same_snapshot_made_anew(copy, damage, caplog):
    with Database.open(copy) as database:
        original = open_snapshot(database, copy)
        for name in NAMES:
            place = files(copy)[0].parent
            DAMAGES[damage](place / name)
            caplog.clear()
            assert verify_snapshot(database, original), name
            again = open_snapshot(database, copy)
            assert "made anew" in caplog.text, name
            assert files(copy)[0].parent != place
            assert verify_snapshot(database, again) == []
            same(original, again)


def test_a_large_snapshot_is_mapped_and_searched_alike(copy, tmp_path, monkeypatch):
    with Database.open(copy) as database:
        original = open_snapshot(database, copy)
    shutil.copytree(copy, tmp_path / "индекс o‘zbek")
    monkeypatch.setattr(writing, "IN_MEMORY_UP_TO", 0)
    for folder in (copy, tmp_path / "индекс o‘zbek"):
        with Database.open(folder) as database:
            mapped = open_snapshot(database, folder)
            same(original, mapped)
            assert verify_snapshot(database, mapped) == []


def test_damage_in_a_large_file_is_found_before_it_is_reused(copy, monkeypatch):
    monkeypatch.setattr(writing, "IN_MEMORY_UP_TO", 0)
    with Database.open(copy) as database:
        place = files(copy)[0].parent
        content = bytearray((place / "sentences.faiss").read_bytes())
        content[len(content) // 2] ^= 1
        (place / "sentences.faiss").write_bytes(content)
        stale = open_snapshot(database, copy)
        assert any("damaged" in problem for problem in verify_snapshot(database, stale))
        put(database, "new", 50)
        renewed = open_snapshot(database, copy)
        assert verify_snapshot(database, renewed) == []


def test_the_whole_folder_may_be_thrown_away(copy):
    with Database.open(copy) as database:
        original = open_snapshot(database, copy)
        shutil.rmtree(copy / "snapshots")
        same(original, open_snapshot(database, copy))


def test_leftovers_of_an_interrupted_writing_are_cleared_away(copy):
    (copy / "snapshots" / "0000000099-cafecafe").mkdir()
    with Database.open(copy) as database:
        put(database, "new", 50)
        snapshot = open_snapshot(database, copy)
    assert len(list((copy / "snapshots").iterdir())) == 1
    assert snapshot.revision == 9


def test_a_restored_backup_does_not_take_the_newer_snapshot(copy, tmp_path):
    shutil.copy(copy / "kb.sqlite", tmp_path / "backup")
    with Database.open(copy) as database:
        put(database, "after the backup", 50)
        put(database, "doc 1", 51)
        newer = open_snapshot(database, copy)
    shutil.copy(tmp_path / "backup", copy / "kb.sqlite")
    with Database.open(copy) as database:
        put(database, "another future", 60)
        put(database, "doc 2", 61)
        assert database.revision == newer.revision
        snapshot = open_snapshot(database, copy)
        assert verify_snapshot(database, snapshot) == []
        assert not np.array_equal(snapshot.arrays["vectors"], newer.arrays["vectors"])


def test_a_snapshot_of_another_index_is_refused(copy, tmp_path):
    other = tmp_path / "other"
    with filled(other, 3) as database, Database.open(copy) as source:
        shutil.copytree(copy / "snapshots", other / "snapshots")
        database.set_meta("snapshot", source.meta("snapshot"))
        snapshot = open_snapshot(database, other)
        assert snapshot.n == 9
        assert verify_snapshot(database, snapshot) == []


def test_a_snapshot_of_another_format_is_made_anew(copy, monkeypatch):
    with Database.open(copy) as database:
        original = open_snapshot(database, copy)
        monkeypatch.setattr(storage, "FORMAT", storage.FORMAT + 1)
        place = files(copy)[0].parent
        same(original, open_snapshot(database, copy))
        assert files(copy)[0].parent != place


def test_a_snapshot_that_differs_from_the_database_is_reported(copy):
    with Database.open(copy) as database:
        snapshot = open_snapshot(database, copy)
        changed = np.array(snapshot.arrays["word_counts"])
        changed[3] += 1
        arrays = {**snapshot.arrays, "word_counts": changed}
        object.__setattr__(snapshot, "arrays", arrays)
        (problem,) = verify_snapshot(database, snapshot)
        assert "word_counts" in problem


def test_without_space_the_snapshot_lives_in_memory(copy, caplog):
    expected = None
    with Database.open(copy) as database:
        put(database, "new", 50, passages=40)
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, limit[1]))
        try:
            with caplog.at_level(logging.WARNING):
                snapshot = open_snapshot(database, copy)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        assert "kept in memory" in caplog.text
        assert snapshot.folder is None
        assert verify_snapshot(database, snapshot) == []
        expected = open_snapshot(database, copy)
        assert expected.folder is not None
        same(snapshot, expected)
    assert len(list((copy / "snapshots").iterdir())) == 1


def test_two_processes_open_a_snapshot_at_once(tmp_path):
    folder = tmp_path / "index"
    filled(folder).close()
    code = """
        import sys
        from kb.store.database import Database
        from kb.store.snapshot import open_snapshot, verify_snapshot
        with Database.open(sys.argv[1]) as database:
            snapshot = open_snapshot(database, database.folder)
            print(snapshot.n, verify_snapshot(database, snapshot))
    """
    running = [start(code, folder) for _ in range(3)]
    for process in running:
        output, errors = process.communicate(timeout=60)
        assert output == "24 []\n", errors
    assert len(list((folder / "snapshots").iterdir())) == 1


def start(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )


WRITER = """
    import sys
    from store_material import put
    from kb.store.database import Database
    from kb.store.snapshot import open_snapshot
    from kb.store.vectors import load_faiss

    load_faiss()
    seed = int(sys.argv[2])
    with Database.open(sys.argv[1]) as database:
        print("ready", flush=True)
        while True:
            seed += 1
            put(database, f"doc {seed % 23}", seed, passages=1 + seed % 7, words=10 + seed % 300)
            if seed % 5 == 0:
                database.remove_document(database.documents()[0].id)
            if seed % 3 == 0:
                open_snapshot(database, database.folder)
"""


def test_killed_at_any_instant_only_whole_documents_are_left(tmp_path):
    folder = tmp_path / "index"
    rng = np.random.default_rng(20260131)
    revisions = [0]
    for kill in range(12):
        child = start(WRITER, folder, kill * 10_000)
        try:
            assert child.stdout.readline() == "ready\n", child.stderr.read()
            time.sleep(float(rng.uniform(0.02, 0.5)))
        finally:
            child.send_signal(signal.SIGKILL)
            child.communicate()
        with Database.open(folder) as database:
            assert database.check(deep=True) == []
            for each in database.documents():
                seed = int(each.title.removeprefix("Hujjat № "))
                read, passages = document(seed, passages=1 + seed % 7, words=10 + seed % 300)
                assert database.pages(each.id) == read.pages
                assert [one.text for one in database.passages_of(each.id)] == [one.text for one in passages]
            snapshot = open_snapshot(database, folder)
            assert snapshot.revision == database.revision
            assert verify_snapshot(database, snapshot) == []
            revisions.append(database.revision)
    assert sorted(set(revisions)) == revisions, "each child must have written before it was killed"
