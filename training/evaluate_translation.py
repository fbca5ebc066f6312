"""Measures the translation tables by what they are for: BM25 over translated questions (nDCG@10).

    python training/evaluate_translation.py DATA

Each question term becomes one class of stems of the passages' language: its count in a passage is the weighted sum of
its members' counts, its document frequency likewise, then BM25 as for one word (k1 1.2, b .75).
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from evaluate_encoder import read_lines, retrieval

from kb.models.translation import load_tables
from kb.text import words

if TYPE_CHECKING:
    from kb.records import Language

K1, B = 1.2, 0.75


class Index:
    """Counts of each stem in each passage."""

    def __init__(self, passages: list[str], language: Language) -> None:
        counted = [Counter(words.terms(passage, language)) for passage in passages]
        lengths = np.array([sum(counts.values()) for counts in counted])
        self.norm = K1 * (1 - B + B * lengths / lengths.mean())
        self.size = len(passages)
        self.counts: dict[str, np.ndarray] = {}
        for row, counts in enumerate(counted):
            for stem, count in counts.items():
                self.counts.setdefault(stem, np.zeros(self.size))[row] = count

    def score(self, classes: list[dict[str, float]]) -> np.ndarray:
        """Return the BM25 score of every passage for weighted classes of stems."""
        total = np.zeros(self.size)
        for members in classes:
            known = [(self.counts[stem], weight) for stem, weight in members.items() if stem in self.counts]
            if known:
                count = np.sum([weight * counts for counts, weight in known], axis=0)
                frequency = min(self.size, sum(weight * (counts > 0).sum() for counts, weight in known))
                rarity = np.log(1 + (self.size - frequency + 0.5) / (frequency + 0.5))
                total += rarity * count * (K1 + 1) / (count + self.norm)
        return total


def main(data: Path) -> None:
    """Print nDCG@10 for the pairs of languages."""
    tables = load_tables()
    folder = data / "eval"
    uzbek = {row["passage_id"]: row["passage"] for row in read_lines(folder / "belebele_uz_passages_from_flores.jsonl")}
    rows = {language: read_lines(folder / f"belebele_{language}.jsonl") for language in ("ru", "en")}
    pools: dict[Language, dict[str, str]] = {"uz": uzbek}
    pools |= {language: {row["passage_id"]: row["passage"] for row in rows[language]} for language in ("ru", "en")}
    for target, pool in pools.items():
        ids = {one: place for place, one in enumerate(sorted(pool))}
        index = Index([pool[one] for one in ids], target)
        for source in ("ru", "en"):
            wanted: dict[str, set[int]] = {}
            for row in rows[source]:
                if row["passage_id"] in ids:
                    wanted.setdefault(row["question"], set()).add(ids[row["passage_id"]])
            scores = [
                index.score(
                    [{stem: 1.0} | dict(tables.translate(stem, source, target)) for stem in words.terms(line, source)]
                )
                for line in wanted
            ]
            figures = retrieval(np.eye(len(scores), dtype=np.float32), np.array(scores).T, list(wanted.values()))
            print(f"{source}>{target}: {figures['ndcg@10']:.4f} over {index.size} passages")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
