"""The short answer inside a quote: the number, date, name or few words that answer by themselves.

Every run of up to eight words of a sentence is weighed by a linear model (the feature-based reading comprehension of
Rajpurkar et al. 2016, section 5, with the "no answer" of Rajpurkar et al. 2018): is it of the kind that is asked for,
do the question's words stand around it but not in it, does it end where a phrase ends. One more candidate, "none", wins
where only the whole sentence answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kb.answering.expected import KINDS
from kb.text.fold import fold, loose
from kb.text.stopwords import STOP_WORDS
from kb.text.words import tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from kb.records import Language

Flags = NDArray[np.bool_]
Places = NDArray[np.intp]

LONGEST = 8
"""Words of the longest short answer."""

MOST_WORDS = 60
"""Words of a sentence that are looked at."""

BESIDE = 3
"""Words after or before a number that say what it counts."""

NEAR = 5
"""Words to the left and right that count as standing around a run."""

_UNITS = {
    "percent": re.compile(
        r"foiz|prots?ent|percent|pct|yarmi|chorag|uchdan|half|third|quarter|tret|chetvert|polovin|baravar"
        r"|barobar|marta$|times$|doubl|raz$|raza$"
    ),
    "money": re.compile(r"som(?:lik|ga|dan|ni|ning|gacha)?$|soum|sum(?:ov|a|i)?$|dollar|yevro|euro|rubl|usd$"),
    "date": re.compile(
        r"(?:1[89]|20)\d\d$|yanvar|fevral|mart$|marta$|martgacha|aprel|may$|maya$|iyun|iyul|avgust|sent[ay]+br"
        r"|okt[ay]+br|noyabr"
        r"|dekabr|january|february|march|april|june|july|august|september|october|november|december"
    ),
    "duration": re.compile(
        r"yil|oy(?:$|da|ga|lik|dan|gacha)|kun|hafta|soat|daqiqa|let$|god|mesyats|dney$|dnya$|den$|nedel|chas|minut"
        r"|year|month|day|week|hour|minute|quarter|kvartal|sut(?:ok|ki)"
    ),
}
_SCALE = re.compile(
    r"ming|million|milliard|trillion|mln|mlrd|tisyach|thousand|billion|hundred|yuz$|sot$|gektar|tonn|kilo|metr|hectare"
    r"|foiz|prots?ent|percent"
)
_NUMBER_WORD = re.compile(
    r"(?:bir|ikki|uch|tort|besh|olti|yetti|sakkiz|toqqiz|on|yigirma|ottiz|qirq|ellik|oltmish|yuz)(?:ta|tasi|nchi"
    r"|inchi|lik)?$"
    r"|(?:odin|odna|odnogo|dva|dve|dvux|tri|tryox|trex|chetire|chetiryox|pyat|pyati|shest|shesti|sem|semi|vosem"
    r"|vosmi|devyat"
    r"|devyati|desyat|desyati|dvenadtsat|pyatnadtsat|dvadtsat|tridtsat|sto|polgoda|poltora)$"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|hundred)$"
)
_BODY = re.compile(
    r"kengash|vazirlik|agentlik|boshqarma|hokim|uyushma|qomita|markaz|jamgarma|komissiya|direksiya|universitet"
    r"|institut|bank"
    r"|sovet|ministerstv|agent?stv|upravlen|xokim|assot?si|komitet|sentr|tsentr|fond|council|ministry|agency"
    r"|department|association"
    r"|committee|centre|center|fund|commission|office|board|court|inspect|chamber|palat|sud$|akademi|laborator"
    r"|bureau|byuro|compan"
    r"|kompani"
)
_PERCENT_SIGN = re.compile(r"[ \u00a0\u202f]?%")
_PHRASE_END = re.compile(r"[,;:()–—«»\"“”]")
_HARD_END = re.compile(r"[;:()]")
_NUMERIC = tuple(KINDS.index(kind) for kind in ("percent", "money", "number", "date", "duration"))
_NAMED = tuple(KINDS.index(kind) for kind in ("place", "body", "person"))
_CLAUSE = tuple(KINDS.index(kind) for kind in ("reason", "condition", "definition", "list"))

FEATURES = (
    *(f"unit_{kind}" for kind in _UNITS),
    *(f"other_unit_{kind}" for kind in _UNITS),
    "number_asked",
    "number_not_asked",
    "named_asked",
    "named_missing",
    "body_asked",
    "plain_name",
    "length",
    "one_word",
    "matched_inside",
    "most_matched_inside",
    "matched_left",
    "matched_right",
    "matched_around",
    "starts_phrase",
    "ends_phrase",
    "starts_with_stop_word",
    "ends_with_stop_word",
    "repeats_number",
    "crosses_comma",
    "place",
    "last",
    "clause_length",
    "listed_length",
    "beside_number",
    "beside_number_asked",
    "beside_name_asked",
    "number_length",
    "match_after_number",
    "match_before_number",
    "none",
    *(f"none_{KINDS[place]}" for place in _CLAUSE),
    "none_numeric",
    "none_named",
)
"""Names of the columns of what `runs` returns, in order."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of words of a sentence: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Runs:
    """All candidates of a sentence and their features (len(runs) + 1, len(FEATURES)); the last row is "none"."""

    runs: tuple[Run, ...]
    features: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Words:
    """What is known of the words of a sentence: arrays of one value a word."""

    starts: list[int]
    ends: list[int]
    numeric: Flags
    fresh: Flags
    repeated: Flags
    units: dict[str, Flags]
    measure: Flags
    capital: Flags
    body: Flags
    stop: Flags
    phrase_end: Flags
    hard_end: Flags


def asks_number(asked: Sequence[bool]) -> bool:
    """Return whether a question asks for a number of some kind: a share, a sum, a count, a date, a duration."""
    return any(asked[place] for place in _NUMERIC)


def runs(
    text: str, language: Language, matched: NDArray[np.float32], asked: Sequence[bool], numbers: frozenset[str]
) -> Runs:
    """Return the candidates of a sentence; to a question for a number only those that hold one.

    `matched` says for each token of `tokenize(text)` how surely it answers to a word of the question, in 0 .. 1,
    `asked` is what `expected.asked` says of the question; `numbers` are the digits that stand in it.
    """
    words = _read(text, language, numbers)
    count = len(words.starts)
    none = np.zeros((1, len(FEATURES)), np.float32)
    wanted = [float(asked[place]) for place in _CLAUSE]
    numeric_asked, named_asked = asks_number(asked), any(asked[place] for place in _NAMED)
    none[0, -len(wanted) - 3 :] = (1.0, *wanted, float(numeric_asked), float(named_asked))
    if not count:
        return Runs((), none)
    first, last = _bounds(words)
    whole = ~_torn(words, first, last)
    if numeric_asked:
        whole &= _Inside(first, last).any(words.fresh)
    first, last = first[whole], last[whole]
    if not len(first):
        return Runs((), none)
    held = _Inside(first, last)
    near = _near(np.asarray(matched[:count], np.float64), first, last)
    length = last - first + 1
    has_number, has_name = held.any(words.fresh), held.any(words.capital)
    log_length = np.log(length)
    crosses = held.sum(words.phrase_end) - words.phrase_end[last] > 0
    beside_number = held.sum(~(words.numeric | words.measure | words.stop))
    units = {kind: held.any(of) for kind, of in words.units.items()}
    is_asked = {kind: bool(asked[KINDS.index(kind)]) for kind in _UNITS}
    phrase_start = np.concatenate(([True], words.phrase_end[:-1]))
    columns = (
        *(units[kind] & has_number & is_asked[kind] for kind in _UNITS),
        *(units[kind] & (not is_asked[kind]) for kind in _UNITS),
        has_number & numeric_asked,
        held.any(words.numeric) & (not numeric_asked),
        has_name & named_asked,
        ~has_name & named_asked,
        held.any(words.body) & named_asked,
        has_name & (not named_asked and not numeric_asked),
        log_length,
        length == 1,
        *near,
        phrase_start[first],
        words.phrase_end[last],
        words.stop[first],
        words.stop[last],
        held.any(words.repeated),
        crosses,
        first / count,
        last == count - 1,
        log_length * any(wanted),
        crosses & bool(asked[KINDS.index("list")]),
        beside_number * has_number * (not numeric_asked),
        beside_number * has_number * numeric_asked,
        held.sum(~(words.capital | words.body | words.stop)) * has_name * named_asked,
        log_length * has_number * numeric_asked,
        *(side * numeric_asked for side in _beside_numbers(words, matched[:count], first, last)),
    )
    features = np.zeros((len(first) + 1, len(FEATURES)), np.float32)
    for number, column in enumerate(columns):
        features[:-1, number] = column
    features[-1:] = none
    places = tuple(
        Run(words.starts[one], words.ends[other]) for one, other in zip(first.tolist(), last.tolist(), strict=True)
    )
    return Runs(places, features)


def _read(text: str, language: Language, numbers: frozenset[str]) -> _Words:
    """Return what is known of the first MOST_WORDS words of a text."""
    tokens = tokenize(text)[:MOST_WORDS]
    keys = [loose(fold(text[token.start : token.end])) for token in tokens]
    gaps = [text[one.end : other.start] for one, other in pairwise(tokens)]
    stop = STOP_WORDS.get(language, frozenset())

    def flags(values: Iterable[object]) -> Flags:
        return np.fromiter((bool(value) for value in values), bool)

    signs = [_PERCENT_SIGN.match(text, token.end) for token in tokens]
    units = {kind: flags(pattern.match(key) for key in keys) for kind, pattern in _UNITS.items()}
    units["percent"] |= flags(signs)
    numeric = flags(key[:1].isdigit() or _NUMBER_WORD.match(key) for key in keys)
    repeated = flags(key[:1].isdigit() and key in numbers for key in keys)
    return _Words(
        starts=[token.start for token in tokens],
        ends=[sign.end() if sign else token.end for sign, token in zip(signs, tokens, strict=True)],
        numeric=numeric,
        fresh=numeric & ~repeated,
        repeated=repeated,
        units=units,
        measure=flags(_SCALE.match(key) for key in keys) | units["money"] | units["duration"] | units["date"],
        capital=flags(place and text[token.start].isupper() for place, token in enumerate(tokens)),
        body=flags(_BODY.match(key) for key in keys),
        stop=flags(key in stop for key in keys),
        phrase_end=flags([*(_PHRASE_END.search(gap) for gap in gaps), *(True for _ in tokens[:1])]),
        hard_end=flags([*(_HARD_END.search(gap) for gap in gaps), *(True for _ in tokens[:1])]),
    )


def _bounds(words: _Words) -> tuple[Places, Places]:
    """Return the first and last words of all runs that no hard end divides."""
    first, last = [], []
    for start in range(len(words.starts)):
        for end in range(start, min(start + LONGEST, len(words.starts))):
            first.append(start)
            last.append(end)
            if words.hard_end[end]:
                break
    return np.asarray(first, np.intp), np.asarray(last, np.intp)


class _Inside:
    """Counts flags and sums values inside all runs at once."""

    def __init__(self, first: Places, last: Places) -> None:
        self._first, self._last = first, last

    def sum(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Return the sum over each run's words."""
        sums = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
        return np.asarray(sums[self._last + 1] - sums[self._first], np.float64)

    def any(self, flags: Flags) -> Flags:
        """Return whether any word of each run has the flag."""
        return self.sum(flags) > 0


def _near(matched: NDArray[np.float64], first: Places, last: Places) -> tuple[NDArray[np.float64], ...]:
    """Return how surely the question's words stand in each run (mean, most), beside it (left, right) and around it."""
    padded = np.concatenate(([0.0], matched, [0.0]))
    held = _Inside(first, last)
    wide_first, wide_last = np.maximum(first - NEAR, 0), np.minimum(last + NEAR, len(matched) - 1)
    outside = _Inside(wide_first, wide_last).sum(matched) - held.sum(matched)
    around = outside / np.maximum((wide_last - wide_first) - (last - first), 1)
    most = np.asarray([matched[one : other + 1].max() for one, other in zip(first, last, strict=True)])
    return held.sum(matched) / (last - first + 1), most, padded[first], padded[last + 2], around


def _beside_numbers(
    words: _Words, matched: NDArray[np.float32], first: Places, last: Places
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how surely a word of the question stands right after, and right before, a number of each run."""
    padded = np.concatenate((np.zeros(BESIDE), matched, np.zeros(BESIDE)))
    count = len(matched)
    sides = []
    for offsets in (range(1, BESIDE + 1), range(-BESIDE, 0)):
        beside = np.max([padded[BESIDE + step : BESIDE + step + count] for step in offsets], axis=0) * words.fresh
        sides.append(np.asarray([beside[one : other + 1].max() for one, other in zip(first, last, strict=True)]))
    return sides[0], sides[1]


def _torn(words: _Words, first: Places, last: Places) -> Flags:
    """Return whether a run ends or begins between the words of a number, or between a number and its unit."""
    belongs = np.concatenate((words.numeric[1:] | words.measure[1:], [False]))
    tied = words.numeric & belongs & ~words.phrase_end
    return np.asarray(tied[last] | np.concatenate(([False], tied[:-1]))[first], np.bool_)
