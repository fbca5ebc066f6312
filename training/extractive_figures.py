"""How well an extractive model answers the questions on documents that are held out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from extractive_texts import example
from sklearn.metrics import roc_auc_score

from kb.answering.extraction import LONGEST_ANSWER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from extractive_texts import Example, Texts

AT_ONCE = 32

Logits = np.ndarray
"""Two numbers a piece of an example, (pieces, 2): begins and ends here."""


def best_span(logits: Logits, first: int) -> tuple[int, int, float]:
    """Return the likeliest begin and end among pieces from `first` on, and how far they are before "none"."""
    begins, ends = logits[first:-1, 0], logits[first:-1, 1]
    both = begins[:, None] + ends[None, :]
    length = np.arange(len(both))[None, :] - np.arange(len(both))[:, None]
    both[(length < 0) | (length >= LONGEST_ANSWER)] = -np.inf
    begin, end = np.unravel_index(int(both.argmax()), both.shape)
    return first + int(begin), first + int(end), float(both[begin, end] - logits[0].sum())


def figures(texts: Texts, logits_of: Callable[[Sequence[Example]], Sequence[Logits]], most: int = 10_000) -> str:
    """Return how alike the words found are to the answers (F1 of characters), and the AUC of answered questions.

    Every question is asked with its whole passage.
    """
    chosen = [one for one in texts.questions if texts.held_out[one.passage]][:most]
    alike: dict[bool, list[float]] = {True: [], False: []}
    leads, labels = [], []
    for at in range(0, len(chosen), AT_ONCE):
        examples = [example(texts, one, one.passage, None) for one in chosen[at : at + AT_ONCE]]
        for question, one, logits in zip(chosen[at : at + AT_ONCE], examples, logits_of(examples), strict=True):
            begin, end, lead = best_span(logits, one.pair.first)
            leads.append(lead)
            labels.append(question.start >= 0)
            if question.start >= 0:
                first, last = one.pair.starts[begin - one.pair.first], one.pair.ends[end - one.pair.first]
                shared = max(0, min(int(last), question.end) - max(int(first), question.start))
                same = texts.languages[question.passage] == question.language
                alike[same].append(2 * shared / (int(last - first) + question.end - question.start))
    shown = [
        f"{name} F1 {np.mean(found):.3f}, alike by half {np.mean(np.array(found) >= 0.5):.3f} of {len(found)}"
        for name, found in (("same language:", alike[True]), ("others:", alike[False]))
    ]
    return f"held out: {'; '.join(shown)}; AUC {roc_auc_score(labels, leads):.3f} of {len(labels)}"
