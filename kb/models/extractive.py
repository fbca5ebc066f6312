"""The bundled extractive model: how likely an answer begins and ends at each piece of a passage, or that none does.

Six transformer layers in 8 bits that read a question and a passage together (`pairs`), over the word vectors and the
tokenizer of the bundled transformer encoder; no torch. A folder holds `model.onnx` and `marks.safetensors`: what is
added to a word's vector for its likeness to a word of the other side, and for being the question's. A pair runs by
itself, unpadded and on one processor core, so that no passage changes what another gets; several run at once.

Method: Devlin et al. 2019, "BERT", section 4.3, with the no-answer score of its SQuAD 2.0 variant.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from kb.errors import ModelError
from kb.models.encoder import bundled_folder
from kb.models.onnx_encoder import open_session, tensor
from kb.models.pairs import LONGEST, LONGEST_HEADING, LONGEST_QUESTION, pair_of, side_of
from kb.models.static import read_rows, read_tokenizer
from kb.models.words import load_word_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kb.models.pairs import Pair, Side
    from kb.records import Language

_KEPT = 2_000
_opening = threading.Lock()


@dataclass(frozen=True, slots=True)
class Asked:
    """A text to be read: what stands above it, the text, its language."""

    heading: str
    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Ends:
    """Where an answer may stand in a text: characters `starts` and `ends` of each piece, with its logits.

    `begins[i] + closes[j] - none` is the log odds of the answer from piece i to piece j against none at all.
    """

    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    begins: NDArray[np.float32]
    closes: NDArray[np.float32]
    none: float


class ExtractiveModel:
    """The model in `folder` over the word vectors in `words`. Raises ModelError when a file is missing or damaged.

    Safe to share between threads. `threads` bounds the processor cores used for several passages; 0 takes all.
    """

    def __init__(self, folder: Path, words: Path, threads: int = 0) -> None:
        self._tokenizer = read_tokenizer(words / "tokenizer.json")
        self._rows, self._scales = read_rows(words / "vectors.safetensors")
        self._row_of = tensor(words / "vectors.safetensors", "rows")
        self._alike = tensor(folder / "marks.safetensors", "alike")
        self._asked = tensor(folder / "marks.safetensors", "asked")
        if self._alike.shape != self._rows.shape[1:]:
            message = f"Model file {folder / 'marks.safetensors'} is for {self._alike.shape} numbers a word, "
            raise ModelError(message + f"{words} has {self._rows.shape[1:]}; reinstall the package")
        self._session = open_session(folder / "model.onnx")
        self._threads = threads or os.cpu_count() or 1
        self._vectors = load_word_vectors()
        self._known: dict[tuple[str, Language], Side] = {}
        self._changing = threading.Lock()

    def read(self, question: str, language: Language, texts: Sequence[Asked]) -> list[Ends]:
        """Return where the answer to a question may stand in each text; what is past 384 pieces is not seen."""
        asked = self._side(question, language, LONGEST_QUESTION)
        pairs = [
            pair_of(asked, self._side(one.heading, one.language, LONGEST_HEADING), self._side(one.text, one.language))
            for one in texts
        ]
        threads = min(self._threads, len(pairs))
        if threads > 1:
            order = sorted(range(len(pairs)), key=lambda place: -len(pairs[place].ids))
            with ThreadPoolExecutor(threads) as pool:
                found = dict(zip(order, pool.map(self._ends, (pairs[place] for place in order)), strict=True))
            return [found[place] for place in range(len(pairs))]
        return [self._ends(pair) for pair in pairs]

    def _side(self, text: str, language: Language, most: int = LONGEST) -> Side:
        known = self._known.get((text, language))
        if known is None:
            known = side_of(text, language, self._tokenizer, self._vectors, most)
            with self._changing:
                if len(self._known) >= _KEPT:
                    self._known.clear()
                self._known[text, language] = known
        return known

    def _ends(self, pair: Pair) -> Ends:
        logits = self.logits(pair)
        inside = logits[pair.first : pair.first + len(pair.starts)]
        return Ends(pair.starts, pair.ends, inside[:, 0], inside[:, 1], float(logits[0].sum()))

    def logits(self, pair: Pair) -> NDArray[np.float32]:
        """Return how likely an answer begins and ends at each piece of a pair, (pieces, 2); the first is none."""
        rows = self._row_of[pair.ids]
        words = self._rows[rows].astype(np.float32)
        if self._scales is not None:
            words *= self._scales[rows, None]
        words += pair.alike[:, None] * self._alike
        words[: pair.question_end] += self._asked
        logits: NDArray[np.float32] = self._session.run(None, {"inputs_embeds": words[None]})[0][0]
        return logits


def load_extractive() -> ExtractiveModel:
    """Return the bundled model, which is opened once. Raises ModelError when it is missing or damaged."""
    with _opening:
        return _bundled()


def open_early() -> None:
    """Begin to open the bundled model beside what the caller goes on with; what goes wrong, `load_extractive` says."""
    if _bundled.cache_info().currsize == 0 and not _opening.locked():
        threading.Thread(target=_try_to_open, name="extractive-model").start()


def _try_to_open() -> None:
    with suppress(ModelError):
        load_extractive()


@cache
def _bundled() -> ExtractiveModel:
    return ExtractiveModel(bundled_folder("extractive"), bundled_folder("transformer"))
