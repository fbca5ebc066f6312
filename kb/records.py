"""The nouns of the project: frozen records that every station hands to the next.

A character span always counts Python characters in the *stored* page text, which never changes after
reading: `page.text[span.start:span.end]` is what may be quoted, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import msgspec

Language = Literal["uz", "ru", "en", "und"]
Spelling = Literal["latin", "cyrillic", "latin-2026", ""]
BlockKind = Literal["title", "heading", "paragraph", "list_item", "table_row"]
DocumentStatus = Literal["draft", "in_force", "repealed", "unknown"]
AnswerStatus = Literal["answered", "partly", "not_found"]
AnswerForm = Literal["direct", "list", "comparison"]
DropReason = Literal[
    "uncited", "wrong_number", "other_language", "number", "date", "name", "negation", "unsupported", "too_long"
]
WritingProblem = Literal["", "server", "empty", "declined", "nothing_left", "cut_short"]


class Record:
    """Adds `to_dict()`: plain dicts, lists, strings and numbers, ready for JSON."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain built-in types."""
        built: dict[str, Any] = msgspec.to_builtins(self)
        return built


@dataclass(frozen=True, slots=True)
class Block(Record):
    """A paragraph-like part of one page: `page.text[start:end]`. `level` is 1-6 for headings, else 0."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Page(Record):
    """One page: `index` counts from 1, `label` is what is printed on it, `text` is final."""

    index: int
    label: str
    text: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadDocument(Record):
    """What a reader makes of one file, before the index gives it an id. `date` is ISO 8601 or None.

    `status` is what the document says of itself at its head, "unknown" when it says nothing (`kb.text.status`).
    """

    title: str
    media_type: str
    date: str | None
    pages: tuple[Page, ...]
    warnings: tuple[str, ...] = ()
    status: DocumentStatus = "unknown"


@dataclass(frozen=True, slots=True)
class Document(Record):
    """A document of the index. `pages` is filled by `KnowledgeBase.document(id)` and empty in listings and hits."""

    id: int
    title: str
    path: str
    sha256: str
    media_type: str
    date: str | None
    languages: tuple[Language, ...]
    page_count: int
    passage_count: int
    pages: tuple[Page, ...] = ()
    status: DocumentStatus = "unknown"


@dataclass(frozen=True, slots=True)
class Span(Record):
    """Characters `start:end` of the stored text of page `page_index`."""

    page_index: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage(Record):
    """A citable piece of one document.

    `text` is `page.text[start:end]` of its one span, or the spans' texts joined by a single newline where the
    passage runs over a page break. `headings` is the path of headings above it, outermost first.
    """

    id: int
    document_id: int
    ordinal: int
    text: str
    spans: tuple[Span, ...]
    headings: tuple[str, ...]
    language: Language
    spelling: Spelling


@dataclass(frozen=True, slots=True)
class LegScore(Record):
    """One leg's view of a hit: its rank (from 1; None when the leg did not rank it) and its share of the score."""

    leg: str
    rank: int | None
    score: float
    share: float


@dataclass(frozen=True, slots=True)
class Match(Record):
    """A word of a hit that answers to a word of the question: `passage.text[start:end]`.

    `word` is the question's, as written. `translated` when they are of two languages and share no stem.
    """

    word: str
    start: int
    end: int
    translated: bool


@dataclass(frozen=True, slots=True)
class DirectionScore(Record):
    """A strategic direction that a passage has, and its probability in 0 .. 1."""

    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Hit(Record):
    """A passage found for a question. `rank` counts from 1; `score` only orders hits of the same question.

    `matches` are the words of the passage that answer to words of the question, in order.
    """

    rank: int
    score: float
    passage: Passage
    document: Document
    page_index: int
    page_label: str
    legs: tuple[LegScore, ...] = ()
    duplicates: tuple[int, ...] = ()
    matches: tuple[Match, ...] = ()
    directions: tuple[DirectionScore, ...] = ()


@dataclass(frozen=True, slots=True)
class DirectionInfo(Record):
    """A strategic direction: its name, and by language (uz, ru, en) what it is called and what it means."""

    name: str
    label: dict[str, str]
    definition: dict[str, str]


