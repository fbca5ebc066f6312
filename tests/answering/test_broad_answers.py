"""Answers to broad questions over the whole corpus: lists in groups, and comparisons side by side."""

import pytest

from kb.answering.citations import is_verbatim
from kb.text.spellings import to_cyrillic, to_latin_2026

UZBEK = "Qaysi choralar eksport salohiyatini oshiradi?"
MEASURES = (
    "Which measures raise the export potential?",
    "Какие меры повышают экспортный потенциал?",
    UZBEK,
    to_cyrillic(UZBEK),
    to_latin_2026(UZBEK),
)
COMPARED = (
    "How does support for exports differ between Kumushsoy and Zarbulak?",
    "Чем отличается поддержка экспорта в Кумушсае и Зарбулаке?",
    "Kumushsoy va Zarbuloqda eksportni qo‘llab-quvvatlash qanday farq qiladi?",
    "Кумушсой ва Зарбулоқда экспортни қўллаб-қувватлаш қандай фарқ қилади?",
)


def whole_and_exact(answer, base):
    """Groups, sentences, citations and text hold the same quotes in the same order, each spelt by its page."""
    shown = [one for group in answer.groups for one in group.sentences]
    assert tuple(shown) == answer.sentences
    assert [one.citation for one in shown] == [one.number for one in answer.citations]
    assert [one.number for one in answer.citations] == list(range(1, len(shown) + 1))
    places = [answer.text.index(f"[{one.number}]") for one in answer.citations]
    assert places == sorted(places)
    for sentence, cited in zip(shown, answer.citations, strict=True):
        assert sentence.text == cited.quote
        assert is_verbatim(cited.quote, cited.spans, base.document(cited.document.id).pages)
    return True


@pytest.mark.parametrize("question", MEASURES)
def test_a_broad_question_is_answered_by_points_of_many_documents_and_languages(corpus_base, question):
    answer = corpus_base.ask(question)
    assert (answer.status, answer.form) == ("answered", "list")
    assert whole_and_exact(answer, corpus_base)
    assert 5 <= len(answer.sentences) <= 14
    assert len({one.document.id for one in answer.citations}) >= 4
    assert len({one.language for one in answer.citations}) >= 2
    assert len({one.quote for one in answer.citations}) == len(answer.citations)
    on_exports = ("export", "экспорт", "eksport")
    held = [any(word in one.passage.text.lower() for word in on_exports) for one in answer.citations]
    assert sum(held) >= 0.75 * len(held)


def test_groups_by_document_hold_one_document_each_in_reading_order(corpus_base):
    answer = corpus_base.ask(MEASURES[0])
    cited = {one.number: one for one in answer.citations}
    for group in answer.groups:
        own = [cited[one.citation] for one in group.sentences]
        assert {one.document.id for one in own} == {group.document.id}
        assert group.heading == group.document.title
        assert [one.passage.ordinal for one in own] == sorted(one.passage.ordinal for one in own)
    assert len({group.heading for group in answer.groups}) == len(answer.groups)


@pytest.mark.parametrize("question", COMPARED)
def test_a_comparison_has_a_group_a_side_from_its_own_documents(corpus_base, question):
    answer = corpus_base.ask(question)
    assert (answer.status, answer.form) == ("answered", "comparison")
    assert whole_and_exact(answer, corpus_base)
    first, second = answer.groups
    cited = {one.number: one for one in answer.citations}

    def places(group):
        return {cited[one.citation].document.title for one in group.sentences}

    assert all("Кумушсай" in title or "Kumushsoy" in title for title in places(first))
    assert all(any(name in title for name in ("Зарбулак", "Zarbuloq", "Zarbulak")) for title in places(second))
    assert places(first)
    assert places(second)


def test_a_side_that_no_document_knows_is_said_to_be_missing_in_the_askers_spelling(corpus_base):
    answer = corpus_base.ask("Кумушсой билан Нарнияда экспортни қўллаб-қувватлаш қандай фарқ қилади?")
    assert (answer.status, answer.form) == ("partly", "comparison")
    known, unknown = answer.groups
    assert known.sentences
    assert unknown.sentences == ()
    assert unknown.note.startswith("«Нарнияда» бўйича ҳужжатларда")
    assert unknown.note in answer.text
    assert answer.text.startswith("Ҳужжатларда тўлиқ жавоб йўқ")


def test_nothing_is_found_for_two_unknown_sides(corpus_base):
    answer = corpus_base.ask("Compare Narnia and Gondor by the price of dragons")
    assert (answer.status, answer.groups, answer.citations) == ("not_found", (), ())


def test_a_single_question_stays_one_short_answer(corpus_base):
    answer = corpus_base.ask("What is the highest level of hazardous chromium allowed in leather of the Tolzor mark?")
    assert (answer.form, answer.groups) == ("direct", ())
    assert 1 <= len(answer.sentences) <= 4


def test_what_is_not_answered_says_that_the_nearest_passages_are_no_answer(corpus_base):
    answer = corpus_base.ask("Кто выиграл чемпионат мира по футболу в 1998 году?")
    assert answer.status == "not_found"
    assert answer.text.endswith("это не ответ.")
    assert answer.hits


def test_filters_hold_for_every_side_and_point(corpus_base):
    asked = corpus_base.ask(MEASURES[1], languages=["uz"])
    compared = corpus_base.ask(COMPARED[0], languages=["ru"])
    assert {one.language for one in asked.citations} == {"uz"}
    assert {one.language for one in compared.citations} == {"ru"}
