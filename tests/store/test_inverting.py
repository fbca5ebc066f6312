"""Postings merged from blocks are those of a dictionary; arrays that grow beyond memory are the same arrays."""

import hashlib
import mmap

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.store import mapped, spool
from kb.store.inverting import PostingsBuilder, by_skeleton
from kb.store.mapped import let_go, sha256_of
from kb.store.postings import FIELDS, Inverted, Postings
from kb.store.spool import Spool
from kb.text.skeletons import skeleton

words = st.text(alphabet="abяўö‘z1-", min_size=1, max_size=4)
passages = st.lists(st.dictionaries(words, st.integers(1, 70_000), max_size=6), max_size=12)


def inverted(arrays):
    return Inverted(*(arrays[name] for name in ("terms", "term_offsets", "offsets", "rows", "counts")))


def expected(rows):
    found = {}
    for row, terms in rows:
        for term, count in terms.items():
            found.setdefault(term, []).append((row, min(count, 65_535)))
    return found


@given(passages, st.integers(1, 9))
def test_blocks_of_any_size_give_the_postings_of_a_dictionary(added, block):
    builder = PostingsBuilder(block)
    for row, terms in enumerate(added):
        builder.add(row, terms)
    index = inverted(builder.build())
    wanted = expected(enumerate(added))
    assert list(index.terms()) == sorted(wanted, key=str.encode)
    assert len(index) == len(wanted)
    for term, places in wanted.items():
        assert list(zip(*(each.tolist() for each in index.lookup(term)), strict=True)) == places
        assert index.document_frequency(term) == len(places)
        assert [one for one in sorted(wanted, key=str.encode) if one.startswith(term)] == list(index.terms(term))


@given(passages, passages, st.sets(st.integers(0, 11)), st.integers(1, 9))
def test_postings_taken_over_are_those_of_the_passages_that_stay(old, new, dropped, block):
    first = PostingsBuilder()
    for row, terms in enumerate(old):
        first.add(row, terms)
    stay = [row for row in range(len(old)) if row not in dropped]
    new_rows = np.full(len(old), -1, dtype=np.int32)
    new_rows[stay] = np.arange(len(stay))
    second, whole = PostingsBuilder(block), PostingsBuilder()
    second.keep(first.build(), new_rows)
    for row, terms in enumerate(new, start=len(stay)):
        second.add(row, terms)
    for row, terms in enumerate([*(old[row] for row in stay), *new]):
        whole.add(row, terms)
    made = second.build()
    for name, array in whole.build().items():
        assert array.dtype == made[name].dtype
        assert np.array_equal(array, made[name]), name


@given(passages, st.sets(words, max_size=5), st.permutations(range(12)))
def test_counts_at_some_rows_are_those_of_the_passages(added, others, order):
    builder = PostingsBuilder()
    for row, terms in enumerate(added):
        builder.add(row, terms)
    index = inverted(builder.build())
    asked = sorted(others.union(*added[:3]))
    rows = np.asarray([row for row in order if row < len(added)][:5], dtype=np.int32)
    wanted = [[min(added[row].get(term, 0), 65_535) for row in rows] for term in asked]
    found = index.counts_at(asked, rows)
    assert found.shape == (len(asked), len(rows))
    assert found.tolist() == wanted


@given(st.sets(st.text(alphabet="akiodrö1", min_size=1, max_size=8), max_size=30), st.text(alphabet="kdr1", max_size=4))
def test_terms_are_found_by_the_beginning_of_their_consonants(terms, beginning):
    builder = PostingsBuilder()
    builder.add(0, dict.fromkeys(terms, 1))
    built = builder.build()
    index = Postings(
        *(built[name] for name in FIELDS),
        **by_skeleton(built),
        lengths=np.ones(1, np.float32),
        total=1,
        mean_length=1.0,
    )
    expected = sorted((skeleton(term), term) for term in terms if skeleton(term).startswith(beginning))
    assert list(index.like(beginning)) == expected


def test_unknown_terms_have_no_place():
    builder = PostingsBuilder()
    builder.add(0, {"b": 1, "d": 2})
    index = inverted(builder.build())
    assert [index.place(term) for term in ("a", "b", "c", "d", "e", "")] == [-1, 0, -1, 1, -1, -1]


@pytest.mark.parametrize("limit", [0, 30, 10**6])
def test_a_spool_gives_back_its_rows_from_memory_and_from_a_file(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(spool, "IN_MEMORY_UP_TO", limit)
    rng = np.random.default_rng(3)
    rows = [rng.standard_normal((size, 5)).astype(np.float32) for size in (1, 0, 3, 2)]
    for folder in (tmp_path, None):
        with Spool(np.float16, 5, folder) as made:
            for each in rows:
                made.append(each)
            found = made.array()
        assert np.array_equal(found, np.concatenate(rows).astype(np.float16))
        assert not found.flags.writeable
        let_go(found[1:])
        assert np.array_equal(found, np.concatenate(rows).astype(np.float16)), "what was let go is read again"
    assert list(tmp_path.iterdir()) == [], "files have no names"


def test_the_sum_of_a_mapped_file_is_that_of_its_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(mapped, "_HASHED_AT_ONCE", 1000)
    content = bytes(range(256)) * 17
    (tmp_path / "a").write_bytes(content)
    with (tmp_path / "a").open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as opened:
        assert sha256_of(opened) == sha256_of(content) == hashlib.sha256(content).hexdigest()
    assert sha256_of(b"") == hashlib.sha256(b"").hexdigest()
