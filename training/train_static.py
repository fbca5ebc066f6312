"""Trains the bundled static encoder from an earlier static model. CPU only; about ten minutes on one core.

    python training/train_static.py DATA --start FOLDER [--steps 1000] [--out static-float]
    python training/quantise_static.py FOLDER kb/resources/static

DATA holds `train/`: parallel text (columns uz, ru, en), `qa_passages.jsonl` (questions with their passages) and
monolingual law text. The earlier model (`embedding.weight` and tokenizer.json) tells oʻ from o and knows other
apostrophes; its tokens that differ only in marks become one, under the normalizer of `normalizer.folding`.

Three tasks are mixed: a row's translations in any two languages, a question and its passage in any language, and a
sentence and the rest of its paragraph (inverse cloze, Lee et al. 2019). The loss is InfoNCE both ways over the batch
(Henderson et al. 2017) and a pull towards the earlier model's vector of the same text. All draws are seeded. Every 100
steps the state is kept in the --out folder; a run that was cut off goes on from there and ends with the same vectors.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import torch
from evaluate_encoder import read_lines, read_table
from normalizer import folding
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer
from torch.nn import functional

TEMPERATURE = 0.05
BATCH = 1024
RATE = 1e-3
ANCHOR = 2.0
"""How strongly a text is held to where the earlier model put it; keeps the meaning of words that the texts lack."""
PARALLEL = {
    "authored_sentences": 3.0,
    "authored_glossary": 1.5,
    "law": 1.5,
    "law_titles": 1.0,
    "localisation_1": 1.5,
    "localisation_2": 1.0,
    "dictionary": 0.5,
    "dictionary_noisy": 0.1,
}
QUESTIONS, CLOZE = 0.08, 0.06
SENTENCE_END = re.compile(r"(?<=[.;:])\s+")
UNMARKED = str.maketrans("öğ", "og")

Pairs = list[tuple[str, str]]


def read_tasks(train: Path, random: np.random.Generator) -> list[tuple[str, float, Pairs]]:
    """Return each task's name, share and pairs of texts that should meet."""
    tasks: list[tuple[str, float, Pairs]] = []
    for name, weight in PARALLEL.items():
        table = read_table(train / f"{name}.tsv")
        for left, right in (("uz", "ru"), ("uz", "en"), ("ru", "en")):
            pairs = [(a, b) for a, b in zip(table[left], table[right], strict=True) if a and b]
            if len(pairs) > 200:
                tasks.append((f"{name} {left}-{right}", weight * len(pairs) ** 0.6, pairs))
    total = sum(share for _, share, _ in tasks)
    tasks = [(name, share / total * (1 - QUESTIONS - CLOZE), pairs) for name, share, pairs in tasks]
    asked = [
        (row[key], row["passage"])
        for row in read_lines(train / "qa_passages.jsonl")
        for key in ("q_uz", "q_ru", "q_en", "s_uz", "s_ru", "s_en")
        if row.get(key)
    ]
    return [*tasks, ("questions", QUESTIONS, asked), ("cloze", CLOZE, _cloze(train, random))]


def _cloze(train: Path, random: np.random.Generator) -> Pairs:
    found: Pairs = []
    for name in ("mono_uz.txt", "mono_ru.txt"):
        for line in (train / name).read_text(encoding="utf-8").split("\n"):
            sentences = [one for one in SENTENCE_END.split(line) if len(one) > 40]
            if 250 < len(line) < 1500 and len(sentences) >= 2:
                chosen = int(random.integers(len(sentences)))
                found.append((sentences[chosen], " ".join(sentences[:chosen] + sentences[chosen + 1 :])))
    return found


def inherit_tokenizer(folder: Path) -> tuple[Tokenizer, list[list[int]]]:
    """Return the earlier tokenizer under our normalizer, and for each of its tokens the earlier ids that became it.

    Tokens that differ only in marks become one, and so do merges, in the order of their first use.
    """
    earlier = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    vocabulary: dict[str, int] = {}
    origins: list[list[int]] = []
    for token, number in sorted(earlier["model"]["vocab"].items(), key=lambda entry: entry[1]):
        new = vocabulary.setdefault(token.translate(UNMARKED), len(vocabulary))
        if new == len(origins):
            origins.append([])
        origins[new].append(number)
    merges = [(a.translate(UNMARKED), b.translate(UNMARKED)) for a, b in earlier["model"]["merges"]]
    earlier["model"] |= {"vocab": vocabulary, "merges": list(dict.fromkeys(merges))}
    tokenizer = Tokenizer.from_str(json.dumps(earlier))
    tokenizer.normalizer = folding()
    return tokenizer, origins


def start_vectors(folder: Path, origins: list[list[int]], texts: list[str]) -> np.ndarray:
    """Return a row for each token: the earlier tokens' rows, weighted by how often `texts` use them."""
    rows = load_file(folder / "model.safetensors")["embedding.weight"].astype(np.float32)
    earlier = Tokenizer.from_file(str(folder / "tokenizer.json"))
    uses = np.full(len(rows), 0.1)
    for first in range(0, len(texts), 20_000):
        encodings = earlier.encode_batch_fast(texts[first : first + 20_000], add_special_tokens=False)
        uses += np.bincount([one for encoding in encodings for one in encoding.ids], minlength=len(rows))
    return np.stack([np.average(rows[ids], axis=0, weights=uses[ids]) for ids in origins]).astype(np.float32)


