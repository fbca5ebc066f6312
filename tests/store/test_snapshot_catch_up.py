"""Catching up with the changes gives, array by array, what a rebuild would give."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_material import document, put
from test_snapshot_faults import same

from kb.store import snapshot as snapshot_module
from kb.store import spool, vectors, writing
from kb.store.database import Database
from kb.store.snapshot import open_snapshot, verify_snapshot
from kb.store.units import Rewritten

paths = st.sampled_from(["a", "b", "c", "d"])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), paths, st.integers(0, 30), st.integers(0, 5)),
        st.tuples(st.just("remove"), paths),
        st.tuples(st.just("open")),
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(steps=steps)
def test_catching_up_equals_rebuilding(steps):
    folder = Path(tempfile.mkdtemp())
    try:
        with Database.open(folder) as database:
            for step in (*steps, ("open",)):
                if step[0] == "put":
                    put(database, step[1], step[2], passages=step[3], words=12)
                elif step[0] == "remove":
                    state = database.find(step[1])
                    if state:
                        database.remove_document(state.id)
                else:
                    caught_up = open_snapshot(database, folder)
                    assert verify_snapshot(database, caught_up) == []
            shutil.rmtree(folder / "snapshots")
            same(caught_up, open_snapshot(database, folder))
    finally:
        shutil.rmtree(folder)


def test_a_large_index_goes_the_same_way_by_files_and_lists(database, monkeypatch):
    monkeypatch.setattr(spool, "IN_MEMORY_UP_TO", 0)
    monkeypatch.setattr(writing, "IN_MEMORY_UP_TO", 0)
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 50)
    for seed in range(40):
        put(database, f"doc {seed}", seed, passages=8)
    open_snapshot(database, database.folder)
    put(database, "doc 7", 77, passages=5)
    put(database, "doc new", 78)
    database.remove_document(database.find("doc 20").id)
    caught_up = open_snapshot(database, database.folder)
    assert caught_up.dense.nlist == 16
    assert verify_snapshot(database, caught_up) == []
    [place] = (database.folder / "snapshots").iterdir()
    kept = {path.name: path.read_bytes() for path in place.iterdir()}
    shutil.rmtree(database.folder / "snapshots")
    rebuilt = open_snapshot(database, database.folder)
    same(caught_up, rebuilt)
    [place] = (database.folder / "snapshots").iterdir()
    assert {path.name: path.read_bytes() for path in place.iterdir()} == kept


def test_only_what_changed_is_read_again(database, monkeypatch):
    for seed in range(10):
        put(database, f"doc {seed}", seed)
    open_snapshot(database, database.folder)
    put(database, "doc 3", 33, passages=2)
    database.remove_document(database.find("doc 5").id)
    read = []
    compose = snapshot_module.compose

    def watched(units, documents, *arguments, **more):
        kept, titles = list(units), list(documents)
        read.append([{unit.document_id for unit in kept}, {document.id for document in titles}])
        return compose(kept, titles, *arguments, **more)

    monkeypatch.setattr(snapshot_module, "compose", watched)
    caught_up = open_snapshot(database, database.folder)
    changed = {database.find("doc 3").id}
    assert read == [[changed, changed]]
    assert caught_up.n == 8 * 3 + 2


def test_a_rewritten_index_is_read_whole(database):
    for seed in range(4):
        put(database, f"doc {seed}", seed)
    open_snapshot(database, database.folder)
    states = database.file_states().values()
    database.rewrite(
        [
            Rewritten(state, read, tuple(passages))
            for seed, state in enumerate(states)
            for read, passages in [document(seed, dimension=24)]
        ],
        {},
    )
    renewed = open_snapshot(database, database.folder)
    assert renewed.dimension == 24
    assert verify_snapshot(database, renewed) == []
