"""Composing the answer: the best sentences without repeats, each followed by its [n], or the honest "not found"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kb.answering.candidates import gather
from kb.answering.citations import cite
from kb.answering.model import load_model
from kb.answering.phrases import not_found
from kb.records import Answer, AnswerSentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kb.answering.candidates import Candidate, Candidates
    from kb.records import Hit
    from kb.retrieval.fusion import Fused
    from kb.retrieval.query import Query
    from kb.retrieval.search import Searcher
    from kb.store.database import Database

READ_HITS = 10
MAX_SENTENCES = 4
REPEAT = 0.7
"""Two sentences whose terms overlap this much (Jaccard) say the same."""

FURTHER_MARGIN = 2.0
"""A further sentence must come within this many logits of the best one."""


def answer(
    query: Query, hits: Sequence[Hit], fused: Fused, database: Database, searcher: Searcher, *, k: int
) -> Answer:
    """Return the answer to a query from its hits, best first; the k best of them go with it."""
    nothing = Answer(
        question=query.text,
        status="not_found",
        text=not_found(query.language, query.spelling),
        language=query.language,
        spelling=query.spelling,
        hits=tuple(hits[:k]),
    )
    candidates = gather(query, hits[:READ_HITS], fused, database, searcher)
    if not candidates.sentences:
        return nothing
    model = load_model()
    judgement = model.judge(candidates)
    if judgement.probability < model.threshold:
        return nothing
    chosen = choose(candidates, judgement.sentence_logits)
    citations = tuple(cite(number, sentence, database) for number, sentence in enumerate(chosen, start=1))
    return Answer(
        question=query.text,
        status="answered",
        text=" ".join(f"{' '.join(citation.quote.split())} [{citation.number}]" for citation in citations),
        language=query.language,
        spelling=query.spelling,
        sentences=tuple(AnswerSentence(citation.quote, citation.number) for citation in citations),
        citations=citations,
        hits=tuple(hits[:k]),
    )


def choose(candidates: Candidates, logits: NDArray[np.float64]) -> list[Candidate]:
    """Return one to four sentences: best passage first, and in reading order within a passage."""
    order = np.argsort(-logits, kind="stable")
    chosen: list[Candidate] = []
    for place in order:
        sentence = candidates.sentences[place]
        if chosen and logits[place] < logits[order[0]] - FURTHER_MARGIN:
            break
        if not any(_repeats(sentence, other) for other in chosen):
            chosen.append(sentence)
        if len(chosen) == MAX_SENTENCES:
            break
    passages = list(dict.fromkeys(sentence.hit.passage.id for sentence in chosen))
    return sorted(chosen, key=lambda sentence: (passages.index(sentence.hit.passage.id), sentence.start))


def _repeats(one: Candidate, other: Candidate) -> bool:
    union = one.words.stems | other.words.stems
    return bool(union) and len(one.words.stems & other.words.stems) / len(union) >= REPEAT
