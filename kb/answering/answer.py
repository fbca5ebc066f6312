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
from kb.answering.extraction import extract
from kb.answering.groups import grouped
from kb.answering.model import load_model
from kb.answering.phrases import not_found, nothing_on, partly
from kb.answering.points import WIDE_HITS, choose_points, same_words
from kb.answering.reading import READ_HITS, read_found
from kb.answering.sides import sides_of
from kb.answering.topic import on_topic
from kb.records import Answer, AnswerGroup, AnswerSentence
from kb.retrieval.breadth import breadth
from kb.text.words import tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kb.answering.candidates import Candidate, Candidates
    from kb.answering.extraction import Extraction
    from kb.answering.model import AnswerModel
    from kb.answering.reading import Reading
    from kb.directions.taxonomy import Taxonomy
    from kb.records import AnswerForm, AnswerStatus, Citation, Document, Hit
    from kb.retrieval.filters import Filters
    from kb.retrieval.finding import Finder, Found
    from kb.retrieval.query import Query
    from kb.store.database import Database

LONGEST_MARK = 35
"""Words of the longest short answer that is marked: a clause, not a sentence."""

MAX_SENTENCES = 4
FURTHER_MARGIN = 3.0
"""A further sentence must come within this many logits of the best one."""


@dataclass(frozen=True, slots=True)
class _Section:
    """What is shown under one heading: sentences, in order; `note` says that there are none.

    `marks` are where short answers stand: a passage's id and characters of it.
    """

    sentences: Sequence[Candidate]
    heading: str = ""
    document: Document | None = None
    direction: str | None = None
    note: str = ""
    marks: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Draft:
    """An answer before its quotes are checked."""

    form: AnswerForm
    status: AnswerStatus
    sections: Sequence[_Section] = ()


def hits_read(query: Query) -> int:
    """Return how many of the best hits `answer` reads for a question."""
    return READ_HITS if breadth(query) == "single" else WIDE_HITS


def answer(
    found: Found,
    reading: Reading | None,
    finder: Finder,
    filters: Filters,
    database: Database,
    *,
    k: int,
    taxonomy: Taxonomy,
) -> Answer:
    """Return the answer to a question from its hits, best first; the k best of them go with it.

    `reading` is what was read of them when they were put in order, None when they were not; `finder` and `filters` are
    those that found them, to search once more for each side of a comparison; `taxonomy` has the labels of directions.
    Raises IndexDamagedError when a stored page does not hold a quote.
    """
    query = found.query
    asked = breadth(query)
    draft = _compared(query, Sources(database, finder, filters)) if asked == "comparison" else None
    if draft is None and asked == "single":
        draft = _direct(reading or read_found(found, database))
    elif draft is None:
        answered = _answers(found, finder, database)
        draft = _listed(found, finder, database, taxonomy) if answered else _Draft("direct", "not_found")
    return _written(draft, query, tuple(found.hits[:k]), database)


def _answers(found: Found, finder: Finder, database: Database) -> bool:
    """Return whether the best hits answer a broad question as it is asked, or else its topic alone."""

    def surely(query: Query) -> bool:
        judgement = read_found(found, database, query).judgement
        return judgement is not None and judgement.probability >= load_model().broad_threshold

    return surely(found.query) or surely(on_topic(found.query, finder))


def _direct(reading: Reading) -> _Draft:
    """Return one to four sentences of the best hits, or that these do not answer."""
    if reading.judgement is None:
        return _Draft("direct", "not_found")
    model, candidates = load_model(), reading.candidates
    extraction = extract(candidates, reading.judgement.sentence_logits)
    judgement = model.judge_closely(candidates, reading.judgement, extraction)
    chosen = choose(candidates, judgement.sentence_logits)
    sure = extraction.leads >= 0
    sure[int(np.argmax(judgement.sentence_logits))] = True
    status = _status(judgement.probability, model)
    return _Draft("direct", status, [_Section(chosen, marks=_marks(candidates, chosen, extraction, sure))])


def _listed(found: Found, finder: Finder, database: Database, taxonomy: Taxonomy) -> _Draft:
    """Return the points of many hits in groups."""
    wanted = on_topic(found.query, finder)
    candidates = gather(wanted, found.hits[:WIDE_HITS], found.fused, database, found.searcher)
    logits = load_model().judge(candidates).sentence_logits
    points = choose_points(found.query.text, candidates, logits)
    sections = [
        _Section([point.sentence for point in group.points], group.heading, group.document, group.direction)
        for group in (grouped(points, found.query, taxonomy) if points else ())
    ]
    return _Draft("list", "answered" if sections else "not_found", sections)


def _compared(query: Query, sources: Sources) -> _Draft | None:
    """Return a comparison, None for a question whose sides cannot be told apart."""
    sides = sides_of(query.text, query.language)
    if not sides:
        return None
    model = load_model()
    found = compare(query.text, sides, sources, model, least=model.broad_threshold / 2)
    sections = []
    for one in found:
        document = one.points[0].sentence.hit.document if one.points and len(one.documents) == 1 else None
        note = "" if one.points else nothing_on(one.side.label, query.language, query.spelling)
        heading = document.title if document else one.side.label
        sections.append(_Section([point.sentence for point in one.points], heading, document, note=note))
    if max(one.probability for one in found) < model.broad_threshold:
        return _Draft("comparison", "not_found", sections)
    return _Draft("comparison", "answered" if all(one.points for one in found) else "partly", sections)


def _status(probability: float, model: AnswerModel) -> AnswerStatus:
    if probability >= model.partly:
        return "answered"
    return "partly" if probability >= model.threshold else "not_found"


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
            sentences.append(AnswerSentence(wider.text, len(citations), _inside(wider, section.marks), lead=lead))
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


def _marks(
    candidates: Candidates, chosen: Sequence[Candidate], extraction: Extraction, sure: NDArray[np.bool_]
) -> tuple[tuple[int, int, int], ...]:
    """Return the short answers in the chosen sentences, of those where they are `sure` (sentences,)."""
    shown = {(one.hit.passage.id, one.start) for one in chosen}
    return tuple(
        (sentence.hit.passage.id, sentence.start + span[0], sentence.start + span[1])
        for sentence, known, span in zip(candidates.sentences, sure, extraction.spans, strict=True)
        if span is not None
        and known
        and (sentence.hit.passage.id, sentence.start) in shown
        and len(tokenize(sentence.text[slice(*span)])) <= LONGEST_MARK
    )


def _inside(sentence: Candidate, marks: Sequence[tuple[int, int, int]]) -> tuple[int, int] | None:
    """Return where the first of the marks that a sentence holds stands in it."""
    held = (
        (start - sentence.start, end - sentence.start)
        for passage, start, end in marks
        if passage == sentence.hit.passage.id and sentence.start <= start and end <= sentence.end
    )
    return next(held, None)


def choose(candidates: Candidates, logits: NDArray[np.float64]) -> list[Candidate]:
    """Return one to four sentences: best passage first, and in reading order within a passage."""
    order = np.argsort(-logits, kind="stable")
    chosen: list[Candidate] = []
    for place in order:
        sentence = candidates.sentences[place]
        if chosen and logits[place] < logits[order[0]] - FURTHER_MARGIN:
            break
        if not any(same_words(sentence, other) for other in chosen):
            chosen.append(sentence)
        if len(chosen) == MAX_SENTENCES:
            break
    passages = list(dict.fromkeys(sentence.hit.passage.id for sentence in chosen))
    return sorted(chosen, key=lambda sentence: (passages.index(sentence.hit.passage.id), sentence.start))
