"""The app's language model: off until switched on, shown as untrusted text, never in the way of the quotes."""

from dataclasses import replace

import pytest
from app_records import HOSTILE, html_of, make_citation, make_passage

from kb.app import markup, writing
from kb.app.messages import Messages
from kb.errors import LanguageModelError
from kb.records import DroppedSentence, WrittenAnswer, WrittenSentence

URL = "http://localhost:11434/v1"


class Writer:
    """Stands in for `KnowledgeBase.write`: gives `written`, after telling `steps` as progress."""

    def __init__(self, written, steps=()):
        self.written = written
        self.steps = steps
        self.calls = []

    def __call__(self, answer, llm, progress=None):
        self.calls.append(llm)
        for step in self.steps:
            progress(step)
        if isinstance(self.written, Exception):
            raise self.written
        return replace(answer, written=self.written)


def written(**changes):
    record = WrittenAnswer("tiny", "Each member votes once. [1]", (WrittenSentence("Each member votes once.", (1,)),))
    return replace(record, **changes)


def ask(app, base, writer, *, on=True):
    base.write = writer
    app.run()
    if on:
        app.toggle(key="llm-use").set_value(True)
    app.text_input(key="llm-url").set_value(URL)
    app.text_input(key="llm-name").set_value("tiny")
    app.text_input(key="question").set_value("Who votes?")
    next(button for button in app.button if button.label == "Ask").click()
    app.run()
    assert not app.exception
    return html_of(app)


def test_it_is_off_until_switched_on(app, base):
    writer = Writer(written())
    page = ask(app, base, writer, on=False)
    assert writer.calls == []
    assert "Each member votes once." not in page
    assert "One member, one vote." in page


def test_what_is_written_stands_beside_the_quotes(app, base):
    writer = Writer(written())
    page = ask(app, base, writer)
    assert [(one.url, one.name) for one in writer.calls] == [(URL, "tiny")]
    assert '<span>Each member votes once.</span>&nbsp;<a class="kb-ref" href="#kb-citation-1">[1]</a>' in page
    assert "By tiny. Check it against the quotes." in page
    assert "One member, one vote.</span>&nbsp;" in page
    assert "<mark>One member, one vote.</mark>" in page
    titles = [one.value for one in app.subheader]
    assert {"Written by a language model", "In the documents’ own words"} <= set(titles)


def test_it_is_written_once_until_something_changes(app, base):
    writer = Writer(written())
    ask(app, base, writer)
    app.run()
    assert len(writer.calls) == 1
    app.text_input(key="llm-name").set_value("other").run()
    assert [one.name for one in writer.calls] == ["tiny", "other"]
    base.revision += 1
    app.run()
    assert len(writer.calls) == 3


def test_further_quotes_get_cards_of_their_own(app, base):
    further = make_citation(make_passage("Half of it is paid. More.", id=7), "Half of it is paid.", number=2)
    page = ask(app, base, Writer(written(citations=(further,))))
    assert 'id="kb-citation-2"' in page
    assert "<mark>Half of it is paid.</mark> More." in page


def test_dropped_sentences_are_counted_and_explained(app, base):
    dropped = (DroppedSentence("It has 900 members.", "number", "900"), DroppedSentence("So it is.", "uncited"))
    page = ask(app, base, Writer(written(dropped=dropped, withheld=2)))
    assert "Sentences dropped: 2" in page
    assert "the cited passage has no such number: 900" in page
    assert "it cites no passage" in page
    assert "Passages not shown to the model because they hold orders to one: 2" in page


def test_a_problem_is_said_and_the_quotes_stay(app, base):
    problem = WrittenAnswer("tiny", problem="server", problem_text="The language model at <x> cannot be reached.")
    page = ask(app, base, Writer(problem))
    assert "The language model could not write the answer." in page
    assert "The language model at &lt;x&gt; cannot be reached." in page
    assert "<mark>One member, one vote.</mark>" in page


def test_a_missing_package_is_said_and_the_quotes_stay(app, base):
    page = ask(app, base, Writer(LanguageModelError('Run: pip install "openai"')))
    assert "Run: pip install &quot;openai&quot;" in page
    assert "<mark>One member, one vote.</mark>" in page


def test_an_address_that_is_none_is_said_and_nothing_is_sent(app, base):
    writer = Writer(written())
    base.write = writer
    app.run()
    app.toggle(key="llm-use").set_value(True)
    app.text_input(key="llm-url").set_value("nowhere").run()
    assert not app.exception
    assert "&#x27;nowhere&#x27; is no address" in html_of(app)
    assert writer.calls == []


def test_a_model_cannot_inject_anything(app, base):
    hostile = WrittenAnswer(
        HOSTILE,
        HOSTILE,
        (WrittenSentence(HOSTILE, (1,)),),
        (DroppedSentence(HOSTILE, "name", HOSTILE),),
        problem="server",
        problem_text=HOSTILE,
    )
    page = ask(app, base, Writer(hostile, steps=[hostile]))
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5
    shown_as_markdown = [*app.markdown, *app.caption, *app.subheader, *app.title, *app.error, *app.warning]
    assert not [one for one in shown_as_markdown if "alert(1)" in one.value]


def test_each_sentence_is_shown_as_it_comes(app, base, monkeypatch):
    shown = []
    real = markup.written

    def record(text, found, say, *, busy=False):
        shown.append((len(text.sentences), busy))
        return real(text, found, say, busy=busy)

    monkeypatch.setattr(writing.markup, "written", record)
    two = written(sentences=(WrittenSentence("One.", (1,)), WrittenSentence("Two.", (1,))))
    ask(app, base, Writer(two, steps=[written(), two]))
    assert shown == [(1, True), (2, True), (2, False)]


@pytest.mark.parametrize("language", ["uz", "uz-Cyrl", "ru", "en"])
def test_every_reason_and_problem_has_words_in_every_language(language, base):
    say = Messages(language)
    found = base.ask("Who votes?")
    for reason in ("uncited", "wrong_number", "other_language", "number", "date", "name", "negation", "unsupported",
                   "too_long"):  # fmt: skip
        record = written(dropped=(DroppedSentence("Text", reason, "X"),))
        assert markup.written(record, found, say).count("<li>") == 1
    for problem in ("server", "empty", "declined", "nothing_left", "cut_short"):
        assert "kb-warning" in markup.written(written(problem=problem, problem_text="Why."), found, say)


def test_a_settings_file_fills_in_the_fields_but_does_not_switch_it_on(app, base, monkeypatch, tmp_path):
    settings = tmp_path / "kb.toml"
    settings.write_text(f'[llm]\nurl = "{URL}"\nname = "kept"\nseconds = 7\n', encoding="utf-8")
    monkeypatch.setenv("KB_SETTINGS", str(settings))
    app.run()
    assert app.text_input(key="llm-url").value == URL
    assert app.text_input(key="llm-name").value == "kept"
    assert app.toggle(key="llm-use").value is False
    writer = Writer(written())
    base.write = writer
    app.toggle(key="llm-use").set_value(True)
    app.text_input(key="question").set_value("Who votes?")
    next(button for button in app.button if button.label == "Ask").click()
    app.run()
    assert [(one.name, one.seconds) for one in writer.calls] == [("kept", 7)]
