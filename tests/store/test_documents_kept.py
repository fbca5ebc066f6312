import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from store_material import DIMENSION, document, put

from kb.errors import DamagedDocumentError, IndexMismatchError, IndexStoreError, KBError, ModelError, NotFoundError
from kb.records import Block, Page, Span
from kb.store.units import Rewritten


def test_a_document_comes_back_as_it_was_given(database):
    read, passages = document(3, passages=4)
    number = put(database, "a/ҳужжат.txt", 3, passages=4)
    stored = database.document(number)
    assert stored.pages == read.pages
    assert (stored.title, stored.media_type, stored.date, stored.path) == (
        read.title,
        read.media_type,
        read.date,
        "a/ҳужжат.txt",
    )
    assert (stored.page_count, stored.passage_count) == (5, 4)
    assert database.warnings(number) == read.warnings
    found = database.passages_of(number)
    assert [(each.ordinal, each.text, each.spans, each.headings, each.language, each.spelling) for each in found] == [
        (each.ordinal, each.text, each.spans, each.headings, each.language, each.spelling) for each in passages
    ]
    assert list(database.passage_sentences([each.id for each in found]).values()) == [
        each.sentences for each in passages
    ]
    for unit, new in zip(database.units(), passages, strict=True):
        assert unit.terms == new.terms
        assert unit.word_count == len(new.text.split())
        assert np.array_equal(unit.vector, new.vector.astype(np.float16))
        assert np.array_equal(unit.sentence_vectors, new.sentence_vectors.astype(np.float16))


def test_languages_are_ordered_by_their_share_of_the_text(database):
    read, passages = document(0, passages=4)
    languages = ("ru", "uz", "uz", "en")
    passages = [
        dataclasses.replace(each, language=language) for each, language in zip(passages, languages, strict=True)
    ]
    number = database.write_document(read, path="a", sha256="0", file_size=1, modified_ns=1, passages=passages)
    characters = {
        "ru": len(passages[0].text),
        "uz": len(passages[1].text + passages[2].text),
        "en": len(passages[3].text),
    }
    assert database.document(number).languages == tuple(sorted(characters, key=characters.get, reverse=True))


def test_replacing_keeps_the_document_id_and_renews_passage_ids(database):
    first = put(database, "a", 1)
    old = {each.id for each in database.passages_of(first)}
    put(database, "b", 2)
    assert put(database, "a", 5) == first
    new = {each.id for each in database.passages_of(first)}
    assert min(new) > max(old)
    assert database.passages(old) == {}
    assert database.document(first).title == document(5)[0].title
    assert len(database.documents()) == 2


def test_ids_are_never_used_again_even_when_the_index_becomes_empty(database):
    first = put(database, "a", 1)
    passage_ids = [each.id for each in database.passages_of(first)]
    database.remove_document(first)
    assert database.documents() == []
    second = put(database, "a", 1)
    assert second > first
    assert min(each.id for each in database.passages_of(second)) > max(passage_ids)


def test_removing_takes_pages_passages_and_vectors_along(database):
    kept, gone = put(database, "a", 1), put(database, "b", 2)
    database.remove_document(gone)
    assert [each.id for each in database.documents()] == [kept]
    assert {unit.document_id for unit in database.units()} == {kept}
    assert database.check(deep=True) == []
    for lookup in (database.document, database.pages, database.remove_document):
        with pytest.raises(NotFoundError, match=str(gone)):
            lookup(gone)


def test_the_revision_grows_with_content_only(database):
    assert database.revision == 0
    number = put(database, "a", 1)
    assert database.revision == 1
    database.touch_document(number, modified_ns=7, file_size=8)
    database.set_meta("model", "fast")
    assert database.revision == 1
    put(database, "a", 1)
    database.remove_document(number)
    assert database.revision == 3


def test_a_touched_document_keeps_its_content_and_has_the_new_time(database):
    number = put(database, "a", 1)
    database.touch_document(number, modified_ns=7, file_size=8)
    state = database.find("a")
    assert (state.id, state.modified_ns, state.file_size, state.sha256) == (number, 7, 8, f"{1:064x}")
    assert database.find("b") is None
    assert database.file_states() == {"a": state}
    assert database.check(deep=True) == []


def test_documents_are_listed_by_path(database):
    for path in ("b", "Я", "a", "ю", "z"):
        put(database, path, 1)
    paths = [each.path for each in database.documents()]
    assert paths == sorted(paths)
    assert all(each.pages == () for each in database.documents())


def test_passages_come_in_the_order_asked_for_without_those_that_are_gone(database):
    number = put(database, "a", 1, passages=5)
    ids = [each.id for each in database.passages_of(number)]
    wanted = [ids[3], 10**12, ids[0], ids[4]]
    assert list(database.passages(np.asarray(wanted))) == [ids[3], ids[0], ids[4]]


def test_neighbours_stay_inside_the_document(database):
    put(database, "a", 1)
    number = put(database, "b", 2, passages=5)
    put(database, "c", 3)
    passages = database.passages_of(number)
    assert database.neighbours(passages[2].id) == (passages[1], passages[3])
    assert database.neighbours(passages[0].id, reach=2) == passages[1:3]
    assert database.neighbours(passages[4].id) == (passages[3],)
    with pytest.raises(NotFoundError):
        database.neighbours(10**9)


def test_pages_are_found_by_index(database):
    number = put(database, "a", 1)
    assert database.page(number, 2) == document(1)[0].pages[1]
    with pytest.raises(NotFoundError, match="page 9"):
        database.page(number, 9)


