"""Places training texts where a teacher places them: the vectors that the static model and a smaller body learn from.

    python training/placing.py TEXTS.xz FOLDER OUT [--minutes 60]

TEXTS.xz is made by texts.py; FOLDER holds a model that runs without torch, such as kb/resources/transformer. OUT gets
`vectors` (texts, dimension) in half precision, in the texts' order; a row of zeros is a text not placed yet. Texts go
by their use: first those with ties, then other text, single words last. The file is written every few minutes, and a
later run goes on from there.
"""

from __future__ import annotations

import argparse
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import state
import torch
from texts import Texts, load

from kb.models.onnx_encoder import OnnxEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SECONDS_KEPT = 300.0
SHORT, LONG = 40, 400
"""Characters of a sentence and of a paragraph; texts in between come before others of their kind."""
CHUNK = 64
"""Texts between two looks at the clock."""
SEED = 5
ASKED = 0.3
"""How often training draws pairs rather than rows."""


def by_use(texts: Texts) -> np.ndarray:
    """Return the numbers of the texts, the most useful to learn from first.

    Texts with ties come in the order in which training would first draw them, all sides of a tie together: Russian and
    English before Uzbek, which is placed by its translations. Then texts without ties, English, Russian, Uzbek, those
    of sentence to paragraph length before others; single words last.
    """
    random = np.random.default_rng(SEED)
    first = np.full(len(texts.texts), np.inf)
    for ties, shares, often in ((texts.rows, texts.row_shares, 1 - ASKED), (texts.pairs, texts.pair_shares, ASKED)):
        drawn = random.exponential(size=len(ties)) / np.maximum(often * shares, 1e-12)
        for side in ties.T:
            np.minimum.at(first, side[side >= 0], drawn[side >= 0])
    tied = np.isfinite(first)
    first[~tied] = random.random(int((~tied).sum()))
    lengths = np.array([len(text) for text in texts.texts])
    odd = ~tied & ((lengths < SHORT) | (lengths > LONG))
    place = np.array([2, 1, 0])[texts.languages]
    kind = np.where(tied, place // 2, 2 + place)
    return np.lexsort((first, kind, odd, texts.words))


def placed(
    vectors: torch.Tensor, batches: Iterable[tuple[np.ndarray, Callable[[], torch.Tensor]]], place: Path, run: str
) -> None:
    """Fill the rows of `vectors` batch by batch: the texts' numbers, and what computes their vectors.

    `vectors` is kept in the file `place`, now and then and at the end, and a later run of this name skips what is done.
    """
    done = 0
    if kept := state.read(place, run):
        vectors.copy_(kept[0]["vectors"])
        done = kept[1]["done"]
    seen, written = 0, time.monotonic()

    def write() -> None:
        state.write(place, run, {"vectors": vectors}, {"done": seen})
        print(f"{seen} of {len(vectors)} texts placed", flush=True)

    for numbers, compute in batches:
        seen += len(numbers)
        if seen <= done:
            continue
        vectors[torch.from_numpy(numbers).to(vectors.device)] = compute().half()
        if time.monotonic() - written > SECONDS_KEPT:
            write()
            written = time.monotonic()
    if seen > done:
        write()


def main() -> None:
    """Place the texts, or as many as the minutes allow."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=1e6)
    options = parser.parse_args()
    ends = time.monotonic() + 60 * options.minutes
    texts, encoder = load(options.texts), OnnxEncoder(options.folder, threads=1)
    order = by_use(texts)

    def vectors_of(some: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(encoder.encode_passages([texts.texts[number] for number in some]))

    def batches() -> Iterable[tuple[np.ndarray, Callable[[], torch.Tensor]]]:
        for first in range(0, len(order), CHUNK):
            if time.monotonic() > ends:
                return
            some = order[first : first + CHUNK]
            yield some, partial(vectors_of, some)

    vectors = torch.zeros((len(order), encoder.dimension), dtype=torch.float16)
    placed(vectors, batches(), options.out, f"{state.key_of(options.texts)} {encoder.fingerprint}")


if __name__ == "__main__":
    main()
