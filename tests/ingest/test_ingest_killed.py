"""Killed at any instant, an index holds whole documents only, and the next run completes it."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from ingest_material import age, text_of

from kb.ingest.pipeline import ingest
from kb.settings import Settings
from kb.store.database import Database

SETTINGS = Settings()
DOCUMENTS = 40
KILLS = 12
CHILD = """
import sys
from kb.ingest.pipeline import ingest
from kb.models.encoder import load_encoder
from kb.settings import Settings
from kb.store.database import Database
encoder = load_encoder("fast")
with Database.open(sys.argv[1]) as database:
    sys.stdout.write("ready\\n")
    sys.stdout.flush()
    ingest(database, encoder, sys.argv[2], Settings())
"""


@pytest.fixture
def many(tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(DOCUMENTS):
        path = docs / f"{number:02}.md"
        path.write_text(text_of(("en", "ru", "uz")[number % 3], number, paragraphs=8), encoding="utf-8")
        age(path)
    return docs


def content(database):
    """All that is indexed, by file, but ids: pages, passages, terms, vectors."""
    found = {}
    for document in database.documents():
        units = list(database.units([document.id]))
        passages = database.passages_of(document.id)
        sentences = database.passage_sentences([passage.id for passage in passages])
        found[Path(document.path).name] = (
            document.title,
            document.sha256,
            document.languages,
            database.pages(document.id),
            [(one.ordinal, one.text, one.spans, one.headings, one.language, one.spelling) for one in passages],
            [sentences[one.id] for one in passages],
            [(dict(unit.terms), unit.content_key) for unit in units],
            np.vstack([unit.vector for unit in units]).tobytes(),
            np.vstack([unit.sentence_vectors for unit in units]).tobytes(),
        )
    return found


def start(index, docs):
    return subprocess.Popen([sys.executable, "-c", CHILD, str(index), str(docs)], stdout=subprocess.PIPE)


def test_an_index_killed_at_random_instants_holds_whole_documents_and_is_completed(tmp_path, many, encoder):
    with Database.open(tmp_path / "whole") as database:
        ingest(database, encoder, many, SETTINGS)
        wanted = content(database)
    assert len(wanted) == DOCUMENTS

    clock = random.Random(7)
    index = tmp_path / "killed"
    counts = [0]
    kills = 0
    while kills < KILLS:
        child = start(index, many)
        try:
            assert child.stdout.readline() == b"ready\n"
            # One kill in three comes right away, the others after the next commit or so.
            if kills % 3:
                before = counts[-1]
                deadline = time.monotonic() + 20
                while child.poll() is None and committed(index) == before and time.monotonic() < deadline:
                    time.sleep(0.002)
            time.sleep(clock.uniform(0, 0.03))
            if child.poll() is None:
                child.send_signal(signal.SIGKILL)
        finally:
            child.kill()
            child.wait(timeout=30)
            child.stdout.close()
        assert child.returncode == -signal.SIGKILL, "the run ended before it was killed: make more documents"
        kills += 1
        with Database.open(index) as database:
            assert database.check(deep=True) == []
            found = content(database)
        assert found == {name: wanted[name] for name in found}
        assert len(found) >= counts[-1]
        counts.append(len(found))
    assert 0 < counts[-1] < DOCUMENTS

    with Database.open(index) as database:
        report = ingest(database, encoder, many, SETTINGS)
        assert (report.indexed, report.unchanged) == (DOCUMENTS - counts[-1], counts[-1])
        assert content(database) == wanted
        assert database.check(deep=True) == []


def committed(index):
    with Database.open(index) as database:
        return len(database.file_states())


def test_a_replacement_that_is_killed_leaves_the_old_or_the_new_document(tmp_path, encoder):
    docs = tmp_path / "docs"
    docs.mkdir()
    path = docs / "one.md"
    versions = []
    for number in (1, 2):
        path.write_text(text_of("ru", number, paragraphs=60), encoding="utf-8")
        with Database.open(tmp_path / f"version{number}") as database:
            ingest(database, encoder, docs, SETTINGS)
            versions.append(content(database))
    index = tmp_path / "index"
    path.write_text(text_of("ru", 1, paragraphs=60), encoding="utf-8")
    with Database.open(index) as database:
        ingest(database, encoder, docs, SETTINGS)
    path.write_text(text_of("ru", 2, paragraphs=60), encoding="utf-8")
    clock = random.Random(11)
    for _ in range(4):
        child = start(index, docs)
        try:
            assert child.stdout.readline() == b"ready\n"
            time.sleep(clock.uniform(0, 0.6))
        finally:
            child.kill()
            child.wait(timeout=30)
            child.stdout.close()
        with Database.open(index) as database:
            assert content(database) in versions
            assert database.check(deep=True) == []
    with Database.open(index) as database:
        ingest(database, encoder, docs, SETTINGS)
        assert content(database) == versions[1]
