"""The report says where the gold ended up and who stood above, and nothing in it can act on the reader's browser."""

from html.parser import HTMLParser

import pytest

from kb.evaluation.cases import Case, GoldPlace, leg_losses, worst_cases
from kb.evaluation.comparison import compare
from kb.evaluation.html_cases import cases_section
from kb.evaluation.html_report import html_report
from kb.evaluation.questions import Gold, Question
from kb.evaluation.run import evaluate
from kb.evaluation.runs import run_of
from kb.records import Document, Hit, LegScore, Match, Passage, Span
from kb.retrieval.search import LATER_LEGS

EVIL = "<script>alert(1)</script>\x1b]0;title\x07 & \"quoted\" 'too' \ud800"
VOID = {"meta", "br"}


class Page(HTMLParser):
    """Keeps the tags and the text of a page, and holds every tag to be closed in order."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.open, self.text = [], [], ""
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def document(title, path="плохо.pdf"):
    return Document(1, title, path, "0" * 64, "text/plain", None, ("ru",), 1, 1)


def hit(rank, passage, owner, *legs):
    return Hit(rank, 1 / rank, passage, owner, 1, "1", legs)


@pytest.fixture(scope="module")
def questions():
    return (
        Question(
            "lost",
            "fact",
            (("en", "Who repairs the weighbridge of the harbour?"),),
            (Gold("en06_monitoring_methodology", "Quarterly data are submitted by the 25th day after the quarter"),),
        ),
        Question("gone", "fact", (("en", "Quarterly data"),), (Gold("not-in-the-index", "no such quote"),)),
        Question("none", "", (("ru", "Сколько стоит билет на Луну?"),)),
    )


@pytest.fixture(scope="module")
def evaluation(small_base, questions):
    return evaluate(small_base, questions, 10, search_only=True)


def test_the_worst_questions_show_where_the_gold_is_and_what_stands_above(small_base, evaluation, questions):
    lost, gone = sorted(worst_cases(small_base, evaluation, questions), key=lambda case: case.question, reverse=True)
    [place] = lost.golds
    hits = small_base.search(lost.text, k=200)
    held = next(one for one in hits if "25th day" in one.passage.text)
    assert (place.rank, place.passage, place.legs) == (held.rank, held.passage, held.legs)
    assert place.rank > 1
    assert lost.above == tuple(hits[: min(5, place.rank - 1)])
    assert not any(lost.holding)
    ranks = {leg.leg: leg.rank or float("inf") for leg in held.legs if leg.leg not in LATER_LEGS}
    assert len(ranks) < len(held.legs)
    assert place.lost_by == tuple(leg for leg in ranks if ranks[leg] == max(ranks.values()))
    assert (gone.golds[0].rank, gone.golds[0].passage, gone.ndcg_10) == (None, None, 0.0)
    assert len(gone.above) == 5


def test_what_was_right_is_no_case(small_base):
    right = (
        Question(
            "right",
            "fact",
            (("en", "Quarterly data are submitted by the 25th day after the quarter"),),
            (Gold("en06_monitoring_methodology", "Quarterly data are submitted by the 25th day after the quarter"),),
        ),
    )
    found = evaluate(small_base, right, 10, search_only=True)
    assert found.row("single").measures["ndcg@10"] == 1.0
    assert worst_cases(small_base, found, right) == ()


def test_one_hard_question_does_not_fill_the_list(small_base):
    forms = tuple((f"form-{number}", "Who repairs the weighbridge?") for number in range(4))
    hard = Question("hard", "fact", forms, (Gold("absent", "nothing"),))
    other = Question("other", "fact", (("en", "What does a ticket to the Moon cost?"),), (Gold("absent", "nothing"),))
    found = evaluate(small_base, (hard, other), 10, search_only=True)
    assert {case.question for case in worst_cases(small_base, found, (hard, other), limit=2)} == {"hard", "other"}


def test_the_page_is_whole_and_holds_tables_reasons_and_texts(small_base, evaluation, questions):
    cases = worst_cases(small_base, evaluation, questions)
    page = Page(html_report(evaluation, cases, compare(run_of(evaluation), run_of(evaluation))))
    for part in ("ndcg@10", "Compared with the earlier run", "not in the index", "What stood above", "share"):
        assert part in page.text
    for case in cases:
        assert case.text in page.text
        for one in case.above:
            assert one.passage.text in page.text
    assert ("mark", {}) in page.tags


def test_the_page_needs_nothing_and_forbids_scripts(evaluation):
    page = Page(html_report(evaluation))
    assert not [tag for tag, _ in page.tags if tag in {"script", "link", "img", "iframe", "object"}]
    assert not [one for _, one in page.tags if {"src", "href", "onclick"} & one.keys()]
    policies = [one["content"] for tag, one in page.tags if tag == "meta" and "http-equiv" in one]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_hostile_text_is_shown_not_obeyed(evaluation):
    evil = Passage(1, 1, 0, EVIL, (Span(1, 0, len(EVIL)),), (EVIL,), "ru", "")
    legs = (LegScore(EVIL, 2, 0.5, 1.0),)
    gold = GoldPlace(Gold(EVIL, "script>alert"), evil, 2, legs, (EVIL,))
    lost = GoldPlace(Gold("a", EVIL), None, None, (), ())
    above = hit(1, evil, document(EVIL, EVIL), *legs)
    case = Case(EVIL, EVIL, EVIL, "single", 0.5, (gold, lost), (above,), (False,))
    source = html_report(evaluation, [case])
    page = Page(source)
    assert not [tag for tag, _ in page.tags if tag == "script"]
    assert page.text.count("<script>alert(1)</script>") >= 5
    assert "\x1b" not in source
    source.encode("utf-8")


def test_a_gold_quote_is_marked_across_line_breaks():
    text = "Before. One\n two three. After."
    held = Passage(1, 1, 0, text, (Span(1, 0, len(text)),), (), "en", "")
    place = GoldPlace(Gold("a", "One two three."), held, 3, (), ())
    source = "".join(cases_section([Case("q", "en", "?", "single", 0.5, (place,), (), ())]))
    assert "Before. <mark>One\n two three.</mark> After." in source


def test_words_that_answer_to_the_question_are_marked_in_what_stood_above():
    held = Passage(1, 1, 0, "Kema & port", (Span(1, 0, 11),), (), "uz", "latin")
    matches = (Match("ship", 0, 4, True), Match("port", 7, 11, False))
    above = Hit(1, 1.0, held, document("t"), 1, "1", matches=matches)
    lost = GoldPlace(Gold("a", "b"), None, None, (), ())
    source = "".join(cases_section([Case("q", "en", "?", "single", 0.5, (lost,), (above,), (False,))]))
    assert "<mark>Kema</mark> &amp; <mark>port</mark></blockquote>" in source


def test_losses_are_counted_by_leg():
    def place(rank, **ranks):
        legs = tuple(LegScore(leg, one, 0.0, 0.5) for leg, one in ranks.items())
        worst = max(ranks, key=lambda leg: ranks[leg] or 999)
        return GoldPlace(Gold("a"), None, rank, legs, (worst,))

    golds = (place(3, dense=9, lexical=1), place(4, dense=None, lexical=5), place(5, dense=2, lexical=7))
    losses = leg_losses([Case("q", "en", "?", "broad", 0.5, golds, (), ())])
    assert [(one.leg, one.lost, one.ranked, one.median_rank) for one in losses] == [
        ("dense", 2, 2, 2),
        ("lexical", 1, 3, 5),
    ]
