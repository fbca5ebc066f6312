"""The sides of a comparison, read from the question in three languages and all spellings."""

import pytest

from kb.answering.sides import sides_of, without
from kb.text.language import identify
from kb.text.spellings import to_cyrillic, to_latin_2026

ASKED = [
    ("Compare the export targets of Tolzor and Sarvisoy.", ["Tolzor", "Sarvisoy"]),
    ("How do Chimyonlik and Zarbulak differ in the way they store fruit?", ["Chimyonlik", "Zarbulak"]),
    ("Compare Tolzor, Sarvisoy and Zarbulak by their exports", ["Tolzor", "Sarvisoy", "Zarbulak"]),
    (
        "What is the difference between an export consortium and a trading house?",
        ["an export consortium", "a trading house"],
    ),
    ("Чем отличаются меры поддержки в Кумушсае и Зарбулаке?", ["Кумушсае", "Зарбулаке"]),
    ("Чем Чинорлинская программа отличается от Ташкуприкской?", ["Чинорлинская", "Ташкуприкской"]),
    ("В чём разница между лизингом и кредитом?", ["лизингом", "кредитом"]),
    ("Zarbuloq va Sarvisoy klasterlarining moliyaviy holati qanday farq qiladi?", ["Zarbuloq", "Sarvisoy"]),
    ("Chinorli bilan Toshko‘prik dasturlarini solishtiring", ["Chinorli", "Toshko‘prik"]),
    ("Klaster va konsorsium o‘rtasidagi farq nima?", ["Klaster", "konsorsium"]),
]


@pytest.mark.parametrize(("question", "labels"), ASKED)
def test_sides_are_named_as_the_user_wrote_them(question, labels):
    spellings = [str]
    if identify(question).language == "uz":
        spellings += [to_cyrillic, to_latin_2026]
    for spelt in spellings:
        asked = spelt(question)
        found = sides_of(asked, identify(asked).language)
        assert [side.label for side in found] == [spelt(label) for label in labels]
        assert [asked[side.start : side.end] for side in found] == [side.label for side in found]


def test_a_question_without_all_sides_but_one_keeps_the_rest():
    question = "How do Chimyonlik and Zarbulak store fruit?"
    sides = sides_of(question, "en")
    assert without(question, sides, sides[0]) == "How do Chimyonlik and store fruit?"
    assert without(question, sides, sides[1]) == "How do and Zarbulak store fruit?"
    assert without(question, sides, None) == "How do and store fruit?"


@pytest.mark.parametrize("question", ["How much did Tolzor export?", "Почему?", "Qumtepada nima bor?"])
def test_there_are_no_sides_where_nothing_is_compared(question):
    assert sides_of(question, identify(question).language) == ()
