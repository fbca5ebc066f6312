r"""Trains the bundled static encoder from nothing: a vector for every token, taught by a transformer's text vectors.

    python training/static_tokenizer.py TEXTS.xz --wordfreq wordfreq/data --out static-tokenizer.json
    python training/train_static.py TEXTS.xz --teacher vectors.safetensors words.safetensors \
        --tokenizer static-tokenizer.json --out kb/resources/static

TEXTS.xz is what texts.py writes. A teacher's file, of placing.py or place_words.py, holds a tensor `vectors`, a row of
unit length for each of those texts in their order; of a text with a row of zeros the teacher says nothing.

The teacher's vectors, less the mean of their language and length and reduced to the size wanted, are what texts are
pulled to; a text with translations to the mean over its Russian and English sides, since the teacher knows these best.
A token starts as the mean of the texts that hold it, short texts above all (Minishlab's Model2Vec, 2024, has the same
start from single tokens), scaled down where it is frequent (Arora et al. 2017, "A Simple but Tough-to-Beat Baseline").
Then three tasks alternate: translations, a passage and its question, title or sentence, and single texts. The loss is
InfoNCE both ways over the batch (Henderson et al. 2017) whose labels are mixed with the teacher's own likenesses
(Hinton et al. 2015; Tejankar et al. 2021), and the pull to the teacher's vector. Tokens are dropped at random.

`--start` goes on from the model of an earlier run. The teacher is then turned to that model's directions, so that its
vectors may be others than before (Procrustes; Xing et al. 2015, "Normalized Word Embedding and Orthogonal Transform").
It runs on the device that torch finds: minutes on a graphics card, longer on processor cores. A run that was cut
off goes on from its last saved state. Everything is seeded; on a graphics card sums are added up in any order, so that
two runs there differ in the last digits. `--seconds` ends the training early, with the rates that the time left allows.

`--mean-with` writes the mean of what was learned and of a former model with this tokenizer, from which the training
went on: it keeps what the former knew and is often better than both (Wortsman et al. 2022, "Robust fine-tuning of
zero-shot models").
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import state
import torch
from quantise_static import write_model
from safetensors.numpy import load_file
from static_batches import PAIRS, ROWS, SEED, Bags, Batch, draws, held_out, language_pairs
from static_pairs import with_more_pairs
from texts import Texts, load
from tokenizers import Tokenizer
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Sequence

DIMENSION = 256
FREQUENT = 1e-3
"""A token that makes up this share of all tokens starts with half its length."""


@dataclass(frozen=True)
class Plan:
    """How to train. `mixing`: the teacher's part of the labels for rows, pairs and single texts."""

    steps: int = 5_000
    seconds: float = float("inf")
    batch: int = 8192
    rate: float = 1e-2
    temperature: float = 0.05
    teacher_temperature: float = 0.05
    mixing: tuple[float, float, float] = (0.2, 0.5, 1.0)
    shares: tuple[float, float, float] = (0.45, 0.15, 0.4)
    pull: float = 1.0
    dropped: float = 0.1
    falls_to: float = 0.02
    """The part of the rate that the last step has."""
    save_every: int = 500


def reduced(vectors: np.ndarray, groups: np.ndarray, dimension: int, device: torch.device) -> torch.Tensor:
    """Return unit vectors of the first principal components, after each group's mean is taken off; zeros stay zeros."""
    known = np.flatnonzero(vectors.any(axis=1))
    wide = torch.from_numpy(vectors[known]).to(device).float()
    for group in np.unique(groups[known]):
        members = torch.from_numpy(groups[known] == group).to(device)
        wide[members] -= wide[members].mean(dim=0)
    values, axes = torch.linalg.eigh(wide.T @ wide)
    share = float(values[-dimension:].sum() / values.sum())
    print(f"{len(known)} texts taught; {dimension} numbers hold {share:.1%} of the teacher's variance", flush=True)
    found = torch.zeros(len(vectors), dimension, device=device)
    found[torch.from_numpy(known).to(device)] = functional.normalize(wide @ axes[:, -dimension:], dim=1)
    return found


def groups_of(texts: Texts) -> np.ndarray:
    """Return a number for each text's language and length, on which the teacher's vectors depend beside the meaning."""
    words = np.array([text.count(" ") + 1 for text in texts.texts])
    return texts.languages.astype(np.int64) * 4 + np.digitize(words, (2, 6, 40))


