"""What tells whether the best passages answer a question at all.

Not how near they are, which a question about the documents' own subjects always finds: whether one sentence stands out,
whether anything asked for is left that neither it, its headings nor its passage holds, and whether it has an answer of
the kind that is asked for (Rajpurkar et al. 2018 call such questions plausible but unanswerable).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kb.answering.candidates import FEATURES
from kb.answering.expected import KINDS, held

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.answering.candidates import Candidates

ANSWERABILITY_FEATURES = (
    "best_share",
    "first_four_share",
    "cosine",
    "greatest_cosine",
    "greatest_plain_cosine",
    "greatest_with_headings",
    "focus",
    "worst_gap",
    "passage_gaps",
    "gap_everywhere",
    "indexed",
    "passage_covers",
    "legs_agree",
    *(f"lacks_{kind}" for kind in KINDS),
)
"""Names of what `answerability_features` returns, in order.

The shares are of the sentences' softmax; `passage_gaps` sums the idf of the two terms that the best sentence's passage
and headings hold least, `gap_everywhere` is that of the one that no passage read holds; `lacks_number` and its kin: the
question asks for it and the best sentence has none.
"""

SHOWN = 4
AGREEING_RANK = 5


def answerability_features(candidates: Candidates, logits: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return what says whether the candidates answer, of which there is at least one.

    The shape is (len(ANSWERABILITY_FEATURES),).
    """
    order = np.argsort(-logits, kind="stable")
    top = int(order[0])
    shares = np.exp(logits - logits[top])
    shares /= shares.sum()
    sentence = candidates.sentences[top]
    row = next(place for place, hit in enumerate(candidates.hits) if hit.rank == sentence.hit.rank)
    most = candidates.features.max(axis=0)
    column = {name: place for place, name in enumerate(FEATURES)}
    agreeing = [leg.rank is not None and leg.rank <= AGREEING_RANK for leg in sentence.hit.legs]
    lacking = [float(asked and not found) for asked, found in zip(candidates.asked, held(sentence.text), strict=True)]
    values = [
        float(shares[top]),
        float(shares[order[:SHOWN]].sum()),
        float(candidates.features[top, column["cosine"]]),
        float(most[column["cosine"]]),
        float(most[column["plain_cosine"]]),
        float(most[column["with_headings"]]),
        float(candidates.features[top, column["focus"]]),
        float(candidates.features[top, column["worst_gap"]]),
        *_gaps(candidates, row),
        sum(agreeing) / max(len(agreeing), 1),
        *lacking,
    ]
    return np.asarray(values, dtype=np.float32)


def _gaps(candidates: Candidates, row: int) -> tuple[float, float, float, float]:
    """Return "passage_gaps" to "passage_covers" for the passage in a row of the hits."""
    coverage = candidates.coverage
    if not len(coverage.weights):
        return 0.0, 0.0, coverage.indexed, 0.0
    around = np.maximum(candidates.surrounded, candidates.headed)
    here = around[:, row]
    gaps = np.sort(coverage.rarity * (1 - here))
    nowhere = coverage.rarity * (1 - around.max(axis=1))
    return float(gaps[-2:].sum()), float(nowhere.max()), coverage.indexed, float(coverage.weights @ here)
