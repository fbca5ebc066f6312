"""Training texts as token ids on the device that trains, and the draws of batches from them.

Every step's draw depends on the seed and the step's number alone, so a run that was cut off goes on with the batches
that it would have had.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from texts import Texts
    from tokenizers import Tokenizer

SEED = 7
LONGEST = 384
"""Tokens of a text that are used."""
HELD_OUT = 2000
"""Rows, and pairs, that are kept from the contrastive loss to measure on; a tenth of a small set."""

ROWS, PAIRS, SINGLES = 0, 1, 2


class Bags:
    """Texts as token ids laid end to end, ready for an EmbeddingBag."""

    def __init__(self, tokenizer: Tokenizer, texts: list[str], device: torch.device) -> None:
        found: list[np.ndarray] = []
        for first in range(0, len(texts), 20_000):
            encoded = tokenizer.encode_batch_fast(texts[first : first + 20_000], add_special_tokens=False)
            found.extend(np.array(one.ids[:LONGEST] or [0], np.int32) for one in encoded)
        lengths = np.array([len(one) for one in found])
        self.lengths = torch.from_numpy(lengths).to(device)
        self.starts = torch.from_numpy(np.cumsum(lengths) - lengths).to(device)
        self.ids = torch.from_numpy(np.concatenate(found)).to(device)

    def take(self, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the ids of the rows and where each row's begin."""
        lengths = self.lengths[rows]
        ends = lengths.cumsum(0)
        offsets = ends - lengths
        total = int(ends[-1])
        shift = torch.repeat_interleave(self.starts[rows] - offsets, lengths, output_size=total)
        return self.ids[shift + torch.arange(total, device=rows.device)], offsets.to(torch.int32)


@dataclass(frozen=True)
class Batch:
    """A step's two sides: `left[i]` belongs to `right[i]`, both ids of texts; equal for single texts."""

    task: int
    left: np.ndarray
    right: np.ndarray


@dataclass(frozen=True)
class Draws:
    """What batches are drawn from: for each language pair the rows that have both sides, the pairs, the singles."""

    sides: list[tuple[np.ndarray, np.ndarray]]
    """For each pair of languages, and last for the pairs and the singles, cumulated shares and text ids (n, 2)."""
    chances: np.ndarray

    def batch(self, step: int, size: int) -> Batch:
        """Return the batch of a step, `size` items drawn with replacement and made unique."""
        random = np.random.default_rng([SEED, step])
        chosen = int(random.choice(len(self.sides), p=self.chances))
        cumulated, ids = self.sides[chosen]
        drawn = np.searchsorted(cumulated, random.random(size) * cumulated[-1], side="right")
        items = ids[np.unique(np.minimum(drawn, len(ids) - 1))]
        if random.random() < 0.5:
            items = items[:, ::-1]
        return Batch(min(max(chosen - 2, 0), 2), items[:, 0], items[:, 1])


def held_out(number: int, salt: int) -> np.ndarray:
    """Return which of `number` items are kept for measuring, always the same."""
    chosen = np.random.default_rng([SEED, salt]).permutation(number)[: min(HELD_OUT, number // 10)]
    kept = np.zeros(number, bool)
    kept[chosen] = True
    return kept


def language_pairs(texts: Texts, wanted: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the shares and the two text ids of the wanted rows, for uz-ru, uz-en and ru-en."""
    for left, right in ((0, 1), (0, 2), (1, 2)):
        sides = texts.rows[:, [left, right]]
        both = wanted & (sides >= 0).all(axis=1)
        yield texts.row_shares[both], sides[both]


def draws(texts: Texts, shares: tuple[float, float, float], lengths: np.ndarray, taught: np.ndarray) -> Draws:
    """Return the draws for the shares of rows, pairs and single texts. `lengths`: each text's tokens.

    A language pair's chance grows with the root of its rows' shares. Single texts are drawn by the fourth root of
    their length, since a long one teaches more words.
    """
    found = list(language_pairs(texts, ~held_out(len(texts.rows), ROWS)))
    weights = np.array([share.sum() for share, _ in found]) ** 0.5
    kept = ~held_out(len(texts.pairs), PAIRS)
    found.append((texts.pair_shares[kept], texts.pairs[kept]))
    every = np.arange(len(texts.texts))
    found.append((lengths**0.25 * taught, np.stack([every, every], axis=1)))
    chances = np.array([*(weights / weights.sum() * shares[ROWS]), shares[PAIRS], shares[SINGLES]])
    chances *= np.array([len(ids) > 0 for _, ids in found])
    return Draws([(np.cumsum(share), ids) for share, ids in found], chances / chances.sum())
