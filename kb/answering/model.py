"""Three small linear models with frozen coefficients: which sentence answers, which words of it, and whether any does.

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

from kb.answering import short
from kb.answering.answerability import ANSWERABILITY_FEATURES, answerability_features
from kb.answering.candidates import FEATURES
from kb.errors import ModelError
from kb.text.fold import fold, loose
from kb.text.words import tokenize

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.answering.candidates import Candidate, Candidates


class Linear(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """intercept + coefficients . features; as a probability, 1 / (1 + exp(-that))."""

    features: tuple[str, ...]
    coefficients: tuple[float, ...]
    intercept: float = 0.0

    def logits(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return intercept + coefficients . features, shape (n,) for features of shape (n, f)."""
        logits: NDArray[np.float64] = np.asarray(features, np.float64) @ np.asarray(self.coefficients) + self.intercept
        return logits


@dataclass(frozen=True, slots=True)
class Judgement:
    """Logit of each candidate sentence, and the probability that they answer the question.

    Of the logits only the differences mean something.
    """

    sentence_logits: NDArray[np.float64]
    probability: float


class AnswerModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The models, the probability under which nothing answers, and `partly`, under which the answer is not sure.

    `broad_threshold` is the threshold for questions with many answers. `number_lead`, `other_lead`: what the short
    answer must be ahead of "none" to be marked, for questions that ask for a number of some kind and for others.
    """

    sentence: Linear
    short: Linear
    answerability: Linear
    threshold: float
    partly: float
    broad_threshold: float
    number_lead: float
    other_lead: float

    def judge(self, candidates: Candidates) -> Judgement:
        """Return the judgement of candidates, of which there is at least one."""
        logits = self.sentence.logits(candidates.features)
        features = answerability_features(candidates, logits)
        logit = float(self.answerability.logits(features[None, :])[0])
        return Judgement(logits, float(1.0 / (1.0 + np.exp(-logit))))

    def short_answer(self, candidates: Candidates, sentence: Candidate) -> tuple[int, int] | None:
        """Return where the short answer stands in a sentence, None where only the whole sentence answers."""
        language = sentence.hit.passage.language
        matched = candidates.coverage.at_words(sentence.text, language)
        found = short.runs(sentence.text, language, matched, candidates.asked, numbers_of(candidates.question))
        logits = self.short.logits(found.features)
        if not found.runs:
            return None
        best = int(np.argmax(logits[:-1]))
        least = self.number_lead if short.asks_number(candidates.asked) else self.other_lead
        return (found.runs[best].start, found.runs[best].end) if logits[best] - logits[-1] > least else None


def numbers_of(question: str) -> frozenset[str]:
    """Return the keys of the numbers that stand in a question."""
    keys = (loose(fold(question[token.start : token.end])) for token in tokenize(question))
    return frozenset(key for key in keys if key[:1].isdigit())


@cache
def load_model() -> AnswerModel:
    """Return the bundled models. Raises ModelError when the file is missing, damaged or of another version."""
    path = files("kb.resources") / "answering.json"
    try:
        model = msgspec.json.decode(path.read_bytes(), type=AnswerModel)
    except (OSError, msgspec.MsgspecError) as error:
        message = f"{path}: {error}. Reinstall the package, or run: python training/answering.py"
        raise ModelError(message) from error
    wanted = (FEATURES, short.FEATURES, ANSWERABILITY_FEATURES)
    if (model.sentence.features, model.short.features, model.answerability.features) != wanted:
        message = f"{path} was fitted for other features than this version computes. Run: python training/answering.py"
        raise ModelError(message)
    return model
