"""Builds the letter statistics by which languages are told apart: `kb/resources/languages/*.json`.

    python -m training.language_profiles --data FOLDER

FOLDER holds law.tsv, localisation_1.tsv, authored_sentences.tsv, authored_glossary.tsv (header uz, ru, en),
qa_passages.jsonl, mono_uz.txt and mono_ru.txt. The files written are profiles of the langdetect package (Shuyo 2010):
counts of sequences of one to three letters, words framed by spaces. Texts go through `words` and `plain`, as they
do at run time, and Uzbek Cyrillic is Uzbek Latin rewritten by `to_cyrillic`.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from kb.text.letter_model import PROFILES, RESOURCES, plain, sequences, words
from kb.text.spellings import to_cyrillic

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES = {"law.tsv": 1, "localisation_1.tsv": 1, "authored_sentences.tsv": 4, "authored_glossary.tsv": 1}
"""How often each table is counted: prose on the subject weighs more than interface labels."""
PASSAGES_WEIGHT = 4
SHARE_KEPT = 2e-6
"""Sequences rarer than this among those of their length tell nothing that smoothing does not."""


def texts(folder: Path, language: str) -> Iterator[tuple[str, int]]:
    """Yield (text, weight) for the column or monolingual file of `language` ("uz", "ru", "en")."""
    for name, weight in TABLES.items():
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        column = lines[0].split("\t").index(language)
        for line in lines[1:]:
            cells = line.split("\t")
            cell = cells[column] if column < len(cells) else ""
            if cell and cells.count(cell) == 1:
                yield cell, weight
    for line in (folder / "qa_passages.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row[f"q_{language}"], PASSAGES_WEIGHT
        if row["passage_lang"] == language:
            yield row["passage"], PASSAGES_WEIGHT
    mono = folder / f"mono_{language}.txt"
    if mono.exists():
        for line in mono.read_text(encoding="utf-8").splitlines():
            yield line, 1


def profile(name: str, folder: Path) -> dict[str, object]:
    """Return the langdetect profile called `name`."""
    counts: Counter[str] = Counter()
    language, script = PROFILES[name]
    for text, weight in texts(folder, language):
        written = to_cyrillic(text) if name == "uz-cyrillic" else text
        for word in words(written, script):
            counts[plain(word)] += weight
    grams: Counter[str] = Counter()
    for word, count in counts.items():
        for gram in sequences(word):
            grams[gram] += count
    totals = [sum(count for gram, count in grams.items() if len(gram) == length) for length in (1, 2, 3)]
    kept = {gram: count for gram, count in sorted(grams.items()) if count >= max(2, SHARE_KEPT * totals[len(gram) - 1])}
    return {"name": name, "n_words": totals, "freq": kept}


def main() -> None:
    """Write the profiles and say how large they are."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with the training texts")
    folder: Path = parser.parse_args().data
    if not (folder / "law.tsv").exists():
        parser.error(f"{folder} holds no law.tsv; see the beginning of this file for what is needed.")
    RESOURCES.mkdir(parents=True, exist_ok=True)
    for name in PROFILES:
        built = profile(name, folder)
        path = RESOURCES / f"{name}.json"
        path.write_text(json.dumps(built, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
        print(f"{path}: {path.stat().st_size / 1024:.0f} KiB, {built['n_words']} sequences counted")


if __name__ == "__main__":
    main()
