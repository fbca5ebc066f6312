"""Reads the training texts into one list with the ties between them: the common input of all encoder training.

    python training/texts.py DATA OUT.xz [--general FOLDER] [--wordfreq FOLDER]

Three kinds of ties are kept. Rows are translations of one text; neighbouring rows of running text are joined to longer
ones as well, because passages are longer than sentences. Pairs are a question, title or sentence and the passage that
it belongs to. Texts without a tie are there to be placed where a teacher places them. OUT.xz holds all of it in one
file, so that a machine that only trains needs nothing else.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

UZ, RU, EN = 0, 1, 2
COLUMNS = ("uz", "ru", "en")
ROWS = {
    "authored_sentences": 3.0,
    "authored_glossary": 1.5,
    "law": 1.5,
    "law_titles": 1.0,
    "localisation_1": 1.5,
    "localisation_2": 1.0,
    "general": 1.5,
    "dictionary": 0.4,
    "dictionary_noisy": 0.1,
}
"""Tables of translations; a table is drawn from in proportion to weight * rows ** 0.6."""
JOINED = {"authored_sentences": (3.0, 4), "law": (1.5, 4), "general": (1.5, 4), "localisation_1": (1.0, 3)}
"""Tables whose neighbouring rows are joined: weight and the greatest number of rows in one text."""
PAIRS = {"questions": 3.0, "cloze": 1.0, "articles": 1.0}
MONOLINGUAL = (("mono_uz.txt", UZ), ("mono_ru.txt", RU), ("general_en.txt", EN), ("general_ru.txt", RU))
SENTENCE_END = re.compile(r"(?<=[.;:!?])\s+")
ARTICLE = re.compile(r"^(?:\d+(?:-\d+)?-modda\.?|Статья \d+(?:-\d+)?\.?)\s+(\S.*)$")
LONGEST = 1500
"""Characters of the longest text; more is not seen by a sentence encoder in training anyway."""


@dataclass(frozen=True)
class Texts:
    """Texts without repeats, and their ties by number.

    `languages` (texts,): 0 Uzbek, 1 Russian, 2 English. `rows` (rows, 3): the numbers of a text in each language, -1
    where it is missing; `row_shares` (rows,): how often to draw each, sums to 1. `pairs` (pairs, 2): what asks and what
    answers; `pair_shares` likewise. `words` (texts,): whether the text is a single word or term from a list.
    """

    texts: list[str]
    languages: np.ndarray
    words: np.ndarray
    rows: np.ndarray
    row_shares: np.ndarray
    pairs: np.ndarray
    pair_shares: np.ndarray

    def save(self, path: Path) -> None:
        """Write everything to one compressed file."""
        arrays = {name: getattr(self, name) for name in ("languages", "words", "rows", "pairs")}
        shares = {name: getattr(self, name).astype(np.float32) for name in ("row_shares", "pair_shares")}
        parts = arrays | shares
        head = {name: [str(one.dtype), list(one.shape)] for name, one in parts.items()}
        blob = "\n".join(self.texts).encode()
        with lzma.open(path, "wb", preset=6) as file:
            file.write(json.dumps({"arrays": head, "text": len(blob)}).encode() + b"\n")
            for one in parts.values():
                file.write(np.ascontiguousarray(one).tobytes())
            file.write(blob)


def load(path: Path) -> Texts:
    """Return what `Texts.save` wrote."""
    with lzma.open(path, "rb") as file:
        head = json.loads(file.readline())
        arrays = {}
        for name, (kind, shape) in head["arrays"].items():
            size = int(np.prod(shape)) * np.dtype(kind).itemsize
            arrays[name] = np.frombuffer(file.read(size), kind).reshape(shape)
        texts = file.read().decode().split("\n")
    for name in ("row_shares", "pair_shares"):
        shares = arrays[name].astype(np.float64)
        arrays[name] = shares / shares.sum()
    return Texts(texts=texts, **arrays)


class _Collection:
    """Texts under construction: each gets the number of its first use."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.languages: list[int] = []
        self.words: list[bool] = []
        self.rows: list[tuple[int, int, int]] = []
        self.row_shares: list[float] = []
        self.pairs: list[tuple[int, int]] = []
        self.pair_shares: list[float] = []

    def number(self, text: str, language: int, word: bool = False) -> int:
        """Return the text's number, -1 for an empty one."""
        text = " ".join(text.split())[:LONGEST]
        if not text:
            return -1
        number = self.numbers.setdefault(text, len(self.numbers))
        if number == len(self.languages):
            self.languages.append(language)
            self.words.append(word)
        return number

    def add_rows(self, cells: list[tuple[str, ...]], weight: float, word: bool = False) -> None:
        """Add translations that share one draw weight."""
        found = [tuple(self.number(cell, column, word) for column, cell in enumerate(row)) for row in cells]
        kept = [row for row in dict.fromkeys(found) if sum(one >= 0 for one in row) > 1]
        self.rows.extend(kept)
        self.row_shares.extend([weight * max(len(kept), 1) ** -0.4] * len(kept))

    def add_pairs(self, found: list[tuple[str, int, str, int]], weight: float) -> None:
        """Add (asking text, its language, answering text, its language)."""
        kept = list(dict.fromkeys((self.number(a, first), self.number(b, second)) for a, first, b, second in found))
        self.pairs.extend(kept)
        self.pair_shares.extend([weight * max(len(kept), 1) ** -0.4] * len(kept))

    def finish(self) -> Texts:
        """Return the collection."""
        shares = [np.array(one, np.float64) for one in (self.row_shares, self.pair_shares)]
        return Texts(
            texts=list(self.numbers),
            languages=np.array(self.languages, np.int8),
            words=np.array(self.words, np.bool_),
            rows=np.array(self.rows, np.int32),
            row_shares=shares[0] / shares[0].sum(),
            pairs=np.array(self.pairs, np.int32),
            pair_shares=shares[1] / shares[1].sum(),
        )