def test_a_document_without_passages_is_kept(database):
    read, _ = document(1)
    number = database.write_document(read, path="a", sha256="0", file_size=1, modified_ns=1, passages=[])
    assert (database.document(number).languages, database.dimension) == ((), 0)
    assert database.check(deep=True) == []


@pytest.mark.parametrize("text", ["nol \x00 ichida", "﻿bom", "a\r\nb\u2028c", "\U0001f9ff emoji", "é é"])
def test_odd_characters_survive(database, text):
    read, passages = document(1, passages=1)
    read = dataclasses.replace(read, pages=(Page(1, text, text),))
    passage = dataclasses.replace(
        passages[0], text=text, spans=(Span(1, 0, len(text)),), sentences=((0, len(text)),), headings=(text,)
    )
    number = database.write_document(read, path=text, sha256="0", file_size=1, modified_ns=1, passages=[passage])
    assert database.find(text).id == number
    assert database.page(number, 1) == Page(1, text, text)
    assert database.passages_of(number)[0].text == text
    assert database.check(deep=True) == []


def changed(**values):
    return lambda read, passages: (read, [dataclasses.replace(passages[0], **values), *passages[1:]])


REFUSED = {
    "text of another place": (changed(text="boshqa"), IndexStoreError, "not the text of its 1 spans"),
    "span past the page": (changed(spans=(Span(1, 0, 10**6),)), IndexStoreError, "outside"),
    "span of no page": (changed(spans=(Span(77, 0, 1),)), IndexStoreError, "outside"),
    "ordinal with a gap": (changed(ordinal=2), IndexStoreError, "numbered from 0"),
    "sentence past the passage": (changed(sentences=((0, 10**6),)), IndexStoreError, "sentence 0:1000000"),
    "term counted zero times": (changed(terms={"klaster": 0}), IndexStoreError, "less than once"),
    "vector with nan": (changed(vector=np.full(DIMENSION, np.nan, np.float32)), ModelError, "finite"),
    "vector beyond float16": (changed(vector=np.full(DIMENSION, 1e6, np.float32)), ModelError, "float16"),
    "vector of another model": (changed(vector=np.ones(9, np.float32)), IndexMismatchError, "8 numbers"),
    "fewer sentence vectors": (
        changed(sentence_vectors=np.empty((0, DIMENSION), np.float32)),
        IndexMismatchError,
        "1 sentences",
    ),
    "lone surrogate": (
        lambda read, passages: (dataclasses.replace(read, title="a\ud800"), passages),
        DamagedDocumentError,
        "title is not Unicode",
    ),
    "block past the page": (
        lambda read, passages: (
            dataclasses.replace(
                read,
                pages=(dataclasses.replace(read.pages[0], blocks=(Block("paragraph", 0, 10**6),)), *read.pages[1:]),
            ),
            passages,
        ),
        IndexStoreError,
        "outside",
    ),
    "page twice": (
        lambda read, passages: (dataclasses.replace(read, pages=(*read.pages, read.pages[0])), passages),
        IndexStoreError,
        "page",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_document_is_refused_whole(database, case):
    damage, kind, message = REFUSED[case]
    before = put(database, "a", 1)
    read, passages = damage(*document(1))
    with pytest.raises(kind, match=message) as caught:
        database.write_document(read, path="a", sha256="0", file_size=1, modified_ns=1, passages=passages)
    assert isinstance(caught.value, KBError)
    assert database.document(before).pages == document(1)[0].pages
    assert database.revision == 1
    assert database.check(deep=True) == []


def test_rewriting_may_change_the_length_of_vectors(database):
    first, second = put(database, "a", 1), put(database, "b", 2)

    def rewritten(dimension):
        for state in database.file_states().values():
            read, passages = document(1 if state.path == "a" else 2, dimension=dimension)
            yield Rewritten(state, read, tuple(passages))

    database.rewrite(rewritten(16), {"model": "best"})
    assert (database.dimension, database.meta("model")) == (16, "best")
    assert [each.id for each in database.documents()] == [first, second]
    assert {len(unit.vector) for unit in database.units()} == {16}
    with pytest.raises(IndexStoreError, match="left out"):
        database.rewrite(list(rewritten(8))[:1], {})
    assert database.dimension == 16
    assert database.check(deep=True) == []


def test_a_view_does_not_see_what_is_committed_meanwhile(database):
    number = put(database, "a", 1)
    with database.view() as view:
        before = view.revision
        put(database, "a", 2)
        put(database, "b", 3)
        assert view.revision == before
        assert view.document(number).pages == document(1)[0].pages
    assert database.document(number).pages == document(2)[0].pages


def test_counts_by_language_and_spelling(database):
    put(database, "a", 0, passages=4)
    put(database, "b", 0, passages=1)
    assert database.passage_counts() == {
        "uz": {"latin": 2},
        "ru": {"cyrillic": 1},
        "en": {"latin-2026": 1},
        "und": {"": 1},
    }


def test_readers_see_whole_documents_while_a_writer_replaces_them(database):
    number = put(database, "a", 0)
    versions = {document(seed)[0].pages: seed for seed in range(8)}
    stop = threading.Event()

    def read():
        seen = set()
        while not stop.is_set():
            with database.view() as view:
                pages = view.document(number).pages
                passages = view.passages_of(number)
            seed = versions[pages]
            assert [each.text for each in passages] == [each.text for each in document(seed)[1]]
            seen.add(seed)
        return seen

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        for turn in range(60):
            put(database, "a", turn % 8)
        stop.set()
    assert len(set().union(*(reader.result() for reader in readers))) > 1
