"""How well a word fits each language by its letters: sums of log probabilities of one to three letters.

The profiles of the langdetect package (Shuyo 2010), without its sampling: langdetect multiplies a random choice of
letter sequences until one language wins, here every sequence counts, so that the same text always gets the same
answer. Uzbek has no profile in that package; `training/language_profiles.py` builds ours for Uzbek in both scripts,
Russian and English. The package's own Russian and English are mixed in, and its other languages are the rivals that
must lose before a text is called one of the three.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from kb.errors import ModelError
from kb.text.fold import APOSTROPHES, IGNORABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from kb.records import Language

Script = Literal["latin", "cyrillic"]

RESOURCES = Path(__file__).parent.parent / "resources" / "languages"
PROFILES: dict[str, tuple[Language, Script]] = {
    "uz-latin": ("uz", "latin"),
    "en": ("en", "latin"),
    "uz-cyrillic": ("uz", "cyrillic"),
    "ru": ("ru", "cyrillic"),
}
"""Our own profiles and what they stand for."""

# Romanian is left out: the package's profile holds much English.
_RIVALS: dict[Script, str] = {
    "latin": "de tr es fr ca it pt nl pl id fi sv da cs hu hr lt et vi sq so tl",
    "cyrillic": "uk bg mk",
}
_FLOOR = 1e-5
"""Probability of a sequence that a language has not shown."""
_GENERAL_SHARE = 0.5
"""Share of the package's general Russian and English beside ours, which are of official prose."""

_UNMARKED = str.maketrans(dict.fromkeys(APOSTROPHES + IGNORABLE + "\u0301", ""))
_OLD_LATIN = str.maketrans({"ö": "o", "ğ": "g", "ş": "sh", "ș": "sh", "ç": "ch"})
_NO_PROSE = re.compile(r"(?:https?://|www\.)\S+|[^\s@]{1,64}@\S+|(?<![^\W_])[^\W\d_]{0,40}\d[^\W_]*")
_WORD: dict[Script, re.Pattern[str]] = {
    "latin": re.compile("[a-zß-öø-ɏə]+"),
    "cyrillic": re.compile("[\u0400-\u04ff]+"),
}


_Profile = tuple[list[str], list[int], list[int]]
"""Sequences, some of them perhaps more than once, how often each was counted, and all counts of one, two and three."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Log likelihoods of some words: `home` under the script's own profiles, `rivals` under the others.

    `sequences` is how many letter sequences were summed.
    """

    home: NDArray[np.float64]
    rivals: NDArray[np.float64]
    sequences: int


def words(text: str, script: Script) -> list[str]:
    """Return the lower-case words of `text` in `script`, apostrophes dropped; addresses and words with digits not."""
    return _WORD[script].findall(_NO_PROSE.sub(" ", text.lower()).translate(_UNMARKED))


def plain(word: str) -> str:
    """Return a lower-case word as Uzbek text without apostrophes writes it, whichever Latin it was written in."""
    return word.translate(_OLD_LATIN)


def sequences(word: str) -> list[str]:
    """Return the sequences of one to three letters of a word framed by spaces."""
    framed = f" {word} "
    size = len(framed)
    return [
        *word,
        *[framed[start : start + 2] for start in range(size - 1)],
        *[framed[start : start + 3] for start in range(size - 2)],
    ]


def fit(found: list[str], script: Script) -> Fit:
    """Return how well the `words` of a text fit the languages of `script`; `found` must not be empty."""
    measure, home = _measure(script)
    parts = [measure(word) for word in found]
    total = np.array([part for part, _ in parts]).sum(axis=0)
    return Fit(total[:home], total[home:], sum(size for _, size in parts))


@lru_cache(maxsize=2)
def _measure(script: Script) -> tuple[Callable[[str], tuple[NDArray[np.float64], int]], int]:
    """Return a function from a word to its log likelihoods and number of sequences, and how many are of our own."""
    home = [name for name, (_, of) in PROFILES.items() if of == script]
    index, matrix = _log_probabilities(home, _RIVALS[script].split())
    unseen = len(matrix) - 1

    @lru_cache(maxsize=30_000)
    def measure(word: str) -> tuple[NDArray[np.float64], int]:
        ours, theirs = sequences(plain(word)), sequences(word)
        total = matrix[[index.get(sequence, unseen) for sequence in theirs]].sum(axis=0)
        if len(ours) != len(theirs) or ours != theirs:
            total *= len(ours) / len(theirs)
            total[: len(home)] = matrix[[index.get(one, unseen) for one in ours], : len(home)].sum(axis=0)
        return total, len(ours)

    return measure, len(home)


def _log_probabilities(home: list[str], rivals: list[str]) -> tuple[dict[str, int], NDArray[np.float64]]:
    """Return the row of each sequence, and log probabilities with one column a language; the last row is for others."""
    general = [name for name in home if PROFILES[name][0] != "uz"]
    profiles = [_own(name) for name in home] + [_packaged(name) for name in (*general, *rivals)]
    rows: defaultdict[str, int] = defaultdict(count().__next__)
    placed = [np.fromiter(map(rows.__getitem__, sequences), np.int64, len(sequences)) for sequences, _, _ in profiles]
    sizes = np.fromiter(map(len, rows), np.int64, len(rows))
    of_size = [np.flatnonzero(sizes == size) for size in (1, 2, 3)]
    matrix = np.zeros((len(rows), len(profiles)))
    for column, (places, (_, counts, totals)) in enumerate(zip(placed, profiles, strict=True)):
        found = np.bincount(places, weights=counts, minlength=len(rows))
        for own, total in zip(of_size, totals, strict=True):
            matrix[own, column] = found[own] / total
    for name in general:
        ours, packaged = home.index(name), len(home) + general.index(name)
        matrix[:, ours] += _GENERAL_SHARE * (matrix[:, packaged] - matrix[:, ours])
    matrix = np.delete(matrix, range(len(home), len(home) + len(general)), axis=1)
    return dict(rows), np.log(np.vstack([matrix, np.zeros(matrix.shape[1])]) + _FLOOR)


def _own(name: str) -> _Profile:
    path = RESOURCES / f"{name}.json"
    try:
        profile = json.loads(path.read_bytes())
        freq = profile["freq"]
        return list(freq), list(freq.values()), profile["n_words"]
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"Language profile {path} cannot be read ({error}). Install the package again, or rebuild the profile: "
            "python -m training.language_profiles --data FOLDER."
        ) from error


def _packaged(name: str) -> _Profile:
    """Return a profile of the langdetect package in lower case; it counts capitals apart."""
    from langdetect.detector_factory import PROFILES_DIRECTORY  # noqa: PLC0415 - loads six and all of langdetect

    path = Path(PROFILES_DIRECTORY) / name
    try:
        profile = json.loads(path.read_bytes())
        freq = profile["freq"]
        return "\n".join(freq).lower().split("\n"), list(freq.values()), profile["n_words"]
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"langdetect's profile {path} cannot be read ({error}). Repair: pip install --force-reinstall langdetect."
        ) from error
