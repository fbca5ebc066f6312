"""Measures of a ranked list, each under the name and definition it has in the literature.

Every function takes the list best first and returns a share between 0 and 1. A rank counts from 1; a list that is
shorter than `k` is treated as if it went on with worthless entries.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence
    from collections.abc import Set as AbstractSet


def dcg(gains: Iterable[float], k: int) -> float:
    """Return the discounted cumulative gain of the first `k` entries: the sum of gain / log2(rank + 1).

    Järvelin and Kekäläinen (2002), discounted as in trec_eval: the first rank counts whole.
    """
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1) if rank <= k)


def ndcg(gains: Sequence[float], ideal: Iterable[float], k: int) -> float:
    """Return nDCG@k: `dcg` of the list over that of the `ideal` gains in falling order (Järvelin, Kekäläinen 2002).

    `ideal` holds one gain for each relevant item that exists, found or not. Without any the result is 0.
    """
    best = dcg(sorted(ideal, reverse=True), k)
    return dcg(gains, k) / best if best > 0 else 0.0


def recall(found: Sequence[AbstractSet[Hashable]], relevant: int, k: int) -> float:
    """Return recall@k: how many of the `relevant` items the first `k` entries hold, each item counted once.

    `found[i]` are the relevant items that the entry at rank i + 1 holds; one passage may hold several.
    """
    if relevant == 0:
        return 0.0
    return len(set().union(*found[:k])) / relevant


def reciprocal_rank(gains: Sequence[float], k: int = 10) -> float:
    """Return RR@k: 1 / rank of the first entry with a gain, 0 when the first `k` have none.

    Its mean over questions is MRR@k (Voorhees 1999).
    """
    return next((1 / rank for rank, gain in enumerate(gains[:k], start=1) if gain > 0), 0.0)


def success(gains: Sequence[float], k: int = 1) -> float:
    """Return Success@k: 1 when any of the first `k` entries has a gain, else 0."""
    return float(any(gain > 0 for gain in gains[:k]))


def alpha_dcg(nuggets: Sequence[AbstractSet[Hashable]], k: int, alpha: float = 0.5) -> float:
    """Return α-DCG@k (Clarke et al. 2008): a nugget seen r times before adds (1 - alpha)^r instead of 1."""
    seen: Counter[Hashable] = Counter()
    total = 0.0
    for rank, held in enumerate(nuggets[:k], start=1):
        total += math.fsum((1 - alpha) ** seen[nugget] for nugget in held) / math.log2(rank + 1)
        seen.update(held)
    return total


def alpha_ndcg(
    nuggets: Sequence[AbstractSet[Hashable]], pool: Sequence[AbstractSet[Hashable]], k: int, alpha: float = 0.5
) -> float:
    """Return α-nDCG@k: `alpha_dcg` over that of the best order of `pool`, which holds every relevant item's nuggets.

    The best order is the greedy one, as Clarke et al. (2008) compute it; ties go to the earlier item of `pool`.
    """
    best = alpha_dcg(_greedy(pool, k, alpha), k, alpha)
    return min(1.0, alpha_dcg(nuggets, k, alpha) / best) if best > 0 else 0.0


def _greedy(pool: Sequence[AbstractSet[Hashable]], k: int, alpha: float) -> list[AbstractSet[Hashable]]:
    left = list(pool)
    seen: Counter[Hashable] = Counter()
    order: list[AbstractSet[Hashable]] = []
    while left and len(order) < k:
        gains = [math.fsum((1 - alpha) ** seen[nugget] for nugget in held) for held in left]
        chosen = left.pop(gains.index(max(gains)))
        seen.update(chosen)
        order.append(chosen)
    return order


def percentile(values: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile: the smallest value that at least `share` of `values` do not exceed."""
    if not values:
        return 0.0
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
