"""Words that must stand one after the other: which passages may hold them, and whether a text does.

The index knows which words a passage holds, not where, so it names the passages that hold them all and the text of
each decides. Words are compared by their folded stems: in the passage's language and in the question's, so that a name
is the same in all spellings of Uzbek and in a loan.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from kb.retrieval.acts import same_act
from kb.retrieval.keys import placed_keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.records import Language
    from kb.retrieval.legs import Allowed
    from kb.store.postings import Postings

Wanted = tuple[frozenset[str], ...]
"""Word by word, the keys under which a passage may hold it."""


@lru_cache(maxsize=1_024)
def wanted_keys(words: str, asked: Language, language: Language) -> Wanted:
    """Return the keys of words written in a question of language `asked`, for passages in `language`."""
    here, there = placed_keys(words, language), placed_keys(words, asked)
    keys = ({one.key, other.key} for one, other in zip(here, there, strict=True))
    return tuple(frozenset(own.union(*map(same_act, own))) for own in keys)


def rows_with_all(words: str, asked: Language, lexical: Mapping[Language, Postings], count: int) -> Allowed:
    """Return which of the `count` rows hold all words that the index knows of, in any order; shape (count,).

    Stop words are not indexed and do not count; words that are nothing else stand in no row.
    """
    found = np.zeros(count, dtype=np.bool_)
    for language, postings in lexical.items():
        if not postings.total:
            continue
        everywhere: Allowed | None = None
        words_here = zip(placed_keys(words, language), wanted_keys(words, asked, language), strict=True)
        for keys in (keys for word, keys in words_here if word.terms):
            own = np.zeros(count, dtype=np.bool_)
            for key in keys:
                own[postings.lookup(key)[0]] = True
            everywhere = own if everywhere is None else everywhere & own
        if everywhere is not None:
            found |= everywhere
    return found


def holds(keys: Sequence[str], wanted: Wanted) -> bool:
    """Whether the keys of a text hold the wanted ones one after the other."""
    return any(
        all(keys[start + place] in one for place, one in enumerate(wanted))
        for start in range(len(keys) - len(wanted) + 1)
    )