class Bags:
    """Texts as token ids laid end to end, ready for an EmbeddingBag."""

    def __init__(self, tokenizer: Tokenizer, texts: list[str]) -> None:
        found: list[np.ndarray] = []
        for first in range(0, len(texts), 20_000):
            encoded = tokenizer.encode_batch_fast(texts[first : first + 20_000], add_special_tokens=False)
            found.extend(np.array(one.ids[:400] or [0], np.int64) for one in encoded)
        self.lengths = np.array([len(one) for one in found])
        self.starts = np.concatenate([[0], np.cumsum(self.lengths)[:-1]])
        self.ids = np.concatenate(found)

    def take(self, rows: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the ids of the rows and where each row's begin."""
        lengths = self.lengths[rows]
        offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        places = np.arange(lengths.sum()) + np.repeat(self.starts[rows] - offsets, lengths)
        return torch.from_numpy(self.ids[places]), torch.from_numpy(offsets)


def save_state(path: Path, optimizer: torch.optim.SparseAdam, facts: dict[str, object]) -> None:
    """Write the weights, the optimizer's means and `facts`; an earlier file stays whole until the new one is."""
    weight = optimizer.param_groups[0]["params"][0]
    means = optimizer.state[weight]
    tensors = {"weight": weight.detach(), "exp_avg": means["exp_avg"], "exp_avg_sq": means["exp_avg_sq"]}
    facts = facts | {"updates": int(means["step"])}
    part = path.with_suffix(".part")
    save_file({name: one.numpy() for name, one in tensors.items()}, part, metadata={"facts": json.dumps(facts)})
    part.replace(path)


def load_state(path: Path, optimizer: torch.optim.SparseAdam, run: str) -> dict[str, Any] | None:
    """Restore what `save_state` wrote and return the facts; None when there is no state of the run called `run`."""
    if not path.exists():
        return None
    with safe_open(path, "pt") as file:
        facts: dict[str, Any] = json.loads(file.metadata()["facts"])
        if facts["run"] != run:
            return None
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
    weight = optimizer.param_groups[0]["params"][0]
    weight.data.copy_(tensors.pop("weight"))
    optimizer.state[weight] = {"step": facts["updates"], **tensors}
    return facts


def train(
    start: np.ndarray,
    tasks: list[tuple[float, Bags, Bags, np.ndarray]],
    steps: int,
    random: np.random.Generator,
    state: Path,
) -> np.ndarray:
    """Return the rows after contrastive training. Each task: share, left texts, right texts, key of the right text.

    The state is kept in the file `state` and taken up again when it is of the same start, texts and steps.
    """
    sizes = [steps, *start.shape, *(len(keys) for *_, keys in tasks)]
    run = hashlib.sha256(start.tobytes() + json.dumps(sizes).encode()).hexdigest()
    first = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(start.copy()), mode="mean")
    bag = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(start), freeze=False, mode="mean", sparse=True)
    optimizer = torch.optim.SparseAdam(list(bag.parameters()), lr=RATE)
    shares = np.array([share for share, *_ in tasks])
    running, done = 0.0, 0
    if kept := load_state(state, optimizer, run):
        running, done = kept["running"], kept["done"]
        random.bit_generator.state = kept["random"]
        print(f"goes on after step {done} of {steps}", flush=True)
    for step in range(done, steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 50) * max(0.02, 1 - step / steps)
        _, left, right, keys = tasks[int(random.choice(len(tasks), p=shares / shares.sum()))]
        rows = random.choice(len(keys), min(BATCH, len(keys)), replace=False)
        sides = (left.take(rows), right.take(rows))
        a, b = (functional.normalize(bag(*side), dim=1) for side in sides)
        held = sum(
            1 - (now * functional.normalize(first(*side), dim=1)).sum(dim=1).mean()
            for now, side in zip((a, b), sides, strict=True)
        )
        scores = a @ b.T / TEMPERATURE
        same = torch.from_numpy((keys[rows][:, None] == keys[rows][None, :]) & ~np.eye(len(rows), dtype=bool))
        scores = scores.masked_fill(same, -1e4)
        wanted = torch.arange(len(rows))
        loss = (functional.cross_entropy(scores, wanted) + functional.cross_entropy(scores.T, wanted)) / 2
        loss = loss + ANCHOR * held
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running = 0.98 * running + 0.02 * loss.item()
        if step % 100 == 99:
            print(f"step {step + 1} of {steps}, loss {running:.3f}", flush=True)
            facts = {"run": run, "done": step + 1, "running": running, "random": random.bit_generator.state}
            save_state(state, optimizer, facts)
    return bag.weight.detach().numpy()


def main() -> None:
    """Read, tokenize, start, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--out", type=Path, default=Path("static-float"))
    options = parser.parse_args()
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    named = read_tasks(options.data / "train", random)
    texts = [text for name, _, pairs in named if "dictionary" not in name for pair in pairs for text in pair]
    tokenizer, origins = inherit_tokenizer(options.start)
    print(f"{len(texts)} texts, {len(origins)} tokens", flush=True)
    tasks = []
    for _, share, pairs in named:
        left, right = (Bags(tokenizer, [pair[side] for pair in pairs]) for side in (0, 1))
        tasks.append((share, left, right, np.unique([pair[1] for pair in pairs], return_inverse=True)[1]))
    options.out.mkdir(parents=True, exist_ok=True)
    state = options.out / "state.safetensors"
    rows = train(start_vectors(options.start, origins, texts), tasks, options.steps, random, state)
    tokenizer.save(str(options.out / "tokenizer.json"), pretty=False)
    save_file({"embedding.weight": rows}, options.out / "model.safetensors")
    state.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
