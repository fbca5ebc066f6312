"""Composing the answer: quotes without repeats, each followed by its [n], or the honest "not found".

A question with one answer gets one to four sentences; a broad one a list of points in groups; a comparison one group a
side (docs/answers.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kb.answering.candidates import gather
from kb.answering.citations import cite
from kb.answering.comparison import Sources, compare
from kb.answering.context import in_context
from kb.answering.groups import grouped
from kb.answering.model import load_model
from kb.answering.phrases import not_found, nothing_on, partly
from kb.answering.points import WIDE_HITS, choose_points
from kb.answering.sides import sides_of
from kb.answering.topic import on_topic
from kb.records import Answer, AnswerGroup, AnswerSentence
from kb.retrieval.breadth import breadth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kb.answering.candidates import Candidate, Candidates
    from kb.answering.model import AnswerModel
    from kb.directions.taxonomy import Taxonomy
    from kb.records import AnswerForm, AnswerStatus, Citation, Document, Hit
    from kb.retrieval.filters import Filters
    from kb.retrieval.finding import Finder, Found
    from kb.retrieval.query import Query
    from kb.store.database import Database

READ_HITS = 10
"""Hits whose sentences a single answer is chosen from, and by which a question is judged to be answered at all."""

MAX_SENTENCES = 4
REPEAT = 0.7
"""Two sentences whose terms overlap this much (Jaccard) say the same."""

FURTHER_MARGIN = 2.0
"""A further sentence must come within this many logits of the best one."""


@dataclass(frozen=True, slots=True)
class _Section:
    """What is shown under one heading: sentences, in order; `note` says that there are none."""

    sentences: Sequence[Candidate]
    heading: str = ""
    document: Document | None = None
    direction: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Draft:
    """An answer before its quotes are checked."""

    form: AnswerForm
    status: AnswerStatus
    sections: Sequence[_Section] = ()


def hits_read(query: Query) -> int:
    """Return how many of the best hits `answer` reads for a question."""
    return READ_HITS if breadth(query) == "single" else WIDE_HITS


def answer(found: Found, finder: Finder, filters: Filters, database: Database, *, k: int, taxonomy: Taxonomy) -> Answer:
    """Return the answer to a question from its hits, best first; the k best of them go with it.

    `finder` and `filters` are those that found them, to search once more for each side of a comparison; `taxonomy` has
    the labels of directions. Raises IndexDamagedError when a stored page does not hold a quote.
    """
    query = found.query
    asked = breadth(query)
    draft = _compared(query, Sources(database, finder, filters)) if asked == "comparison" else None
    if draft is None:
        draft = _direct(found, database)
    if asked != "single" and draft.form == "direct" and draft.status != "not_found":
        draft = _listed(found, finder, database, taxonomy, draft.status)
    return _written(draft, query, tuple(found.hits[:k]), database)


def _direct(found: Found, database: Database) -> _Draft:
    """Return one to four sentences of the best hits, or that these do not answer."""
    candidates = gather(found.query, found.hits[:READ_HITS], found.fused, database, found.searcher)
    if not candidates.sentences:
        return _Draft("direct", "not_found")
    model = load_model()
    judgement = model.judge(candidates)
    chosen = choose(candidates, judgement.sentence_logits)
    return _Draft("direct", _status(judgement.probability, model), [_Section(chosen)])


def _listed(found: Found, finder: Finder, database: Database, taxonomy: Taxonomy, status: AnswerStatus) -> _Draft:
    """Return the points of many hits in groups."""
    wanted = on_topic(found.query, finder)
    candidates = gather(wanted, found.hits[:WIDE_HITS], found.fused, database, found.searcher)
    logits = load_model().judge(candidates).sentence_logits
    points = choose_points(found.query.text, candidates, logits)
    sections = [
        _Section([point.sentence for point in group.points], group.heading, group.document, group.direction)
        for group in (grouped(points, found.query, taxonomy) if points else ())
    ]
    return _Draft("list", status if sections else "not_found", sections)


def _compared(query: Query, sources: Sources) -> _Draft | None:
    """Return a comparison, None for a question whose sides cannot be told apart."""
    sides = sides_of(query.text, query.language)
    if not sides:
        return None
    model = load_model()
    found = compare(query.text, sides, sources, model, least=_bounds(model)[0])
    sections = []
    for one in found:
        document = one.points[0].sentence.hit.document if one.points and len(one.documents) == 1 else None
        note = "" if one.points else nothing_on(one.side.label, query.language, query.spelling)
        heading = document.title if document else one.side.label
        sections.append(_Section([point.sentence for point in one.points], heading, document, note=note))
    status = _status(max(one.probability for one in found), model)
    if status == "answered" and not all(one.points for one in found):
        status = "partly"
    return _Draft("comparison", status, sections)


def _bounds(model: AnswerModel) -> tuple[float, float]:
    """Return the probabilities from which a question counts as partly answered, and as answered."""
    bounds = sorted((model.threshold, getattr(model, "partly", model.threshold)))
    return bounds[0], bounds[1]


def _status(probability: float, model: AnswerModel) -> AnswerStatus:
    partly_from, answered_from = _bounds(model)
    if probability >= answered_from:
        return "answered"
    return "partly" if probability >= partly_from else "not_found"


def _written(draft: _Draft, query: Query, hits: tuple[Hit, ...], database: Database) -> Answer:
    """Return the answer with every quote checked and numbered in the order in which it is shown."""
    said = not_found(query.language, query.spelling, nearest=bool(hits))
    if draft.status == "not_found":
        return Answer(query.text, "not_found", said, query.language, query.spelling, hits=hits)
    citations: list[Citation] = []
    sentences: list[AnswerSentence] = []
    groups: list[AnswerGroup] = []
    for section in draft.sections:
        first = len(sentences)
        offsets = database.passage_sentences(sorted({one.hit.passage.id for one in section.sentences}))
        for wider, lead in in_context(section.sentences, offsets):
            citations.append(cite(len(citations) + 1, wider, database))
            sentences.append(AnswerSentence(wider.text, len(citations), lead=lead))
        shown = tuple(sentences[first:])
        groups.append(AnswerGroup(section.heading, section.document, section.direction, shown, section.note))
    quoted = " ".join(f"{' '.join(one.text.split())} [{one.citation}]" for one in sentences)
    notes = [partly(query.language, query.spelling)] if draft.status == "partly" else []
    notes += [group.note for group in groups if group.note]
    return Answer(
        question=query.text,
        status=draft.status,
        text=" ".join([*notes, quoted]),
        language=query.language,
        spelling=query.spelling,
        sentences=tuple(sentences),
        citations=tuple(citations),
        hits=hits,
        form=draft.form,
        groups=() if draft.form == "direct" else tuple(groups),
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
