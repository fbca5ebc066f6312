"""Word-translation tables: which stems of another language a stem stands for, and how strongly.

The tables let a lexical index answer across languages: a question's stem becomes a weighted class of stems of the
passage's language (Darwish & Oard 2003, "Probabilistic Structured Query Methods"). They are learned from parallel text
by `training/translation_tables.py` and must be learned again when stemming changes.

One safetensors file, memory-mapped, holds per language `<lang>.terms` (the stems' UTF-8, sorted by bytes, end to end)
and `<lang>.lengths` (bytes of each stem), and per direction `<source>-<target>.counts` (entries of each source stem),
`.targets` (numbers of target stems, best first) and `.weights` (255 is 1.0). It opens in a millisecond.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.errors import ModelError
from kb.models.encoder import bundled_folder
from kb.models.tensors import map_tensors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

LANGUAGES = ("uz", "ru", "en")
FILE_NAME = "tables.safetensors"

Translations = tuple[tuple[str, float], ...]


def encode_terms(terms: Iterable[str]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return sorted terms as one array of UTF-8 bytes and the length of each, at most 255."""
    encoded = [term.encode() for term in terms]
    return np.frombuffer(b"".join(encoded), np.uint8), np.array([len(term) for term in encoded], np.uint8)


class _Terms:
    """The sorted stems of one language; a sequence of bytes, so that `bisect` works on it."""

    def __init__(self, blob: NDArray[Any], lengths: NDArray[Any]) -> None:
        self._blob = blob
        self._starts = _starts(lengths)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> bytes:
        return self._blob[self._starts[number] : self._starts[number + 1]].tobytes()

    def find(self, term: str) -> int | None:
        """Return the number of `term`, or None."""
        wanted = term.encode("utf-8", "replace")
        number = bisect_left(self, wanted)
        return number if number < len(self) and self[number] == wanted else None


class _Direction:
    """The entries of one direction: those of source stem i are `starts[i]:starts[i + 1]`."""

    def __init__(self, counts: NDArray[Any], targets: NDArray[Any], weights: NDArray[Any]) -> None:
        self.starts = _starts(counts)
        self.targets = targets
        self.weights = weights


def _starts(lengths: NDArray[Any]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])


class TranslationTables:
    """The six directions between Uzbek, Russian and English, read from `path`.

    Raises ModelError when the file is missing or damaged.
    """

    def __init__(self, path: Path) -> None:
        arrays = map_tensors(path)
        try:
            self._terms = {one: _Terms(arrays[f"{one}.terms"], arrays[f"{one}.lengths"]) for one in LANGUAGES}
            self._directions = {
                (source, target): _Direction(
                    *(arrays[f"{source}-{target}.{part}"] for part in ("counts", "targets", "weights"))
                )
                for source in LANGUAGES
                for target in LANGUAGES
                if source != target
            }
        except KeyError as error:
            message = f"Translation tables {path} lack {error}; restore the file or reinstall the package"
            raise ModelError(message) from error
        self._cached = lru_cache(maxsize=50_000)(self._translate)

    def translate(self, stem: str, source: str, target: str) -> Translations:
        """Return the stems of language `target` that `stem` of language `source` stands for, best first.

        Weights are relative to the best translation: 1.0 for the best, or .8 where only a machine-made dictionary
        knows the stem. Empty for an unknown stem and for languages other than uz, ru and en. Takes microseconds.
        """
        return self._cached(stem, source, target)

    def terms(self, language: str) -> Sequence[str]:
        """Return all stems of `language` that take part in an entry, sorted by their UTF-8."""
        terms = self._terms[language]
        return [terms[number].decode() for number in range(len(terms))]

    def _translate(self, stem: str, source: str, target: str) -> Translations:
        direction = self._directions.get((source, target))
        if direction is None:
            return ()
        number = self._terms[source].find(stem)
        if number is None:
            return ()
        first, last = direction.starts[number], direction.starts[number + 1]
        terms = self._terms[target]
        return tuple(
            (terms[other].decode(), weight / 255)
            for other, weight in zip(
                direction.targets[first:last].tolist(), direction.weights[first:last].tolist(), strict=True
            )
        )


@lru_cache(maxsize=1)
def load_tables() -> TranslationTables:
    """Return the bundled tables. Raises ModelError when the resource is missing or damaged."""
    return TranslationTables(bundled_folder("translation") / FILE_NAME)
