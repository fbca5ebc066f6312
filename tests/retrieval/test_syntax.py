"""Signs of a question: what is a phrase, what is left out, and what is only punctuation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.retrieval.syntax import take_apart

WORDS = st.text("aбвoqғşklmn", min_size=1, max_size=8)
MARKS = st.sampled_from(['""', "“”", "„“", "„”", "«»", "““"])


@pytest.mark.parametrize(("opening", "closing"), ['""', "“”", "„“", "„”", "«»", "““"])
def test_every_pair_of_quotation_marks_makes_a_phrase(opening, closing):
    signs = take_apart(f"Nima {opening}Tolzor Charm{closing} haqida?")
    assert signs.phrases == ("Tolzor Charm",)
    assert signs.plain == "Nima Tolzor Charm haqida?"
    assert "Tolzor" not in signs.outside


def test_an_uzbek_ending_stays_with_the_last_word_of_a_name():
    signs = take_apart('"Kökdaryo Elektr"ning maqsadi')
    assert signs.phrases == ("Kökdaryo Elektr",)
    assert signs.plain == "Kökdaryo Elektrning maqsadi"


def test_a_name_after_a_letter_is_a_word_of_its_own():
    assert take_apart("ООО«Ромашка»").plain == "ООО Ромашка"


def test_inner_marks_belong_to_the_phrase():
    assert take_apart("«ООО „Ромашка“»").phrases == ("ООО „Ромашка“",)


@pytest.mark.parametrize(
    ("text", "excluded"),
    [
        ("кластер -экспорт", ("экспорт",)),
        ("-eksport klaster", ("eksport",)),
        ("klaster −oʻzbek", ("oʻzbek",)),
        ("klaster -oziq-ovqat, sifat", ("oziq-ovqat",)),
        ("akt -PQ-123", ("PQ-123",)),
        ('klaster -"eksport konsorsiumi" nima', ("eksport konsorsiumi",)),
        ("klaster -«экспорт» -import", ("экспорт", "import")),
    ],
)
def test_a_minus_at_a_words_start_leaves_it_out(text, excluded):
    signs = take_apart(text)
    assert signs.excluded == excluded
    assert not any(word in signs.plain for word in excluded)


@pytest.mark.parametrize(
    "text",
    [
        "oziq-ovqat klasteri",
        "2020-2024 yillar",
        "2020 -2024 yillar",
        "rentabellik -5 foiz",
        "кластер — это союз",
        "кластер - это союз",
        "кластер –это союз",
        "klaster-",
        "a--b",
        "--yordam",
        "экспорт (-импорт)",
    ],
)
def test_hyphens_ranges_dashes_and_numbers_leave_nothing_out(text):
    signs = take_apart(text)
    assert signs.excluded == ()
    assert signs.plain == signs.outside == text


@pytest.mark.parametrize("text", ['5" труба', 'a "b', "« »", '""', "“", "x” y“", '-"'])
def test_marks_without_a_partner_or_a_word_are_text(text):
    signs = take_apart(text)
    assert (signs.phrases, signs.excluded, signs.plain) == ((), (), text)


@given(st.lists(WORDS, min_size=1), st.lists(WORDS, max_size=3), MARKS, st.lists(WORDS, max_size=3))
def test_signs_are_read_back_as_they_were_written(plain, phrase, marks, excluded):
    quoted = [f"{marks[0]}{' '.join(phrase)}{marks[1]}"] if phrase else []
    signs = take_apart(" ".join([*plain, *quoted, *(f"-{word}" for word in excluded)]))
    assert signs.excluded == tuple(excluded)
    assert signs.phrases == ((" ".join(phrase),) if phrase else ())
    assert signs.outside.split() == plain
    assert signs.plain.split() == [*plain, *phrase]


@given(st.text('ab1 -−"“”„«»\n', max_size=60))
def test_whatever_the_signs_no_letter_is_lost(text):
    signs = take_apart(text)
    outer = [signs.plain, *signs.excluded]
    assert sorted(letter for part in outer for letter in part if letter.isalnum()) == sorted(filter(str.isalnum, text))


@given(st.text(st.characters(exclude_characters='-−"“„‟«'), max_size=60))
def test_a_text_without_signs_is_left_alone(text):
    signs = take_apart(text)
    assert (signs.plain, signs.phrases, signs.excluded) == (text.strip(), (), ())