def targets(texts: Texts, vectors: torch.Tensor) -> torch.Tensor:
    """Return where each text is pulled to: the teacher's vector, with translations the mean of all that it knows well.

    For a row that is the mean of its Russian and English sides. A text in several rows gets their mean, and Russian and
    English texts keep a half of their own.
    """
    rows = torch.from_numpy(texts.rows.astype(np.int64)).to(vectors.device)
    there = rows >= 0
    means = functional.normalize(sum(vectors[rows[:, side]] * there[:, [side]] for side in (1, 2)), dim=1)
    sums = torch.zeros_like(vectors)
    for side in range(3):
        sums.index_add_(0, rows[there[:, side], side], means[there[:, side]])
    own = torch.from_numpy(texts.languages > 0).to(vectors.device) | (sums.abs().sum(dim=1) == 0)
    return functional.normalize(functional.normalize(sums, dim=1) + vectors * own[:, None], dim=1)


def turned(wanted: torch.Tensor, bags: Bags, rows: torch.Tensor) -> torch.Tensor:
    """Return the targets turned so that they lie closest to where `rows` place the same texts (Procrustes)."""
    known = torch.nonzero(wanted.abs().sum(dim=1) > 0)[:, 0]
    together = torch.zeros(wanted.shape[1], rows.shape[1], device=wanted.device)
    for first in range(0, len(known), 5000):
        texts = known[first : first + 5000]
        together += wanted[texts].T @ unit_sums(rows, bags.take(texts), None)
    left, _, right = torch.linalg.svd(together)
    return wanted @ (left @ right)


def start_rows(bags: Bags, wanted: torch.Tensor, tokens: int) -> torch.Tensor:
    """Return each token's mean target over the texts that hold it, a text of n tokens counting 1/n² for each."""
    device = wanted.device
    rows = torch.zeros(tokens, wanted.shape[1], device=device)
    weights, uses = torch.zeros(tokens, device=device), torch.zeros(tokens, device=device)
    known = wanted.abs().sum(dim=1) > 0
    for first in range(0, len(wanted), 5000):
        texts = torch.arange(first, min(first + 5000, len(wanted)), device=device)
        ids, _ = bags.take(texts)
        ids = ids.long()
        owners = torch.repeat_interleave(texts, bags.lengths[texts])
        share = known[owners] / bags.lengths[owners] ** 2
        rows.index_add_(0, ids, wanted[owners] * share[:, None])
        weights.index_add_(0, ids, share)
        uses.index_add_(0, ids, torch.ones_like(share))
    rows /= weights.clamp(min=1e-9)[:, None]
    seeded = torch.Generator().manual_seed(SEED)
    rows += 0.01 * torch.randn(rows.shape, generator=seeded).to(device)
    return rows * (FREQUENT / (FREQUENT + uses / uses.sum()))[:, None]


def unit_sums(weight: torch.Tensor, side: tuple[torch.Tensor, torch.Tensor], kept: torch.Tensor | None) -> torch.Tensor:
    """Return unit vectors of the texts' sums of rows; `kept` weighs each token."""
    ids, offsets = side
    sums = functional.embedding_bag(ids, weight, offsets, mode="sum", per_sample_weights=kept)
    return functional.normalize(sums, dim=1)


def contrast(
    sides: list[torch.Tensor], taught: list[torch.Tensor], same: torch.Tensor, plan: Plan, mixing: float
) -> torch.Tensor:
    """Return the loss of a batch: cross entropy both ways with mixed labels, and the pull to the teacher."""
    known = taught[0].abs().sum(dim=1) > 0, taught[1].abs().sum(dim=1) > 0
    scores = (sides[0] @ sides[1].T / plan.temperature).masked_fill(same, -1e4)
    likeness = (taught[0] @ taught[1].T / plan.teacher_temperature).masked_fill(same, -1e4)
    loss = torch.zeros((), device=same.device)
    for side, wanted, there in zip(sides, taught, known, strict=True):
        loss = loss + plan.pull * ((1 - (side * wanted).sum(dim=1)) * there).sum() / there.sum().clamp(min=1) / 2
    for one, other, left, right in ((scores, likeness, *known), (scores.T, likeness.T, *known[::-1])):
        labels = other.masked_fill(~right[None, :], -1e4).softmax(dim=1)
        labels = labels * (mixing * (left & right))[:, None]
        logs = one.log_softmax(dim=1)
        plain = -logs.diagonal() * (1 - mixing * (left & right).float())
        loss = loss + (plain - (labels * logs).sum(dim=1)).mean() / 2
    return loss


