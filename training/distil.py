"""Distils the bundled transformer: six layers that place Uzbek, Russian and English where twelve layers place them.

    python training/distil.py TEXTS.xz TEACHER OUT [--steps 6000] [--tokens 49152]

TEXTS.xz is made by texts.py, TEACHER by export_transformer.py --teacher (teacher.safetensors and tokenizer.json). A
graphics card is used when there is one: on two processor cores the teacher alone takes a day.

Three parts follow each other. First the student, every second layer of the teacher, learns the teacher's states after
each pair of layers and its vectors (DistilBERT, Sanh et al. 2019; hidden states after TinyBERT, Jiao et al. 2020). Then
only the vectors count, and translations and questions with their passages are drawn together by InfoNCE over the batch
(van den Oord et al. 2018); an Uzbek text is placed where the teacher places its translations (Reimers & Gurevych 2020),
in each of its spellings. Last, the same with numbers rounded as they will be in the product. All draws are seeded; the
state is kept in OUT, and a run that was cut off goes on from there, also while the teacher places the texts.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import state
import torch
from batches import FORMS, LENGTHS, PASSAGE, QUERY, Draws, Store, tokenize
from placing import placed
from safetensors.torch import load_file, save_file
from student import Encoder
from texts import UZ, Texts, load
from tokenizers import Tokenizer
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TEACHER_LAYERS, LAYERS = list(range(12)), [0, 2, 4, 7, 9, 11]
PROMPTS = {"query": "query: ", "document": "passage: "}
STATES_UNTIL, ROUNDED_FROM = 0.3, 0.6
RATE, WARMUP, WORD_RATE = 5e-4, 200, 0.5
TEMPERATURE = 0.05
FORM_CHANCES = (0.55, 0.30, 0.15)
"""How often an Uzbek text is taken as written, without apostrophes, in Cyrillic."""
WORD_SHARE = 0.3
"""How much less often a single word is drawn than a text."""
SAME = 0.92
"""Texts whose targets are as close as this are not held against each other."""
KEPT_EVERY = 500
"""Steps between two states on disk."""


@dataclass
class Material:
    """All that training draws from: texts as ids, where each should lie, and how firmly."""

    texts: Texts
    store: Store
    targets: torch.Tensor
    own: torch.Tensor
    singles: Draws
    rows: Draws
    pairs: Draws

    def forms(self, numbers: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Return a drawn form for each text."""
        drawn = random.choice(FORMS, len(numbers), p=FORM_CHANCES)
        return np.where(self.texts.languages[numbers] == UZ, drawn, 0)


