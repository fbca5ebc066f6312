"""Trains the extractive model: which words of a passage answer a question, or that none do.

    python training/train_extractive.py OUT --teacher TEACHER [--steps 4000] [--layers 0 1 2 3 4 5]

TEACHER is what export_transformer.py --teacher writes: the bundled transformer's layers and word vectors, from which
the model starts; its word vectors stay as they are, so that both share one file. Two numbers a piece say how likely an
answer begins and ends there, those of the begin mark that there is none: the reader of Devlin et al. 2019 ("BERT"),
section 4.3. A run that was cut off goes on from the last state in OUT; all draws are seeded. Prints, on documents that
are held out, how alike the words found are to the answer (F1 of characters), and how well the two sorts of questions
are told apart (AUC). export_extractive.py makes kb/resources/extractive of OUT/extractive.safetensors.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import state
import torch
from extractive_figures import figures
from extractive_texts import Example, Texts, draws, load
from safetensors.torch import load_file, save_file
from student import Encoder
from torch import nn
from torch.nn import functional

from kb.models.encoder import bundled_folder
from kb.models.static import read_tokenizer
from kb.models.words import load_word_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent
SOURCE = HERE / "answer_passages.jsonl"
BATCH, DRAWN_AT_ONCE = 16, 8
"""Examples a step, and steps whose examples are drawn, sorted by length and so divided together."""
RATE, HEAD_RATE, WARMUP, LEAST_PACE, DECAY = 1e-4, 1e-3, 100, 0.02, 0.01
DROPOUT = 0.1
KEPT_EVERY, SHOWN_EVERY = 200, 50
SEED = 11


class Extractive(nn.Module):
    """Layers of a teacher over word vectors with three marks, and two numbers a piece."""

    def __init__(self, teacher: dict[str, torch.Tensor], layers: list[int]) -> None:
        super().__init__()
        self.body = Encoder(teacher, layers)
        for frozen in (self.body.words, self.body.map):
            frozen.requires_grad_(requires_grad=False)
        hidden = self.body.words.embedding_dim
        self.alike = nn.Parameter(torch.zeros(hidden))
        self.asked = nn.Parameter(torch.zeros(hidden))
        self.ends = nn.Linear(hidden, 2)
        nn.init.normal_(self.ends.weight, std=0.02)
        nn.init.zeros_(self.ends.bias)

    def forward(self, batch: Batch) -> torch.Tensor:
        """Return logits (texts, pieces, 2) that an answer begins and ends at each piece; -inf where none can."""
        words = self.body.words(self.body.row_of[batch.ids])
        words = words + batch.alike[:, :, None] * self.alike + batch.asked[:, :, None] * self.asked
        states = functional.dropout(self.body.through(words, batch.mask)[-1], DROPOUT, self.training)
        return self.ends(states).masked_fill(~batch.may[:, :, None], -torch.inf)


class Batch:
    """Examples as one tensor each: ids, likeness, what is the question, what is there, where an answer may stand."""

    def __init__(self, examples: Sequence[Example]) -> None:
        longest = max(len(one.pair.ids) for one in examples)
        shape = (len(examples), longest)
        self.ids = torch.zeros(shape, dtype=torch.long)
        self.alike, self.asked = torch.zeros(shape), torch.zeros(shape)
        self.mask, self.may = torch.zeros(shape, dtype=torch.bool), torch.zeros(shape, dtype=torch.bool)
        for row, one in enumerate(examples):
            pair, length = one.pair, len(one.pair.ids)
            self.ids[row, :length] = torch.from_numpy(pair.ids.astype(np.int64))
            self.alike[row, :length] = torch.from_numpy(pair.alike)
            self.asked[row, : pair.question_end] = 1
            self.mask[row, :length] = True
            self.may[row, 0] = True
            self.may[row, pair.first : length - 1] = True
        self.first = torch.tensor([one.first for one in examples])
        self.last = torch.tensor([one.last for one in examples])


def loss_of(model: Extractive, examples: Sequence[Example]) -> torch.Tensor:
    """Return minus the mean log probability of the answers' begins and ends."""
    batch = Batch(examples)
    logits = model(batch)
    begins = functional.cross_entropy(logits[:, :, 0], batch.first)
    return (begins + functional.cross_entropy(logits[:, :, 1], batch.last)) / 2


def batches(texts: Texts, step: int) -> list[list[Example]]:
    """Return the batches of DRAWN_AT_ONCE steps from `step` on."""
    random = np.random.default_rng([SEED, step])
    drawn = sorted(draws(texts, random, BATCH * DRAWN_AT_ONCE), key=lambda one: len(one.pair.ids))
    return [drawn[place * BATCH : (place + 1) * BATCH] for place in random.permutation(DRAWN_AT_ONCE)]


@torch.no_grad()
def measure(model: Extractive, texts: Texts, most: int = 10_000) -> str:
    """Return figures on the documents that are held out."""

    def logits_of(examples: Sequence[Example]) -> list[np.ndarray]:
        found = model(Batch(examples)).numpy()
        return [logits[: len(one.pair.ids)] for one, logits in zip(examples, found, strict=True)]

    model.eval()
    shown = figures(texts, logits_of, most)
    model.train()
    return shown


