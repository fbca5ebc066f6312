"""`kb eval` writes the report, keeps the run and shows what changed since an earlier one."""

import json

import pytest
from typer.testing import CliRunner

from kb.cli.program import app
from kb.evaluation.runs import load_run

ROWS = (
    "question;document;quote",
    "When are quarterly data submitted?;en06_monitoring_methodology;Quarterly data are submitted by the 25th day",
    "Сколько стоит билет на Луну?;;",
)


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("\n".join(ROWS), encoding="utf-8")
    return path


@pytest.fixture
def kb_eval(questions, small_index):
    """Run `kb eval` over the small index; returns typer's result."""

    def run(*arguments, file=questions):
        given = ["eval", file, "--index", small_index, "--search-only", *arguments]
        return CliRunner().invoke(app, [str(one) for one in given])

    return run


def test_a_run_compared_with_itself_has_not_changed(kb_eval, tmp_path):
    run = tmp_path / "run.json"
    assert kb_eval("--save", run).exit_code == 0
    assert [one.form for one in load_run(run).questions] == ["en", "ru"]
    result = kb_eval("--compare", run)
    assert result.exit_code == 0
    assert "COMPARED WITH THE EARLIER RUN: 2 questions" in result.stdout
    assert "0 questions and forms are worse" in result.stdout
    compared = json.loads(kb_eval("--compare", run, "--json").stdout)["comparison"]
    assert {one["p"] for one in compared["measures"]} == {1.0}
    assert compared["questions"] == []
    assert "comparison" not in json.loads(kb_eval("--json").stdout)


def test_other_weights_show_in_the_comparison(kb_eval, tmp_path):
    run = tmp_path / "run.json"
    kb_eval("--save", run)
    changed = json.loads(run.read_text(encoding="utf-8"))
    changed["questions"][0]["measures"]["ndcg@10"] = 0.0
    changed["questions"][0]["first"] = None
    run.write_text(json.dumps(changed), encoding="utf-8")
    text = kb_eval("--compare", run).stdout
    assert "1 questions and forms are better" in text
    assert "rank – →" in text


def test_the_html_report_is_one_file_with_the_questions_that_went_wrong(kb_eval, tmp_path):
    page, questions = tmp_path / "report.html", tmp_path / "wrong.csv"
    questions.write_text(f"{ROWS[0]}\nHow <b>wide</b> is the Moon?;absent;nothing\n", encoding="utf-8")
    assert kb_eval("--html", page, file=questions).exit_code == 0
    source = page.read_text(encoding="utf-8")
    assert source.startswith("<!DOCTYPE html>")
    assert "How &lt;b&gt;wide&lt;/b&gt; is the Moon?" in source
    assert "<b>wide</b>" not in source


@pytest.mark.parametrize("option", ["--html", "--save", "--output"])
def test_a_file_that_cannot_be_written_is_named(kb_eval, tmp_path, option):
    result = kb_eval(option, tmp_path / "absent" / "file")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


def test_a_run_that_cannot_be_read_is_refused_before_anything_is_measured(kb_eval, tmp_path):
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    result = kb_eval("--compare", tmp_path / "run.json", "--save", tmp_path / "new.json")
    assert result.exit_code == 1
    assert "is not a run" in result.stderr
    assert not (tmp_path / "new.json").exists()
