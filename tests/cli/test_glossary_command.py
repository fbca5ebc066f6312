"""`kb glossary`, and the matched words that `kb search --show-legs` prints."""

import json
import shutil
from dataclasses import replace

import pytest
from test_terminal import hostile_hit
from typer.testing import CliRunner

from kb.cli.asking import _matched
from kb.cli.program import app
from kb.records import Match
from kb.retrieval.glossary import FILE_NAME


@pytest.fixture
def own(index, tmp_path):
    """A copy of the index that a test may change."""
    return shutil.copytree(index, tmp_path / "index")


def kb(*arguments):
    return CliRunner().invoke(app, [str(one) for one in arguments])


def test_a_glossary_is_installed_counted_and_used(own, tmp_path):
    file = tmp_path / "terms.csv"
    file.write_text("uz,ru,en\n,ремесло,zyxomancer\n", encoding="utf-8")
    before = kb("search", "zyxomancer", "--show-legs", "--index", own).stdout
    assert "zyxomancer ≈" not in before
    plain = kb("glossary", file, "--index", own)
    assert (plain.exit_code, plain.stdout) == (0, f"{file}: 1 entries are used from the next question on\n")
    assert json.loads(kb("glossary", file, "--index", own, "--json").stdout) == {"entries": 1}
    assert (own / FILE_NAME).read_bytes() == file.read_bytes()
    assert "zyxomancer ≈ рем" in kb("search", "zyxomancer", "--show-legs", "--index", own).stdout


def test_a_broken_glossary_is_refused_by_its_line(own, tmp_path):
    file = tmp_path / "terms.csv"
    file.write_text("uz,ru,en\na,,\n", encoding="utf-8")
    result = kb("glossary", file, "--index", own)
    assert result.exit_code == 1
    assert f"Glossary {file}, line 2: " in result.stderr
    assert not (own / FILE_NAME).exists()


def test_a_glossary_needs_an_index(tmp_path):
    file = tmp_path / "terms.csv"
    file.write_text("uz,ru,en\nfoo,бар,\n", encoding="utf-8")
    assert kb("glossary", file, "--index", tmp_path / "absent").exit_code == 1
    assert not (tmp_path / "absent").exists()


def test_matched_words_are_printed_with_the_legs_only(index):
    shown = kb("search", "ремесло туризм", "--show-legs", "--index", index, "-k", 9).stdout
    hidden = kb("search", "ремесло туризм", "--index", index, "-k", 9).stdout
    assert "ремесло = рем" in shown
    assert " = " not in hidden
    hits = json.loads(kb("search", "ремесло туризм", "--index", index, "-k", 9, "--json").stdout)
    matches = [(hit["passage"]["text"], match) for hit in hits for match in hit["matches"]]
    assert matches
    for text, match in matches:
        assert text[match["start"] : match["end"]].isalnum()
        assert match["word"] in {"ремесло", "туризм"}


def test_equal_words_are_printed_once():
    text = "hunar hunar hunarlar craft"
    places = [(0, 5, False), (6, 11, False), (12, 20, False), (21, 26, True)]
    matches = tuple(Match("Hunar", start, end, translated) for start, end, translated in places)
    assert _matched(replace(hostile_hit(), passage=replace(hostile_hit().passage, text=text), matches=matches)) == [
        "Hunar = hunar, = hunarlar, ≈ craft"
    ]
