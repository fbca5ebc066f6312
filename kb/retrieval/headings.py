"""The heading leg: how much of a question stands in the headings above a passage, in any language.

Who asks for all measures, obstacles or sources is helped by sections that are called so; who asks for one fact is not
(-.01 nDCG@10), so only broad questions have this leg. The first word that matches says most: the score is the logarithm
of the sum. Headings are read from the database, so the leg looks at the best passages of the others only.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from kb.retrieval.legs import scored_leg
from kb.retrieval.synonyms import turned_round
from kb.text.words import terms as terms_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.records import Language
    from kb.retrieval.legs import LegResult, Rows
    from kb.retrieval.synonyms import QueryTerm
    from kb.store.database import Database
    from kb.store.snapshot import Snapshot


def heading_leg(
    query_terms: Sequence[QueryTerm], rows: Rows, snapshot: Snapshot, database: Database
) -> LegResult | None:
    """Return the leg over some rows, or None when no heading holds any term."""
    ids = snapshot.ids[rows].tolist()
    with database.view() as view:
        passages = view.passages(ids)
    members = turned_round(query_terms)
    scores = np.zeros(len(rows), dtype=np.float32)
    for place, passage_id in enumerate(ids):
        passage = passages.get(passage_id)
        if passage is None or not passage.headings:
            continue
        known = members.get(passage.language, {})
        best: dict[int, float] = {}
        for stem in _stems(passage.headings, passage.language) & known.keys():
            for number, weight in known[stem]:
                best[number] = max(weight * query_terms[number].idf, best.get(number, 0.0))
        scores[place] = np.log1p(sum(best[number] for number in sorted(best)))
    return scored_leg("heading", rows, scores)


@lru_cache(maxsize=4_096)
def _stems(headings: tuple[str, ...], language: Language) -> frozenset[str]:
    return frozenset(terms_of(" ".join(headings), language))