def read_rows(path: Path) -> list[tuple[str, ...]]:
    """Return the rows of a tab-separated file with columns uz, ru and en."""
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line]
    places = [lines[0].index(name) for name in COLUMNS]
    return [tuple(cells[place] for place in places) for cells in lines[1:]]


def joined(rows: list[tuple[str, ...]], most: int, random: np.random.Generator) -> list[tuple[str, ...]]:
    """Return neighbouring rows laid end to end, two to `most` at a time; a language that lacks one is left out."""
    found, place = [], 0
    while place < len(rows):
        taken = rows[place : place + int(random.integers(2, most + 1))]
        place += len(taken)
        whole = [all(row[column] for row in taken) for column in range(3)]
        cells = tuple(" ".join(row[column] for row in taken) if whole[column] else "" for column in range(3))
        if len(taken) > 1 and max(map(len, cells)) <= LONGEST:
            found.append(cells)
    return found


def cloze(lines: list[str], language: int, random: np.random.Generator) -> list[tuple[str, int, str, int]]:
    """Return a sentence of each long paragraph with the rest of it: inverse cloze, Lee et al. 2019."""
    found = []
    for line in lines:
        sentences = [one for one in SENTENCE_END.split(line) if len(one) > 40]
        if 250 < len(line) < LONGEST and len(sentences) >= 2:
            chosen = int(random.integers(len(sentences)))
            rest = " ".join(sentences[:chosen] + sentences[chosen + 1 :])
            found.append((sentences[chosen], language, rest, language))
    return found


def articles(lines: list[str], language: int) -> list[tuple[str, int, str, int]]:
    """Return the title of each article of a law with the article's text."""
    found, title, body = [], "", ""
    for line in [*lines, "0-modda. -"]:
        if match := ARTICLE.match(line):
            if title and len(body) > 100:
                found.append((title, language, body[:LONGEST], language))
            title, body = match[1], ""
        elif len(body) < LONGEST:
            body = f"{body} {line}" if body else line
    return found


def read_texts(train: Path, general: Path | None = None, wordfreq: Path | None = None) -> Texts:
    """Return all of `train`, of `general` (general_text.py makes this folder) and the frequent words of `wordfreq`."""
    random, collection = np.random.default_rng(0), _Collection()
    folders = [train] + ([general] if general else [])
    paths = {path.name: path for folder in reversed(folders) for path in sorted(folder.iterdir())}
    for name, weight in ROWS.items():
        if f"{name}.tsv" in paths:
            rows = read_rows(paths[f"{name}.tsv"])
            collection.add_rows(rows, weight, word="dictionary" in name or "glossary" in name)
            if name in JOINED:
                share, most = JOINED[name]
                collection.add_rows(joined([row for row in rows if max(map(len, row)) > 30], most, random), share)
    questions: list[tuple[str, int, str, int]] = []
    for line in (train / "qa_passages.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        passage, language = row["passage"], COLUMNS.index(row["passage_lang"])
        asked = [key for key in ("q_uz", "q_ru", "q_en", "s_uz", "s_ru", "s_en") if row.get(key)]
        questions.extend((row[key], COLUMNS.index(key[2:]), passage, language) for key in asked)
    collection.add_pairs(questions, PAIRS["questions"])
    for name, language in MONOLINGUAL:
        if name in paths:
            lines = paths[name].read_text(encoding="utf-8").split("\n")
            collection.add_pairs(cloze(lines, language, random), PAIRS["cloze"])
            collection.add_pairs(articles(lines, language), PAIRS["articles"])
            for line in lines:
                collection.number(line, language)
    if wordfreq:
        from cut_vocabulary import frequent_words  # noqa: PLC0415 - needs a package that a bare trainer lacks

        for name, language in (("ru", RU), ("en", EN)):
            for word in frequent_words(wordfreq, name, rarest=600):
                collection.number(word, language, word=True)
    return collection.finish()


def main() -> None:
    """Read, say how much there is, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--general", type=Path)
    parser.add_argument("--wordfreq", type=Path)
    options = parser.parse_args()
    texts = read_texts(options.data / "train", options.general, options.wordfreq)
    counts = np.bincount(texts.languages, minlength=3)
    print(f"{len(texts.texts)} texts (uz {counts[UZ]}, ru {counts[RU]}, en {counts[EN]}; {texts.words.sum()} words)")
    print(f"{len(texts.rows)} rows of translations, {len(texts.pairs)} pairs")
    texts.save(options.out)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
