"""Word-translation tables: which stems of another language a stem stands for, and how strongly.

The tables let a lexical index answer across languages: a question's stem becomes a weighted class of stems of the
passage's language (Darwish & Oard 2003, "Probabilistic Structured Query Methods"). They are learned from parallel text
by `training/translation_tables.py` and must be learned again when stemming changes.

One safetensors file, memory-mapped, holds per language its stems (`kb.models.stems`) and per direction
`<source>-<target>.counts` (entries of each source stem), `.targets` (numbers of target stems, best first) and
`.weights` (255 is 1.0), and the phrases (`kb.models.phrases`). It opens in some ten milliseconds.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from kb.errors import ModelError
from kb.models.encoder import bundled_folder
from kb.models.phrases import PhraseTable
from kb.models.stems import StemNumbers, Stems, starts_of
from kb.models.tensors import map_tensors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kb.models.phrases import Phrase
    from kb.models.stems import Arrays
    from kb.records import Language

LANGUAGES: tuple[Language, ...] = ("uz", "ru", "en")
FILE_NAME = "tables.safetensors"

Translations = tuple[tuple[str, float], ...]


class _Direction:
    """The entries of one direction: those of source stem i are `starts[i]:starts[i + 1]`."""

    def __init__(self, arrays: Arrays, name: str, targets: int) -> None:
        self.starts = starts_of(arrays[f"{name}.counts"])
        self.targets = StemNumbers(arrays, f"{name}.targets", targets)
        self.weights = arrays[f"{name}.weights"]


class TranslationTables:
    """The six directions between Uzbek, Russian and English, read from `path`.

    Raises ModelError when the file is missing or damaged.
    """

    def __init__(self, path: Path) -> None:
        arrays = map_tensors(path)
        try:
            self._stems = {language: Stems(arrays, language) for language in LANGUAGES}
            self._directions = {
                (source, target): _Direction(arrays, f"{source}-{target}", len(self._stems[target]))
                for source in LANGUAGES
                for target in LANGUAGES
                if source != target
            }
            self._phrases = PhraseTable(arrays, self._stems)
        except KeyError as error:
            message = f"Translation tables {path} lack {error}; restore the file or reinstall the package"
            raise ModelError(message) from error
        self._cached = lru_cache(maxsize=50_000)(self._translate)

    def translate(self, stem: str, source: Language, target: Language) -> Translations:
        """Return the stems of language `target` that `stem` of language `source` stands for, best first.

        Weights are relative to the best translation: 1.0 for the best, or .8 where only a machine-made dictionary
        knows the stem. Empty for an unknown stem and for languages other than uz, ru and en. Takes microseconds.
        """
        return self._cached(stem, source, target)

    def phrases(self, stems: Sequence[str], language: Language) -> list[Phrase]:
        """Return the phrases in a text's stems, stop words left out: the longest at each place, none inside another.

        Empty for languages other than uz, ru and en. Takes a tenth of a millisecond for a question.
        """
        return self._phrases.find(stems, language)

    def terms(self, language: Language) -> Sequence[str]:
        """Return all stems of `language` that take part in an entry or a phrase, sorted by their UTF-8."""
        terms = self._stems[language]
        return [terms[number].decode() for number in range(len(terms))]

    def _translate(self, stem: str, source: Language, target: Language) -> Translations:
        direction = self._directions.get((source, target))
        if direction is None:
            return ()
        number = self._stems[source].find(stem)
        if number is None:
            return ()
        first, last = direction.starts[number], direction.starts[number + 1]
        terms = self._stems[target]
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
