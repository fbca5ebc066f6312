"""Question files: the project's own JSONL with six forms of each question, and the plain tables that users keep.

Three shapes are read, told apart by their keys:

    {"id": ..., "answerable": ..., "kind": ..., "questions": {form: text}, "gold": [{document, quote, grade}]}   JSONL
    {"question": ..., "document": ..., "quote": ...}                                                             JSONL
    question;document;quote                                                                            CSV with a header

In the last two `document` is a file name with or without its suffix and `quote` may be missing: then any passage of
the document counts. Rows with the same question add gold to it. A question with no document at all is one that the
documents do not answer, and refusing it is right.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from kb.errors import QueryError
from kb.text.language import identify

BROAD_KINDS = frozenset({"direction", "compare", "list_across"})
Half = Literal["fit", "report"]


@dataclass(frozen=True, slots=True)
class Gold:
    """Something that answers a question: `quote` of a document (its file name, suffix optional). Grade 2 is best."""

    document: str
    quote: str = ""
    grade: int = 2


@dataclass(frozen=True, slots=True)
class Question:
    """One question in its forms, such as ("uz-cyrillic", "…"). No gold means that the documents do not answer it.

    `short` is the answer in a few words, in the language of its document; empty when the file has none.
    """

    id: str
    kind: str
    forms: tuple[tuple[str, str], ...]
    gold: tuple[Gold, ...] = ()
    short: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the documents answer it."""
        return bool(self.gold)

    @property
    def broad(self) -> bool:
        """Whether the answer lies in many places, so that one good passage is not enough."""
        return self.kind in BROAD_KINDS or len(self.gold) > 1


def half(question_id: str) -> Half:
    """Return the half of the questions that an id belongs to, by the parity of its SHA-256.

    Weights and thresholds may be fitted on "fit" only; "report" is what is published.
    """
    return "report" if hashlib.sha256(question_id.encode()).digest()[-1] % 2 else "fit"


def load_questions(path: str | Path) -> tuple[Question, ...]:
    """Return the questions of a JSONL or CSV file in the file's order.

    Raises QueryError naming the file and, where there is one, the line.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise QueryError(f"Question file {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise QueryError(f"Question file {path} is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    rows = _json_rows(path, text) if path.suffix.lower() in {".jsonl", ".json", ".ndjson"} else _table_rows(path, text)
    if not rows:
        raise QueryError(f"Question file {path} holds no question")
    own = [row for row in rows if "questions" in row[1]]
    if own and len(own) != len(rows):
        raise QueryError(f'Question file {path} mixes rows with "questions" and rows with "question"')
    questions = tuple(_own(path, *row) for row in rows) if own else _merged(path, rows)
    for question in questions:
        _refuse_half_characters(path, question)
    [(name, times)] = Counter(question.id for question in questions).most_common(1)
    if times > 1:
        raise QueryError(f"Question file {path} uses the id {name!r} {times} times")
    return questions


def _refuse_half_characters(path: Path, question: Question) -> None:
    """Raise QueryError for a text with half of a surrogate pair, which JSON can write and no encoding can hold."""
    for text in (question.id, *(text for form in question.forms for text in form)):
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            message = f"Question file {path}: question {question.id!r} is not Unicode text ({error.reason})"
            raise QueryError(message) from error


Row = tuple[int, dict[str, Any]]


class _OwnRow(msgspec.Struct):
    id: str
    answerable: bool
    questions: dict[str, str]
    kind: str = ""
    gold: tuple[Gold, ...] = ()
    answer: str = ""


def _json_rows(path: Path, text: str) -> list[Row]:
    rows: list[Row] = []
    for line_number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise QueryError(f"Question file {path}, line {line_number}: not JSON ({error.msg})") from error
        if not isinstance(row, dict) or not {"question", "questions"} & row.keys():
            message = 'want an object with "question" or "questions"'
            raise QueryError(f"Question file {path}, line {line_number}: {message}")
        rows.append((line_number, row))
    return rows


def _table_rows(path: Path, text: str) -> list[Row]:
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    if not {"question", "document"} <= set(names):
        found = header.strip()[:200]
        raise QueryError(f"Question file {path}: want a header with question, document[, quote], got {found!r}")
    reader.fieldnames = names
    try:
        return [(reader.line_num, {key: value or "" for key, value in row.items() if key}) for row in reader]
    except csv.Error as error:
        raise QueryError(f"Question file {path}, line {reader.line_num}: {error}") from error


def _own(path: Path, line_number: int, row: dict[str, Any]) -> Question:
    try:
        parsed = msgspec.convert(row, _OwnRow)
    except msgspec.ValidationError as error:
        raise QueryError(f"Question file {path}, line {line_number}: {error}") from error
    if parsed.answerable != bool(parsed.gold):
        raise QueryError(f"Question file {path}, line {line_number}: answerable must go with gold, and only with it")
    return Question(parsed.id, parsed.kind, tuple(parsed.questions.items()), parsed.gold, parsed.answer)


def _merged(path: Path, rows: list[Row]) -> tuple[Question, ...]:
    questions: dict[str, Question] = {}
    for line_number, row in rows:
        values = {key: row.get(key) or "" for key in ("question", "document", "quote", "id", "kind")}
        wrong = [key for key, value in values.items() if not isinstance(value, str)]
        if wrong or not values["question"].strip():
            fault = f"{wrong[0]} must be text" if wrong else "the question is empty"
            raise QueryError(f"Question file {path}, line {line_number}: {fault}")
        text, document = values["question"].strip(), values["document"].strip()
        gold = (Gold(document, values["quote"].strip()),) if document else ()
        known = questions.get(text)
        if known is None:
            name = values["id"] or f"line-{line_number}"
            questions[text] = Question(name, values["kind"], ((form_of(text), text),), gold)
        else:
            merged = known.gold + tuple(one for one in gold if one not in known.gold)
            questions[text] = Question(known.id, known.kind, known.forms, merged)
    return tuple(questions.values())


def form_of(text: str) -> str:
    """Return the form a question is written in: "uz-latin", "uz-cyrillic", "uz-latin-2026", "ru", "en" or "und"."""
    found = identify(text)
    return f"{found.language}-{found.spelling}" if found.language == "uz" and found.spelling else found.language
