"""Makes the static encoder's tokenizer.

    python training/static_tokenizer.py TEXTS.xz --wordfreq wordfreq/data [--out static-tokenizer.json]

TEXTS.xz is what texts.py writes. The vocabulary is a byte-pair encoding (Sennrich et al. 2016,
"Neural Machine Translation of Rare Words with Subword Units") of words after `normalizer.folding`. Law and interface
texts alone would spend it on their own jargon, so every language has the same weight, half of the Russian and English
weight is that of general word frequencies (PyPI package wordfreq, Speer 2022), and counts are flattened. The same input
gives the same file.
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from normalizer import folding
from texts import load
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from kb.text.fold import APOSTROPHES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TOKENS = 51_000
RAREST = 680
"""Centibels below certainty: words that make up less than 10^-6.8 of all text are left out."""
FLATTENED = 0.75
SHOWN = 4_000_000
"""Words of each language that the trainer sees, after weighting."""
LONGEST = 20
WORD = re.compile(rf"\w[\w{APOSTROPHES}]*")
PUNCTUATION = "!\"#$%&'()*+,-./0123456789:;<=>?@[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~§«»№–—•…“”„€°"

Counts = dict[str, float]


def word_shares(wordfreq: Path, language: str) -> Counts:
    """Return a language's frequent words in lower case, each with its share of running text."""
    packed = gzip.decompress((wordfreq / f"large_{language}.msgpack.gz").read_bytes())
    levels = msgspec.msgpack.decode(packed)[1 : RAREST + 2]
    return {word: 10 ** (-centibels / 100) for centibels, words in enumerate(levels) for word in words}


def folded(words: dict[str, float]) -> Counts:
    """Return the counts of the words' folded forms; a form of several parts is counted as its parts."""
    fold = folding()
    names = list(words)
    forms: Counter[str] = Counter()
    for first in range(0, len(names), 1000):
        part = names[first : first + 1000]
        lines = fold.normalize_str("\n".join(part)).split("\n")
        for name, line in zip(part, lines, strict=True):
            for form in re.findall(r"\w+", line):
                forms[form] += words[name]
    return forms


def counted(texts: Iterable[str]) -> Counts:
    """Return how often each folded word stands in `texts`."""
    words: Counter[str] = Counter()
    for text in texts:
        words.update(WORD.findall(text.lower()))
    return folded(words)


def balanced(sources: list[Counts]) -> dict[str, int]:
    """Return whole counts of the mean of the sources, each flattened; together about `SHOWN`."""
    mixed: Counter[str] = Counter()
    for source in sources:
        total = sum(count**FLATTENED for count in source.values())
        for word, count in source.items():
            mixed[word] += count**FLATTENED / total / len(sources)
    return {word: times for word in sorted(mixed) if (times := round(mixed[word] * SHOWN))}


def train_tokenizer(languages: list[dict[str, int]], tokens: int = TOKENS) -> Tokenizer:
    """Return a tokenizer of at most `tokens` entries for the folded words and their counts in each language."""
    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.BertPreTokenizer(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=tokens,
        min_frequency=2,
        special_tokens=["[PAD]", "[UNK]"],
        initial_alphabet=list(PUNCTUATION),
        limit_alphabet=300,
        max_token_length=LONGEST,
        show_progress=False,
    )

    def lines() -> Iterator[str]:
        yield from [" ".join(PUNCTUATION)] * 1000
        for words in languages:
            for word, times in words.items():
                yield f"{word} " * times

    tokenizer.train_from_iterator(lines(), trainer)
    tokenizer.normalizer = folding()
    return tokenizer


def main() -> None:
    """Count, balance, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--wordfreq", type=Path, required=True)
    parser.add_argument("--tokens", type=int, default=TOKENS)
    parser.add_argument("--out", type=Path, default=Path("static-tokenizer.json"))
    options = parser.parse_args()
    read = load(options.texts)
    languages = []
    for number, language in enumerate(("uz", "ru", "en")):
        mine = read.languages == number
        plain = counted(text for text, wanted in zip(read.texts, mine & ~read.words, strict=True) if wanted)
        listed = counted(text for text, wanted in zip(read.texts, mine & read.words, strict=True) if wanted)
        sources = [plain, folded(word_shares(options.wordfreq, language)) if language != "uz" else listed]
        languages.append(balanced(sources))
        print(f"{language}: {len(plain)} different words in the texts, {len(languages[-1])} kept", flush=True)
    tokenizer = train_tokenizer(languages, options.tokens)
    tokenizer.save(str(options.out), pretty=False)
    print(f"{tokenizer.get_vocab_size()} tokens, {options.out}: {options.out.stat().st_size / 1e6:.2f} MB", flush=True)


if __name__ == "__main__":
    main()
