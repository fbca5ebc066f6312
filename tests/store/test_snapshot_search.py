import hashlib
import io
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from store_material import DIMENSION, put, unit_rows

from kb.store import vectors, writing
from kb.store.lists import Labelled
from kb.store.snapshot import open_snapshot, verify_snapshot
from kb.store.units import LANGUAGES, SPELLINGS


@pytest.fixture
def filled(database):
    for seed in range(12):
        put(database, f"doc {seed}", seed, passages=5)
    return database


@pytest.fixture
def snapshot(filled):
    return open_snapshot(filled, filled.folder)


@pytest.fixture
def queries():
    return unit_rows(np.random.default_rng(5), 6, DIMENSION)


def test_it_holds_what_the_database_holds(filled, snapshot):
    units = list(filled.units())
    assert snapshot.n == len(units) == 60
    assert snapshot.ids.tolist() == [unit.passage_id for unit in units]
    assert snapshot.document_ids.tolist() == [unit.document_id for unit in units]
    assert [LANGUAGES[code] for code in snapshot.languages] == [unit.language for unit in units]
    assert [SPELLINGS[code] for code in snapshot.spellings] == [unit.spelling for unit in units]
    assert snapshot.content_keys.tolist() == [unit.content_key for unit in units]
    assert snapshot.word_counts.tolist() == [unit.word_count for unit in units]
    assert np.array_equal(snapshot.vectors(np.arange(60)), [unit.vector for unit in units])
    assert np.diff(snapshot.sentence_offsets).tolist() == [len(unit.sentence_vectors) for unit in units]
    for row, unit in enumerate(units):
        own = np.arange(snapshot.sentence_offsets[row], snapshot.sentence_offsets[row + 1])
        assert np.array_equal(snapshot.sentence_vectors(own), unit.sentence_vectors)
        assert set(snapshot.sentence_owner[own].tolist()) == {row}
    assert (snapshot.revision, snapshot.history) == (filled.revision, filled.history)


def test_postings_are_the_terms_of_the_passages(filled, snapshot):
    units = list(filled.units())
    for language, postings in snapshot.lexical.items():
        own = [(row, unit) for row, unit in enumerate(units) if unit.language == language]
        expected = {}
        for row, unit in own:
            for term, count in unit.terms.items():
                expected.setdefault(term, []).append((row, count))
        assert list(postings.terms()) == sorted(expected, key=lambda term: term.encode())
        assert len(postings) == len(expected)
        for term, places in expected.items():
            rows, counts = postings.lookup(term)
            assert list(zip(rows.tolist(), counts.tolist(), strict=True)) == places
            assert postings.document_frequency(term) == len(places)
        assert postings.total == len(own)
        lengths = [sum(unit.terms.values()) for _, unit in own]
        assert postings.lengths[[row for row, _ in own]].tolist() == lengths
        assert postings.mean_length == pytest.approx(np.mean(lengths))
        assert (len(postings.lookup("yo‘q so‘z")[0]), postings.document_frequency("")) == (0, 0)


def test_dense_search_is_exact(snapshot, queries):
    scores = queries @ snapshot.vectors(np.arange(snapshot.n)).T
    expected = np.argsort(-scores, axis=1)[:, :10]
    rows, found = snapshot.dense_search(queries, 10)
    assert rows.dtype == np.int32
    assert np.array_equal(rows, expected)
    assert np.allclose(found, np.take_along_axis(scores, expected, axis=1), atol=1e-6)
    single, _ = snapshot.dense_search(queries[0], 10)
    assert np.array_equal(single, expected[0])
    assert len(snapshot.dense_search(queries[0], 10**6)[0]) == snapshot.n


def test_dense_search_among_some_rows_finds_only_those(snapshot, queries):
    among = np.asarray([3, 17, 40, 59], dtype=np.int32)
    rows, scores = snapshot.dense_search(queries[0], 10, among)
    expected = snapshot.vectors(among) @ queries[0]
    assert rows.tolist() == among[np.argsort(-expected)].tolist()
    assert np.allclose(scores, np.sort(expected)[::-1], atol=1e-6)
    assert len(snapshot.dense_search(queries[0], 10, among[:0])[0]) == 0


