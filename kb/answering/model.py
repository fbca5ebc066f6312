"""Two small logistic models with frozen coefficients: does this sentence answer, and do these passages answer at all.

The coefficients live in `kb/resources/answering.json`; `training/answering.py` fits them and its docstring says on
which questions. Each is a plain weighted sum, so that a reader can see what counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from kb.answering.candidates import FEATURES
from kb.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.answering.candidates import Candidates

ANSWERABILITY_FEATURES = (
    "best_sentence",
    "second_sentence",
    "cosine",
    "plain_cosine",
    "rare_terms",
    "words",
    "indexed",
    "passage_fall",
    "legs_agree",
)
"""Names of what `answerability_features` returns, in order."""

AGREEING_RANK = 5
_OF_CANDIDATES = ("cosine", "plain_cosine", "rare_terms", "words", "indexed")


class Logistic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """p = 1 / (1 + exp(-(intercept + coefficients . features)))."""

    features: tuple[str, ...]
    coefficients: tuple[float, ...]
    intercept: float

    def logits(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return intercept + coefficients . features, shape (n,) for features of shape (n, f)."""
        logits: NDArray[np.float64] = np.asarray(features, np.float64) @ np.asarray(self.coefficients) + self.intercept
        return logits


@dataclass(frozen=True, slots=True)
class Judgement:
    """Logit of each candidate sentence, and the probability that they answer the question."""

    sentence_logits: NDArray[np.float64]
    probability: float


class AnswerModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Both models and the probability under which the question counts as not answered."""

    sentence: Logistic
    answerability: Logistic
    threshold: float

    def judge(self, candidates: Candidates) -> Judgement:
        """Return the judgement of candidates, of which there is at least one."""
        logits = self.sentence.logits(candidates.features)
        features = answerability_features(candidates, logits)
        logit = float(self.answerability.logits(features[None, :])[0])
        return Judgement(logits, float(1.0 / (1.0 + np.exp(-logit))))


def answerability_features(candidates: Candidates, logits: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return what says whether the best passages answer at all, shape (len(ANSWERABILITY_FEATURES),)."""
    order = np.argsort(-logits, kind="stable")
    hits = {sentence.hit.rank: sentence.hit for sentence in candidates.sentences}
    ranked = [hits[rank] for rank in sorted(hits)]
    fall = ranked[0].score - ranked[min(len(ranked), AGREEING_RANK) - 1].score
    agreeing = [leg.rank is not None and leg.rank <= AGREEING_RANK for leg in ranked[0].legs]
    most = candidates.features.max(axis=0)
    values = [
        float(logits[order[0]]),
        float(logits[order[min(1, len(order) - 1)]]),
        *(float(most[FEATURES.index(name)]) for name in _OF_CANDIDATES),
        fall,
        sum(agreeing) / max(len(agreeing), 1),
    ]
    return np.asarray(values, dtype=np.float32)


@cache
def load_model() -> AnswerModel:
    """Return the bundled models. Raises ModelError when the file is missing, damaged or of another version."""
    path = files("kb.resources") / "answering.json"
    try:
        model = msgspec.json.decode(path.read_bytes(), type=AnswerModel)
    except (OSError, msgspec.MsgspecError) as error:
        message = f"{path}: {error}. Reinstall the package, or run: python training/answering.py"
        raise ModelError(message) from error
    if model.sentence.features != FEATURES or model.answerability.features != ANSWERABILITY_FEATURES:
        message = f"{path} was fitted for other features than this version computes. Run: python training/answering.py"
        raise ModelError(message)
    return model
