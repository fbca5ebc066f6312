"""Measures the bundled extractive model on XQuAD, which nothing was trained on: Russian and English, and across.

    python training/evaluate_extractive.py DATA [--most 400]

DATA holds `eval/xquad_questions.tsv` and `eval/xquad_passages.tsv` (Artetxe et al. 2020, CC BY-SA 4.0: 240 passages of
Wikipedia with 1,190 questions). Every question is asked with its passage; figures are the F1 of stems to the answer in
the passage's language, and how often it is half or more.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from evaluate_encoder import read_table
from extractive_figures import best_span

from kb.answering.extraction import whole_words
from kb.evaluation.short_answers import ENOUGH, alike
from kb.models.extractive import Asked, load_extractive

LANGUAGES = ("ru", "en")


def main() -> None:
    """Ask, compare, print a line a pair of languages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--most", type=int, default=1190, help="questions")
    options = parser.parse_args()
    passages, questions = (
        read_table(options.data / "eval" / f"xquad_{name}.tsv") for name in ("passages", "questions")
    )
    place_of = {number: place for place, number in enumerate(passages["passage_id"])}
    places = [place_of[number] for number in questions["passage_id"][: options.most]]
    model = load_extractive()
    for asked in LANGUAGES:
        for spoken in LANGUAGES:
            found = []
            for place, question, answer in zip(places, questions[asked], questions[f"answer_{spoken}"], strict=False):
                text = passages[spoken][place].strip("\ufeff")
                ends = model.read(question, asked, [Asked("", text, spoken)])[0]  # type: ignore[arg-type]
                logits = np.stack([ends.begins, ends.closes], axis=1)
                begin, end, _ = best_span(np.concatenate([np.zeros((1, 2)), logits, np.zeros((1, 2))]), 1)
                start, stop = whole_words(text, int(ends.starts[begin - 1]), int(ends.ends[end - 1]))
                found.append(alike(text[start:stop], answer, spoken))  # type: ignore[arg-type]
            share = np.mean([one >= ENOUGH for one in found])
            print(f"{asked}→{spoken}: F1 {np.mean(found):.3f}, half or more {share:.3f} of {len(found)}", flush=True)


if __name__ == "__main__":
    main()
