"""Places words where the transformer places them: what train_static.py learns the meanings of words from.

    python training/place_words.py TEXTS.xz TEACHER words.safetensors --wordfreq wordfreq/data

TEXTS.xz is what texts.py writes, TEACHER what export_transformer.py writes with --teacher. `vectors` (texts, 384) is in
half precision and in the order of TEXTS.xz, with zeros for texts that were not placed. Frequent Russian and English
words and terms of a few words cost little and reach most of the vocabulary (Minishlab's Model2Vec, 2024, places single
tokens in the same way); Uzbek words learn from their translations. A run that was cut off goes on from its last state.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import state
import torch
from cut_vocabulary import frequent_words
from safetensors.torch import load_file, save_file
from student import Encoder
from texts import UZ, Texts, load
from tokenizers import Tokenizer

WORDS = 73_179
RAREST = 600
"""Centibels below certainty of the rarest word."""
TERM_WORDS = 4
PROMPT, LONGEST = "passage: ", 128
"""What stands before a word; tokens that are used."""
PAD = 1
PART, BATCH = 4096, 128
"""Words between two looks at the clock; words of a batch."""
SECONDS_KEPT = 300.0


def words(texts: Texts, lists: list[list[str]]) -> list[int]:
    """Return the numbers of the words of `lists`, taking turns until one ends, then of terms that are not Uzbek."""
    number = {text: place for place, text in enumerate(texts.texts)}
    known = [[number[word] for word in one if word in number] for one in lists]
    found = [one for both in zip(*known, strict=False) for one in both]
    terms = np.flatnonzero(texts.words & (texts.languages != UZ)).tolist()
    return list(dict.fromkeys(found + [one for one in terms if texts.texts[one].count(" ") < TERM_WORDS]))


def placed(teacher: Encoder, tokenizer: Tokenizer, lines: list[str]) -> torch.Tensor:
    """Return the teacher's unit vectors (lines, hidden)."""
    ids = [torch.tensor(one.ids) for one in tokenizer.encode_batch([PROMPT + line for line in lines])]
    order = sorted(range(len(ids)), key=lambda one: len(ids[one]))
    vectors = torch.zeros(len(ids), teacher.map.out_features)
    for first in range(0, len(order), BATCH):
        some = order[first : first + BATCH]
        padded = torch.nn.utils.rnn.pad_sequence([ids[one] for one in some], batch_first=True, padding_value=PAD)
        mask = torch.arange(padded.shape[1])[None, :] < torch.tensor([len(ids[one]) for one in some])[:, None]
        with torch.inference_mode():
            vectors[some] = teacher.vectors(teacher.states(padded, mask)[-1], mask)
    return vectors


def main() -> None:
    """Read, place, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("teacher", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--wordfreq", type=Path, required=True)
    parser.add_argument("--words", type=int, default=WORDS)
    options = parser.parse_args()
    texts = load(options.texts)
    wanted = words(texts, [frequent_words(options.wordfreq, name, RAREST) for name in ("ru", "en")])[: options.words]
    files = [options.texts, options.teacher / "teacher.safetensors", options.teacher / "tokenizer.json"]
    run, place = state.key_of(*files, settings=options.words), options.out.with_suffix(".state")
    tokenizer = Tokenizer.from_file(str(files[2]))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    tensors = load_file(files[1])
    layers = sum(name.endswith("attention.self.query.weight") for name in tensors)
    teacher = Encoder(tensors, list(range(layers))).eval()
    vectors = torch.zeros(len(texts.texts), teacher.map.out_features, dtype=torch.float16)
    done, written = 0, time.monotonic()
    if kept := state.read(place, run):
        done = kept[1]["done"]
        vectors[wanted[:done]] = kept[0]["vectors"]
        print(f"goes on after {done} of {len(wanted)} words", flush=True)
    while done < len(wanted):
        some = wanted[done : done + PART]
        vectors[some] = placed(teacher, tokenizer, [texts.texts[one] for one in some]).half()
        done += len(some)
        if time.monotonic() - written > SECONDS_KEPT:
            state.write(place, run, {"vectors": vectors[wanted[:done]]}, {"done": done})
            written = time.monotonic()
            print(f"{done} of {len(wanted)} words placed", flush=True)
    save_file({"vectors": vectors}, options.out)
    place.unlink(missing_ok=True)
    print(f"{options.out}: {len(wanted)} of {len(texts.texts)} texts placed", flush=True)


if __name__ == "__main__":
    main()
