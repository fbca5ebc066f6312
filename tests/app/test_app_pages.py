from dataclasses import replace
from pathlib import Path

import pytest
from app_records import HOSTILE, html_of, make_document, make_passage
from pdf_files import pdf_of

from kb.app import directions, handle
from kb.app.filters import titles
from kb.app.messages import EXAMPLES
from kb.errors import IndexLockedError, IndexMismatchError
from kb.reports import Failure, Report


def ask(app, question):
    app.run()
    app.text_input(key="question").set_value(question)
    return press(app, "Ask")


def press(app, label):
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception
    return app


def test_an_answer_is_shown_with_its_citation(app, base):
    page = html_of(ask(app, "Who votes?"))
    assert "One member, one vote.</span>&nbsp;" in page
    assert "<mark>One member, one vote.</mark> The rest follows." in page
    assert "p. ii · page 4 of 9 · 2024-05-06" in page
    assert base.calls[-1][:2] == ("ask", "Who votes?")


def test_a_document_cannot_inject_anything(app, base):
    base.passage = make_passage(f"{HOSTILE} The rest.", headings=(HOSTILE,))
    base.quote = HOSTILE
    base.listed = [make_document(title=HOSTILE)]
    page = html_of(ask(app, "Who votes?"))
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt; **bold** [link]") >= 3
    shown_as_markdown = [*app.markdown, *app.caption, *app.subheader, *app.title, *app.error, *app.warning]
    labels = [widget.label for kind in ("button", "expander", "tab", "pills") for widget in app.get(kind)]
    assert not [one for one in shown_as_markdown if "alert(1)" in one.value]
    assert not [label for label in labels if label and "alert(1)" in label]


def test_no_answer_is_said_plainly_and_the_nearest_passages_are_not_called_one(app):
    page = html_of(ask(app, "nothing"))
    assert "These documents do not answer this question." in page
    assert "One member, one vote." in page
    assert "<mark>" not in page
    assert "The nearest passages on the subject. They are not an answer." in [one.value for one in app.subheader]


def test_a_list_is_shown_as_a_section_a_group_with_a_card_a_point(app):
    page = html_of(ask(app, "list"))
    assert "1 point from 1 document" in page
    assert '<div class="kb-group"><h3>Export consortia</h3></div>' in page
    assert '<article class="kb-card kb-point" id="kb-citation-1">' in page
    assert '<b class="kb-short">One</b> member, one vote.' in page
    assert '<p class="kb-lead" lang="en">The rules:</p>' in page
    assert "Citations" not in [one.value for one in app.subheader]
    views = app.pills[0] if hasattr(app, "pills") else app.get("button_group")[0]
    views.set_value("context").run()
    assert "<mark>One member, one vote.</mark>" in html_of(app)


def test_a_comparison_stands_in_columns_and_says_which_side_has_nothing(app):
    page = html_of(ask(app, "compare"))
    assert len(app.columns) >= 2
    assert "The documents do not answer this in full" in page
    assert '<div class="kb-group"><h3>Tolzor</h3></div>' in page
    assert "<strong>Export consortia</strong>" in page
    assert "<h3>&lt;b&gt;Narnia&lt;/b&gt;</h3>" in page
    assert "Nothing on &lt;b&gt;Narnia&lt;/b&gt;." in page


def test_points_are_counted_in_the_language_of_the_interface(app):
    ask(app, "list")
    app.selectbox(key="interface").set_value("uz-Cyrl").run()
    assert "1 та ҳужжатдан 1 та банд" in html_of(app)


def test_an_error_is_a_sentence_and_the_rest_of_the_page_stays(app):
    page = html_of(ask(app, "bad"))
    assert "The question has no words: type one." in page
    assert [tab.label for tab in app.tabs] == ["Ask", "Search", "Directions", "Documents"]


def test_an_index_that_cannot_be_opened_is_explained(app, monkeypatch):
    def refuse():
        raise IndexMismatchError("Made with another model: kb rebuild --model <fast>")

    monkeypatch.setattr(handle, "knowledge_base", refuse)
    app.run()
    assert not app.exception
    assert "Made with another model: kb rebuild --model &lt;fast&gt;" in html_of(app)


