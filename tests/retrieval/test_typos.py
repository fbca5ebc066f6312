"""A mistyped word finds the stem that was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from kb.retrieval.typos import MOST, NearStems

STEMS = ["eksport", "klaster", "salohiyat", "moliyalash", "rezident", "reziden", "bank", "xarid", "pq-123"]


def shelved(stems):
    return NearStems(lambda letters: [stem for stem in stems if stem.startswith(letters)])


def near(word, stems=STEMS):
    return [stem for stem, _ in shelved(stems).near(word, lambda stem: 1)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("eksprot", "eksport"),  # swapped
        ("eksporrt", "eksport"),  # one too many
        ("eksort", "eksport"),  # left out
        ("kkaster", "klaster"),  # replaced
        ("kelaster", "klaster"),
        ("ekksport", "eksport"),
        ("keksport", "eksport"),  # one too many at the very beginning
        ("molyalash", "moliyalash"),
        ("moliyalahs", "moliyalash"),
        ("mliyalahs", "moliyalash"),  # two slips in a long word
        ("harid", "xarid"),  # letters that are confused
    ],
)
def test_a_slip_is_forgiven(typed, meant):
    assert near(typed) == [meant]


@pytest.mark.parametrize("typed", ["bnak", "ekspxxt", "sport", "pq-124", "klasterlarning"])
def test_short_words_numbers_and_other_words_are_not_corrected(typed):
    assert near(typed) == []


def test_one_slip_is_nearer_than_two_and_weighs_more():
    stems = shelved(["salohiyat", "salohiya"])
    assert stems.near("saloxiyat", lambda stem: 1) == [("salohiyat", 0.7)]
    assert stems.near("saloxixat", lambda stem: 1) == [("salohiyat", 0.5)]


def test_frequent_stems_come_first_and_few_are_taken():
    stems = [f"klast{letter}r" for letter in "aboiuy"]
    found = shelved(stems).near("klastxr", stems.index)
    assert [stem for stem, _ in found] == stems[::-1][:MOST]


@given(st.lists(st.text("abekx", min_size=4, max_size=10), max_size=30), st.text("abekx", min_size=1, max_size=10))
def test_what_is_found_is_near(stems, word):
    found = shelved(stems).near(word, lambda stem: 1)
    assert len(found) <= MOST
    for stem, weight in found:
        assert 0 < weight < 1
        assert 0 < OSA.distance(stem, word) <= (2 if len(word) >= 8 else 1)
        assert len(word) >= 5