def groups(model: Extractive) -> list[dict[str, object]]:
    """Return what is trained, and how fast."""
    new = [model.alike, model.asked, *model.ends.parameters()]
    held = {id(one) for one in new}
    old = [one for one in model.parameters() if one.requires_grad and id(one) not in held]
    return [{"params": old, "lr": RATE}, {"params": new, "lr": HEAD_RATE}]


def main() -> None:
    """Train, with figures on the way, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--source", type=Path, default=SOURCE)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--start", type=Path, help="an extractive.safetensors of as many layers to go on from")
    parser.add_argument("--layers", type=int, nargs="+", default=[0, 1, 2, 3, 4, 5])
    options = parser.parse_args()
    torch.manual_seed(SEED)
    tokenizer = read_tokenizer(bundled_folder("transformer") / "tokenizer.json")
    texts = load(options.source, tokenizer, load_word_vectors())
    print(f"{len(texts.passages)} passages, {len(texts.questions)} questions", flush=True)
    weights = options.teacher / "teacher.safetensors"
    model = Extractive(load_file(weights), options.layers)
    if options.start:
        start_from(model, load_file(options.start))
    optimiser = torch.optim.AdamW(groups(model), weight_decay=DECAY)
    options.out.mkdir(parents=True, exist_ok=True)
    place = options.out / "state.safetensors"
    inputs = [options.source, weights, *([options.start] if options.start else [])]
    run = state.key_of(*inputs, settings=(options.steps, options.layers, SEED))
    begin = resume(model, optimiser, place, run)
    rates = [group["lr"] for group in groups(model)]
    shown, started, waiting = [], time.monotonic(), []
    for step in range(begin, options.steps):
        waiting = waiting or batches(texts, step)
        torch.manual_seed(SEED + step)
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * min(1.0, (step + 1) / WARMUP) * max(LEAST_PACE, 1 - step / options.steps)
        loss = loss_of(model, waiting.pop(0))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        shown.append(loss.item())
        if (step + 1) % SHOWN_EVERY == 0:
            pace_now = (time.monotonic() - started) / (step + 1 - begin)
            print(f"step {step + 1}: loss {np.mean(shown):.3f}, {pace_now:.2f} s a step", flush=True)
            shown = []
        if (step + 1) % KEPT_EVERY == 0:
            keep(model, optimiser, place, run, step + 1)
            print(measure(model, texts, 300), flush=True)
    print(measure(model, texts), flush=True)
    save_file(weights_of(model), options.out / "extractive.safetensors")


def start_from(model: Extractive, tensors: dict[str, torch.Tensor]) -> None:
    """Take up what `weights_of` returned."""
    words = {"rows": model.body.words.weight.detach(), "row_of": model.body.row_of.int()}
    fresh = Extractive({**words, **tensors}, list(range(len(model.body.layers))))
    fresh.ends.load_state_dict({name: tensors[f"ends.{name}"] for name in ("weight", "bias")})
    fresh.alike.data.copy_(tensors["alike"])
    fresh.asked.data.copy_(tensors["asked"])
    model.load_state_dict(fresh.state_dict())


def weights_of(model: Extractive) -> dict[str, torch.Tensor]:
    """Return what export_extractive.py takes: layers named as in BERT, the marks and the two numbers' weights."""
    found = {name: one for name, one in model.body.checkpoint().items() if name not in {"rows", "row_of"}}
    found |= {"alike": model.alike.detach(), "asked": model.asked.detach()}
    return found | {"ends.weight": model.ends.weight.detach(), "ends.bias": model.ends.bias.detach()}


def keep(model: Extractive, optimiser: torch.optim.Optimizer, place: Path, run: str, step: int) -> None:
    """Write all that `resume` needs."""
    tensors = {f"model.{name}": one for name, one in model.state_dict().items() if not name.startswith("body.words")}
    held = optimiser.state_dict()["state"]
    tensors |= {f"optimiser.{number}.{name}": one for number, of in held.items() for name, one in of.items()}
    state.write(place, run, tensors, {"step": step})


def resume(model: Extractive, optimiser: torch.optim.Optimizer, place: Path, run: str) -> int:
    """Take up the state in `place`, if there is one of this run; return the step to go on with."""
    kept = state.read(place, run)
    if kept is None:
        return 0
    tensors, facts = kept
    model.load_state_dict(
        {name.removeprefix("model."): one for name, one in tensors.items() if name.startswith("model.")}, strict=False
    )
    states: dict[int, dict[str, torch.Tensor]] = {}
    for name, one in tensors.items():
        if name.startswith("optimiser."):
            _, number, part = name.split(".")
            states.setdefault(int(number), {})[part] = one
    optimiser.load_state_dict({**optimiser.state_dict(), "state": states})
    print(f"goes on from step {facts['step']}", flush=True)
    return int(facts["step"])


if __name__ == "__main__":
    main()
