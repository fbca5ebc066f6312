"""Numbers of a text as values, so that 12 000, 12,000 and "12 ming" are the same, and 4.6 mln and 4.6 bn are not.

A separator is read by the language of its text: a comma before three digits groups thousands in English and marks the
decimals elsewhere. Where "1.234" may be either, it is compared as it is written. Words of scale multiply the number
before them, also at the end of a range ("2-3 mln"); number words count like digits. "One" is no number here: in all
three languages it mostly stands for "a".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from kb.text.fold import fold, loose
from kb.text.words import tokenize
from kb.writing.number_words import ONLY_BESIDE, WORDS, scale_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kb.records import Language
    from kb.text.dates import WrittenDate
    from kb.text.words import Token

_DIGITS = re.compile(r"\d[\d \u00a0\u2009\u202f.,]*")
_SPACES = re.compile("[ \u00a0\u2009\u202f]")
_ENGLISH_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_GROUPED_TWICE = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})+")
_EITHER = re.compile(r"\d{1,3}[.,]\d{3}")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
_PERCENT_WORD = re.compile("(?:foiz|protsent|prosent|percent)")
_RANGE = 2
"""Tokens from the first number of a range to the second, at most: "31 dan 45 foizgacha"."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at `text[start:end]`: the values that it may have, and whether it may count percent (True, False)."""

    values: frozenset[str]
    percent: frozenset[bool]
    start: int
    end: int

    def within(self, others: Iterable[Quantity]) -> bool:
        """Return whether one of the others may be the same number of the same kind."""
        return any(self.values & other.values and self.percent & other.percent for other in others)


@dataclass(slots=True)
class _Part:
    """A number on its way to a quantity: `base` is its value, or its writing where that is ambiguous."""

    base: Decimal | str
    scale: Decimal
    percent: bool
    first: int
    last: int


def quantities(text: str, language: Language, dates: Sequence[WrittenDate] = ()) -> list[Quantity]:
    """Return the numbers of `text` in order, those inside `dates` left out."""
    tokens = [token for token in tokenize(text) if not any(one.start <= token.start < one.end for one in dates)]
    written = [text[token.start : token.end] for token in tokens]
    keys = [loose(fold(word)) for word in written]
    parts = list(_parts(text, tokens, written, keys, language))
    found = []
    for place, part in enumerate(parts):
        values, percents = {_value(part.base, part.scale)}, {part.percent}
        following = parts[place + 1] if place + 1 < len(parts) else None
        if following is not None and following.first - part.last <= _RANGE:
            if part.scale == 1 and following.scale != 1:
                values.add(_value(part.base, following.scale))
            if following.percent:
                percents.add(True)
            if _adds(part, following):
                total = Decimal(part.base) * part.scale + Decimal(following.base) * following.scale
                values.add(_value(total, Decimal(1)))
        found.append(Quantity(frozenset(values), frozenset(percents), tokens[part.first].start, tokens[part.last].end))
    return found


def is_year(quantity: Quantity) -> bool:
    """Return whether the number is most likely a year."""
    return any(value.isdecimal() and 1900 <= int(value) <= 2100 for value in quantity.values)


def of_dates(dates: Iterable[WrittenDate]) -> list[Quantity]:
    """Return the years and days of dates as numbers, which other texts may name alone."""
    return [
        Quantity(frozenset({str(number)}), frozenset({False}), one.start, one.end)
        for one in dates
        for number in (one.year, one.day)
        if number is not None
    ]


def _adds(part: _Part, following: _Part) -> bool:
    """Whether two numbers in a row are one: "5 mlrd 300 mln"."""
    both = isinstance(part.base, Decimal) and isinstance(following.base, Decimal)
    return both and following.first == part.last + 1 and part.scale > following.scale >= 1 and part.scale > 1


def _parts(
    text: str, tokens: Sequence[Token], written: Sequence[str], keys: Sequence[str], language: Language
) -> Iterable[_Part]:
    at = 0
    spans = [(token.start, token.end) for token in tokens]
    while at < len(keys):
        part = _begin(written, keys, at, language)
        if part is None:
            at += 1
            continue
        at = part.last + 1
        while at < len(keys) and (scale := scale_of(keys[at])) and _joined(text, spans[at - 1], spans[at]):
            part.scale *= scale
            part.last = at
            at += 1
        end = spans[part.last][1]
        part.percent = bool(re.match(r"\s*%", text[end:])) or bool(
            at < len(keys)
            and (_PERCENT_WORD.match(keys[at]) or keys[at : at + 2] == ["per", "cent"])
            and text[end : spans[at][0]].strip() in {"", "-"}
        )
        yield part


def _joined(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    return text[one[1] : other[0]].strip() in {"", "-", "."}


def _begin(written: Sequence[str], keys: Sequence[str], at: int, language: Language) -> _Part | None:
    """Return the number that begins at a token, as digits or as words; None where none does."""
    if written[at][0].isdecimal() and _DIGITS.fullmatch(written[at]):
        return _Part(_read(written[at], language), Decimal(1), False, at, at)
    words = WORDS.get(language, {})
    total, last = 0, at - 1
    for place in range(at, len(keys)):
        if keys[place] == "and" and total >= 100 and language == "en":
            continue
        value = words.get(keys[place])
        if value is None or (value < 100 and total % 10 and total):
            break
        total = max(total, 1) * 100 if value == 100 and total < 10 else total + value
        last = place
    if last < at or total == 1 or (last == at and keys[at] in ONLY_BESIDE.get(language, ())):
        return None
    return _Part(Decimal(total), Decimal(1), False, at, last)


def _read(written: str, language: Language) -> Decimal | str:
    digits = _SPACES.sub("", written)
    if language == "en" and _ENGLISH_THOUSANDS.fullmatch(digits):
        return Decimal(digits.replace(",", ""))
    if _GROUPED_TWICE.fullmatch(digits):
        return Decimal(re.sub("[.,]", "", digits))
    if _EITHER.fullmatch(digits):
        return digits.replace(",", ".")
    if _PLAIN.fullmatch(digits):
        return Decimal(digits.replace(",", "."))
    return digits


def _value(base: Decimal | str, scale: Decimal) -> str:
    if isinstance(base, str):
        return f"{base} x {scale}"
    return format((base * scale).normalize(), "f")
