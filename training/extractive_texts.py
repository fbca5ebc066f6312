"""The passages and questions that the extractive model learns from, as pieces, and the draws of training from them.

`answer_passages.jsonl` holds passages of invented documents, written for this project: in each line the document, its
title and heading, the language, `qs`, questions [language, kind, question, answer, where the answer stands if these
words stand there more than once], and `no`, questions on the same things that the document does not answer. One
document in `HELD_OUT` is kept for measuring.

An answered question is drawn with its passage, whole or a few sentences of it, and also with sentences of it, passages
of the same document, or such of others that are like the passage or the question; then, and for questions without an
answer, the model has to point to nothing (Rajpurkar et al. 2018, "Know What You Don't Know").
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from kb.models.pairs import LONGEST, LONGEST_HEADING, LONGEST_QUESTION, Pair, Side, pair_of, side_of
from kb.text.sentences import sentence_spans
from kb.text.spellings import drop_apostrophes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tokenizers import Tokenizer

    from kb.models.words import WordVectors
    from kb.records import Language

HELD_OUT = 12
"""Every how manieth document is held out, by a number made from its name."""
WHOLE = 0.4
"""How often the whole passage is read, not some sentences of it."""
ANSWERED, UNANSWERED = 0.48, 0.26
"""Shares of draws: answered, with the answer; without an answer; the rest answered, with something else to read."""
BARE = 0.25
"""How often an Uzbek question is read without its apostrophes."""
LIKE = 12
"""Passages of other documents among which a like one is drawn."""


@dataclass(frozen=True)
class Question:
    """One question of a passage; `start`, `end` are the answer's characters, -1 where there is none.

    `bare` is an Uzbek question without apostrophes, None where it has none; `near` are passages of other documents
    whose words are likest the question's.
    """

    passage: int
    kind: str
    language: Language
    side: Side
    start: int
    end: int
    bare: Side | None = None
    near: tuple[int, ...] = ()


@dataclass(frozen=True)
class Texts:
    """Passages with their headings as pieces, their sentences, questions, and which passages are of which document."""

    passages: list[Side]
    languages: list[Language]
    headings: list[Side]
    sentences: list[list[tuple[int, int]]]
    documents: np.ndarray
    held_out: np.ndarray
    questions: list[Question]
    like: np.ndarray


@dataclass(frozen=True)
class Example:
    """A pair and the places of the answer's first and last piece in it, both 0 where there is no answer."""

    pair: Pair
    first: int
    last: int