class Trainer:
    """The rows being trained, with the texts and targets on the same device."""

    def __init__(self, bags: Bags, wanted: torch.Tensor, start: torch.Tensor, plan: Plan) -> None:
        self.bags, self.wanted, self.plan = bags, wanted, plan
        self.weight = torch.nn.Parameter(start.clone())
        self.optimizer = torch.optim.Adam([self.weight], lr=plan.rate, fused=True)
        self._noise = torch.Generator(device=start.device)

    def step(self, number: int, batch: Batch, progress: float) -> torch.Tensor:
        """Take a step. `progress` from 0 to 1 sets the rate, which rises over the first fiftieth and then falls."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.plan.rate * min(1, (number + 1) / 50) * (1 - progress * (1 - self.plan.falls_to))
        self._noise.manual_seed(SEED * 1_000_003 + number)
        device = self.weight.device
        ids = [torch.from_numpy(np.ascontiguousarray(one)).to(device).long() for one in (batch.left, batch.right)]
        sides = [self._encode(one) for one in ids]
        same = (ids[0][:, None] == ids[0][None, :]) | (ids[1][:, None] == ids[1][None, :])
        same.fill_diagonal_(False)
        loss = contrast(sides, [self.wanted[one] for one in ids], same, self.plan, self.plan.mixing[batch.task])
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return loss.detach()

    def _encode(self, texts: torch.Tensor) -> torch.Tensor:
        side = self.bags.take(texts)
        chance = torch.rand(len(side[0]), generator=self._noise, device=self.weight.device)
        short = torch.repeat_interleave(self.bags.lengths[texts] <= 2, self.bags.lengths[texts])
        return unit_sums(self.weight, side, ((chance >= self.plan.dropped) | short).to(self.weight.dtype))

    def accuracy(self, texts: np.ndarray) -> float:
        """Return how often the left text of a pair finds its right one first among all right ones, shape (n, 2)."""
        with torch.no_grad():
            ids = torch.from_numpy(np.ascontiguousarray(texts.T)).to(self.weight.device).long()
            left, right = (unit_sums(self.weight, self.bags.take(one), None) for one in ids)
            found = ids[1][(left @ right.T).argmax(dim=1)]
            return float((found == ids[1]).float().mean())


def save_state(path: Path, run: str, optimizer: torch.optim.Optimizer, facts: dict[str, Any]) -> None:
    """Write the weights, the optimizer's means and `facts`."""
    weight = optimizer.param_groups[0]["params"][0]
    means = optimizer.state[weight]
    tensors = {"weight": weight, "exp_avg": means["exp_avg"], "exp_avg_sq": means["exp_avg_sq"]}
    state.write(path, run, tensors, facts | {"updates": int(means["step"])})


def load_state(path: Path, run: str, optimizer: torch.optim.Optimizer) -> dict[str, Any] | None:
    """Restore what `save_state` wrote and return the facts; None when there is no state of this run."""
    kept = state.read(path, run)
    if kept is None:
        return None
    weight = optimizer.param_groups[0]["params"][0]
    tensors = {name: one.to(weight.device) for name, one in kept[0].items()}
    updates = kept[1]["updates"]
    weight.data.copy_(tensors.pop("weight"))
    optimizer.state[weight] = {"step": torch.tensor(float(updates), device=weight.device), **tensors}
    return kept[1]


def train(texts: Texts, trainer: Trainer, place: Path, inputs: str) -> np.ndarray:
    """Return the rows after training.

    The state is kept in the file `place` and taken up again by a run with the same plan and `inputs`, a key of these.
    """
    plan = trainer.plan
    taught = (trainer.wanted.abs().sum(dim=1) > 0).cpu().numpy()
    drawn = draws(texts, plan.shares, trainer.bags.lengths.cpu().numpy(), taught)
    measured = [ids for _, ids in language_pairs(texts, held_out(len(texts.rows), ROWS))]
    measured.append(texts.pairs[held_out(len(texts.pairs), PAIRS)])
    checks = dict(zip(("uz-ru", "uz-en", "ru-en", "pairs"), measured, strict=True))
    run = state.key_of(settings=(inputs, plan, tuple(trainer.weight.shape)))
    done, spent, running = 0, 0.0, 0.0
    if kept := load_state(place, run, trainer.optimizer):
        done, spent, running = kept["done"], kept["spent"], kept["running"]
        print(f"goes on after step {done} of {plan.steps}", flush=True)
    began = time.perf_counter() - spent
    while done < plan.steps:
        progress = max(done / plan.steps, (time.perf_counter() - began) / plan.seconds)
        if progress >= 1:
            break
        loss = trainer.step(done, drawn.batch(done, plan.batch), progress)
        done += 1
        if done % 20 == 0:
            running = float(loss) if done == 20 else 0.9 * running + 0.1 * float(loss)
        if done % plan.save_every == 0 or done == plan.steps:
            spent = time.perf_counter() - began
            found = "  ".join(f"{name} {trainer.accuracy(ids):.3f}" for name, ids in checks.items() if len(ids))
            print(f"step {done} of {plan.steps}, {spent:.0f} s, loss {running:.3f}, held out: {found}", flush=True)
            save_state(place, run, trainer.optimizer, {"done": done, "spent": spent, "running": running})
    return trainer.weight.detach().cpu().numpy()