def teach(teacher: Encoder, store: Store, count: int, place: Path, run: str) -> torch.Tensor:
    """Return the teacher's vectors (texts, hidden) of all texts as written, as passages, in half precision.

    They are kept in the file `place`, now and then and at the end, and a later run goes on from there.
    """
    vectors = torch.zeros((count, teacher.map.out_features), dtype=torch.float16, device=store.device)
    order = np.argsort(store.buckets, kind="stable")
    kind = torch.float16 if store.ids.is_cuda else torch.bfloat16

    def vectors_of(some: np.ndarray) -> torch.Tensor:
        ids, mask = store.batch(some, np.zeros(len(some), np.int64), np.full(len(some), PASSAGE))
        with torch.no_grad(), torch.autocast(store.device.type, kind):
            return teacher.vectors(teacher.states(ids, mask)[-1], mask)

    def batches() -> Iterator[tuple[np.ndarray, Callable[[], torch.Tensor]]]:
        done = 0
        while done < count:
            some = order[done : done + max(1, 65_536 // LENGTHS[store.buckets[order[done]]])]
            some = some[store.buckets[some] == store.buckets[some[0]]]
            done += len(some)
            yield some, partial(vectors_of, some)

    placed(vectors, batches(), place, run)
    return vectors


def meanings(texts: Texts, vectors: torch.Tensor) -> torch.Tensor:
    """Return where each text should lie (texts, hidden): at its place in `vectors`, Uzbek ones near their translations.

    An Uzbek text's own place counts 0.3 of that of its translations.
    """
    rows = torch.from_numpy(texts.rows.astype(np.int64)).to(vectors.device)
    sums = torch.zeros(vectors.shape, dtype=torch.float32, device=vectors.device)
    for column in (1, 2):
        both = (rows[:, 0] >= 0) & (rows[:, column] >= 0)
        sums.index_add_(0, rows[both, 0], vectors[rows[both, column]].float())
    known = sums.norm(dim=1) > 0
    known &= torch.from_numpy(texts.languages == UZ).to(vectors.device)
    targets = vectors.float()
    targets[known] = functional.normalize(functional.normalize(sums[known], dim=1) + 0.3 * targets[known], dim=1)
    return targets.half()


def tie_batch(material: Material, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return text numbers of both sides of ties and what each side is: two languages of rows, or asked and found."""
    texts = material.texts
    if random.random() < 0.3:
        chosen = texts.pairs[material.pairs.draw(random)]
        return chosen[:, 0], chosen[:, 1], np.full(len(chosen), QUERY), np.full(len(chosen), PASSAGE)
    rows = texts.rows[material.rows.draw(random)]
    keys = random.random(rows.shape) - 2.0 * (rows < 0)
    order = np.argsort(-keys, axis=1)[:, :2]
    sides = np.take_along_axis(rows, order, axis=1)
    kinds = random.integers(0, 2, sides.shape)
    return sides[:, 0], sides[:, 1], kinds[:, 0], kinds[:, 1]


def ties_loss(material: Material, student: Encoder, random: np.random.Generator, rounded: bool) -> torch.Tensor:
    """Return InfoNCE both ways over a batch of ties, plus the distance of both sides from where they should lie."""
    first, second, kind, other = tie_batch(material, random)
    sides, wanted = [], []
    for numbers, kinds in ((first, kind), (second, other)):
        ids, mask = material.store.batch(numbers, material.forms(numbers, random), kinds)
        sides.append(student.vectors(student.states(ids, mask, rounded)[-1], mask))
        wanted.append(material.targets[torch.from_numpy(numbers.astype(np.int64)).to(ids.device)].float())
    scores = sides[0] @ sides[1].T / TEMPERATURE
    alike = torch.maximum(wanted[0] @ wanted[0].T, wanted[1] @ wanted[1].T) > SAME
    alike.fill_diagonal_(fill_value=False)
    scores = scores.masked_fill(alike, -1e4)
    right = torch.arange(len(scores), device=scores.device)
    apart = (functional.cross_entropy(scores, right) + functional.cross_entropy(scores.T, right)) / 2
    far = sum((1 - (side * one).sum(dim=1)).mean() for side, one in zip(sides, wanted, strict=True))
    return 0.5 * apart + 5 * far


def singles_loss(
    material: Material, student: Encoder, teacher: Encoder | None, random: np.random.Generator, rounded: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the loss of a batch of single texts, and the mean cosine to where they should lie.

    With `teacher`, states are compared after each of the student's layers as well.
    """
    numbers = material.singles.draw(random)
    forms = material.forms(numbers, random) if teacher is None else np.zeros(len(numbers), np.int64)
    ids, mask = material.store.batch(numbers, forms, random.integers(0, 2, len(numbers)))
    states = student.states(ids, mask, rounded)
    vectors = student.vectors(states[-1], mask)
    places = material.targets if teacher is None else material.own
    wanted = places[torch.from_numpy(numbers.astype(np.int64)).to(ids.device)].float()
    cosine = (vectors * wanted).sum(dim=1).mean()
    known = functional.log_softmax(wanted @ wanted.T / TEMPERATURE, dim=1)
    learned = functional.log_softmax(vectors @ wanted.T / TEMPERATURE, dim=1)
    loss = 10 * (1 - cosine) + functional.kl_div(learned, known, reduction="batchmean", log_target=True)
    if teacher is not None:
        with torch.no_grad():
            theirs = teacher.states(ids, mask)
        for ours, aims in zip(states[1:], theirs[2::2], strict=True):
            aim = aims[mask].float()
            spread = aim.var(dim=0) + 1e-4
            loss = loss + ((ours[mask].float() - aim).square() / spread).mean()
    return loss, cosine.detach()


def rate(step: int, steps: int) -> float:
    """Return the share of the full step size: up in WARMUP steps, down along a cosine."""
    return min(1.0, (step + 1) / WARMUP) * (0.01 + 0.99 * 0.5 * (1 + np.cos(np.pi * step / steps)))


def train(material: Material, student: Encoder, teacher: Encoder, steps: int, *, place: Path, run: str) -> None:
    """Train the student in place; the state of this `run` is kept in the file `place` and taken up again."""
    words = [student.words.weight]
    rest = [one for one in student.parameters() if one is not student.words.weight]
    groups = [{"params": rest, "share": 1.0}, {"params": words, "share": WORD_RATE}]
    optimizer = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.98), weight_decay=0.0, fused=words[0].is_cuda)
    first = restore(place, run, student, optimizer)
    began, device = time.monotonic(), material.store.device.type
    for step in range(first, steps):
        random = np.random.default_rng([7, step])
        for group in optimizer.param_groups:
            group["lr"] = RATE * group["share"] * rate(step, steps)
        early, rounded = step < STATES_UNTIL * steps, step >= ROUNDED_FROM * steps
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(device, torch.bfloat16):
            loss, cosine = singles_loss(material, student, teacher if early else None, random, rounded)
        loss.backward()
        tied = torch.zeros(())
        if not early:
            with torch.autocast(device, torch.bfloat16):
                tied = ties_loss(material, student, random, rounded)
            tied.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        if step % 100 == 99:
            losses = f"loss {float(loss):.3f}, cosine {float(cosine):.4f}, ties {float(tied):.3f}"
            print(f"step {step + 1} of {steps}, {time.monotonic() - began:.0f} s: {losses}", flush=True)
        if step % KEPT_EVERY == KEPT_EVERY - 1:
            keep(place, run, student, optimizer, step + 1)


def keep(place: Path, run: str, student: Encoder, optimizer: torch.optim.Optimizer, done: int) -> None:
    """Write weights, the optimizer's means and the number of steps done."""
    tensors = {f"model.{name}": one for name, one in student.state_dict().items()}
    for number, kept in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{number}.{name}": one for name, one in kept.items()}
    state.write(place, run, tensors, {"done": done})


def restore(place: Path, run: str, student: Encoder, optimizer: torch.optim.Optimizer) -> int:
    """Take up what `keep` wrote for this run; return the number of steps done, 0 when there is nothing."""
    kept = state.read(place, run)
    if kept is None:
        return 0
    tensors, facts = kept
    student.load_state_dict({name[6:]: one for name, one in tensors.items() if name.startswith("model.")})
    means: dict[int, dict[str, torch.Tensor]] = {}
    for name, one in tensors.items():
        if name.startswith("optimizer."):
            _, number, part = name.split(".")
            means.setdefault(int(number), {})[part] = one
    optimizer.load_state_dict({"state": means, "param_groups": optimizer.state_dict()["param_groups"]})
    print(f"goes on after step {facts['done']}", flush=True)
    return int(facts["done"])


def prepare(options: argparse.Namespace, device: str) -> tuple[Material, Encoder, dict[str, torch.Tensor]]:
    """Read texts and teacher, tokenize, and place all texts."""
    began = time.monotonic()
    texts = load(options.texts)
    tokenizer = Tokenizer.from_file(str(options.teacher / "tokenizer.json"))
    store = tokenize(texts, tokenizer, PROMPTS, device, os.cpu_count() or 1)
    print(f"{len(texts.texts)} texts, {len(store.ids)} ids, {time.monotonic() - began:.0f} s", flush=True)
    weights = options.teacher / "teacher.safetensors"
    tensors = load_file(weights)
    teacher = Encoder(tensors, TEACHER_LAYERS).to(device).eval()
    run = state.key_of(options.texts, weights)
    own = teach(teacher, store, len(texts.texts), options.out / "texts.safetensors", run)
    print(f"placed, {time.monotonic() - began:.0f} s", flush=True)
    shares = np.where(texts.words, WORD_SHARE, 1.0)
    row_buckets = np.where(texts.rows < 0, -1, store.buckets[texts.rows]).max(axis=1)
    material = Material(
        texts=texts,
        store=store,
        own=own,
        targets=meanings(texts, own),
        singles=Draws(store.buckets, shares, options.tokens),
        rows=Draws(row_buckets, texts.row_shares, options.tokens, sides=2),
        pairs=Draws(store.buckets[texts.pairs].max(axis=1), texts.pair_shares, options.tokens, sides=2),
    )
    return material, teacher, tensors


def main() -> None:
    """Distil; write OUT/student.safetensors, in the teacher's layout, and the teacher's vectors of all texts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("teacher", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--tokens", type=int, default=49_152)
    options = parser.parse_args()
    torch.manual_seed(0)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    options.out.mkdir(parents=True, exist_ok=True)
    material, teacher, tensors = prepare(options, device)
    student = Encoder(tensors, LAYERS).to(device)
    place = options.out / "state.safetensors"
    inputs = (options.texts, options.teacher / "teacher.safetensors")
    run = state.key_of(*inputs, settings=(options.steps, options.tokens))
    train(material, student, teacher, options.steps, place=place, run=run)
    save_file(student.checkpoint(), options.out / "student.safetensors")
    place.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
