"""Ask a knowledge base every question of a file in every form, and measure what comes back."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from kb.errors import QueryError
from kb.evaluation.judging import Judgement, is_verbatim, judge, quotes_gold
from kb.evaluation.measures import percentile
from kb.evaluation.outcomes import ALL, Answering, Kind, Outcome, Row, rank, rows
from kb.evaluation.questions import Gold, Question, half
from kb.evaluation.short_answers import says_shortly
from kb.knowledge_base import KnowledgeBase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kb.records import Page
    from kb.reports import Progress, Report
    from kb.settings import Settings

Halves = Literal["all", "fit", "report"]
MINIMUM_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Speed:
    """Milliseconds of one call: the median and the 95th percentile. Zero where nothing was called."""

    search_p50: float
    search_p95: float
    ask_p50: float
    ask_p95: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What `evaluate` found. `gold_found` of `gold_total` quotes stand in the index's passages at all.

    `outcomes` has one entry a question and form; `rows` are their means. `peak_rss_mib` is the process's largest
    resident size in MiB so far, None where the system does not tell.
    """

    questions: int
    forms: tuple[str, ...]
    depth: int
    index: dict[str, Any]
    gold_total: int
    gold_found: int
    rows: tuple[Row, ...]
    outcomes: tuple[Outcome, ...]
    speed: Speed
    peak_rss_mib: float | None
    seconds: float

    def to_dict(self, *, outcomes: bool = True) -> dict[str, Any]:
        """Return plain built-in types, ready for JSON, with or without the single outcomes."""
        built: dict[str, Any] = msgspec.to_builtins(self)
        if not outcomes:
            del built["outcomes"]
        return built

    def row(self, kind: Kind, form: str = ALL, language: str = ALL, half: str = ALL) -> Row | None:
        """Return the means of one group, None when no question falls into it."""
        wanted = (half, kind, form, language)
        return next((one for one in self.rows if (one.half, one.kind, one.form, one.language) == wanted), None)


def evaluate(
    base: KnowledgeBase,
    questions: Sequence[Question],
    k: int = 20,
    *,
    forms: Sequence[str] = (),
    half_of: Halves = "all",
    search_only: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Ask all `questions` and return what was measured; all figures but times and memory are the same every run.

    `k` is the depth of the search, at least 10. `forms` keeps some question forms, `half_of` one half of the
    questions, `search_only` leaves out `ask`. `progress(done, total)` follows each question.
    One search goes before the clock starts, so that loading the index is not counted as searching.
    Raises QueryError when no question remains or `k` is too small.
    """
    if k < MINIMUM_DEPTH:
        raise QueryError(f"k is {k}, but measures at 10 need a depth of at least {MINIMUM_DEPTH}")
    chosen = [one for one in questions if half_of in {"all", half(one.id)}]
    asked = [(one, form, text) for one in chosen for form, text in one.forms if not forms or form in forms]
    if not asked:
        known = ", ".join(dict.fromkeys(form for one in questions for form, _ in one.forms))
        raise QueryError(f"No question is left of {len(questions)}; the file's forms are: {known}")
    started = perf_counter()
    judged = judge(base, (gold for one in chosen for gold in one.gold))
    examiner = _Examiner(base, judged, k, search_only=search_only)
    base.search(asked[0][2], k=k)
    outcomes: list[Outcome] = []
    for done, (question, form, text) in enumerate(asked, start=1):
        outcomes.append(examiner.outcome(question, form, text))
        if progress is not None:
            progress(done, len(asked))
    gold = [one for question in {one.id: one for one, _, _ in asked}.values() for one in question.gold]
    return Evaluation(
        questions=len({one.id for one, _, _ in asked}),
        forms=tuple(dict.fromkeys(form for _, form, _ in asked)),
        depth=k,
        index=base.statistics(),
        gold_total=len(gold),
        gold_found=sum(bool(judged[one].passage_ids) for one in gold),
        rows=rows(outcomes, ("all", "fit", "report") if half_of == "all" else (half_of,), k),
        outcomes=tuple(outcomes),
        speed=_speed(outcomes),
        peak_rss_mib=_peak_rss_mib(),
        seconds=perf_counter() - started,
    )


@contextmanager
def temporary_base(
    folder: str | Path,
    *,
    model: str | None = None,
    settings: Settings | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Iterator[tuple[KnowledgeBase, Report]]:
    """Index a folder into a temporary index that is gone afterwards; yields the base and the report of its making."""
    with (
        TemporaryDirectory(prefix="kb-eval-") as scratch,
        KnowledgeBase.open(Path(scratch) / "index", model=model, settings=settings) as base,
    ):
        yield base, base.add(folder, progress=progress)


class _Examiner:
    """Asks one question at a time. Keeps the pages of every quoted document, read from the index once."""

    def __init__(self, base: KnowledgeBase, judged: Mapping[Gold, Judgement], depth: int, *, search_only: bool) -> None:
        self._base = base
        self._judged = judged
        self._depth = depth
        self._search_only = search_only
        self._pages: dict[int, dict[int, Page]] = {}

    def outcome(self, question: Question, form: str, text: str) -> Outcome:
        own = {gold: self._judged[gold] for gold in question.gold}
        started = perf_counter()
        hits = self._base.search(text, k=self._depth)
        milliseconds = (perf_counter() - started) * 1000
        kind: Kind = "unanswerable" if not question.answerable else "broad" if question.broad else "single"
        return Outcome(
            question=question.id,
            form=form,
            text=text,
            half=half(question.id),
            kind=kind,
            language=next((judgement.language for judgement in own.values()), "und"),
            search_milliseconds=milliseconds,
            ranking=rank(hits, own, self._depth) if own else None,
            answering=None if self._search_only else self._answering(text, own, question.short),
        )

    def _answering(self, text: str, own: Mapping[Gold, Judgement], short: str) -> Answering:
        started = perf_counter()
        answer = self._base.ask(text)
        milliseconds = (perf_counter() - started) * 1000
        citations = answer.citations
        quoted = [{gold for gold, place in own.items() if quotes_gold(one, gold, place)} for one in citations]
        with_gold = frozenset[int]().union(*(place.passage_ids for place in own.values()))
        return Answering(
            status=answer.status,
            cites_gold=any(quoted),
            gold_quoted=len(set[Gold]().union(*quoted)),
            gold_quotes=sum(bool(golds) for golds in quoted),
            gold_passages=len(with_gold & {one.passage.id for one in citations}),
            gold_passages_in_all=len(with_gold),
            quotes=len(citations),
            verbatim=sum(is_verbatim(one, self._pages_of(one.document.id)) for one in citations),
            milliseconds=milliseconds,
            short_right=says_shortly(answer, short) if short else None,
        )

    def _pages_of(self, document_id: int) -> dict[int, Page]:
        if document_id not in self._pages:
            self._pages[document_id] = {page.index: page for page in self._base.document(document_id).pages}
        return self._pages[document_id]


def _speed(outcomes: Sequence[Outcome]) -> Speed:
    searches = [one.search_milliseconds for one in outcomes]
    asks = [one.answering.milliseconds for one in outcomes if one.answering]
    return Speed(percentile(searches, 0.5), percentile(searches, 0.95), percentile(asks, 0.5), percentile(asks, 0.95))


def _peak_rss_mib() -> float | None:
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - does not exist on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024**2 if sys.platform == "darwin" else peak / 1024
