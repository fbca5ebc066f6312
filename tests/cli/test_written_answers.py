"""`kb ask --llm`: the written answer above the quotes, what was dropped, and what goes wrong."""

import json

import pytest
from model_server import running, sends

from kb.cli.exits import ExitCode

QUESTION = "How many firms does the annual survey cover?"
HELD = "The annual survey covers 400 firms"


@pytest.fixture
def server():
    with running() as state:
        state.text = lambda one: (
            f"The annual survey covers 400 firms and 500 farms [{one.number_of(HELD)}]. "
            f"It covers 900 \x1b[31mschools [{one.number_of(HELD)}]."
        )
        yield state


def test_it_is_printed_above_the_quotes_with_what_was_dropped(kb, server):
    result = kb("ask", QUESTION, "--llm", server.url, "--llm-model", "test-model")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "Written by test-model from the quoted passages; check it against them:"
    assert lines[1].startswith("  The annual survey covers 400 firms and 500 farms. [")
    assert lines[2] == "Dropped, 1:"
    assert lines[4] == "    (the number 900 does not stand so in the cited passage)"
    assert "\x1b" not in result.stdout
    after = lines[lines.index("In the documents' own words:") + 1 :]
    assert after == kb("ask", QUESTION).stdout.splitlines()
    assert server.requests[0]["model"] == "test-model"


def test_json_holds_it_with_its_reasons(kb, server):
    result = kb("ask", QUESTION, "--llm", server.url, "--llm-model", "test-model", "--json")
    answer = json.loads(result.stdout)
    written = answer["written"]
    assert written["model"] == "test-model"
    assert [one["text"] for one in written["sentences"]] == ["The annual survey covers 400 firms and 500 farms."]
    assert [(one["reason"], one["detail"]) for one in written["dropped"]] == [("number", "900")]
    assert answer["citations"] == json.loads(kb("ask", QUESTION, "--json").stdout)["citations"]


def test_without_it_nothing_is_written(kb, server):
    answer = json.loads(kb("ask", QUESTION, "--json").stdout)
    assert answer["written"] is None
    assert server.requests == []


def test_a_failing_server_is_a_remark_and_the_quotes_are_printed(kb, server):
    server.behave = sends("application/json", {"error": {"message": "no memory"}}, status=500)
    result = kb("ask", QUESTION, "--llm", server.url, "--llm-model", "test-model")
    assert result.exit_code == 0
    assert f"The language model at {server.url} answered with HTTP 500: no memory" in result.stderr
    assert HELD in result.stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--llm", "http://localhost:1/v1"], "add --llm-model NAME"),
        (["--llm-model", "m"], "add --llm URL"),
        (["--llm", "localhost", "--llm-model", "m"], "want one like http://localhost:11434/v1"),
        (["--llm", "http://me:pw@localhost/v1", "--llm-model", "m"], "put the key into the variable KB_LLM_KEY"),
    ],
)
def test_an_unusable_model_is_refused_before_anything_is_asked(kb, options, says):
    result = kb("ask", QUESTION, *options)
    assert result.exit_code == ExitCode.ERROR
    assert says in result.stderr
    assert result.stdout == ""


def test_a_settings_file_may_name_the_model_and_options_go_before_it(kb, server, tmp_path):
    settings = tmp_path / "kb.toml"
    settings.write_text(f'[llm]\nurl = "{server.url}"\nname = "from-file"\ntokens = 99\n', encoding="utf-8")
    assert json.loads(kb("ask", QUESTION, "--settings", settings, "--json").stdout)["written"]["model"] == "from-file"
    kb("ask", QUESTION, "--settings", settings, "--llm-model", "from-option")
    assert [(one["model"], one["max_tokens"]) for one in server.requests] == [("from-file", 99), ("from-option", 99)]


def test_a_wrong_model_in_a_settings_file_is_named_with_the_file(kb, tmp_path):
    settings = tmp_path / "kb.toml"
    settings.write_text('[llm]\nurl = "nowhere"\nname = "m"\n', encoding="utf-8")
    result = kb("ask", QUESTION, "--settings", settings)
    assert result.exit_code == ExitCode.ERROR
    assert "kb.toml" in result.stderr
    assert "'nowhere' is no address" in result.stderr
