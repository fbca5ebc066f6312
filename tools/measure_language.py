"""Measures language identification on sentences that nothing was trained on.

    python tools/measure_language.py --data FOLDER

FOLDER holds flores.tsv (header uz, ru, en) and udhr_uz_latn.txt, udhr_uz_cyrl.txt, udhr_ru.txt, udhr_en.txt, one
sentence or article a line. Prints accuracy in percent for whole sentences, sentences in capitals, and three, two and
one words picked from each sentence, for every spelling of Uzbek, Russian and English.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from kb.text.language import identify
from kb.text.spellings import TURNED, TUTUQ, drop_apostrophes, to_cyrillic, to_latin, to_latin_2026

NEEDED = ("flores.tsv", "udhr_uz_latn.txt", "udhr_uz_cyrl.txt", "udhr_ru.txt", "udhr_en.txt")
MARKS = {
    "U+0027": "'", "U+0060": "`", "U+00B4": "´", "U+2018": "‘", "U+2019": "’", "U+2032": "′", "U+FF07": "＇",
}  # fmt: skip
LENGTHS = {"sentence": 0, "CAPITALS": 0, "3 words": 3, "2 words": 2, "1 word": 1}


def sentences(folder: Path) -> dict[str, tuple[str, list[str]]]:
    """Return for each row of the table the expected language and spelling, "uz latin", and its sentences."""
    table = [line.split("\t") for line in (folder / "flores.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    rights = {name: (folder / f"udhr_{name}.txt").read_text(encoding="utf-8").splitlines() for name in _names()}
    uzbek = [to_latin(text) for text in [row[0] for row in table] + rights["uz_latn"] if text.strip()]
    rows = {"uz standard apostrophes": ("uz latin", uzbek)}
    for name, mark in MARKS.items():
        rows[f"uz {name}"] = "uz latin", [text.replace(TURNED, mark).replace(TUTUQ, mark) for text in uzbek]
    rows["uz without apostrophes"] = "uz latin", [drop_apostrophes(text) for text in uzbek]
    rows["uz 2026"] = "uz latin-2026", [to_latin_2026(text) for text in uzbek]
    rows["uz Cyrillic"] = "uz cyrillic", [to_cyrillic(row[0]) for row in table] + rights["uz_cyrl"]
    rows["ru"] = "ru ", [row[1] for row in table] + rights["ru"]
    rows["en"] = "en ", [row[2] for row in table] + rights["en"]
    return {name: (expected, [text for text in texts if text.strip()]) for name, (expected, texts) in rows.items()}


def _names() -> list[str]:
    return [name.removeprefix("udhr_").removesuffix(".txt") for name in NEEDED[1:]]


def windows(texts: list[str], length: int) -> list[str]:
    """Return `length` consecutive words, each of two letters or more, from a random place of each text."""
    chance = random.Random(20260101)  # noqa: S311 - reproducible, not secret
    found = []
    for text in texts:
        spoken = [word for word in text.split() if re.search(r"[^\W\d_]{2}", word)]
        if len(spoken) >= length:
            start = chance.randrange(len(spoken) - length + 1)
            found.append(" ".join(spoken[start : start + length]))
    return found


def accuracy(texts: list[str], expected: str) -> tuple[float, float]:
    """Return the share of texts whose language is right, and whose spelling is right too, in percent."""
    language = expected.split(" ", maxsplit=1)[0]
    answers = [identify(text) for text in texts]
    right = sum(answer.language == language for answer in answers)
    spelt = sum(f"{answer.language} {answer.spelling}" == expected for answer in answers)
    return 100 * right / len(texts), 100 * spelt / len(texts)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with the evaluation texts")
    folder: Path = parser.parse_args().data
    if missing := [name for name in NEEDED if not (folder / name).is_file()]:
        parser.error(f"{folder} lacks {', '.join(missing)}; see the beginning of this file for what is needed.")
    print(f"{'':24}" + "".join(f"{length:>10}" for length in LENGTHS) + f"{'spelling':>10}")
    started, counted = time.perf_counter(), 0
    for name, (expected, texts) in sentences(folder).items():
        cells = []
        for label, length in LENGTHS.items():
            shown = (
                windows(texts, length) if length else [text.upper() if label == "CAPITALS" else text for text in texts]
            )
            cells.append(accuracy(shown, expected))
            counted += len(shown)
        print(f"{name:24}" + "".join(f"{cell:10.2f}" for cell, _ in cells) + f"{cells[0][1]:10.2f}")
    print(f"{1000 * (time.perf_counter() - started) / counted:.2f} ms a text")


if __name__ == "__main__":
    main()
