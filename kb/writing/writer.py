"""Having an answer written: the passages go out, sentences come back, and those that pass the gate are kept.

Whatever happens at the server, the verbatim answer stands: what went wrong is said in `WrittenAnswer.problem_text`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kb.answering.candidates import Candidate
from kb.answering.citations import cite
from kb.errors import LanguageModelError
from kb.records import DroppedSentence, Hit, WrittenAnswer, WrittenSentence
from kb.text.fold import fold
from kb.text.language import identify
from kb.text.spellings import to_cyrillic, to_latin, to_latin_2026
from kb.writing.gate import Gate, Passed
from kb.writing.instructions import speaks_to_a_model
from kb.writing.marked import marked_sentences
from kb.writing.prompt import NO_ANSWER, messages
from kb.writing.server import complete, require_package
from kb.writing.sources import source_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kb.models.encoder import Encoder
    from kb.records import Answer, Citation, Language, Spelling, WritingProblem
    from kb.retrieval.glossary import Given
    from kb.retrieval.search import Searcher
    from kb.settings import LanguageModel
    from kb.store.database import Database
    from kb.writing.marked import MarkedSentence
    from kb.writing.sources import Source, SourceSentence

MOST_QUOTED = 8
"""Passages that are shown because the answer quotes them, where the model is to be shown fewer."""

MOST_SENTENCES = 12
"""Read of one answer; a model that goes on is repeating itself."""


def write(
    answer: Answer,
    model: LanguageModel,
    *,
    database: Database,
    searcher: Searcher,
    encoder: Encoder,
    given: Callable[[str, Language], Given],
    progress: Callable[[WrittenAnswer], None] | None = None,
) -> WrittenAnswer:
    """Return what the model writes from the best passages of an answer, as far as these bear it out.

    `progress` is called with what there is so far whenever a sentence has been kept or dropped. Raises
    LanguageModelError when the openai package is missing, IndexDamagedError when a stored page does not hold its quote.
    """
    require_package()
    hits = shown_hits(answer, model.passages)
    sources = [source_of(hit) for hit in hits if not speaks_to_a_model(f"{hit.document.title}\n{hit.passage.text}")]
    paper = _Paper(answer, model.name, sources, database, withheld=len(hits) - len(sources))
    if not sources:
        return paper.written("nothing_left", "Every passage found speaks to a language model, so none was shown to it.")
    gate = Gate(sources, answer.language, searcher, encoder, given)
    asked = messages(answer.question, answer.language, answer.spelling, [source.hit for source in sources])
    completion = complete(model, asked)
    problem: tuple[WritingProblem, str] = ("", "")
    try:
        for sentence in marked_sentences(completion):
            if paper.full:
                break
            if _is_no_answer(sentence.text):
                if paper.blank:
                    problem = ("declined", f"The model {model.name} finds no answer in the passages.")
                break
            spelt = replace(sentence, text=respelt(sentence.text, answer.language, answer.spelling))
            if paper.add(spelt, gate) and progress is not None:
                progress(paper.written())
    except LanguageModelError as error:
        problem = ("server", str(error))
    if not problem[0] and completion.cut_short:
        problem = ("cut_short", f"The model {model.name} stopped at its limit of {model.tokens} tokens.")
    return paper.written(*(problem if problem[0] else paper.lack()))


def shown_hits(answer: Answer, count: int) -> list[Hit]:
    """Return the passages that a model is shown, best first: those that the answer quotes, then the best others.

    Of a broad answer one passage a group comes first, and no more than `MOST_QUOTED` for their quotes alone.
    """
    found = {hit.passage.id: hit for hit in answer.hits}
    quoted = [found.get(one.passage.id) or _hit_of(one) for one in _one_a_group_first(answer)]
    chosen = {hit.passage.id: hit for hit in [*quoted, *answer.hits][: len(quoted) + count]}
    return list(chosen.values())[: max(count, min(len({hit.passage.id for hit in quoted}), MOST_QUOTED))]


def _one_a_group_first(answer: Answer) -> list[Citation]:
    places = {one.citation: place for group in answer.groups for place, one in enumerate(group.sentences)}
    return sorted(answer.citations, key=lambda one: places.get(one.number, 0) > 0)


def _hit_of(citation: Citation) -> Hit:
    return Hit(1, 0.0, citation.passage, citation.document, citation.page_index, citation.page_label)


def respelt(text: str, language: Language, spelling: Spelling) -> str:
    """Return an Uzbek sentence in the spelling asked for; other sentences, and those already in it, as they are."""
    if language != "uz" or not spelling:
        return text
    found = identify(text)
    if found.language not in {"uz", "und"} or found.spelling == spelling:
        return text
    if spelling == "cyrillic":
        return to_cyrillic(text)
    return to_latin_2026(text) if spelling == "latin-2026" else to_latin(text)


def _is_no_answer(text: str) -> bool:
    return text.strip(" .!\"'*").casefold() == NO_ANSWER.casefold()


class _Paper:
    """What has been written so far. A source sentence has the number of the citation that quotes it, or a new one."""

    def __init__(
        self, answer: Answer, model: str, sources: Sequence[Source], database: Database, *, withheld: int
    ) -> None:
        self._model = model
        self._sources = sources
        self._database = database
        self._withheld = withheld
        self._numbers = {(one.passage.id, one.quote): one.number for one in reversed(answer.citations)}
        self._next = len(answer.citations) + 1
        self._sentences: list[WrittenSentence] = []
        self._dropped: list[DroppedSentence] = []
        self._citations: list[Citation] = []
        self._seen: set[str] = set()

    @property
    def full(self) -> bool:
        """Whether no more sentences are read."""
        return len(self._seen) >= MOST_SENTENCES

    @property
    def blank(self) -> bool:
        """Whether nothing has been kept or dropped."""
        return not self._seen

    def add(self, sentence: MarkedSentence, gate: Gate) -> bool:
        """Keep or drop a sentence; return False for one that was there before."""
        key = fold(sentence.text)
        if key in self._seen:
            return False
        self._seen.add(key)
        verdict = gate.check(sentence)
        if isinstance(verdict, Passed):
            numbers = [self._number(self._sources[place - 1], best) for place, best in verdict.support.items()]
            self._sentences.append(WrittenSentence(sentence.text, tuple(sorted(set(numbers)))))
        else:
            self._dropped.append(DroppedSentence(sentence.text, verdict.reason, verdict.detail))
        return True

    def _number(self, source: Source, best: SourceSentence) -> int:
        key = (source.hit.passage.id, best.text)
        if key not in self._numbers:
            candidate = Candidate(source.hit, best.start, best.end, best.words)
            self._citations.append(cite(self._next, candidate, self._database))
            self._numbers[key] = self._next
            self._next += 1
        return self._numbers[key]

    def lack(self) -> tuple[WritingProblem, str]:
        """Return why nothing is left, if so."""
        if self._sentences:
            return "", ""
        if not self._dropped:
            return "empty", f"The model {self._model} wrote nothing."
        count = len(self._dropped)
        sentences = "The one sentence" if count == 1 else f"None of the {count} sentences"
        verb = "is not" if count == 1 else "is"
        return "nothing_left", f"{sentences} of the model {self._model} {verb} borne out by the passages that it cites."

    def written(self, problem: WritingProblem = "", problem_text: str = "") -> WrittenAnswer:
        """Return the record of what there is."""
        text = " ".join(f"{one.text} {''.join(f'[{number}]' for number in one.citations)}" for one in self._sentences)
        return WrittenAnswer(
            model=self._model,
            text=text,
            sentences=tuple(self._sentences),
            dropped=tuple(self._dropped),
            citations=tuple(self._citations),
            withheld=self._withheld,
            problem=problem,
            problem_text=problem_text,
        )
