"""Small linear models with frozen coefficients: which sentence answers, and whether any does.

The coefficients live in `kb/resources/answering.json`; `training/answering.py` fits them and its docstring says on
which questions. Each is a plain weighted sum, so that a reader can see what counts. Two judge from words and ranks
alone, in a few milliseconds; two more go on from there with what the extractive model found in the best passages.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from kb.answering.answerability import ANSWERABILITY_FEATURES, answerability_features
from kb.answering.candidates import FEATURES
from kb.answering.closely import (
    CLOSE_ANSWERABILITY_FEATURES,
    CLOSE_FEATURES,
    close_answerability_features,
    close_features,
)
from kb.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.answering.candidates import Candidates
    from kb.answering.extraction import Extraction


class Linear(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """intercept + coefficients . features; as a probability, 1 / (1 + exp(-that))."""

    features: tuple[str, ...]
    coefficients: tuple[float, ...]
    intercept: float = 0.0

    def logits(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return intercept + coefficients . features, shape (n,) for features of shape (n, f)."""
        logits: NDArray[np.float64] = np.asarray(features, np.float64) @ np.asarray(self.coefficients) + self.intercept
        return logits

    def probability(self, features: NDArray[np.float32]) -> float:
        """Return the probability for features of shape (f,)."""
        return float(1.0 / (1.0 + np.exp(-self.logits(features[None, :])[0])))


@dataclass(frozen=True, slots=True)
class Judgement:
    """Logit of each candidate sentence, and the probability that they answer the question.

    Of the logits only the differences mean something.
    """

    sentence_logits: NDArray[np.float64]
    probability: float


class AnswerModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The models, the probability under which nothing answers, and `partly`, under which the answer is not sure.

    `close_sentence` and `close_answerability` weigh what was read closely, too; the two bounds are on theirs, and
    `broad_threshold`, for questions with many answers, on `answerability`.
    """

    sentence: Linear
    answerability: Linear
    close_sentence: Linear
    close_answerability: Linear
    threshold: float
    partly: float
    broad_threshold: float

    def judge(self, candidates: Candidates) -> Judgement:
        """Return the judgement of candidates, of which there is at least one, from words and ranks."""
        logits = self.sentence.logits(candidates.features)
        return Judgement(logits, self.answerability.probability(answerability_features(candidates, logits)))

    def judge_closely(self, candidates: Candidates, judged: Judgement, extraction: Extraction) -> Judgement:
        """Return the judgement of the same after the best passages were read."""
        logits = self.close_sentence.logits(close_features(candidates, judged.sentence_logits, extraction))
        features = close_answerability_features(candidates, logits, extraction)
        return Judgement(logits, self.close_answerability.probability(features))


@cache
def load_model() -> AnswerModel:
    """Return the bundled models. Raises ModelError when the file is missing, damaged or of another version."""
    path = files("kb.resources") / "answering.json"
    try:
        model = msgspec.json.decode(path.read_bytes(), type=AnswerModel)
    except (OSError, msgspec.MsgspecError) as error:
        message = f"{path}: {error}. Reinstall the package, or run: python training/answering.py"
        raise ModelError(message) from error
    wanted = (FEATURES, ANSWERABILITY_FEATURES, CLOSE_FEATURES, CLOSE_ANSWERABILITY_FEATURES)
    models = (model.sentence, model.answerability, model.close_sentence, model.close_answerability)
    if tuple(one.features for one in models) != wanted:
        message = f"{path} was fitted for other features than this version computes. Run: python training/answering.py"
        raise ModelError(message)
    return model
