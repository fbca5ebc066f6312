"""The reading leg: the best hits in the order of how well their best sentence answers.

The other legs score passages without weighing what is asked; the sentence model does (`candidates`). It reads the ten
best in a few milliseconds, which is where the first rank is decided: +.03 Success@1 and +.01 nDCG@10 on the questions
that nothing is fitted on. Reranking by a slower model is the usual second stage of a search (Nogueira and Cho 2019).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from kb.answering.candidates import gather
from kb.answering.model import load_model
from kb.retrieval.fusion import refine
from kb.retrieval.legs import LegResult, Rows, Scores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.answering.candidates import Candidates
    from kb.answering.model import Judgement
    from kb.records import Hit
    from kb.retrieval.finding import Found
    from kb.retrieval.fusion import Fused
    from kb.retrieval.query import Query
    from kb.retrieval.search import Searcher
    from kb.store.database import Database

READ_HITS = 10
"""Hits that are read, and by whose sentences a question is judged to be answered at all."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The sentences of the best hits and what the models say of them; None where the hits hold no sentence."""

    candidates: Candidates
    judgement: Judgement | None


def read(query: Query, hits: Sequence[Hit], fused: Fused, database: Database, searcher: Searcher) -> Reading:
    """Return the sentences of the hits, judged; `fused` is the ranking that the hits were made of."""
    candidates = gather(query, hits, fused, database, searcher)
    return Reading(candidates, load_model().judge(candidates) if candidates.sentences else None)


def read_found(found: Found, database: Database, query: Query | None = None) -> Reading:
    """Return what the best hits of a question say, to another one when it is given."""
    return read(query or found.query, found.hits[:READ_HITS], found.fused, database, found.searcher)


def reread(found: Found, database: Database, weight: float) -> tuple[Found, Reading | None]:
    """Return what was found with the best hits in the order that the reading leg, too, gives them, and the reading.

    Questions whose leg weighs nothing, and such that nothing was found for, come back as they are, without a reading.
    """
    if not weight or not found.hits:
        return found, None
    reading = read_found(found, database)
    leg = reading_leg(reading, found.searcher)
    if leg is None:
        return found, reading
    rows = found.searcher.snapshot.rows_of(np.asarray([hit.passage.id for hit in found.hits], np.int64))
    read_until = int(np.flatnonzero(np.isin(found.fused.rows, rows[:READ_HITS]))[-1]) + 1
    fused = refine(found.fused, leg, weight, read_until)
    place_of = {int(row): place for place, row in enumerate(fused.rows)}
    placed = sorted(
        ((place_of[int(row)], hit) for row, hit in zip(rows, found.hits, strict=True)), key=lambda pair: pair[0]
    )
    explained = fused.explained([place for place, _ in placed])
    hits = [
        replace(hit, rank=rank, score=float(fused.scores[place]), legs=legs)
        for rank, ((place, hit), legs) in enumerate(zip(placed, explained, strict=True), start=1)
    ]
    return replace(found, hits=hits), reading


def reading_leg(reading: Reading, searcher: Searcher) -> LegResult | None:
    """Return the leg over the rows of the hits that were read, with the logit of each passage's best sentence.

    A hit's other passages of equal text get the same. None when nothing was read.
    """
    if reading.judgement is None:
        return None
    best: dict[int, float] = {}
    for sentence, logit in zip(reading.candidates.sentences, reading.judgement.sentence_logits, strict=True):
        for number in (sentence.hit.passage.id, *sentence.hit.duplicates):
            best[number] = max(float(logit), best.get(number, -np.inf))
    rows = searcher.snapshot.rows_of(np.fromiter(best, np.int64, len(best))).astype(np.int32)
    scores = np.fromiter(best.values(), np.float32, len(best))
    least, scored = float(scores.min()), dict(zip(rows.tolist(), scores.tolist(), strict=True))
    order = np.lexsort((rows, -scores))

    def score(wanted: Rows) -> Scores:
        return np.asarray([scored.get(row, least) for row in wanted.tolist()], np.float32)

    return LegResult("reading", rows[order], score, float(scores.mean()), 1.0)
