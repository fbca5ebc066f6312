"""More texts that belong together, made from what texts.py wrote: definitions and neighbouring sentences.

A word belongs to its definition. A sentence belongs to the two around it, in another language as well: the inverse
cloze of Lee et al. 2019 across languages, which teaches what a question and its passage need and translations do not.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from texts import EN, Texts

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFINITION = re.compile(r"([\w' ,./-]{2,60}): (\S.{14,})")
DEFINITIONS, NEIGHBOURS = 0.25, 0.35
"""Parts of all draws of pairs."""
LEAST, MOST = 30, 500
"""Characters of a sentence that has neighbours, or is one."""
ASKED, TOLD = 60, 150
"""Characters that a sentence and its two neighbours together need to be drawn; less is mostly text of buttons."""


def definitions(texts: Texts) -> list[tuple[str, str]]:
    """Return English words, each with its definition."""
    found = []
    for number in np.flatnonzero((texts.languages == EN) & ~texts.words):
        line = texts.texts[number]
        if len(line) < 400 and (match := DEFINITION.fullmatch(line)):
            found.append((match[1], match[2]))
    return found


def neighbours(texts: Texts, random: np.random.Generator) -> Iterator[tuple[int, list[int]]]:
    """Yield a text's number and those of the rows before and after it, each of the two in a language drawn at random.

    Rows of one table share how often they are drawn, which tells where a table ends.
    """
    rows, shares = texts.rows, texts.row_shares
    lengths = np.array([len(text) for text in texts.texts])
    running = ~texts.words & (lengths >= LEAST) & (lengths <= MOST)
    good = (rows >= 0) & running[rows]
    for row in range(1, len(rows) - 1):
        if shares[row - 1] != shares[row + 1] or not good[row].any():
            continue
        around = good[row - 1] & good[row + 1]
        if not around.any():
            continue
        asked = rows[row, random.choice(np.flatnonzero(good[row]))]
        told = random.choice(np.flatnonzero(around))
        yield int(asked), [int(rows[row - 1, told]), int(rows[row + 1, told])]


def with_more_pairs(texts: Texts, seed: int) -> Texts:
    """Return the texts with definitions and neighbours added at the end, and the pairs of these."""
    random = np.random.default_rng(seed)
    first = len(texts.texts)
    lines: list[str] = []
    languages: list[int] = []
    pairs: list[tuple[int, int]] = []
    drawn: list[bool] = []
    for word, meaning in definitions(texts):
        pairs.append((first + len(lines), first + len(lines) + 1))
        lines += [word, meaning]
        languages += [EN, EN]
    defined = len(pairs)
    for asked, told in neighbours(texts, random):
        pairs.append((asked, first + len(lines)))
        lines.append(" ".join(texts.texts[one] for one in told))
        languages.append(int(texts.languages[told[0]]))
        drawn.append(len(texts.texts[asked]) >= ASKED and len(lines[-1]) >= TOLD)
    parts = [texts.pair_shares, np.ones(defined), np.array(drawn, float)]
    weights = (1 - DEFINITIONS - NEIGHBOURS, DEFINITIONS, NEIGHBOURS)
    shares = np.concatenate(
        [part * weight / max(part.sum(), 1e-9) for part, weight in zip(parts, weights, strict=True)]
    )
    return replace(
        texts,
        texts=texts.texts + lines,
        languages=np.concatenate([texts.languages, np.array(languages, np.int8)]),
        words=np.concatenate([texts.words, np.zeros(len(lines), bool)]),
        pairs=np.concatenate([texts.pairs, np.array(pairs, np.int32).reshape(-1, 2)]),
        pair_shares=shares / shares.sum(),
    )
