"""The commands that build and measure what kb.text rests on, on texts small enough for a test."""

import importlib
import json
import runpy
import sys
from pathlib import Path

import pytest

from kb.text import letter_model

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "tools"
TABLES = ("law.tsv", "localisation_1.tsv", "authored_sentences.tsv", "authored_glossary.tsv")


@pytest.fixture
def training_texts(tmp_path):
    rows = "uz\tru\ten\nToshkent shahri\tгород Ташкент\tthe city of Tashkent\nOK\tOK\tOK\n"
    for name in TABLES:
        (tmp_path / name).write_text(rows, encoding="utf-8")
    passage = {"passage_lang": "uz", "passage": "Klaster", "q_uz": "Nima?", "q_ru": "Что?", "q_en": "What?"}
    (tmp_path / "qa_passages.jsonl").write_text(json.dumps(passage) + "\n", encoding="utf-8")
    (tmp_path / "mono_uz.txt").write_text("Oʻzbekiston\n", encoding="utf-8")
    return tmp_path


def test_profiles_are_built_from_texts_and_are_the_same_each_time(training_texts, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(ROOT)
    language_profiles = importlib.import_module("training.language_profiles")
    target = tmp_path / "built"
    monkeypatch.setattr(language_profiles, "RESOURCES", target)
    monkeypatch.setattr(sys, "argv", ["language_profiles", "--data", str(training_texts)])
    language_profiles.main()
    first = {path.name: path.read_bytes() for path in target.iterdir()}
    language_profiles.main()
    assert {path.name: path.read_bytes() for path in target.iterdir()} == first
    assert set(first) == {f"{name}.json" for name in letter_model.PROFILES}
    latin = json.loads(first["uz-latin.json"])["freq"]
    assert latin[" sh"] == 1 + 1 + 4 + 1
    assert "ok" not in latin
    assert json.loads(first["uz-cyrillic.json"])["freq"][" ша"] == 7


@pytest.mark.parametrize("tool", ["measure_language.py", "measure_stems.py"])
def test_a_measuring_tool_says_what_its_folder_lacks(tool, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [tool, "--data", str(tmp_path)])
    monkeypatch.setattr(sys, "path", list(sys.path))
    with pytest.raises(SystemExit, match="2"):
        runpy.run_path(str(TOOLS / tool), run_name="__main__")
    assert str(tmp_path) in capsys.readouterr().err


def test_language_is_measured_on_a_folder_of_texts(tmp_path, monkeypatch, capsys):
    (tmp_path / "flores.tsv").write_text(
        "uz\tru\ten\nKorxonalar soliq imtiyozidan toʻliq foydalanadi\t"
        "Предприятия полностью пользуются льготами\tThe companies make full use of the tax relief\n",
        encoding="utf-8",
    )
    for name, text in (
        ("uz_latn", "Hamma odamlar erkin"),
        ("uz_cyrl", "Ҳамма одамлар эркин"),
        ("ru", "Все люди рождаются"),
        ("en", "All human beings"),
    ):
        (tmp_path / f"udhr_{name}.txt").write_text(text + "\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["measure_language.py", "--data", str(tmp_path)])
    monkeypatch.setattr(sys, "path", list(sys.path))
    runpy.run_path(str(TOOLS / "measure_language.py"), run_name="__main__")
    table = capsys.readouterr().out
    assert "uz without apostrophes" in table
    assert all(line.split()[-6] == "100.00" for line in table.splitlines()[1:-1])