@dataclass(frozen=True, slots=True)
class DirectionCell(Record):
    """One document and one direction: how many of its passages have it, their share in it, and the surest of them.

    The `score` of a hit in `best` is the probability of the direction.
    """

    document_id: int
    direction: str
    passages: int
    share: float
    best: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class DirectionMatrix(Record):
    """Documents × directions. `cells` go document by document, directions in the order of `directions`."""

    directions: tuple[DirectionInfo, ...]
    documents: tuple[Document, ...]
    cells: tuple[DirectionCell, ...]


@dataclass(frozen=True, slots=True)
class Box(Record):
    """A line or part of one on page `page_index` of a PDF, in points (1/72 inch) from the upper left corner as seen."""

    page_index: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Citation(Record):
    """One exact quote with the place it stands at. `number` is what [n] in the answer refers to.

    Date and status are the document's. `boxes` is where the quote is printed: empty until `KnowledgeBase.boxes` was
    asked for it, since the file has to be opened, and for documents that are no PDF.
    """

    number: int
    quote: str
    document: Document
    page_label: str
    page_index: int
    language: Language
    spelling: Spelling
    passage: Passage
    spans: tuple[Span, ...]
    boxes: tuple[Box, ...] = ()

    @property
    def date(self) -> str | None:
        """The document's date, ISO 8601."""
        return self.document.date

    @property
    def status(self) -> DocumentStatus:
        """Whether the document is a draft, in force, repealed, or does not say."""
        return self.document.status


@dataclass(frozen=True, slots=True)
class AnswerSentence(Record):
    """One sentence of an answer and the number of the citation that it is quoted from.

    `short` is where the words stand that answer by themselves: `text[start:end]`. `lead` is the line above a list item
    that says what the list is of, not a part of the quote; empty where none is.
    """

    text: str
    citation: int
    short: tuple[int, int] | None = None
    lead: str = ""


@dataclass(frozen=True, slots=True)
class AnswerGroup(Record):
    """Sentences of an answer that belong together: of one document, of one direction, or on one side of a comparison.

    `heading` is the document's title, the direction's label, or the side as the question names it; `document` is set
    when all are from one. `note` says in the asker's language that nothing was found for a side without sentences.
    """

    heading: str
    document: Document | None = None
    direction: str | None = None
    sentences: tuple[AnswerSentence, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class WrittenSentence(Record):
    """A sentence of a language model that passed the gate, and the numbers of the citations that bear it out."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DroppedSentence(Record):
    """A sentence of a language model that the cited passages do not bear out.

    `detail` is what of it they lack: the number, date, name or word as written; empty where `reason` says it all.
    """

    text: str
    reason: DropReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class WrittenAnswer(Record):
    """What a language model wrote from the passages of an answer, after the gate.

    `text` is the sentences, each followed by its [n]. A number up to `len(answer.citations)` is a citation of the
    answer; `citations` are the further ones, numbered on from there. `withheld` counts passages that the model was not
    shown because they hold orders to one. `problem` says why there is nothing, or not all, and `problem_text` is a
    sentence for people; both are empty when all went well.
    """

    model: str
    text: str = ""
    sentences: tuple[WrittenSentence, ...] = ()
    dropped: tuple[DroppedSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    withheld: int = 0
    problem: WritingProblem = ""
    problem_text: str = ""


@dataclass(frozen=True, slots=True)
class Answer(Record):
    """What `ask` returns. `text` is the sentences, each followed by its [n], or says that nothing answers.

    `form` is "direct" for a question with one answer; otherwise `groups` hold the sentences once more, in the same
    order, under headings. `status` is "partly" when the sentences touch on the question without answering all of it.
    `written` is what a language model made of it, when one was asked for; everything else is never a model's.
    `notice` says, for a question in a fourth language, what documents are searched in; it opens `text`.
    """

    question: str
    status: AnswerStatus
    text: str
    language: Language
    spelling: Spelling
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    written: WrittenAnswer | None = None
    form: AnswerForm = "direct"
    groups: tuple[AnswerGroup, ...] = ()
    notice: str = ""
