from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.dates import find_date
from kb.text.spellings import drop_apostrophes, to_cyrillic, to_latin_2026


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-yil 14-mart", "2025-03-14"),
        ("2025 йил 12 февраль", "2025-02-12"),
        ("2025-йил 12-февралда тасдиқланган", "2025-02-12"),
        ("Toshkent sh., 2024-yil 1-oktabr", "2024-10-01"),
        ("Тошкент ш., 2024 йил 1 октябрдаги ПҚ-12-сон", "2024-10-01"),
        ("2023 yil «5» sentyabr", "2023-09-05"),
        ("от 21 января 2025 года № 17", "2025-01-21"),
        ("г. Ташкент, «3» мая 2024 г.", "2024-05-03"),
        ("9 августа 2022 г.", "2022-08-09"),
        ("Опубликовано 30 июня 2021", "2021-06-30"),
        ("3 July 2025", "2025-07-03"),
        ("3rd of July, 2025", "2025-07-03"),
        ("July 3, 2025", "2025-07-03"),
        ("Sept. 14th 2024", "2024-09-14"),
        ("Date: 03.07.2025", "2025-07-03"),
        ("3/7/2025", "2025-07-03"),
        ("2025-07-03T10:00:00Z", "2025-07-03"),
        ("Approved on 2025-07-03.", "2025-07-03"),
        ("QAROR\n2025-yil 14-mart\nPQ-123", "2025-03-14"),
    ],
)
def test_dates_in_the_ways_documents_write_them(text, expected):
    assert find_date(text) == expected


@pytest.mark.parametrize("month", ["yanvar", "fevral", "mart", "aprel", "may", "iyun", "iyul", "avgust"])
def test_every_spelling_of_uzbek_months(month):
    text = f"Oʻzbekiston, 2025-yil 7-{month}dagi qaror"
    expected = find_date(text)
    assert expected is not None
    for written in (to_cyrillic(text), to_latin_2026(text), drop_apostrophes(text), text.upper()):
        assert find_date(written) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-yil",
        "31.02.2025",
        "32 января 2025 года",
        "version 1.2.2025.4",
        "12345-12-12",
        "1.5.1200",
        "PQ-2025-03",
    ],
)
def test_what_is_no_date_is_none(text):
    assert find_date(text) is None


def test_the_first_date_counts_and_only_near_the_beginning():
    assert find_date("5 мая 2024 года изменено 01.02.2025") == "2024-05-05"
    assert find_date("x " * 1500 + "5 мая 2024 года") is None


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_figures_are_read_back(day):
    assert find_date(f"Sana: {day:%d.%m.%Y} y.") == day.isoformat()
    assert find_date(f"Date: {day.isoformat()}") == day.isoformat()


@given(st.text())
def test_any_text_is_survived(text):
    found = find_date(text)
    assert found is None or date.fromisoformat(found)