@pytest.mark.parametrize("limit", [1, 7, 59, 60, 1000])
def test_sentence_search_ranks_passages_by_their_best_sentence(snapshot, queries, limit):
    every = snapshot.sentence_vectors(np.arange(len(snapshot.sentence_owner)))
    for query in queries:
        best = np.full(snapshot.n, -np.inf)
        np.maximum.at(best, snapshot.sentence_owner, every @ query)
        rows, scores = snapshot.sentence_search(query, limit)
        assert rows.tolist() == np.argsort(-best)[:limit].tolist()
        assert np.allclose(scores, best[rows], atol=1e-6)


def test_equal_passages_come_in_the_order_of_their_ids(database):
    for copy in range(6):
        put(database, f"copy {copy}", 1, passages=2)
    snapshot = open_snapshot(database, database.folder)
    query = snapshot.vectors(np.arange(1))[0]
    rows, scores = snapshot.dense_search(query, 6)
    assert rows.tolist() == [0, 2, 4, 6, 8, 10]
    assert len(set(scores.tolist())) == 1
    assert len(set(snapshot.content_keys.tolist())) == 2
    assert snapshot.sentence_search(snapshot.sentence_vectors(np.arange(1))[0], 6)[0].tolist() == rows.tolist()


def test_rows_of_ids(snapshot):
    wanted = np.asarray([snapshot.ids[7], 10**9, snapshot.ids[0], 0])
    assert snapshot.rows_of(wanted).tolist() == [7, -1, 0, -1]


def test_an_empty_index_can_be_searched(database, queries):
    for _ in range(2):
        snapshot = open_snapshot(database, database.folder)
        assert snapshot.n == 0
        assert [array.shape for array in snapshot.dense_search(queries, 5)] == [(6, 0), (6, 0)]
        assert [array.shape for array in snapshot.dense_search(queries[0], 5)] == [(0,), (0,)]
        assert [array.shape for array in snapshot.sentence_search(queries[0], 5)] == [(0,), (0,)]
        assert snapshot.lexical["uz"].document_frequency("klaster") == 0
        assert snapshot.rows_of(np.asarray([1])).tolist() == [-1]
        assert verify_snapshot(database, snapshot) == []
    number = put(database, "a", 1)
    assert open_snapshot(database, database.folder).n == 3
    database.remove_document(number)
    assert open_snapshot(database, database.folder).n == 0


def test_its_arrays_cannot_be_written_to(snapshot):
    for name, array in snapshot.arrays.items():
        assert not array.flags.writeable, name


def test_a_snapshot_stays_searchable_while_newer_ones_replace_it(filled, snapshot, queries):
    expected = [array.tolist() for array in snapshot.dense_search(queries, 10)]
    sentences = snapshot.sentence_search(queries[0], 10)[0].tolist()
    stop = threading.Event()

    def search():
        searches = 0
        while not stop.is_set():
            assert [array.tolist() for array in snapshot.dense_search(queries, 10)] == expected
            assert snapshot.sentence_search(queries[0], 10)[0].tolist() == sentences
            assert snapshot.lexical["uz"].lookup("klaster")[0].size
            searches += 1
        return searches

    with ThreadPoolExecutor(3) as pool:
        searchers = [pool.submit(search) for _ in range(3)]
        for seed in range(6):
            put(filled, f"doc {seed}", seed + 100)
            assert open_snapshot(filled, filled.folder).revision == filled.revision
        stop.set()
    assert all(searcher.result() for searcher in searchers)
    assert len(list((filled.folder / "snapshots").iterdir())) == 1


def test_lists_are_written_byte_for_byte_as_faiss_writes_them():
    faiss = vectors.load_faiss()
    rng = np.random.default_rng(2)
    data = unit_rows(rng, 5_000, 16).astype(np.float16)
    labels = np.sort(rng.permutation(9_000)[:5_000]).astype(np.int64)
    content = io.BytesIO()
    vectors.write_index(content, Labelled(data, labels), exact_up_to=10)
    empty = faiss.deserialize_index(np.frombuffer(content.getvalue(), np.uint8))
    empty.reset()
    for start in range(0, 5_000, 1_000):
        empty.add_with_ids(data[start : start + 1_000].astype(np.float32), labels[start : start + 1_000])
    assert faiss.serialize_index(empty).tobytes() == content.getvalue()


