"""A question and a passage as one text for the extractive model: pieces, and where each stands in the passage.

The model reads `<s> question </s> headings </s> passage </s>`. Beside its piece, every place carries how near its word
comes to a word of the other side by the static word vectors, which know translations: the aligned question embedding
of Chen et al. 2017 ("Reading Wikipedia to Answer Open-Domain Questions"), so that a small model need not learn a
dictionary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kb.text.fold import fold, loose
from kb.text.spellings import to_latin
from kb.text.stopwords import STOP_WORDS
from kb.text.words import tokenize

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from kb.models.words import WordVectors
    from kb.records import Language

BEGIN, END = 0, 2
LONGEST_QUESTION, LONGEST_HEADING, LONGEST = 64, 40, 384
"""Pieces; what is longer is cut."""

UNRELATED, SAME = 0.3, 0.8
"""Cosines from which two words count as somewhat alike, and as the same."""


@dataclass(frozen=True, slots=True)
class Side:
    """A text in pieces: ids, the words (in characters of the text as given) that they stand in, and their likeness.

    `words` are (start, end) of all words, `word_of` the word of each piece, -1 for a piece of punctuation; `vectors`
    (words, dimension) are zero for stop words. `starts` and `ends` are the pieces' own characters.
    """

    ids: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    word_of: NDArray[np.int32]
    vectors: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pair:
    """What the model is given: `ids` and `alike` (pieces,), and the passage's pieces from place `first` on.

    The question's pieces end before `question_end`. `starts` and `ends` are characters of the passage, one of each for
    its pieces.
    """

    ids: NDArray[np.int32]
    alike: NDArray[np.float32]
    question_end: int
    first: int
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]


def side_of(text: str, language: Language, tokenizer: Tokenizer, vectors: WordVectors, most: int) -> Side:
    """Return a text in at most `most` pieces."""
    written, places = _in_latin(text, language)
    encoding = tokenizer.encode(written, add_special_tokens=False)
    ids = np.asarray(encoding.ids[:most], np.int32)
    offsets = np.asarray(encoding.offsets[:most], np.int32).reshape(-1, 2)
    starts, ends = offsets[:, 0], offsets[:, 1]
    if places is not None:
        starts, ends = places[starts], places[ends]
    tokens = tokenize(text)
    begins = np.asarray([token.start for token in tokens], np.int32)
    stops = np.asarray([token.end for token in tokens], np.int32)
    word_of = np.full(len(ids), -1, np.int32)
    found = np.searchsorted(stops, starts, side="right")
    inside = found < len(tokens)
    inside[inside] = begins[found[inside]] < ends[inside]
    word_of[inside] = found[inside]
    stop = STOP_WORDS.get(language, frozenset())
    words = [text[token.start : token.end] for token in tokens]
    of = vectors.of(words)
    common = [not (key := loose(fold(word))) or key in stop for word in words]
    of[common] = 0
    return Side(ids, starts, ends, word_of, of)


def _in_latin(text: str, language: Language) -> tuple[str, NDArray[np.int32] | None]:
    """Return Cyrillic Uzbek in Latin letters, and for each of its places the place in `text`; None for other text.

    A letter that became two has its own place twice, so that cuts fall between letters as given.
    """
    if language != "uz" or not any("\u0400" <= letter <= "\u04ff" for letter in text):
        return text, None
    parts: list[str] = []
    places: list[int] = []
    last = 0
    for token in tokenize(text):
        parts.append(text[last : token.start])
        places.extend(range(last, token.start))
        word = to_latin(text[token.start : token.end])
        parts.append(word)
        length = token.end - token.start
        places.extend(token.start + place * length // len(word) for place in range(len(word)))
        last = token.end
    parts.append(text[last:])
    places.extend(range(last, len(text) + 1))
    return "".join(parts), np.asarray(places, np.int32)


def pair_of(question: Side, heading: Side, passage: Side) -> Pair:
    """Return the three as one text; the passage is cut where it gets too long."""
    room = LONGEST - len(question.ids) - len(heading.ids) - 4
    ids = passage.ids[:room]
    alike = question.vectors @ passage.vectors.T
    marks = [
        np.zeros(1, np.float32),
        _near(alike.max(axis=1, initial=0), question.word_of),
        np.zeros(len(heading.ids) + 2, np.float32),
        _near(alike.max(axis=0, initial=0), passage.word_of[:room]),
        np.zeros(1, np.float32),
    ]
    begin, end = np.asarray([BEGIN], np.int32), np.asarray([END], np.int32)
    whole = [begin, question.ids, end, heading.ids, end, ids, end]
    first = len(question.ids) + len(heading.ids) + 3
    return Pair(
        np.concatenate(whole),
        np.concatenate(marks).astype(np.float32),
        len(question.ids) + 1,
        first,
        passage.starts[:room],
        passage.ends[:room],
    )


def _near(cosines: NDArray[np.float32], word_of: NDArray[np.int32]) -> NDArray[np.float32]:
    """Return how near each piece's word comes, in 0 .. 1; 0 for punctuation."""
    sure = np.clip((cosines - UNRELATED) / (SAME - UNRELATED), 0, 1)
    return np.append(sure, 0)[word_of].astype(np.float32) if len(word_of) else np.zeros(0, np.float32)
