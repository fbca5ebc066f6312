"""A logistic regression that says from a question's words whether its answer is to be gathered from many places.

What it knows of a question are its words, pairs of words and their endings, how long it is, and what the hand-written
rules of `breadth` make of it. The weights are learned by `training/breadth.py` from questions written for that, a set a
language.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from kb.errors import ModelError
from kb.text.fold import fold, loose
from kb.text.words import stem, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.records import Language

LONGEST = 30
"""Words of a question that are looked at."""

_ENDING, _WITH_ENDING = 3, 5
_LENGTHS = (2, 3, 5, 8, 12, 18)


class BreadthModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Weights by language and feature, intercepts by language, and the probability from which a question is broad."""

    weights: dict[str, dict[str, float]]
    intercepts: dict[str, float]
    threshold: float

    def probability(self, features: Iterable[str], language: Language) -> float:
        """Return how likely a question with these features is broad; 0 in a language that was not learned."""
        if language not in self.weights:
            return 0.0
        own = self.weights[language]
        logit = self.intercepts[language] + sum(own.get(name, 0.0) for name in set(features))
        return float(1.0 / (1.0 + np.exp(-logit)))


def features_of(text: str, language: Language, rule: str) -> list[str]:
    """Return the names of the features of a question of which the rules say `rule`."""
    written = [text[token.start : token.end] for token in tokenize(text)[:LONGEST]]
    words = ["NUMBER" if word[0].isdigit() else loose(fold(word)) for word in written]
    stems = ["NUMBER" if word[0].isdigit() else stem(word, language) for word in written]
    marked = ["^", *words, "?" if "?" in text else "."]
    endings = {word[-_ENDING:] for word in words if len(word) >= _WITH_ENDING}
    length = sum(len(words) > one for one in _LENGTHS)
    return [
        *(f"word {word}" for word in words),
        *(f"stem {one}" for one in stems),
        *(f"pair {one} {other}" for one, other in pairwise(marked)),
        *(f"stems {one} {other}" for one, other in pairwise(stems)),
        *(f"ending {ending}" for ending in endings),
        f"length {length}",
        f"close {marked[-1]}",
        f"rule {rule}",
    ]


@cache
def load_breadth_model() -> BreadthModel:
    """Return the bundled weights. Raises ModelError when the file is missing or damaged."""
    path = files("kb.resources") / "breadth.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=BreadthModel)
    except (OSError, msgspec.MsgspecError) as error:
        message = f"{path}: {error}. Reinstall the package, or run: python training/breadth.py"
        raise ModelError(message) from error
