"""Question files of the project and of its users are read alike, and a bad one is named with its line."""

import json
from pathlib import Path

import pytest

from kb.errors import QueryError
from kb.evaluation.questions import Gold, half, load_questions

QUESTIONS = Path(__file__).parents[2] / "corpus" / "questions.jsonl"


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def test_the_projects_own_file_is_read_whole():
    questions = load_questions(QUESTIONS)
    lines = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    assert [one.id for one in questions] == [line["id"] for line in lines]
    assert all(len(one.forms) == 6 for one in questions)
    assert [one.answerable for one in questions] == [line["answerable"] for line in lines]
    broad = {"direction", "compare", "list_across"}
    assert [one.broad for one in questions] == [line["kind"] in broad for line in lines]
    assert {gold.grade for one in questions for gold in one.gold} == {1, 2}


def test_both_halves_hold_every_kind_and_do_not_depend_on_the_file():
    questions = load_questions(QUESTIONS)
    for kind in {(one.answerable, one.broad) for one in questions}:
        counts = [half(one.id) for one in questions if (one.answerable, one.broad) == kind]
        assert min(counts.count("fit"), counts.count("report")) >= len(counts) / 4
    assert (half("en01-1"), half("a1-x1")) == ("fit", "report")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_of_a_spreadsheet_is_read_whatever_its_separator(tmp_path, delimiter):
    rows = [
        ("Question", "Document", "Quote"),
        ("Сколько кластеров создано?", "отчёт.pdf", "создано 12 кластеров"),
        ("Сколько кластеров создано?", "plan", ""),
        ("Who pays for the fleet?", "", ""),
    ]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    first, second = load_questions(written(tmp_path, "q.csv", text, "utf-8-sig"))
    assert first.forms == (("ru", "Сколько кластеров создано?"),)
    assert first.gold == (Gold("отчёт.pdf", "создано 12 кластеров"), Gold("plan"))
    assert first.broad
    assert second.forms[0][0] == "en"
    assert not second.answerable


def test_a_quote_may_hold_separators_and_line_breaks(tmp_path):
    text = 'question,document,quote\n"Who, and when?",plan,"The board,\nin May"\n'
    (question,) = load_questions(written(tmp_path, "q.csv", text))
    assert question.gold == (Gold("plan", "The board,\nin May"),)


def test_json_lines_with_a_plain_question_are_read(tmp_path):
    text = '{"question": "Klasterlar soni qancha?", "document": "reja", "id": "a"}\n\n'
    text += '{"question": "Кластерлар қандай тузилади ва ким бошқаради?"}\n'
    first, second = load_questions(written(tmp_path, "q.jsonl", text))
    assert (first.id, first.forms[0][0], first.gold) == ("a", "uz-latin", (Gold("reja"),))
    assert (second.id, second.forms[0][0], second.gold) == ("line-3", "uz-cyrillic", ())


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("q.jsonl", '{"question": "a?"}\n{"question"', "line 2: not JSON"),
        ("q.jsonl", "[1]", "line 1: want an object"),
        ("q.jsonl", '{"question": 5}', "line 1: question must be text"),
        ("q.jsonl", '{"question": " "}', "line 1: the question is empty"),
        ("q.jsonl", '{"id": "a", "answerable": true, "questions": {"en": "?"}}', "answerable must go with gold"),
        ("q.jsonl", '{"id": "a", "answerable": 1, "questions": {"en": "?"}}', "line 1: Expected `bool`"),
        ("q.jsonl", '{"question": "a?", "id": "x"}\n{"question": "b?", "id": "x"}', "'x' 2 times"),
        ("q.jsonl", '{"question": "a?"}\n{"id": "a", "questions": {}}', "mixes rows"),
        ("q.jsonl", "\n", "holds no question"),
        ("q.csv", "text,file\na,b\n", "want a header with question, document"),
        ("q.csv", "question,document\n,plan\n", "line 2: the question is empty"),
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_the_fault(tmp_path, name, text, said):
    path = written(tmp_path, name, text)
    with pytest.raises(QueryError, match=said.replace("(", r"\(")) as caught:
        load_questions(path)
    assert str(path) in str(caught.value)


def test_a_file_in_another_encoding_or_none_is_refused(tmp_path):
    with pytest.raises(QueryError, match="not UTF-8"):
        load_questions(written(tmp_path, "q.csv", "question;document\nЧто?;план\n", "cp1251"))
    with pytest.raises(QueryError, match="cannot be read"):
        load_questions(tmp_path / "absent.csv")


def test_half_of_a_surrogate_pair_is_refused(tmp_path):
    path = written(tmp_path, "q.jsonl", '{"question": "What is \\ud800?"}\n')
    with pytest.raises(QueryError, match="not Unicode text"):
        load_questions(path)
