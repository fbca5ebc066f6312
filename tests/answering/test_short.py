"""The short answer inside a sentence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.answering import short
from kb.answering.expected import asked
from kb.answering.model import load_model, numbers_of
from kb.text.words import tokenize


def best(question, sentence, language, matched_words):
    """Return the likeliest run when the words named answer to the question."""
    matched = [float(sentence[token.start : token.end] in matched_words) for token in tokenize(sentence)]
    found = short.runs(sentence, language, np.asarray(matched), asked(question), numbers_of(question))
    logits = load_model().short.logits(found.features)
    run = found.runs[int(np.argmax(logits[:-1]))]
    return sentence[run.start : run.end]


@pytest.mark.parametrize(
    ("question", "sentence", "language", "matched", "answer"),
    [
        (
            "What share of the output was processed in 2024?",
            "In 2024 they employed 400 people, yet only 31 percent of the output was processed.",
            "en",
            {"output", "processed"},
            "31 percent",
        ),
        (
            "Energiya xarajati necha foizga kamaydi?",
            "Klasterlarda energiya xarajati oʻrtacha 11 foizga kam.",
            "uz",
            {"energiya", "xarajati", "kam"},
            "11 foizga",
        ),
        (
            "Какова доля переработки?",
            "Доля переработки достигла 42 % за год.",
            "ru",
            {"Доля", "переработки"},
            "42 %",
        ),
        ("How long does it take?", "The work takes twelve months.", "en", {"takes"}, "twelve months"),
    ],
)
def test_the_number_asked_for_is_found_with_its_unit(question, sentence, language, matched, answer):
    assert answer in best(question, sentence, language, matched)


def test_a_number_that_the_question_names_is_no_answer():
    sentence = "By 2030 the share is to reach 45 percent."
    assert "45" in best("What share is planned by 2030?", sentence, "en", {"share"})


@given(st.text(max_size=300), st.lists(st.floats(0, 1), min_size=0, max_size=70))
def test_runs_are_spans_of_whole_words(text, values):
    tokens = tokenize(text)
    matched = np.zeros(len(tokens))
    matched[: len(values)] = values[: len(tokens)]
    found = short.runs(text, "en", matched, asked("How many?"), frozenset())
    assert found.features.shape == (len(found.runs) + 1, len(short.FEATURES))
    assert np.isfinite(found.features).all()
    starts = {token.start for token in tokens}
    for run in found.runs:
        assert run.start in starts
        assert text[run.start : run.end].strip("% \u00a0\u202f")
        assert run.end <= len(text)


def test_no_run_crosses_a_bracket_or_semicolon():
    text = "Nine firms (of twelve); the others left."
    found = short.runs(text, "en", np.zeros(7), asked("How many firms?"), frozenset())
    assert not any(sign in text[run.start : run.end] for run in found.runs for sign in "();")
