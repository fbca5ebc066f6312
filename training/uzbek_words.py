"""Gives frequent Uzbek words a piece and a vector of their own, made of their English translations' word vectors.

A multilingual model cuts Uzbek words into fragments that it has seen rarely; the meaning of the English words it knows
well. So each Uzbek word form that parallel text translates reliably becomes one piece whose input vector is
sum p(e | w) * (mean of the vectors of e's pieces). The idea of WECHSEL (Minixhofer et al. 2022) and FOCUS (Dobler &
de Melo 2023), with translations from IBM Model 1 instead of aligned embeddings. The capitalised form shares the vector.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from alignment import Rows, learn
from evaluate_encoder import read_table
from normalizer import spelling

if TYPE_CHECKING:
    from pathlib import Path

    from tokenizers import Tokenizer

WEIGHTS = {"authored_sentences": 2, "authored_glossary": 3, "localisation_1": 1, "localisation_2": 1, "dictionary": 1}
WORD = re.compile(r"[^\W\d_](?:[‘’]?[^\W\d_]|‘)*")
MOST_WORDS = 12_000
LONGEST_ROW, SHORTEST_WORD, FEWEST_USES = 40, 4, 5
LEAST_PROBABILITY, LEAST_COUNT, LEAST_SURE, LEAST_SEEN, MOST_TRANSLATIONS = 0.05, 0.4, 0.35, 3.0, 4


@dataclass(frozen=True)
class Words:
    """New pieces with scores, the row of each among the new vectors, and those vectors."""

    pieces: list[tuple[str, float]]
    rows: list[int]
    vectors: np.ndarray


def translations(train: Path) -> tuple[dict[str, list[tuple[str, float, float]]], Counter[str]]:
    """Return English (word, probability, count) by Uzbek word form, best first, and how often each form was seen."""
    clean = spelling()
    ids: tuple[dict[str, int], dict[str, int]] = ({"": 0}, {"": 0})
    sides: tuple[list[list[int]], list[list[int]]] = ([], [])
    weights = []
    for name, weight in WEIGHTS.items():
        table = read_table(train / f"{name}.tsv")
        for row in zip(table["uz"], table["en"], strict=True):
            words = [WORD.findall(clean.normalize_str(cell).lower()) for cell in row]
            if all(0 < len(found) < LONGEST_ROW for found in words):
                weights.append(weight)
                for found, known, side in zip(words, ids, sides, strict=True):
                    side.append([known.setdefault(word, len(known)) for word in found])
    lexicon = learn(Rows.of(sides[0]), Rows.of(sides[1]), np.array(weights, np.float64), rounds=5, discount=0.1)
    uzbek, english = list(ids[0]), list(ids[1])
    kept = (lexicon.probability > LEAST_PROBABILITY) & (lexicon.count > LEAST_COUNT)
    found_for: dict[str, list[tuple[str, float, float]]] = {}
    for a, b, probability, count in zip(
        lexicon.source[kept], lexicon.target[kept], lexicon.probability[kept], lexicon.count[kept], strict=True
    ):
        found_for.setdefault(uzbek[a], []).append((english[b], float(probability), float(count)))
    for found in found_for.values():
        found.sort(key=lambda entry: (-entry[1], entry[0]))
    return found_for, Counter(uzbek[one] for side in sides[0] for one in side)


def learn_words(
    train: Path, tokenizer: Tokenizer, scores: dict[str, float], rows: np.ndarray, english: set[str]
) -> Words:
    """Return the new pieces. `scores` and `rows` are of the present pieces; words in `english` are left alone."""
    found_for, uses = translations(train)
    pieces: list[tuple[str, float]] = []
    row_of: list[int] = []
    vectors: list[np.ndarray] = []

    def tokens(word: str) -> tuple[list[str], list[int]]:
        encoding = tokenizer.encode(word, add_special_tokens=False)
        return encoding.tokens, encoding.ids

    for word, count in sorted(uses.items(), key=lambda entry: (-entry[1], entry[0])):
        found = found_for.get(word, [])
        best = found[:MOST_TRANSLATIONS]
        sure = sum(probability for _, probability, _ in best)
        seen = sum(one for _, _, one in found)
        if count < FEWEST_USES or len(word) < SHORTEST_WORD or word in english:
            continue
        if sure < LEAST_SURE or seen < LEAST_SEEN or len(tokens(word)[1]) < 2:
            continue
        for form in (word, word[0].upper() + word[1:]):
            parts, ids = tokens(form)
            if len(ids) > 1:
                # Just above the sum of its parts, so that the word is taken whole and nothing else changes.
                pieces.append(("▁" + form, max(-30.0, sum(scores[part] for part in parts) + 1)))
                row_of.append(len(vectors))
        vectors.append(sum(p * rows[tokens(other)[1]].mean(axis=0) for other, p, _ in best) / sure)
        if len(vectors) == MOST_WORDS:
            break
    return Words(pieces, row_of, np.array(vectors, np.float32))
