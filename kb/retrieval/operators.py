"""What quotation marks and minus signs do to a search.

A passage that holds an excluded word is left out. A passage that holds a phrase is moved up, by a leg of its own, so
that the explanation of a hit shows it; where a question is nothing but phrases, the others are left out as well. The
index names the passages that may hold words (it knows titles and headings as words of each passage, and no order); the
stored text decides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kb.retrieval.keys import placed_runs
from kb.retrieval.legs import LegResult
from kb.retrieval.sequences import holds, rows_with_all, wanted_keys
from kb.text.words import tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kb.records import Passage
    from kb.retrieval.fusion import Fused
    from kb.retrieval.legs import Allowed, Rows, Scores
    from kb.retrieval.query import Query
    from kb.store.database import Database
    from kb.store.snapshot import Snapshot

PHRASE_WEIGHT = 1.0
"""What all phrases of a question together add to a fused score, in standard deviations of a leg."""
LOOKED_INTO = 200
"""How many passages are read to see whether it is only their title that holds an excluded word."""


class Operators:
    """The signs of one question over one snapshot; `Operators.of` gives None for a question without signs."""

    def __init__(self, query: Query, database: Database, snapshot: Snapshot) -> None:
        self._query = query
        self._database = database
        self._snapshot = snapshot
        self._counts: dict[int, tuple[int, bool]] = {}
        self._excluded = [(words, self._rows_with_all(words)) for words in query.excluded]
        self._phrases = [(words, self._rows_with_all(words)) for words in query.phrases]

    @classmethod
    def of(cls, query: Query, database: Database, snapshot: Snapshot) -> Operators | None:
        """Return the operators, None when the question has no signs or the snapshot no passages."""
        return cls(query, database, snapshot) if snapshot.n and (query.phrases or query.excluded) else None

    def allowed(self, allowed: Allowed | None, ranked: Callable[[Allowed], Rows]) -> Allowed:
        """Return which rows the legs may find, shape (n,): of `allowed`, those that the index does not rule out.

        `ranked` gives rows among some, best first: the best that the index rules out are let in when their text does
        not hold the excluded word, only their title or a heading does.
        """
        kept = np.ones(self._snapshot.n, dtype=np.bool_) if allowed is None else allowed.copy()
        if self._query.demanding:
            for _, rows in self._phrases:
                kept &= rows
        words = [rows for words, rows in self._excluded if len(tokenize(words)) == 1]
        if words:
            doubtful = np.logical_or.reduce(words) & kept
            kept &= ~doubtful
            best = ranked(doubtful)[:LOOKED_INTO]
            innocent = [row for row, (_, excluded) in self._read(best).items() if not excluded]
            kept[innocent] = True
        return kept

    def leg(self, others: Sequence[LegResult | None], allowed: Allowed, limit: int) -> LegResult | None:
        """Return the leg of the phrases: the share of them that a passage holds; None when no passage holds any.

        Looked through are the passages that the other legs rank, and `limit` more that may hold a phrase.
        """
        if not self._phrases:
            return None
        possible = np.logical_or.reduce([rows for _, rows in self._phrases]) & allowed
        ranked = [leg.rows for leg in others if leg is not None]
        seen = np.unique(np.concatenate([*ranked, np.flatnonzero(possible)[:limit]])).astype(np.int32)
        rows = seen[possible[seen]]
        shares = {row: count / len(self._phrases) for row, (count, _) in self._read(rows).items() if count}
        if not shares:
            return None
        best = np.asarray(sorted(shares, key=lambda row: (-shares[row], row)), dtype=np.int32)

        def score(wanted: Rows) -> Scores:
            return np.asarray([shares.get(int(row), 0.0) for row in wanted], dtype=np.float32)

        return LegResult("phrase", best, score, 0.0, 1.0)

    def kept(self, fused: Fused) -> Fused:
        """Return the ranking without the passages whose text does not do what the signs ask for."""
        longer = [rows for words, rows in self._excluded if len(tokenize(words)) > 1]
        if not self._query.demanding and not longer:
            return fused
        doubtful = np.logical_or.reduce([*longer, np.full(self._snapshot.n, self._query.demanding)])
        read = self._read(fused.rows[doubtful[fused.rows]])
        least = len(self._phrases) if self._query.demanding else 0
        keep = np.asarray(
            [row not in read or (read[row][0] >= least and not read[row][1]) for row in fused.rows.tolist()],
            dtype=np.bool_,
        )
        return replace(fused, rows=fused.rows[keep], scores=fused.scores[keep], parts=fused.parts[:, keep])

    def _rows_with_all(self, words: str) -> Allowed:
        return rows_with_all(words, self._query.language, self._snapshot.lexical, self._snapshot.n)

    def _read(self, rows: Rows) -> dict[int, tuple[int, bool]]:
        """Return of each row how many phrases its text holds, and whether it holds an excluded one."""
        wanted = [int(row) for row in rows if int(row) not in self._counts]
        if wanted:
            ids = {int(self._snapshot.ids[row]): row for row in wanted}
            with self._database.view() as view:
                passages = view.passages(ids)
            for passage_id, row in ids.items():
                passage = passages.get(passage_id)
                self._counts[row] = (0, False) if passage is None else self._count(passage)
        return {int(row): self._counts[int(row)] for row in rows}

    def _count(self, passage: Passage) -> tuple[int, bool]:
        holding = _holding(passage, self._query)
        return sum(map(holding, self._query.phrases)), any(map(holding, self._query.excluded))


def _holding(passage: Passage, query: Query) -> Callable[[str], bool]:
    keys = [key.key for _, run in placed_runs(passage.text, passage.language) for key in run]

    def holding(words: str) -> bool:
        return holds(keys, wanted_keys(words, query.language, passage.language))

    return holding
