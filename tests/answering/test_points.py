"""Which sentences become points, in which groups, and what they are counted as."""

from dataclasses import replace

import numpy as np
import pytest

from kb.answering.candidates import FEATURES, Candidate, Candidates
from kb.answering.comparison import measures_in
from kb.answering.coverage import Coverage, words_of
from kb.answering.expected import KINDS
from kb.answering.groups import by_document, grouped
from kb.answering.intent import intent, serves
from kb.answering.phrases import counted, not_found, nothing_on, partly
from kb.answering.points import choose_points, states
from kb.answering.topic import topic
from kb.directions.taxonomy import load_taxonomy
from kb.models.words import load_word_vectors
from kb.records import DirectionScore, Document, Hit, Passage, Span
from kb.retrieval.query import Query
from kb.text.language import identify
from kb.text.spellings import to_cyrillic, to_latin_2026


class _NoTerms:
    def terms_of(self, query):
        return ()


NOTHING_ASKED = Coverage(Query("", "en", "", (), np.zeros(1, np.float32)), _NoTerms(), load_word_vectors())


def candidates(*rows):
    """Candidates of (text, language, document, strength), each a passage; strength is nearness and coverage."""
    sentences: list[Candidate] = []
    for number, (text, language, document, _) in enumerate(rows, start=1):
        passage = Passage(number, document, number, text, (Span(1, 0, len(text)),), (), language, "")
        title = f"Document {document}"
        source = Document(document, title, f"/{document}.txt", "0" * 64, "text/plain", None, (language,), 1, 1)
        hit = Hit(number, 1.0, passage, source, 1, "1")
        sentences.append(Candidate(hit, 0, len(text), words_of(text, language)))
    features = np.zeros((len(rows), len(FEATURES)), np.float32)
    for name in ("cosine", "best"):
        features[:, FEATURES.index(name)] = [strength for *_, strength in rows]
    hits = tuple(sentence.hit for sentence in sentences)
    nothing = np.zeros((0, len(rows)), np.float32)
    asked = (False,) * len(KINDS)
    return Candidates("", "en", hits, tuple(sentences), features, NOTHING_ASKED, asked, nothing, nothing, nothing)


FILLER = [(f"Chapter {n} describes the weather of month {n} in detail.", "en", 9, 0.0) for n in range(12)]


def chosen(question, *rows, **limits):
    found = candidates(*rows, *FILLER)
    logits = np.asarray([strength for *_, strength in (*rows, *FILLER)], np.float64)
    return choose_points(question, found, logits, **limits)


def texts(points):
    return [point.sentence.text for point in points]


GRANT = ("The fund pays half of the certificate of an exporting firm.", "en", 1, 5.0)
FREIGHT = ("Freight to the border is refunded to firms that sell abroad.", "en", 2, 4.5)


def test_the_same_statement_is_a_point_once_in_two_wordings_or_languages():
    again = ("The fund pays half of the certificate of the exporting firm.", "en", 2, 4.9)
    russian = ("Положение действует в 2025, 2026 и 2027 годах.", "ru", 3, 4.8)
    uzbek = ("Nizom 2025, 2026 va 2027-yillarda amal qiladi.", "uz", 4, 4.7)
    found = texts(chosen("Which measures help exporters?", GRANT, again, russian, uzbek, FREIGHT))
    assert found.count(GRANT[0]) == 1
    assert again[0] not in found
    assert len({russian[0], uzbek[0]} & set(found)) == 1
    assert FREIGHT[0] in found


def test_equal_wording_with_other_numbers_is_another_point():
    one = ("The share of women among operators rose to 41 percent.", "en", 1, 5.0)
    other = ("The share of women among technicians fell to 16 percent.", "en", 2, 4.9)
    assert set(texts(chosen("What do the documents say of women?", one, other))) >= {one[0], other[0]}


def test_limits_hold_for_all_and_for_a_document():
    many = [
        (f"Measure {'abcdefghijkl'[n]} grants {n + 3} firms a {10 + n} percent refund.", "en", 1, 5.0)
        for n in range(12)
    ]
    assert len(chosen("Which measures exist?", *many, most=3)) == 3
    limited = chosen("Which measures exist?", *many, most_of_a_document=2)
    assert sum(point.sentence.hit.document.id == 1 for point in limited) == 2


def test_headings_questions_and_contents_are_no_points():
    assert states("The fund pays half of the cost.")
    assert states("Предоставляется грант до 18 миллионов сумов") is False
    for text in (
        "2. Assessing export potential",
        "What does an IT cluster give to industry?",
        "4. Moliyalashtirish .................................................. 7",
        "Keywords: cluster, diversification, marketing platform, logistics platform.",
        "Kalit so‘zlar: klaster, hamkorlik, kooperatsiya zichligi, xarajat, samara.",
    ):
        assert not states(text)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Which measures raise the export potential?", "measures"),
        ("Какие меры повышают экспорт?", "measures"),
        ("Qanday choralar ko‘zda tutilgan?", "measures"),
        ("What obstacles do firms meet?", "obstacles"),
        ("Что мешает кластерам?", "obstacles"),
        ("Nimalar to‘sqinlik qilmoqda?", "obstacles"),
        ("Who sits on the council?", "other"),
    ],
)
def test_what_is_asked_for_is_read_in_all_languages_and_spellings(question, wanted):
    assert intent(question) == wanted
    if identify(question).language == "uz":
        assert intent(to_cyrillic(question)) == wanted
        assert intent(to_latin_2026(question)) == wanted


