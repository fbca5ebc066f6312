"""When marked words say what a question file expects."""

import pytest

from kb.evaluation.short_answers import alike, is_right


@pytest.mark.parametrize(
    ("marked", "expected", "language", "right"),
    [
        ("31 percent", "31 percent", "en", True),
        ("11 foizga", "Oʻrtacha 11 foiz", "uz", True),
        ("from 910 to 640 dollars", "From 910 to 640 dollars per kilowatt", "en", True),
        ("640 dollars", "From 910 to 640 dollars per kilowatt", "en", False),
        ("6 800 сумов", "6800 сумов", "ru", True),
        ("the skills council", "To the skills council", "en", True),
        ("a fund", "To the skills council", "en", False),
        ("", "To the skills council", "en", False),
    ],
)
def test_numbers_count_where_there_are_any_and_words_elsewhere(marked, expected, language, right):
    assert is_right(marked, expected, language) is right


def test_likeness_is_that_of_stems():
    assert alike("областного центра", "областной центр", "ru") == 1.0
    assert alike("областного центра", "совет", "ru") == 0.0
