"""Repeated runs of eight words are found whatever the spelling, and shorter ones are not."""

import json

import check_overlap
import pytest

from kb.text.spellings import to_cyrillic

MEASURED = "Oʻzbekiston hududlarida toʻqimachilik klasterlari gʻoyasi boʻyicha soʻnggi yillarda maʼlum ishlar qilindi."
OTHER = "Bu gap boshqa narsa haqida va sinov matnida uchramaydigan soʻzlardan tuzilgan, xolos."


@pytest.fixture
def data(tmp_path):
    """A folder with one measured sentence and a corpus with a question of its own."""
    for name in ("train", "eval", "corpus/sources"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "eval" / "flores.tsv").write_text(f"id\tuz\n1\t{MEASURED}\n", encoding="utf-8")
    question = {"id": "x", "questions": {"en": "How many of the nine clusters of the valley exported honey last year?"}}
    (tmp_path / "corpus" / "questions.jsonl").write_text(json.dumps(question) + "\n", encoding="utf-8")
    (tmp_path / "corpus" / "sources" / "a.md").write_text("# One\n\nNothing of note.\n", encoding="utf-8")
    return tmp_path


def check(data, monkeypatch, capsys, *options):
    monkeypatch.setattr("sys.argv", ["check_overlap", str(data), "--corpus", str(data / "corpus"), *options])
    status = 0
    try:
        check_overlap.main()
    except SystemExit as end:
        status = end.code
    return status, capsys.readouterr().out


def test_training_text_that_repeats_nothing_passes(data, monkeypatch, capsys):
    (data / "train" / "law.tsv").write_text(f"uz\tru\n{OTHER}\t\n", encoding="utf-8")
    status, printed = check(data, monkeypatch, capsys)
    assert status == 0
    assert "0 training texts share a run" in printed


def test_a_repeated_run_is_found_in_another_script_and_named(data, monkeypatch, capsys):
    inside = to_cyrillic(" ".join(MEASURED.split()[:9]))
    (data / "train" / "law.tsv").write_text(f"uz\tru\n{OTHER}\t\nboshida {inside}\t\n", encoding="utf-8")
    status, printed = check(data, monkeypatch, capsys)
    assert status == 1
    assert "1 share a run  flores.tsv 1" in printed
    assert check(data, monkeypatch, capsys, "--allow")[0] == 0


def test_seven_words_in_common_are_no_overlap(data, monkeypatch, capsys):
    (data / "train" / "mono_uz.txt").write_text(" ".join(MEASURED.split()[:7]) + " boshqacha\n", encoding="utf-8")
    assert check(data, monkeypatch, capsys)[0] == 0


def test_questions_of_the_corpus_are_measured_text(data, monkeypatch, capsys):
    row = {"q_en": "Tell us how many of the nine clusters of the valley exported honey."}
    (data / "train" / "qa_passages.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    status, printed = check(data, monkeypatch, capsys)
    assert status == 1
    assert "questions.jsonl 1" in printed
