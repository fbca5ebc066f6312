"""Pairs made of definitions and neighbours: a sentence is asked and the ones around it are told, never itself."""

import numpy as np
import pytest
from static_pairs import with_more_pairs
from texts import Texts

RUSSIAN = [f"Предложение номер {n}, в котором говорится о вещи {n} и о том, для чего нужна эта вещь." for n in range(8)]
ENGLISH = [f"Sentence number {n}, which tells of the thing {n} and of what this thing is good for." for n in range(8)]
OTHER = ["broker: a person who trades for other people", "No definition stands here at all", "Сеть: то, чем ловят рыбу"]


@pytest.fixture
def texts():
    """Two tables of four rows, told apart by how often a row is drawn; a pair; texts without ties."""
    numbers = np.arange(16, dtype=np.int32).reshape(8, 2)
    shares = np.repeat([0.1, 0.15], 4)
    return Texts(
        texts=[line for both in zip(RUSSIAN, ENGLISH, strict=True) for line in both] + OTHER,
        languages=np.array([1, 2] * 8 + [2, 2, 1], np.int8),
        words=np.zeros(19, bool),
        rows=np.concatenate([np.full((8, 1), -1, np.int32), numbers], axis=1),
        row_shares=shares / shares.sum(),
        pairs=np.array([[16, 17]], np.int32),
        pair_shares=np.ones(1),
    )


def told(found):
    return [(found.texts[asked], found.texts[answer]) for asked, answer in found.pairs]


def test_what_was_there_keeps_its_number(texts):
    found = with_more_pairs(texts, 1)
    assert found.texts[:19] == texts.texts
    assert found.pairs[0].tolist() == [16, 17]
    assert found.pair_shares.sum() == pytest.approx(1)
    assert len(found.texts) == len(found.languages) == len(found.words)


def test_an_english_word_gets_its_definition(texts):
    assert [one for one in told(with_more_pairs(texts, 1)) if one[0] in {"broker", "Сеть"}] == [
        ("broker", "a person who trades for other people")
    ]


def test_neighbours_are_of_one_table_and_one_language_and_not_the_sentence_itself(texts):
    pairs = told(with_more_pairs(texts, 1))[2:]
    assert len(pairs) == 4
    side = {line: (row, lines) for lines in (RUSSIAN, ENGLISH) for row, line in enumerate(lines)}
    for asked, answer in pairs:
        row, _ = side[asked]
        assert row // 4 == (row - 1) // 4 == (row + 1) // 4
        assert answer in {f"{lines[row - 1]} {lines[row + 1]}" for lines in (RUSSIAN, ENGLISH)}


def test_languages_meet_in_some_pairs_and_the_same_seed_gives_the_same_pairs(texts):
    seen = set()
    for seed in range(10):
        for asked, answer in told(with_more_pairs(texts, seed))[2:]:
            seen.add((asked in RUSSIAN, answer.startswith("Предложение")))
    assert seen == {(True, True), (True, False), (False, True), (False, False)}
    assert told(with_more_pairs(texts, 3)) == told(with_more_pairs(texts, 3))


def test_short_text_of_interfaces_is_never_drawn(texts):
    short = [line[:45] for line in texts.texts[:16]] + OTHER
    found = with_more_pairs(Texts(short, *(getattr(texts, name) for name in (
        "languages", "words", "rows", "row_shares", "pairs", "pair_shares"))), 1)  # fmt: skip
    neighbours = found.pairs[:, 1] >= 21
    assert neighbours.sum() == 4
    assert not found.pair_shares[neighbours].any()