def test_an_empty_index_says_how_to_fill_it(app, base):
    base.listed = []
    app.run()
    assert "The knowledge base is empty." in html_of(app)
    assert "kb index FOLDER --index" in html_of(app)


def test_example_questions_are_asked_with_one_click(app, base):
    app.run()
    press(app, EXAMPLES[1])
    assert base.calls[-1][:2] == ("ask", EXAMPLES[1])
    assert app.text_input(key="question").value == EXAMPLES[1]


def test_the_same_question_is_not_asked_twice_until_something_changes(app, base):
    ask(app, "Who votes?")
    app.run()
    assert len(base.calls) == 1
    base.revision += 1
    app.run()
    assert len(base.calls) == 2
    app.multiselect(key="filter-languages").set_value(["ru"])
    app.run()
    assert base.calls[-1][2]["languages"] == ("ru",)


def test_filters_reach_question_and_search(app, base):
    app.run()
    app.multiselect(key="filter-spellings").set_value(["cyrillic"])
    app.multiselect(key="filter-documents").set_value([1])
    app.date_input(key="filter-since").set_value("2024-01-31")
    app.text_input(key="query").set_value("export")
    press(app, "Search")
    verb, query, filters = base.calls[-1]
    assert (verb, query) == ("search", "export")
    assert filters == {
        "languages": None,
        "spellings": ("cyrillic",),
        "documents": (1,),
        "since": "2024-01-31",
        "until": None,
        "directions": None,
    }


def test_why_context_and_reference_are_one_click_away(app):
    ask(app, "Who votes?")
    views = app.pills[0] if hasattr(app, "pills") else app.get("button_group")[0]
    views.set_value("why").run()
    assert "Meaning of the passage: rank 1, 62 % of the score" in html_of(app)
    views.set_value("context").run()
    assert '<div lang="en">What comes after.</div>' in html_of(app)
    views.set_value("copy").run()
    assert app.code[0].value == "Export consortia, p. ii: “One member, one vote.”"


def test_a_pdf_shows_its_page_at_once_and_says_when_it_cannot(app, base, tmp_path):
    file = tmp_path / "votes.pdf"
    file.write_bytes(pdf_of([(20, 100, "One member, one vote.")]))
    base.listed = [make_document(media_type="application/pdf", path=str(file), sha256="f" * 64)]
    base.passage = replace(base.passage, spans=(replace(base.passage.spans[0], page_index=1),))
    page = html_of(ask(app, "Who votes?"))
    assert "has changed since it was indexed" in page
    assert "<mark>One member, one vote.</mark>" in page


@pytest.mark.parametrize(("language", "tab"), [("ru", "Вопрос"), ("uz", "Savol"), ("uz-Cyrl", "Савол")])
def test_the_interface_speaks_the_chosen_language(app, language, tab):
    app.run()
    app.selectbox(key="interface").set_value(language).run()
    assert not app.exception
    assert app.tabs[0].label == tab


def test_the_corpus_is_listed(app, base):
    base.listed.append(make_document(id=2, title="Низом", languages=("uz",), date=None))
    app.run()
    table = app.dataframe[1].value
    assert list(table["Title"]) == ["Export consortia", "Низом"]
    assert list(table["Languages"]) == ["English", "Uzbek"]
    assert list(table["Pages"]) == [9, 9]
    assert "Documents: 2 · pages: 18 · passages: 2" in html_of(app)


def upload(app, *files):
    app.run()
    app.file_uploader[0].set_value(list(files))
    return press(app, "Add to the base")


def test_an_upload_is_stored_in_the_index_folder_and_indexed(app, base, tmp_path):
    upload(app, ("../../notes.txt", b"Some text.", "text/plain"))
    ((verb, path),) = base.calls
    assert verb == "add"
    assert path.name == "notes.txt"
    assert path.is_relative_to(tmp_path / "index" / "uploads")
    assert path.read_bytes() == b"Some text."
    assert "Added: 1 · unchanged: 0 · could not be read: 0" in html_of(app)


