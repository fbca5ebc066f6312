"""Answers: exact quotes with their place, no repeats, and an honest "not found"."""

import re

import pytest

from kb.answering.citations import is_verbatim, spans_of
from kb.errors import IndexDamagedError
from kb.records import Page, Passage, Span

ANSWERED = [
    ("Kengash majlislarida kvorum uchun nechta aʼzo kerak?", "uz"),
    ("Какой была доля сырья, переработанного внутри региона в 2024 году?", "ru"),
    ("How much gas does one square metre of tile need in the new kilns?", "en"),
]


def test_every_quote_is_on_its_page_byte_for_byte(small_base):
    cited = 0
    for question, _ in ANSWERED:
        for citation in small_base.ask(question).citations:
            pages = small_base.document(citation.document.id).pages
            assert is_verbatim(citation.quote, citation.spans, pages)
            assert citation.page_label == next(p.label for p in pages if p.index == citation.page_index)
            cited += 1
    assert cited


@pytest.mark.parametrize(("question", "language"), ANSWERED)
def test_an_answer_numbers_its_sentences_and_cites_each(small_base, question, language):
    answer = small_base.ask(question)
    assert answer.status in {"answered", "partly"}
    assert answer.language == language
    numbers = [int(number) for number in re.findall(r"\[(\d+)\]", answer.text)]
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert set(numbers) >= {c.number for c in answer.citations}
    assert [s.citation for s in answer.sentences] == [c.number for c in answer.citations]
    assert len({citation.quote for citation in answer.citations}) == len(answer.citations)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("Палов қандай пиширилади?", "Бу ҳужжатларда"),
        ("Palov qanday pishiriladi va unga qancha guruch solinadi?", "Bu hujjatlarda"),
        ("Какая погода будет завтра в Париже?", "В этих документах"),
        ("Who won the football world cup in 1998?", "These documents"),
    ],
)
def test_a_question_about_something_else_is_not_answered(small_base, question, says):
    answer = small_base.ask(question)
    assert answer.status == "not_found"
    assert answer.text.startswith(says)
    assert answer.citations == ()
    assert answer.hits


def passage(*spans: Span, text: str) -> Passage:
    return Passage(1, 1, 0, text, spans, (), "en", "")


def test_a_quote_over_a_page_break_has_a_span_on_both_pages():
    pages = (Page(1, "1", "xx The fund pays"), Page(2, "2", "half of it. yy"))
    both = passage(Span(1, 3, 16), Span(2, 0, 11), text="The fund pays\nhalf of it.")
    spans = spans_of(both, 4, 20)
    assert spans == (Span(1, 7, 16), Span(2, 0, 6))
    assert is_verbatim("fund pays\nhalf o", spans, pages)


def test_a_quote_that_differs_by_one_apostrophe_is_not_verbatim():
    pages = (Page(1, "1", "koʻrsatkich"),)
    assert is_verbatim("koʻrsatkich", (Span(1, 0, 11),), pages)
    assert not is_verbatim("ko'rsatkich", (Span(1, 0, 11),), pages)


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (0, 99)])
def test_a_range_outside_the_passage_is_refused(start, end):
    with pytest.raises(IndexDamagedError):
        spans_of(passage(Span(1, 0, 5), text="Hello"), start, end)
