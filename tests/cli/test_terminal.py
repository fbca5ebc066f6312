"""Nothing that a document says can steer the reader's terminal, and nothing readable is lost."""

import io
import json
import re
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.cli import terminal
from kb.cli.asking import _say_answer, _say_hit
from kb.records import Answer, AnswerGroup, AnswerSentence, Citation, Document, Hit, LegScore, Passage, Span

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
HOSTILE = "a\x1b]0;owned\x07b\x9b2Jc\u202ed\rsafe"


def hostile_hit():
    document = Document(1, HOSTILE, f"/tmp/{HOSTILE}\udce9.txt", "0" * 64, "text/plain", None, ("en",), 1, 1)
    passage = Passage(1, 1, 0, HOSTILE, (Span(1, 0, len(HOSTILE)),), (HOSTILE,), "en", "")
    return Hit(1, 1.0, passage, document, 1, HOSTILE, (LegScore("dense", 1, 0.5, 0.5), LegScore("lexical", None, 0, 0)))


def hostile_answer():
    hit = hostile_hit()
    citation = Citation(1, HOSTILE, hit.document, HOSTILE, 1, "en", "", hit.passage, hit.passage.spans)
    sentence = AnswerSentence(HOSTILE, 1)
    return Answer("q", "answered", f"{HOSTILE} [1]", "en", "", (sentence,), (citation,), (hit,))


@given(st.text(st.characters(codec=None)))
def test_no_control_character_remains_and_the_rest_is_untouched(text):
    shown = terminal.visible(text)
    assert not CONTROL.search(shown)
    if not CONTROL.search(text):
        assert shown == text


def test_letters_newlines_and_marks_are_printed_as_they_are():
    text = "Oʻzbekiston — «ҳудуд» 5 %\n\tkoʻrsatkich\u00ad\u200d ö ğ 🙂"
    assert terminal.visible(text) == text


def test_what_is_escaped_can_still_be_read():
    assert terminal.visible(HOSTILE) == r"a\x1b]0;owned\x07b\x9b2Jc\u202ed\rsafe"
    assert terminal.one_line("a\nb\t c\x1b") == r"a b c\x1b"


def test_hits_and_answers_with_hostile_text_print_safely(capsys):
    _say_answer(hostile_answer())
    _say_hit(hostile_hit(), show_legs=True, full=True)
    out = capsys.readouterr().out
    assert not CONTROL.search(out)
    assert r"\x1b]0;owned" in out
    assert "dense #1 50%" in out
    assert "lexical – 0%" in out


def test_json_carries_hostile_text_unchanged(monkeypatch):
    stdout = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stdout)
    terminal.say_json(hostile_answer().to_dict())
    written = stdout.buffer.getvalue()
    assert json.loads(written)["citations"][0]["quote"] == HOSTILE
    assert json.loads(written)["citations"][0]["document"]["path"].endswith("\udce9.txt")
    assert b"\x1b" not in written


@pytest.mark.parametrize("encoding", ["ascii", "cp1251", "utf-8"])
def test_a_terminal_that_lacks_letters_gets_escapes_not_an_error(monkeypatch, encoding):
    stdout = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stdout)
    terminal.say("Ҳудуд ʻ plain")
    written = stdout.buffer.getvalue().decode(encoding)
    assert "plain" in written
    assert ("Ҳудуд" in written) is (encoding == "utf-8")


def broad_answer():
    answer = hostile_answer()
    sentence = AnswerSentence(HOSTILE, 1, short=(0, 1), lead=HOSTILE)
    groups = (AnswerGroup(HOSTILE, None, None, (sentence,)), AnswerGroup(HOSTILE, note=HOSTILE))
    return replace(answer, form="comparison", sentences=(sentence,), groups=groups)


def test_a_broad_answer_cannot_steer_the_terminal_either(capsys):
    _say_answer(broad_answer())
    shown = capsys.readouterr().out
    assert not CONTROL.search(shown)
    assert r"\x1b]0;owned" in shown


def test_the_short_answer_is_bold_on_a_terminal_only(capsys, monkeypatch):
    hit = hostile_hit()
    sentence = AnswerSentence("They pay 30 percent.", 1, short=(9, 19))
    cited = Citation(1, sentence.text, hit.document, "1", 1, "en", "", hit.passage, hit.passage.spans)
    answer = Answer("q", "answered", f"{sentence.text} [1]", "en", "", (sentence,), (cited,), ())
    _say_answer(answer)
    assert "«They pay 30 percent.»" in capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    _say_answer(answer)
    assert "«They pay \x1b[1m30 percent\x1b[0m.»" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    _say_answer(answer)
    assert "«They pay 30 percent.»" in capsys.readouterr().out
