"""The paired randomisation test gives the values of cases that can be worked out by hand."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.evaluation.significance import holm, randomisation_test

differences = st.lists(st.floats(-1, 1, allow_nan=False).map(lambda one: round(one, 3)), min_size=1, max_size=8)


def test_five_equal_gains_are_as_likely_as_one_of_the_two_extremes_of_thirty_two():
    assert randomisation_test([0.5] * 5) == pytest.approx(2 / 32)


def test_a_worked_example():
    # Sums of the eight exchanges of (3, 2, -1) are ±6, ±4, ±2, 0, 0 in size; the observed one is 4.
    assert randomisation_test([0.3, 0.2, -0.1]) == pytest.approx(4 / 8)


@given(differences)
def test_a_small_case_is_every_exchange(values):
    observed = abs(sum(values))
    sums = [
        abs(sum(sign * value for sign, value in zip(signs, values, strict=True)))
        for signs in product((-1, 1), repeat=len(values))
    ]
    exact = sum(one >= observed - 1e-9 for one in sums) / len(sums)
    assert randomisation_test(values) == pytest.approx(exact)


def test_questions_that_do_not_differ_change_nothing():
    assert randomisation_test([0.5, 0.25, 0.5] + [0.0] * 40) == randomisation_test([0.5, 0.25, 0.5])
    assert randomisation_test([0.0] * 9) == 1.0


def test_a_large_case_is_sampled_the_same_every_time_and_near_the_exact_value():
    # Fourteen equal gains and one equal loss: only the exchanges with at most one sign unlike the others reach it.
    values = [1.0] * 15 + [-1.0]
    exact = 2 * (1 + 16) / 2**16
    drawn = randomisation_test(values)
    assert drawn == randomisation_test(values)
    assert drawn == pytest.approx(exact, abs=4e-4)
    assert drawn != randomisation_test(values, seed=7)


def test_a_sampled_p_value_is_never_zero():
    assert randomisation_test([1.0] * 200, resamples=999) == pytest.approx(1 / 1000)


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_noise_without_a_difference_is_rarely_significant(seed):
    draws = np.random.default_rng(seed).normal(size=(20, 30))
    small = sum(randomisation_test(row.tolist(), resamples=500) < 0.01 for row in draws)
    assert small <= 4


def test_holm_multiplies_the_least_by_the_number_and_never_falls():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []
