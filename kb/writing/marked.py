"""A model's text cut into sentences with the numbers that they cite, as it arrives.

Models put [1] before the full stop and after it, in lists of numbers, in bullets and bold print, and some think aloud
first. What is shown is the sentence without any of that; the numbers come back at its end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.text.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_CHARACTERS = 12_000
"""Of a model's text that are read; an answer of some sentences has a tenth of it."""

_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_PART = r"\d{1,3}(?:\s*[-–]\s*\d{1,3})?"
_MARKER = re.compile(rf"[\[【]\s*\^?({_PART}(?:\s*[,;]\s*\^?{_PART})*)\s*[\]】]")
_LATE_MARKERS = re.compile(rf"([.!?…]+[»”\"']?)((?:\s*{_MARKER.pattern})+)")
_UNFINISHED = re.compile(r"[\[【<][^\]】>]{0,40}\Z")
_MARKUP = re.compile(r"(?m)^\s*(?:[-*•–—]+|#+|>)\s+|\*\*|__|`+")
_LETTER = re.compile(r"[^\W\d_]")
_MOST_IN_A_RANGE = 20


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """A sentence without its markers, and the distinct numbers of these in order."""

    text: str
    numbers: tuple[int, ...]


def marked_sentences(pieces: Iterable[str]) -> Iterator[MarkedSentence]:
    """Yield each sentence as soon as the next one has begun, the last one at the end.

    Pieces that hold nothing but space, markup and markers yield nothing. Reading stops after `MAX_CHARACTERS`.
    """
    text, given = "", 0
    for piece in pieces:
        text += piece
        whole = _prepared(text[:MAX_CHARACTERS], final=False)
        spans = sentence_spans(whole)
        # The last sentence that has letters may still grow, or still get its marker.
        lettered = [place for place, (start, end) in enumerate(spans) if _LETTER.search(whole[start:end])]
        complete = lettered[-1] if lettered else 0
        yield from _read(whole, spans[given:complete])
        given = max(given, complete)
        if len(text) >= MAX_CHARACTERS:
            break
    whole = _prepared(text[:MAX_CHARACTERS], final=True)
    yield from _read(whole, sentence_spans(whole)[given:])


def _prepared(text: str, *, final: bool) -> str:
    """Return the text without thoughts and markup, each marker before the full stop that it followed."""
    text = _THINKING.sub("", text)
    if not final:
        text = _UNFINISHED.sub("", text)
    text = _MARKUP.sub("", text)
    return _LATE_MARKERS.sub(lambda match: f" {match[2].strip()}{match[1]}", text)


def _read(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[MarkedSentence]:
    for start, end in spans:
        marked = text[start:end]
        plain = re.sub(r"\s+([.,;:!?…»”)])", r"\1", " ".join(_MARKER.sub(" ", marked).split()))
        if re.search(r"\w", plain):
            yield MarkedSentence(plain, _numbers(marked))


def _numbers(marked: str) -> tuple[int, ...]:
    numbers: dict[int, None] = {}
    for marker in _MARKER.finditer(marked):
        for part in re.findall(_PART, marker[1]):
            first, *last = map(int, re.findall(r"\d+", part))
            upto = min(last[0] if last else first, first + _MOST_IN_A_RANGE)
            numbers |= dict.fromkeys(range(first, max(upto, first) + 1))
    return tuple(numbers)
