"""Token ids of all texts on the training device, and batches of texts of like length.

A batch holds as many texts as fit a number of tokens; lengths go by steps, so that little of a batch is padding. Uzbek
texts are there in three forms: as written, without apostrophes and in Cyrillic.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from kb.text.spellings import drop_apostrophes, to_cyrillic

if TYPE_CHECKING:
    from collections.abc import Callable

    from texts import Texts
    from tokenizers import Tokenizer

BEGIN, PAD, END = 0, 1, 2
LENGTHS = (8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256)
"""Tokens of a batch's texts, with the prompt and the two marks; the longest are cut to the last."""
FORMS = 3
QUERY, PASSAGE = 0, 1


def respelled(change: Callable[[str], str], texts: list[str], processes: int) -> list[str]:
    """Return the texts changed, in parallel."""
    if processes < 2:
        return [change(text) for text in texts]
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(change, texts, chunksize=2_000))


@dataclass
class Store:
    """`ids` of all texts laid end to end; form f of text t begins at `starts[f, t]` and has `lengths[f, t]` ids.

    `prompts` (2, n) are the begin mark and the prompt of a question and of a passage, `fronts` (2,) their lengths;
    `buckets` (texts,) index LENGTHS by the longest form.
    """

    ids: torch.Tensor
    starts: torch.Tensor
    lengths: torch.Tensor
    prompts: torch.Tensor
    fronts: torch.Tensor
    buckets: np.ndarray

    @property
    def device(self) -> torch.device:
        """Where the ids lie."""
        return self.ids.device

    def batch(self, numbers: np.ndarray, forms: np.ndarray, kinds: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        """Return ids and mask (texts, tokens) of texts in the given forms, each with its kind's prompt in front."""
        where = torch.from_numpy(np.stack([forms, numbers, kinds]).astype(np.int64)).to(self.device, non_blocking=True)
        starts, lengths = self.starts[where[0], where[1]], self.lengths[where[0], where[1]]
        fronts = self.fronts[where[2]][:, None]
        ends = (lengths + fronts[:, 0]).clamp(max=LENGTHS[-1] - 1)[:, None]
        longest = int(ends.max()) + 1
        places = torch.arange(next(one for one in LENGTHS if one >= longest), device=self.device)[None, :]
        ids = self.ids[(starts[:, None] + places - fronts).clamp(min=0, max=len(self.ids) - 1)]
        width = self.prompts.shape[1]
        ids[:, :width] = torch.where(places[:, :width] < fronts, self.prompts[where[2]], ids[:, :width])
        ids = torch.where(places == ends, END, torch.where(places < ends, ids, PAD))
        return ids, places <= ends


def tokenize(texts: Texts, tokenizer: Tokenizer, prompts: dict[str, str], device: str, processes: int) -> Store:
    """Return the store of all texts and forms."""
    uzbek = np.flatnonzero(texts.languages == 0)
    written = [texts.texts[number] for number in uzbek]
    found: list[np.ndarray] = []
    starts = np.zeros((FORMS, len(texts.texts)), np.int64)
    lengths = np.zeros((FORMS, len(texts.texts)), np.int32)
    total = 0
    forms = [texts.texts, *(respelled(change, written, processes) for change in (drop_apostrophes, to_cyrillic))]
    for form, some in enumerate(forms):
        counts = []
        for first in range(0, len(some), 50_000):
            encoded = tokenizer.encode_batch_fast(some[first : first + 50_000], add_special_tokens=False)
            cut = [np.array(one.ids[: LENGTHS[-1]], np.int32) for one in encoded]
            counts.extend(map(len, cut))
            found.append(np.concatenate(cut))
        owners = np.arange(len(some)) if form == 0 else uzbek
        ends = total + np.cumsum(counts)
        if form:
            starts[form], lengths[form] = starts[0], lengths[0]
        starts[form, owners], lengths[form, owners] = ends - counts, counts
        total = int(ends[-1])
    asked = (prompts[kind].strip() for kind in ("query", "document"))
    fronts = [[BEGIN, *tokenizer.encode(prompt, add_special_tokens=False).ids] for prompt in asked]
    longest = max(map(len, fronts))
    sizes = np.array(LENGTHS) - longest - 1
    buckets = np.searchsorted(sizes, lengths.max(axis=0)).clip(max=len(LENGTHS) - 1)
    return Store(
        ids=torch.from_numpy(np.concatenate(found)).to(device),
        starts=torch.from_numpy(starts).to(device),
        lengths=torch.from_numpy(lengths).to(device),
        prompts=torch.tensor([one + [PAD] * (longest - len(one)) for one in fronts], dtype=torch.int32, device=device),
        fronts=torch.tensor([len(one) for one in fronts], dtype=torch.int32, device=device),
        buckets=buckets.astype(np.int8),
    )


class Draws:
    """Draws batches of items of like length: a length first, by its share of the tokens, then items of that length."""

    def __init__(self, buckets: np.ndarray, shares: np.ndarray, tokens: int, sides: int = 1) -> None:
        """`buckets` (items,) index LENGTHS, `shares` (items,) weigh the items; `tokens` bounds a batch."""
        self.members = [np.flatnonzero((buckets == one) & (shares > 0)) for one in range(len(LENGTHS))]
        self.shares = [shares[some] / shares[some].sum() if len(some) else np.zeros(0) for some in self.members]
        self.sizes = [max(1, tokens // (length * sides)) for length in LENGTHS]
        mass = np.array([shares[some].sum() / size for some, size in zip(self.members, self.sizes, strict=True)])
        self.chances = mass / mass.sum()
        self.steps = [np.cumsum(one) for one in self.shares]

    def draw(self, random: np.random.Generator) -> np.ndarray:
        """Return the items of a batch, without repeats."""
        bucket = int(random.choice(len(LENGTHS), p=self.chances))
        places = np.searchsorted(self.steps[bucket], random.random(self.sizes[bucket]))
        return self.members[bucket][np.unique(places.clip(max=len(self.members[bucket]) - 1))]
