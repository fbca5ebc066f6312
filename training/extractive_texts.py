"""The passages and questions that the extractive model learns from, as pieces, and the draws of training from them.

`answer_passages.jsonl` holds passages of invented documents, written for this project: in each line the document, its
title and heading, the language, `qs`, questions [language, kind, question, answer, where the answer stands if these
words stand there more than once], and `no`, questions on the same things that the document does not answer. One
document in `HELD_OUT` is kept for measuring.

An answered question is drawn with its passage, whole or a few sentences of it, and also with sentences of it, passages
of the same document or like passages of others that do not answer; then, and for questions without an answer, the model
has to point to nothing (Rajpurkar et al. 2018, "Know What You Don't Know").
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kb.models.pairs import LONGEST, LONGEST_HEADING, LONGEST_QUESTION, Pair, Side, pair_of, side_of
from kb.text.sentences import sentence_spans

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
ANSWERED, UNANSWERED = 0.52, 0.28
"""Shares of draws: answered, with the answer; without an answer; the rest answered, with something else to read."""
LIKE = 12
"""Passages of other documents among which a like one is drawn."""


@dataclass(frozen=True)
class Question:
    """One question of a passage; `start`, `end` are the answer's characters, -1 where there is none."""

    passage: int
    kind: str
    language: Language
    side: Side
    start: int
    end: int


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

    questions = []
    for number, row in enumerate(rows):
        for spoken, kind, asked, answer, *rest in row["qs"]:
            span = _place(row["passage"], answer, rest[0] if rest else answer, f"{path}, line {number + 1}")
            questions.append(Question(number, kind, spoken, side(asked, spoken, LONGEST_QUESTION), *span))
        for spoken, asked in row["no"]:
            questions.append(Question(number, "none", spoken, side(asked, spoken, LONGEST_QUESTION), -1, -1))
    passages = [side(row["passage"], row["lang"]) for row in rows]
    names = [row["doc"] for row in rows]
    ids = {name: place for place, name in enumerate(dict.fromkeys(names))}
    documents = np.array([ids[name] for name in names])
    held_out = np.array([zlib.crc32(name.encode()) % HELD_OUT == 0 for name in names])
    return Texts(
        passages=passages,
        languages=[row["lang"] for row in rows],
        headings=[side(f"{row['title']} . {row['heading']}", row["lang"], LONGEST_HEADING) for row in rows],
        sentences=[sentence_spans(row["passage"]) for row in rows],
        documents=documents,
        held_out=held_out,
        questions=questions,
        like=_like(np.stack([one.vectors.mean(axis=0) for one in passages]), documents, held_out),
    )


def _place(text: str, answer: str, around: str, where: str) -> tuple[int, int]:
    if text.count(around) != 1 or answer not in around:
        raise ValueError(f"{where}: {around!r} does not stand in the passage once")
    start = text.index(around) + around.index(answer)
    return start, start + len(answer)


def _like(means: np.ndarray, documents: np.ndarray, held_out: np.ndarray) -> np.ndarray:
    """Return for each passage the numbers of the passages of other documents that are likest it, (passages, LIKE).

    None of them is held out.
    """
    means = means - means.mean(axis=0)
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    cosines = means @ means.T
    cosines[documents[:, None] == documents[None, :]] = -2
    cosines[:, held_out] = -2
    return np.argsort(-cosines, axis=1, kind="stable")[:, :LIKE]


def cut(side: Side, start: int, end: int) -> Side:
    """Return the pieces of a text that stand in its characters start to end."""
    here = (side.starts >= start) & (side.ends <= end) & (side.ends > side.starts)
    words = np.unique(side.word_of[here])
    words = words[words >= 0]
    place = np.full(len(side.vectors) + 1, -1, np.int32)
    place[words] = np.arange(len(words))
    return Side(side.ids[here], side.starts[here], side.ends[here], place[side.word_of[here]], side.vectors[words])


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
            question = answered[random.integers(len(answered))]
            yield example(texts, question, question.passage, _window(texts, question, random, around=True))
        elif kind < ANSWERED + UNANSWERED:
            question = without[random.integers(len(without))]
            yield example(texts, question, question.passage, _window(texts, question, random, around=False))
        else:
            question = answered[random.integers(len(answered))]
            yield _elsewhere(texts, question, random)


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
    if where < 0.5:
        before = [span for span in spans if span[1] <= question.start]
        after = [span for span in spans if span[0] >= question.end]
        part = before if len(before) >= len(after) else after
        if part:
            return example(texts, question, passage, (part[0][0], part[-1][1]))
    same = np.flatnonzero((texts.documents == texts.documents[passage]) & (np.arange(len(texts.passages)) != passage))
    others = same if where < 0.75 and len(same) else texts.like[passage]
    return example(texts, question, int(others[random.integers(len(others))]), None)
