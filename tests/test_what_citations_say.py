"""Status, date and boxes of citations, and the notice to who asks in a fourth language, from file to JSON."""

import json
import sqlite3

import pytest
from pdf_files import pdf_of
from typer.testing import CliRunner

from kb import KnowledgeBase
from kb.cli.program import app
from kb.ingest.rebuild_index import rebuild_index

TEXT = """DRAFT

Export strategy of the Zarbulak cluster

14 March 2025

The export fund of Zarbulak pays half of the certification costs of small food producers.

Farmers deliver their fruit to the cold store, which belongs to the cooperative.
"""
QUESTION = "Who pays the certification costs of small food producers in Zarbulak?"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    (folder / "strategy.txt").write_text(TEXT, encoding="utf-8")
    page = [
        (60, 780, "Approved by Resolution No. 12 of the Cabinet of Ministers"),
        (60, 700, "The laboratory of Kumushsoy tests textiles for 40 firms a year."),
        (60, 660, "Its running costs are borne by the regional budget."),
    ]
    (folder / "note.pdf").write_bytes(pdf_of(page, media_box=(0, 0, 595, 842)))
    made = tmp_path_factory.mktemp("base") / "index"
    with KnowledgeBase.open(made) as base:
        assert not base.add(folder).failed
    return made


def test_a_citation_has_date_and_status(index):
    with KnowledgeBase.open(index) as base:
        cited = base.ask(QUESTION).citations[0]
        assert (cited.date, cited.status, cited.boxes) == ("2025-03-14", "draft", ())
        assert cited.to_dict()["document"]["status"] == "draft"
        assert base.boxes(cited) == cited, "text files have no boxes"
        statuses = {document.title: document.status for document in base.documents()}
    assert sorted(statuses.values()) == ["draft", "in_force"]


def test_boxes_come_when_they_are_asked_for(index):
    question = "How many firms does the laboratory of Kumushsoy test textiles for?"
    with KnowledgeBase.open(index) as base:
        cited = base.ask(question).citations[0]
        assert cited.boxes == ()
        [box, *_] = base.boxes(cited).boxes
    assert box.page_index == 1
    assert 55 < box.left < 65
    assert 842 - 700 - 20 < box.top < box.bottom < 842 - 700 + 10
    result = CliRunner().invoke(app, ["ask", question, "--index", str(index), "--json", "--boxes"])
    assert json.loads(result.stdout)["citations"][0]["boxes"][0] == box.to_dict()
    assert CliRunner().invoke(app, ["ask", question, "--index", str(index), "--boxes"]).exit_code == 2


def test_the_command_line_shows_date_and_status(index):
    shown = CliRunner().invoke(app, ["ask", QUESTION, "--index", str(index)]).stdout
    assert "2025-03-14, draft)" in shown
    assert "in force" in CliRunner().invoke(app, ["documents", "--index", str(index)]).stdout


def test_who_asks_in_a_fourth_language_is_told_and_answered(index):
    with KnowledgeBase.open(index) as base:
        german = base.ask("Wer bezahlt die Zertifizierung kleiner Produzenten in Zarbulak?")
        assert german.text.startswith(german.notice)
        assert all(name in german.notice for name in ("Uzbek, Russian and English", "узбекском", "oʻzbek"))
        assert german.hits[0].document.title == "Export strategy of the Zarbulak cluster"
        assert base.ask(QUESTION).notice == ""


def test_a_rebuild_finds_the_status_in_an_index_of_before(index, tmp_path):
    old = tmp_path / "old"
    old.mkdir()
    with sqlite3.connect(index / "kb.sqlite") as source, sqlite3.connect(old / "kb.sqlite") as copy:
        source.backup(copy)
    with KnowledgeBase.open(index) as base:
        new = [(document.path, document.status) for document in base.documents()]
    from kb.store import blobs  # noqa: PLC0415

    columns = "id, path, sha256, title, media_type, date, languages, warnings, page_count, passage_count, revision"
    with sqlite3.connect(old / "kb.sqlite") as connection:
        for row in connection.execute(f"SELECT {columns} FROM document").fetchall():
            connection.execute("UPDATE document SET seal = ? WHERE id = ?", (blobs.seal(*row), row[0]))
        connection.execute("ALTER TABLE document DROP COLUMN status")
        connection.execute("PRAGMA user_version = 1")
    with KnowledgeBase.open(old) as base:
        assert {document.status for document in base.documents()} == {"unknown"}
    rebuild_index(old)
    with KnowledgeBase.open(old) as base:
        assert [(document.path, document.status) for document in base.documents()] == new
