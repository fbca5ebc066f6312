import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.fold import APOSTROPHES, fold, loose

FOUR_SPELLINGS = [
    ("ўзбекистон", "oʻzbekiston", "özbekiston", "özbekiston"),
    ("тоғ", "togʻ", "toğ", "toğ"),
    ("шаҳар", "shahar", "şahar", "shahar"),
    ("чора", "chora", "çora", "chora"),
    ("маъно", "maʼno", "mano", "mano"),
    ("Исҳоқ", "Isʼhoq", "Ishoq", "ishoq"),
    ("объект", "obyekt", "obyekt", "obyekt"),
    ("ёғ", "yogʻ", "yoğ", "yoğ"),
    ("эълон", "eʼlon", "elon", "elon"),
    ("поезд", "poyezd", "poyezd", "poyezd"),
    ("инвестиция", "investitsiya", "investitsiya", "investitsiya"),
    ("концепция", "konsepsiya", "konsepsiya", "konsepsiya"),
    ("конференция", "konferensiya", "konferensiya", "konferensiya"),
    ("цемент", "sement", "sement", "sement"),
    ("цирк", "sirk", "sirk", "sirk"),
    ("цех", "sex", "sex", "sex"),
    ("октябрь", "oktabr", "oktabr", "oktabr"),
    ("сентябрь", "sentabr", "sentabr", "sentabr"),
    ("июль", "iyul", "iyul", "iyul"),
    ("павильон", "pavilyon", "pavilyon", "pavilyon"),
    ("ғўза", "gʻoʻza", "ğöza", "ğöza"),
]


@pytest.mark.parametrize(("cyrillic", "latin", "latin_2026", "key"), FOUR_SPELLINGS)
def test_the_marked_spellings_of_a_word_share_one_key(cyrillic, latin, latin_2026, key):
    assert [fold(cyrillic), fold(latin), fold(latin_2026)] == [key] * 3
    assert fold(cyrillic.upper()) == fold(latin.upper()) == fold(latin_2026.upper()) == key


@pytest.mark.parametrize("mark", APOSTROPHES)
def test_any_apostrophe_after_o_or_g_is_part_of_the_letter_and_vanishes_elsewhere(mark):
    assert fold(f"O{mark}zbekiston to{mark}g{mark} ma{mark}no") == "özbekiston töğ mano"


def test_the_nine_apostrophes_named_by_practice_are_all_known():
    assert set("\u02bb\u02bc\u0027\u2018\u2019\u0060\u00b4\u2032\uff07") <= set(APOSTROPHES)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("щётка", "shyotka"),
        ("Подъезд", "podyezd"),
        ("съёмка", "syomka"),
        ("экспорт", "eksport"),
        ("Европа", "yevropa"),
        ("премьера", "premyera"),
        ("рынок", "rinok"),
        ("за́мок", "zamok"),
        ("и\u0306од", "yod"),
        ("İŞ", "ish"),
        ("ș\u0219", "shsh"),
        ("клас\u00adтер\u200b", "klaster"),
        ("ﬁrma № ５", "firma no 5"),
        ("5'6", "5'6"),
        ("", ""),
    ],
)
def test_letters_outside_the_four_spellings(written, key):
    assert fold(written) == key


def test_the_loose_key_joins_text_whose_apostrophes_were_dropped():
    assert loose(fold("Oʻzbekiston togʻi")) == loose(fold("Ozbekiston togi")) == "ozbekiston togi"


@given(st.text())
def test_folding_a_key_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="оОoOgGгўғshшçşцеъьйё' ʻʼ’´тябр\u0301\u0306\u00ad-", max_size=20))
def test_folding_a_key_of_the_difficult_letters_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="oOgGaShc " + APOSTROPHES))
def test_which_apostrophe_was_typed_makes_no_difference(text):
    plain = "".join("'" if letter in APOSTROPHES else letter for letter in text)
    assert fold(text) == fold(plain)
