"""Features of sentences and questions after the best passages were read: what words and ranks said, and the leads.

A lead is the log odds of the likeliest answer in a sentence against there being none (`extraction`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kb.answering.answerability import ANSWERABILITY_FEATURES, answerability_features
from kb.answering.extraction import LEAST_LEAD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.answering.candidates import Candidates
    from kb.answering.extraction import Extraction

CLOSE_FEATURES = ("logit_behind_best", "lead", "lead_behind_best", "lead_in_passage", "unread", "passage_rank")
"""Names of the columns of what `close_features` returns, in order.

`logit_behind_best` is that of the sentence model; `lead_in_passage` is over the passage's mean.
"""

CLOSE_ANSWERABILITY_FEATURES = (
    *ANSWERABILITY_FEATURES,
    "chosen_lead",
    "chosen_doubt",
    "greatest_lead",
    "second_lead",
    "lead_before_others",
)
"""Names of what `close_answerability_features` returns, in order.

`chosen_doubt` is the best sentence's lead where it is under 0; `lead_before_others`: how far the best sentence's
passage leads before the other passages read.
"""

FARTHEST_BEHIND = -10.0


def close_features(candidates: Candidates, logits: NDArray[np.float64], extraction: Extraction) -> NDArray[np.float32]:
    """Return the features (sentences, len(CLOSE_FEATURES)) of candidates that a sentence model gave `logits`."""
    leads = extraction.leads
    ranks = np.asarray([sentence.hit.rank for sentence in candidates.sentences])
    means = {rank: leads[ranks == rank].mean() for rank in np.unique(ranks)}
    columns = (
        np.maximum(logits - logits.max(), FARTHEST_BEHIND),
        leads,
        leads - leads.max(initial=LEAST_LEAD),
        leads - np.asarray([means[rank] for rank in ranks]),
        ~extraction.known,
        1.0 / ranks,
    )
    return np.stack(columns, axis=1).astype(np.float32)


def close_answerability_features(
    candidates: Candidates, logits: NDArray[np.float64], extraction: Extraction
) -> NDArray[np.float32]:
    """Return what says whether the candidates answer, of shape (len(CLOSE_ANSWERABILITY_FEATURES),).

    `logits` are those of the sentences as read closely.
    """
    top = int(np.argmax(logits))
    leads = extraction.leads
    ranks = np.asarray([sentence.hit.rank for sentence in candidates.sentences])
    here = ranks == ranks[top]
    others = float(leads[~here].max(initial=LEAST_LEAD))
    chosen = float(leads[top])
    greatest, second = np.sort(np.append(leads, LEAST_LEAD))[:-3:-1].tolist()
    read = (chosen, min(chosen, 0.0), greatest, second, float(leads[here].max()) - others)
    return np.asarray([*answerability_features(candidates, logits), *read], np.float32)