def load(path: Path, tokenizer: Tokenizer, vectors: WordVectors) -> Texts:
    """Return the texts of a file. Raises ValueError for an answer that does not stand in its passage once."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]

    def side(text: str, language: Language, most: int = LONGEST) -> Side:
        return side_of(text, language, tokenizer, vectors, most)

    def question(passage: int, kind: str, spoken: Language, asked: str, span: tuple[int, int]) -> Question:
        bare = drop_apostrophes(asked) if spoken == "uz" else asked
        sides = [side(one, spoken, LONGEST_QUESTION) for one in dict.fromkeys((asked, bare))]
        return Question(passage, kind, spoken, sides[0], *span, bare=sides[1] if len(sides) > 1 else None)

    questions = []
    for number, row in enumerate(rows):
        for spoken, kind, asked, answer, *rest in row["qs"]:
            span = _place(row["passage"], answer, rest[0] if rest else answer, f"{path}, line {number + 1}")
            questions.append(question(number, kind, spoken, asked, span))
        for spoken, asked in row["no"]:
            questions.append(question(number, "none", spoken, asked, (-1, -1)))
    passages = [side(row["passage"], row["lang"]) for row in rows]
    names = [row["doc"] for row in rows]
    ids = {name: place for place, name in enumerate(dict.fromkeys(names))}
    documents = np.array([ids[name] for name in names])
    held_out = np.array([zlib.crc32(name.encode()) % HELD_OUT == 0 for name in names])
    means = np.stack([one.vectors.mean(axis=0) for one in passages])
    return Texts(
        passages=passages,
        languages=[row["lang"] for row in rows],
        headings=[side(f"{row['title']} . {row['heading']}", row["lang"], LONGEST_HEADING) for row in rows],
        sentences=[sentence_spans(row["passage"]) for row in rows],
        documents=documents,
        held_out=held_out,
        questions=list(_near(questions, means, documents, held_out)),
        like=_likest(means, means, documents, documents, held_out),
    )


def _place(text: str, answer: str, around: str, where: str) -> tuple[int, int]:
    if text.count(around) != 1 or answer not in around:
        raise ValueError(f"{where}: {around!r} does not stand in the passage once")
    start = text.index(around) + around.index(answer)
    return start, start + len(answer)


def _near(
    questions: list[Question], passages: np.ndarray, documents: np.ndarray, held_out: np.ndarray
) -> Iterator[Question]:
    """Yield the questions with the passages that are near them; `passages` are mean word vectors."""
    for first in range(0, len(questions), 1000):
        some = questions[first : first + 1000]
        means = np.stack([one.side.vectors.sum(axis=0) for one in some])
        own = documents[[one.passage for one in some]]
        for question, near in zip(some, _likest(means, passages, own, documents, held_out), strict=True):
            yield replace(question, near=tuple(near.tolist()))


def _likest(
    vectors: np.ndarray, passages: np.ndarray, own: np.ndarray, documents: np.ndarray, held_out: np.ndarray
) -> np.ndarray:
    """Return for each vector the numbers of the passages of other documents than `own` that are likest it, (n, LIKE).

    None of them is held out.
    """
    centre = _unit(passages).mean(axis=0)
    cosines = _unit(_unit(vectors) - centre) @ _unit(_unit(passages) - centre).T
    cosines[own[:, None] == documents[None, :]] = -2
    cosines[:, held_out] = -2
    return np.argsort(-cosines, axis=1, kind="stable")[:, :LIKE]


def cut(side: Side, start: int, end: int) -> Side:
    """Return the pieces of a text that stand in its characters start to end, at the same places of the text.

    The first may begin with the blank before.
    """
    here = (side.starts >= start - 1) & (side.ends > start) & (side.ends <= end) & (side.ends > side.starts)
    words = np.unique(side.word_of[here])
    words = words[words >= 0]
    place = np.full(len(side.vectors) + 1, -1, np.int32)
    place[words] = np.arange(len(words))
    return Side(side.ids[here], side.starts[here], side.ends[here], place[side.word_of[here]], side.vectors[words])


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def example(texts: Texts, question: Question, passage: int, window: tuple[int, int] | None) -> Example:
    """Return a question with a passage, or the characters `window` of it, to read."""
    side = texts.passages[passage]
    pair = pair_of(question.side, texts.headings[passage], cut(side, *window) if window else side)
    if passage != question.passage or question.start < 0:
        return Example(pair, 0, 0)
    held = np.flatnonzero((pair.starts < question.end) & (pair.ends > question.start))
    if not len(held):
        return Example(pair, 0, 0)
    return Example(pair, pair.first + int(held[0]), pair.first + int(held[-1]))


def draws(texts: Texts, random: np.random.Generator, count: int) -> Iterator[Example]:
    """Yield `count` examples to learn from."""
    fit = [question for question in texts.questions if not texts.held_out[question.passage]]
    answered = [question for question in fit if question.start >= 0]
    without = [question for question in fit if question.start < 0]
    for kind in random.random(count):
        if kind < ANSWERED:
            question = _spelt(answered[random.integers(len(answered))], random)
            yield example(texts, question, question.passage, _window(texts, question, random, around=True))
        elif kind < ANSWERED + UNANSWERED:
            question = _spelt(without[random.integers(len(without))], random)
            yield example(texts, question, question.passage, _window(texts, question, random, around=False))
        else:
            question = _spelt(answered[random.integers(len(answered))], random)
            yield _elsewhere(texts, question, random)


def _spelt(question: Question, random: np.random.Generator) -> Question:
    bare = random.random() < BARE
    return replace(question, side=question.bare) if bare and question.bare else question


def _window(texts: Texts, question: Question, random: np.random.Generator, *, around: bool) -> tuple[int, int] | None:
    """Return one to four sentences of a question's passage, with the answer when `around`; None for all of it."""
    if random.random() < WHOLE:
        return None
    spans = texts.sentences[question.passage]
    length = min(int(random.integers(1, 5)), len(spans))
    begin = int(random.integers(len(spans) - length + 1))
    if around:
        inside = next(place for place, (_, end) in enumerate(spans) if question.start < end)
        begin = min(max(inside - int(random.integers(length)), 0), len(spans) - length)
    end = spans[begin + length - 1][1]
    return (spans[begin][0], max(end, question.end) if around else end)


def _elsewhere(texts: Texts, question: Question, random: np.random.Generator) -> Example:
    """Return an answered question with sentences of its passage, or another passage, that do not answer it."""
    where = random.random()
    passage, spans = question.passage, texts.sentences[question.passage]
    if where < 0.4:
        before = [span for span in spans if span[1] <= question.start]
        after = [span for span in spans if span[0] >= question.end]
        part = before if len(before) >= len(after) else after
        if part:
            return example(texts, question, passage, (part[0][0], part[-1][1]))
    same = np.flatnonzero((texts.documents == texts.documents[passage]) & (np.arange(len(texts.passages)) != passage))
    others = same if where < 0.6 and len(same) else texts.like[passage] if where < 0.75 else question.near
    return example(texts, question, int(others[random.integers(len(others))]), None)
