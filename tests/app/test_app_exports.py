import csv
import io
import json
from dataclasses import replace

import pytest
from app_records import HOSTILE, make_citation, make_document, make_passage
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kb.app import exports
from kb.app.messages import Messages
from kb.records import AnswerGroup, AnswerSentence

EN, RU = Messages("en"), Messages("ru")


def cited(quote, **changes):
    return make_citation(make_passage(quote), quote, document=make_document(**changes))


def rendered_text(markdown):
    """The text of the blockquotes of a Markdown file as a reader would see it."""
    tokens = MarkdownIt("commonmark").parse(markdown)
    inside, lines = 0, []
    for token in tokens:
        inside += token.nesting if token.type.startswith("blockquote") else 0
        if inside and token.type == "inline":
            kinds = {child.type for child in token.children}
            assert kinds <= {"text", "hardbreak", "text_special", "softbreak"}, kinds
            lines.append("".join("\n" if "break" in c.type else c.content for c in token.children))
    return "\n".join(lines)


def test_a_citation_reads_title_page_quote():
    assert exports.citation_text(cited("Yes."), EN) == "Export consortia, p. ii: “Yes.”"
    assert exports.citation_text(cited("Да."), RU) == "Export consortia, с. ii: «Да.»"


def test_json_holds_the_exact_quote():
    built = json.loads(exports.as_json("q?", [cited(HOSTILE + "\n  x")]))
    assert built["question"] == "q?"
    assert built["citations"][0]["quote"] == HOSTILE + "\n  x"
    assert built["citations"][0]["page"] == "ii"
    assert built["citations"][0]["page_index"] == 4


@pytest.mark.parametrize("quote", ["Ўзбекистон, «кластер»", 'a "quoted", text\nline two', HOSTILE])
def test_csv_round_trips(quote):
    rows = list(csv.DictReader(io.StringIO(exports.as_csv([cited(quote)]).decode("utf-8-sig"), newline="")))
    assert rows[0]["quote"] == quote
    assert rows[0]["title"] == "Export consortia"


@pytest.mark.parametrize("quote", ["=HYPERLINK(1)", "+1", "-1", "@x"])
def test_a_spreadsheet_does_not_run_a_quote_as_a_formula(quote):
    rows = list(csv.DictReader(io.StringIO(exports.as_csv([cited(quote)]).decode("utf-8-sig"))))
    assert rows[0]["quote"] == f"'{quote}"


@pytest.mark.parametrize(
    "quote",
    [
        HOSTILE,
        "1. first\n2) second",
        "- item\n+ item\n* item",
        "# head\n> quote\n| a | b |",
        "a_b_c *d* ~~e~~",
        "&amp;",
    ],
)
def test_markdown_renders_to_the_documents_own_characters(quote):
    markdown = exports.as_markdown("q", [cited(quote)], EN).decode()
    assert rendered_text(markdown) == quote


@given(st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=1).map(str.strip).filter(bool))
def test_markdown_renders_any_ascii_line(quote):
    assert rendered_text(exports.as_markdown("q", [cited(quote)], EN).decode()) == quote


def grouped():
    sentence = AnswerSentence("Yes.", 1, lead="It says:")
    return (AnswerGroup("A # heading", None, "export", (sentence,)), AnswerGroup("Narnia", note="Nothing."))


def test_exports_carry_the_groups():
    one = cited("Yes.")
    built = json.loads(exports.as_json("q?", [one], grouped()))
    assert built["groups"] == [
        {"heading": "A # heading", "direction": "export", "note": "", "citations": [1]},
        {"heading": "Narnia", "direction": None, "note": "Nothing.", "citations": []},
    ]
    assert built["citations"][0]["group"] == "A # heading"
    [row] = csv.DictReader(io.StringIO(exports.as_csv([one], grouped()).decode("utf-8-sig")))
    assert row["group"] == "A # heading"
    other = replace(one, number=2)
    page = exports.as_markdown("q?", [one, other], EN, grouped()).decode()
    assert page.index("## A \\# heading") < page.index("It says\\:") < page.index("1\\.") < page.index("## Narnia")
    assert page.index("Nothing.") < page.index("2\\.")


def test_without_groups_json_has_no_such_key():
    assert set(json.loads(exports.as_json("q?", [cited("Yes.")]))) == {"question", "citations"}
