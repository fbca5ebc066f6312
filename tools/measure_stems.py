"""Compares ways of stemming Uzbek by how well BM25 over them finds the passage that a question was written for.

    python tools/measure_stems.py --data FOLDER

FOLDER holds qa_passages.jsonl: one object a line with passage, passage_lang and q_uz. Every Uzbek passage competes;
the one right passage gives nDCG@10 and the mean reciprocal rank. BM25 with k1 1.2 and b .75 (Robertson et al. 1994).
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from kb.text.fold import fold, loose
from kb.text.stopwords import STOP_WORDS
from kb.text.uzbek_stem import uzbek_stem
from kb.text.words import tokenize

if TYPE_CHECKING:
    from collections.abc import Callable

K1, B = 1.2, 0.75


def keys(text: str, stem: Callable[[str], str]) -> list[str]:
    """Return the stems of the words of `text` that are not stop words; numbers as they are."""
    words = [loose(fold(text[token.start : token.end])) for token in tokenize(text)]
    return [stem(word) if re.match("[a-z]", word) else word for word in words if word not in STOP_WORDS["uz"]]


def ranks(passages: list[list[str]], questions: list[list[str]]) -> list[int]:
    """Return the rank from 1 of passage i for question i."""
    counts = [Counter(passage) for passage in passages]
    frequency = Counter(term for count in counts for term in count)
    lengths = np.array([len(passage) for passage in passages])
    norm = K1 * (1 - B + B * lengths / lengths.mean())
    found = []
    for right, question in enumerate(questions):
        scores = np.zeros(len(passages))
        for term in sorted(set(question) & frequency.keys()):
            inverse = math.log(1 + (len(passages) - frequency[term] + 0.5) / (frequency[term] + 0.5))
            within = np.array([count[term] for count in counts])
            scores += inverse * within * (K1 + 1) / (within + norm)
        found.append(
            1 + int(np.count_nonzero(scores > scores[right])) + int(np.count_nonzero(scores[:right] == scores[right]))
        )
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with qa_passages.jsonl")
    path = parser.parse_args().data / "qa_passages.jsonl"
    if not path.is_file():
        parser.error(f"{path} is missing; see the beginning of this file for what it holds.")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["passage_lang"] == "uz"]
    ways: dict[str, Callable[[str], str]] = {"whole words": str}
    ways |= {f"first {size} letters": lambda word, size=size: word[:size] for size in (5, 6, 7)}  # type: ignore[misc]
    ways["uzbek_stem"] = uzbek_stem
    print(f"{len(rows)} passages     nDCG@10     MRR")
    for name, stem in ways.items():
        places = ranks([keys(row["passage"], stem) for row in rows], [keys(row["q_uz"], stem) for row in rows])
        gain = sum(1 / math.log2(place + 1) for place in places if place <= 10) / len(places)
        print(f"{name:16}{gain:9.4f}{sum(1 / place for place in places) / len(places):9.4f}")


if __name__ == "__main__":
    main()
