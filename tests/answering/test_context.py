"""What a quote needs to be understood: the sentence it points back to, the lead-in of a list."""

import pytest

from kb.answering.candidates import Candidate
from kb.answering.context import LONGEST, in_context, points_back
from kb.answering.coverage import words_of
from kb.records import Document, Hit, Passage, Span
from kb.text.sentences import sentence_spans
from kb.text.spellings import to_cyrillic, to_latin_2026

DOCUMENT = Document(1, "Rules", "/rules.txt", "0" * 64, "text/plain", None, ("en",), 1, 1)


def quoted(text, wanted, language="en"):
    """The quotes and lead-ins that choosing the sentences which begin with each of `wanted` leads to."""
    passage = Passage(1, 1, 0, text, (Span(1, 0, len(text)),), (), language, "")
    hit = Hit(1, 1.0, passage, DOCUMENT, 1, "1")
    spans = sentence_spans(text)
    chosen = [
        Candidate(hit, start, end, words_of(text[start:end], language))
        for one in wanted
        for start, end in spans
        if text[start:end].startswith(one)
    ]
    assert len(chosen) == len(wanted)
    return [(one.text, lead) for one, lead in in_context(chosen, {1: spans})]


def test_a_sentence_that_points_back_brings_the_one_before():
    text = "The fund lends to potters. It charges 4 percent. Nobody pays more."
    assert quoted(text, ["It"]) == [("The fund lends to potters. It charges 4 percent.", "")]
    assert quoted(text, ["Nobody"]) == [("Nobody pays more.", "")]


def test_a_chain_of_two_comes_along_and_no_sentence_is_quoted_twice():
    text = "A centre opens. It has kilns. They use gas. Rent is low."
    assert quoted(text, ["They"]) == [("A centre opens. It has kilns. They use gas.", "")]
    assert quoted(text, ["They", "A centre", "Rent"]) == [
        ("A centre opens. It has kilns. They use gas.", ""),
        ("Rent is low.", ""),
    ]


def test_a_quote_does_not_grow_beyond_its_bound():
    text = f"The fund {'very ' * (LONGEST // 5)}kindly lends. It charges 4 percent."
    assert quoted(text, ["It"]) == [("It charges 4 percent.", "")]


def test_the_first_sentence_of_a_passage_stays_as_it_is():
    assert quoted("They pay dues. More follows.", ["They"]) == [("They pay dues.", "")]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Они получают субсидию.", "ru"),
        ("Такая мера снижает риск.", "ru"),
        ("This keeps costs down.", "en"),
        ("Bu muammoni klaster hal qiladi.", "uz"),
        ("Ular kafolat beradi.", "uz"),
        ("Shu usul arzon.", "uz"),
        ("Uning narxi past.", "uz"),
    ],
)
def test_words_that_point_back_are_known_in_every_spelling(text, language):
    assert points_back(text, language)
    if language == "uz":
        assert points_back(to_cyrillic(text), language)
        assert points_back(to_latin_2026(text), language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("This Strategy runs to 2030.", "en"),
        ("It is recommended to open a centre.", "en"),
        ("Ushbu Nizom klasterlarga tatbiq etiladi.", "uz"),
        ("Ушбу Низом кластерларга татбиқ этилади.", "uz"),
        ("Mazkur dastur uch yilga mo‘ljallangan.", "uz"),
        ("Данный документ определяет порядок.", "ru"),
        ("Эта программа рассчитана на три года.", "ru"),
        ("Устав принят общим собранием.", "ru"),
        ("Ustalar uyushmasi tuzildi.", "uz"),
    ],
)
def test_a_document_that_speaks_of_itself_points_nowhere(text, language):
    assert not points_back(text, language)


LIST = (
    "The subsidy covers:\n– half of the freight;\n– a third of the certificate;\n– stands at fairs.\n\nIt ends in 2027."
)


def test_a_lead_in_brings_its_items():
    assert quoted(LIST, ["The subsidy"]) == [(LIST.partition("\n\n")[0], "")]


def test_an_item_under_its_lead_in_brings_it_and_a_later_one_shows_it():
    assert quoted(LIST, ["– half"]) == [("The subsidy covers:\n– half of the freight;", "")]
    assert quoted(LIST, ["– stands"]) == [("– stands at fairs.", "The subsidy covers:")]


def test_a_long_list_ends_where_the_bound_is():
    items = "".join(f"\n– item {number} {'x' * 60};" for number in range(30))
    [(quote, lead)] = quoted(f"The fund pays for:{items}", ["The fund"])
    assert len(quote) <= LONGEST
    assert quote.endswith(";")
    assert quote.count("\n") >= 5
    assert lead == ""