@pytest.mark.parametrize(
    ("sentence", "wanted", "of_the_kind"),
    [
        ("При экспорте одежды компенсируется 30 процентов перевозки.", "measures", True),
        ("Imtiyozli kredit ajratiladi.", "measures", True),
        ("Имтиёзли кредит ажратилади.", "measures", True),
        ("The region lies in a valley.", "measures", False),
        ("Small firms lack a laboratory.", "obstacles", True),
        ("Omborlar yetishmaydi.", "obstacles", True),
        ("Whatever it says.", "other", False),
    ],
)
def test_whether_a_sentence_is_of_the_kind_wanted(sentence, wanted, of_the_kind):
    assert serves(sentence, wanted) is of_the_kind


def test_a_topic_is_the_question_without_its_frame():
    assert topic("Which measures raise the export potential?") == "export potential"
    assert topic("Какие меры повышают экспортный потенциал?") == "экспортный потенциал"
    assert topic("Қайси чоралар экспорт салоҳиятини оширади?") == "экспорт салоҳиятини"
    assert topic("What is done?") == ""


def query(text, language="en", terms=()):
    return Query(text, language, "", terms, np.zeros(1, np.float32), terms)


def test_groups_by_document_are_ordered_by_strength_and_keep_reading_order():
    points = chosen(
        "Which measures help exporters?", GRANT, FREIGHT, ("A fair abroad is paid by the fund, too.", "en", 1, 4.0)
    )
    groups = by_document(points)
    assert [group.document.id for group in groups][:2] == [1, 2]
    first = [point.sentence.hit.passage.ordinal for point in groups[0].points]
    assert first == sorted(first)
    assert sum(len(group.points) for group in groups) == len(points)


def test_a_question_about_no_direction_is_grouped_by_directions_in_the_askers_spelling():
    rows = [
        (f"Rule {word} lets firm {n} keep a {n + 20} percent share.", "en", n, 5.0)
        for n, word in enumerate("abcdef", 1)
    ]
    points = chosen("Which rules exist?", *rows, most=6)
    names = ["export", "investment"]
    placed = [
        replace(
            p,
            sentence=replace(p.sentence, hit=replace(p.sentence.hit, directions=(DirectionScore(names[n % 2], 0.9),))),
        )
        for n, p in enumerate(points)
    ]
    taxonomy = load_taxonomy()
    groups = grouped(placed, query("Qanday qoidalar bor?", "uz"), taxonomy)
    assert {group.direction for group in groups} == set(names)
    assert {group.heading for group in groups} == {"Eksport", "Investitsiya"}
    cyrillic = replace(query("Қандай қоидалар бор?", "uz"), spelling="cyrillic")
    assert {group.heading for group in grouped(placed, cyrillic, taxonomy)} == {"Экспорт", "Инвестиция"}
    about_exports = grouped(placed, query("export rules", "en", ("export", "rule")), taxonomy)
    assert {group.direction for group in about_exports} == {None}


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("Ulush 31 foizga yetdi.", {"share"}),
        ("Грант до 18 миллионов сумов выдают 870 человекам.", {"money", "people"}),
        ("A plot of 41 hectares is leased for 25 years.", {"area", "time"}),
        ("Nothing is counted here.", set()),
    ],
)
def test_measures_are_told_apart_in_three_languages(text, measures):
    assert measures_in(text) == measures


@pytest.mark.parametrize(
    ("points", "documents", "language", "spelling", "said"),
    [
        (12, 7, "en", "", "12 points from 7 documents"),
        (1, 1, "en", "", "1 point from 1 document"),
        (1, 1, "ru", "", "1 пункт из 1 документа"),
        (3, 2, "ru", "", "3 пункта из 2 документов"),
        (11, 5, "ru", "", "11 пунктов из 5 документов"),
        (21, 21, "ru", "", "21 пункт из 21 документа"),
        (12, 7, "uz", "latin", "7 ta hujjatdan 12 ta band"),
        (12, 7, "uz", "cyrillic", "7 та ҳужжатдан 12 та банд"),
    ],
)
def test_points_are_counted_in_the_askers_language(points, documents, language, spelling, said):
    assert counted(points, documents, language, spelling) == said


def test_what_the_program_says_is_in_the_askers_spelling_and_leaves_names_alone():
    assert nothing_on("Тolzor", "uz", "cyrillic").startswith("«Тolzor» бўйича")
    assert "ş" in partly("uz", "latin-2026") or "ğ" in partly("uz", "latin-2026") or "ö" in partly("uz", "latin-2026")
    assert not_found("en", "", nearest=True).endswith("they are not an answer.")
    assert "nearest" not in not_found("en", "")