def placed_by(teachers: Sequence[Path]) -> np.ndarray:
    """Return the teachers' vectors (texts, dimension), of each text that of the first teacher who knows it.

    Raises ValueError when two teachers were made for different texts.
    """
    vectors: np.ndarray = load_file(teachers[0])["vectors"]
    for teacher in teachers[1:]:
        others = load_file(teacher)["vectors"]
        if others.shape != vectors.shape:
            message = f"{teacher} places {others.shape}, {teachers[0]} {vectors.shape}: make both of the same TEXTS.xz"
            raise ValueError(message)
        unknown = ~vectors.any(axis=1)
        vectors[unknown] = others[unknown]
    return vectors


def rows_of(folder: Path) -> np.ndarray:
    """Return the rows of a shipped model as floats, (tokens, dimension)."""
    held = load_file(folder / "model.safetensors")
    rows: np.ndarray = held["embeddings"] * held["weights"][:, None]
    return rows


def mean_with(rows: np.ndarray, folder: Path) -> np.ndarray:
    """Return the mean of rows (tokens, dimension) and a former model's. Raises ValueError when its shape is another."""
    former = rows_of(folder)
    if former.shape != rows.shape:
        message = f"{folder} has {former.shape[0]} rows of {former.shape[1]} numbers, not {rows.shape}"
        raise ValueError(message)
    return (rows + former) / 2


def main() -> None:
    """Read, tokenize, start, train, write."""
    usual = Plan()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--teacher", type=Path, nargs="+", required=True, help="the first that knows a text places it")
    parser.add_argument("--tokenizer", type=Path, required=True)
    for name in ("steps", "seconds", "batch", "rate", "temperature", "pull", "dropped", "falls_to"):
        parser.add_argument(
            f"--{name.replace('_', '-')}", type=type(getattr(usual, name)), default=getattr(usual, name)
        )
    for name in ("mixing", "shares"):
        parser.add_argument(f"--{name}", type=float, nargs=3, default=getattr(usual, name))
    parser.add_argument("--start", type=Path, help="a model of an earlier run with this tokenizer, to go on from")
    parser.add_argument("--mean-with", type=Path, help="a former model, to write the mean of it and what is learned")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.set_float32_matmul_precision("high")
    texts = with_more_pairs(load(options.texts), SEED)
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    taught = placed_by(options.teacher)
    taught = np.concatenate([taught, np.zeros((len(texts.texts) - len(taught), taught.shape[1]), taught.dtype)])
    vectors = reduced(taught, groups_of(texts), DIMENSION, device)
    bags = Bags(tokenizer, texts.texts, device)
    sizes = len(texts.texts), len(bags.ids), len(texts.rows), len(texts.pairs)
    print("{} texts of {} tokens, {} rows, {} pairs".format(*sizes), flush=True)
    wanted = targets(texts, vectors)
    given = {name: value for name, value in vars(options).items() if hasattr(usual, name)}
    plan = replace(usual, **given | {name: tuple(given[name]) for name in ("mixing", "shares")})
    if options.start:
        start = torch.from_numpy(rows_of(options.start)).to(device)
        wanted = turned(wanted, bags, start)
    else:
        start = start_rows(bags, wanted, tokenizer.get_vocab_size())
    trainer = Trainer(bags, wanted, start, plan)
    options.out.mkdir(parents=True, exist_ok=True)
    place = options.out / "state.safetensors"
    inputs = [options.texts, *options.teacher, options.tokenizer]
    inputs += [options.start / "model.safetensors"] if options.start else []
    rows = train(texts, trainer, place, state.key_of(*inputs))
    if options.mean_with:
        rows = mean_with(rows, options.mean_with)
    least = write_model(rows, tokenizer, options.out)
    print(f"written to {options.out}; least cosine of a row to its 8-bit form {least:.5f}")
    place.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
