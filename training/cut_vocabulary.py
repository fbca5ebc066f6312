"""Chooses the pieces of a 250,000-piece multilingual vocabulary that Uzbek, Russian and English need.

A piece stays when the full tokenizer uses it on the training text of this project or on a frequent Russian or English
word (word frequencies: PyPI package wordfreq, Speer 2022), as written, capitalised or in capitals; single letters,
digits and punctuation of the two scripts stay as well, so that any word can be spelled.
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import msgspec
from evaluate_encoder import read_table

if TYPE_CHECKING:
    from pathlib import Path

    from tokenizers import Tokenizer

TABLES = (
    "authored_sentences",
    "authored_glossary",
    "law",
    "law_titles",
    "localisation_1",
    "localisation_2",
    "dictionary",
    "dictionary_noisy",
)
RAREST = 680
"""Centibels below certainty: words that make up less than 10^-6.8 of all text are left out."""
CAPITALS = 450
ALPHABET = (
    range(0x20, 0x250),
    range(0x400, 0x500),
    range(0x2010, 0x2048),
    range(0x20A0, 0x20C0),
    range(0x2150, 0x218B),
)


def needed_pieces(tokenizer: Tokenizer, train: Path, wordfreq: Path) -> set[int]:
    """Return the ids of the pieces to keep. `wordfreq` is the package's data folder."""
    kept: set[int] = set()
    for texts in (*_tables(train), *_frequent(wordfreq)):
        for first in range(0, len(texts), 20_000):
            for encoding in tokenizer.encode_batch_fast(texts[first : first + 20_000], add_special_tokens=False):
                kept.update(encoding.ids)
    vocabulary = tokenizer.get_vocab()
    letters = [chr(code) for codes in ALPHABET for code in codes]
    kept.update(vocabulary[one] for letter in letters for one in (letter, "▁" + letter) if one in vocabulary)
    return kept


def _tables(train: Path) -> list[list[str]]:
    found = [
        [cell for cell in cells if cell] for name in TABLES for cells in read_table(train / f"{name}.tsv").values()
    ]
    found.extend((train / name).read_text(encoding="utf-8").split("\n") for name in ("mono_uz.txt", "mono_ru.txt"))
    return found


def frequent_words(wordfreq: Path, language: str, rarest: int = RAREST) -> list[str]:
    """Return a language's words in lower case, up to the given rarity in centibels."""
    packed = gzip.decompress((wordfreq / f"large_{language}.msgpack.gz").read_bytes())
    return [word for words in msgspec.msgpack.decode(packed)[1 : rarest + 2] for word in words]


def _frequent(wordfreq: Path) -> list[list[str]]:
    found = []
    for language in ("en", "ru"):
        words, common = frequent_words(wordfreq, language), frequent_words(wordfreq, language, CAPITALS)
        found += [words, [word.capitalize() for word in words], [word.upper() for word in common]]
    return found