def test_a_failed_upload_is_shown_with_its_reason(app, base):
    base.reports["scan.txt"] = Report(failed=(Failure("scan.txt", "no text on <any> page"),))
    upload(app, ("scan.txt", b"x", "text/plain"), ("void.txt", b"", "text/plain"), ("good.txt", b"y", "text/plain"))
    page = html_of(app)
    assert "Added: 1 · unchanged: 0 · could not be read: 2" in page
    assert "no text on &lt;any&gt; page" in page
    assert "the file is empty (0 bytes)" in page


def test_a_locked_index_is_explained_for_each_upload(app, base, monkeypatch):
    def locked(path, progress=None, prune=False):
        raise IndexLockedError("Another process is indexing: wait for it.")

    monkeypatch.setattr(base, "add", locked)
    upload(app, ("good.txt", b"y", "text/plain"))
    assert "Another process is indexing: wait for it." in html_of(app)


def test_removing_asks_first(app, base):
    app.run()
    app.selectbox(key="remove-choice").set_value(1).run()
    press(app, "Remove …")
    assert "Remove this document from the base?" in html_of(app)
    press(app, "Cancel")
    assert not base.calls
    app.selectbox(key="remove-choice").set_value(1).run()
    press(app, "Remove …")
    press(app, "Yes, remove it")
    assert base.calls == [("remove", 1)]
    assert "Removed:" in html_of(app)
    assert "The knowledge base is empty." in html_of(app)


def test_equal_titles_are_told_apart_by_their_paths():
    documents = [make_document(), make_document(id=2, path="/b.txt"), make_document(id=3, title="Other")]
    assert titles(documents) == {
        1: "Export consortia (/corpus/export.txt)",
        2: "Export consortia (/b.txt)",
        3: "Other",
    }


def test_the_index_folder_comes_from_the_environment_or_the_command_line():
    assert handle.index_folder(["/b"], {"KB_INDEX": "/a"}) == Path("/a")
    assert handle.index_folder(["/b"], {}) == Path("/b")
    assert handle.index_folder([], {}) == Path("index").absolute()


def test_the_directions_are_a_table_of_shares(app):
    app.run()
    assert not app.exception
    table = app.dataframe[0].value
    assert list(table.columns) == ["Export", "Jobs"]
    assert list(table.index) == ["Export consortia"]
    assert table.to_numpy().tolist() == [[50, 0]]


def test_a_direction_shows_its_passages_with_their_source(app):
    app.run()
    app.selectbox(key="directions-direction").set_value("export").run()
    page = html_of(app)
    assert "All about Export" in page
    assert "One member, one vote. The rest follows." in page
    assert "p. ii" in page
    app.selectbox(key="directions-direction").set_value("jobs").run()
    assert "No passage has this direction." in html_of(app)


def test_a_clicked_cell_chooses_its_document_and_direction(app, monkeypatch):
    state = {"directions-table": {"selection": {"cells": [(1, "Export")]}}}
    monkeypatch.setattr(directions.st, "session_state", state)
    directions._take_over([4, 7], {"Export": "export"})
    assert (state["directions-direction"], state["directions-document"]) == ("export", 7)


def test_questions_can_be_narrowed_to_directions(app, base):
    app.run()
    app.multiselect(key="filter-directions").set_value(["export"])
    app.text_input(key="question").set_value("Who votes?")
    press(app, "Ask")
    assert base.calls[-1][2]["directions"] == ("export",)


@pytest.mark.parametrize(("language", "label"), [("ru", "Экспорт"), ("uz", "Eksport"), ("uz-Cyrl", "Экспорт")])
def test_directions_are_named_in_the_language_of_the_interface(app, language, label):
    app.run()
    app.selectbox(key="interface").set_value(language).run()
    assert next(iter(app.dataframe[0].value.columns)) == label
