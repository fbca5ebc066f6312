"""Which sentences are read closely, and short answers inside them: whole words of the sentence as it stands."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.answering.extraction import WINDOWS, whole_words, windows
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


def test_the_best_sentences_are_read_with_their_neighbours_of_the_same_passage():
    passages = [7, 7, 7, 7, 9, 9, 4]
    logits = np.array([0.0, 1.0, 5.0, 2.0, 4.0, 0.0, 3.0])
    assert windows(passages, logits) == [range(1, 4), range(4, 6), range(6, 7), range(2)]


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(-9, 9)), min_size=1, max_size=40))
def test_windows_hold_the_best_sentences_and_never_two_passages(drawn):
    passages = sorted(passage for passage, _ in drawn)
    logits = np.array([logit for _, logit in drawn])
    parts = windows(passages, logits)
    assert int(np.argmax(logits)) in parts[0]
    assert 1 <= len(parts) <= WINDOWS
    for part in parts:
        assert 1 <= len(part) <= 3
        assert len({passages[number] for number in part}) == 1
