"""Short answers inside sentences: whole words of the sentence as it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.answering.extraction import whole_words
from kb.text.words import tokenize


@pytest.mark.parametrize(
    ("text", "touched", "words"),
    [
        ("Exports reached 12 million dollars.", "2 milli", "12 million"),
        ("Доля достигла 42 % за год.", "42", "42 %"),
        ("Ulush 35%ni tashkil etdi.", "35", "35%"),
        ("Bogʻ “Oʻrik” deb ataladi.", "Oʻri", "Oʻrik"),
    ],
)
def test_a_span_is_widened_to_whole_words_and_its_percent_sign(text, touched, words):
    start = text.index(touched)
    begin, end = whole_words(text, start, start + len(touched))
    assert text[begin:end] == words


@given(st.text(max_size=200), st.integers(0, 200), st.integers(0, 50))
def test_widened_spans_begin_and_end_where_words_do(text, start, length):
    start = min(start, len(text))
    end = min(start + length, len(text))
    begin, stop = whole_words(text, start, end)
    assert 0 <= begin <= stop <= len(text)
    if any(token.start < end and token.end > start for token in tokenize(text)):
        assert begin in {token.start for token in tokenize(text)}
        assert stop in {token.end for token in tokenize(text)} or text[stop - 1] == "%"
