"""Words with their places agree with the terms of the index; acts correspond."""

import pytest
from corpus_files import built
from hypothesis import given
from hypothesis import strategies as st

from kb.readers import read
from kb.retrieval.acts import same_act
from kb.retrieval.keys import placed_keys
from kb.settings import ReadingSettings
from kb.text.words import terms, tokenize

LANGUAGES = ("uz", "ru", "en", "und")


def flat(text, language):
    return [term for key in placed_keys(text, language) for term in key.terms]


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)) | st.sampled_from("оʻ'ПҚ-123 .,«»"), max_size=80),
    st.sampled_from(LANGUAGES),
)
def test_words_one_by_one_have_the_terms_of_the_whole(text, language):
    assert flat(text, language) == terms(text, language)
    assert [(key.start, key.end) for key in placed_keys(text, language)] == [
        (token.start, token.end) for token in tokenize(text)
    ]


@given(st.text("12 5.,(\u00a0\u202f-aо'‘\n", max_size=40))
def test_numbers_with_spaces_stay_whole(text):
    assert [(key.start, key.end) for key in placed_keys(text, "uz")] == [
        (token.start, token.end) for token in tokenize(text)
    ]
    assert flat(text, "uz") == terms(text, "uz")


@pytest.mark.parametrize(
    ("stem", "language"),
    [("en01_agrofood_strategy", "en"), ("uz05_charm_ustav", "uz"), ("ru03_tekstil_polozhenie", "ru")],
)
def test_so_have_the_words_of_a_document(stem, language):
    pages = read(built(stem), ReadingSettings()).pages
    assert pages
    for page in pages:
        assert flat(page.text, language) == terms(page.text, language)


@pytest.mark.parametrize(
    ("uzbek", "cyrillic", "russian"),
    [
        ("PQ-123", "ПҚ-123", "ПП-123"),
        ("PF-60", "ПФ-60", "УП-60"),
        ("VMQ-5", "ВМҚ-5", "ПКМ-5"),
        ("OʻRQ-7", "ЎРҚ-7", "ЗРУ-7"),
    ],
)
def test_an_act_is_the_same_in_every_language(uzbek, cyrillic, russian):
    key, other = terms(uzbek, "uz")[0], terms(russian, "ru")[0]
    assert terms(cyrillic, "uz")[0] == key
    assert same_act(key) == (other,)
    assert same_act(other) == (key,)


@pytest.mark.parametrize("term", ["pq", "pq-", "pq-12a", "oziq-ovqat", "ab-12", "2024", ""])
def test_other_terms_are_no_acts(term):
    assert same_act(term) == ()