def test_an_older_index_spares_training_and_changes_no_byte(monkeypatch):
    rng = np.random.default_rng(4)
    data = unit_rows(rng, 40_000, 16).astype(np.float16)
    labels = np.sort(rng.permutation(90_000)[:40_000]).astype(np.int64)
    trained = []
    faiss = vectors.load_faiss()
    train = faiss.IndexIVFScalarQuantizer.train
    monkeypatch.setattr(faiss.IndexIVFScalarQuantizer, "train", lambda *of: trained.append(1) or train(*of))

    def written(rows, older=None):
        content = io.BytesIO()
        vectors.write_index(content, Labelled(data[rows], labels[rows]), older, exact_up_to=10)
        return content.getvalue()

    def indexed(rows):
        index = faiss.deserialize_index(np.frombuffer(written(rows), np.uint8))
        return Labelled(data[rows], labels[rows], index)

    every, some = np.arange(40_000), np.arange(35_000)
    older = indexed(some)
    expected = written(every)
    trained.clear()
    assert written(every, older) == expected
    assert not trained, "appending keeps the centres"
    without = np.delete(every, np.arange(100, 200))
    assert written(without, older) == written(without)
    assert written(every[:20_000], older) == written(every[:20_000])
    moved = Labelled(older.vectors[::-1].copy(), older.labels, older.index)
    assert written(every, moved) == expected


def test_lists_of_a_large_index_find_nearly_all_and_score_exactly(tmp_path, monkeypatch):
    rng = np.random.default_rng(1)
    centres = unit_rows(rng, 60, 32)
    data = centres[rng.integers(0, 60, 20_000)] + 0.15 * rng.standard_normal((20_000, 32)).astype(np.float32)
    data = (data / np.linalg.norm(data, axis=1, keepdims=True)).astype(np.float16)
    labels = np.arange(20_000, dtype=np.int64) * 3 + 1
    queries = np.asarray(data[rng.integers(0, 20_000, 50)], np.float32) + 0.05 * unit_rows(rng, 50, 32)
    exact, exact_scores = vectors.search_index(vectors.build_index(data, labels), queries, 10)
    index = vectors.build_index(data, labels, exact_up_to=1000)
    found, scores = vectors.search_index(index, queries, 10)
    shared = [len(set(one) & set(other)) for one, other in zip(exact.tolist(), found.tolist(), strict=True)]
    assert np.mean(shared) > 9.5
    for row in range(50):
        of_label = dict(zip(exact[row].tolist(), exact_scores[row].tolist(), strict=True))
        for label, score in zip(found[row].tolist(), scores[row].tolist(), strict=True):
            assert label not in of_label or score == pytest.approx(of_label[label], abs=1e-5)
    assert np.array_equal(vectors.labels_of(index), labels)
    again, again_scores = vectors.search_index(vectors.build_index(data, labels, exact_up_to=1000), queries, 10)
    assert np.array_equal(found, again)
    assert np.array_equal(scores, again_scores)
    among = labels[:500:7]
    restricted, _ = vectors.search_index(index, queries, 10, among)
    assert set(restricted[restricted >= 0].tolist()) <= set(among.tolist())
    monkeypatch.setattr(writing, "IN_MEMORY_UP_TO", 0)
    with (tmp_path / "a").open("wb") as file:
        vectors.write_index(file, Labelled(data, labels), exact_up_to=1000)
    content = (tmp_path / "a").read_bytes()
    written = writing.FileSum(len(content), hashlib.sha256(content).hexdigest())
    mapped = writing.read_faiss(tmp_path / "a", written, whole=True)
    assert np.array_equal(vectors.search_index(mapped, queries, 10)[0], found)
    assert np.array_equal(vectors.labels_of(mapped), labels)
