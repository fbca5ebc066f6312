"""The date of a document as written near its beginning, in any of the three languages and four spellings.

Legal acts and reports carry their date in the head: "2025-yil 14-mart", «21 января 2025 года», "3 July 2025",
"03.07.2025". Month names are compared as search keys, so that every spelling of Uzbek is covered by one table.

`dates_in` finds every date that a text speaks of, parts of dates too ("14-mart", "September 2026"), so that a sentence
can be compared with its source in another language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kb.text.fold import fold
from kb.text.words import Token, tokenize

_HEAD = 2_000
"""Characters looked at: the first page's head, not the dates that the body speaks of."""
_EARLIEST, _LATEST = 1900, 2100

_MONTH_BEGINNINGS = (
    ("yanvar", "january", "jan"),
    ("fevral", "february", "feb"),
    ("mart", "march", "mar"),
    ("aprel", "april", "apr"),
    ("may", "maya", "mae"),
    ("iyun", "june", "jun"),
    ("iyul", "july", "jul"),
    ("avgust", "august", "aug"),
    ("sentabr", "september", "sept", "sep"),
    ("oktabr", "october", "oct"),
    ("noyabr", "november", "nov"),
    ("dekabr", "december", "dec"),
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_BEGINNINGS, start=1) for name in names}
_CASES = "(?:ya|e|a|da|dan|dagi|ning|ga|gacha|ni)?"
_MONTH = f"(?P<month>{'|'.join(sorted(_MONTHS, key=lambda name: (-len(name), name)))}){_CASES}\\.?"
_YEAR = r"(?P<year>\d{4})"
_DAY = r"(?P<day>\d{1,2})"
_JOIN = r"[\s\-–,.]*"
_PATTERNS = tuple(
    re.compile(rf"(?<![\w.,/-]){pattern}(?![\w/]|[.,-]\d)")
    for pattern in (
        rf"{_YEAR}{_JOIN}(?:yil|y\.|y\b|goda?\b|g\.)\w*{_JOIN}[«\"“]?{_DAY}[»\"”]?{_JOIN}{_MONTH}",
        rf"[«\"“]?{_DAY}[»\"”]?(?:st|nd|rd|th)?{_JOIN}(?:of\s+)?{_MONTH}{_JOIN}{_YEAR}",
        rf"{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?{_JOIN}{_YEAR}",
        r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:t[\d:.]+z?)?",
        r"(?P<day>\d{1,2})(?P<mark>[./-])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})",
        rf"{_YEAR}\s+{_MONTH}\s+{_DAY}",
    )
)


def find_date(text: str) -> str | None:
    """Return the first date within the first 2,000 characters of `text` as "2025-03-14", or None.

    Days come before months in figures (03.07.2025 is the third of July). Dates that the calendar lacks are passed
    over, as are years before 1900 and after 2100.
    """
    head = fold(text[:_HEAD])
    found = [
        (match.start(), -match.end(), written)
        for pattern in _PATTERNS
        for match in pattern.finditer(head)
        if (written := _iso(match))
    ]
    return min(found)[2] if found else None


def _iso(match: re.Match[str]) -> str | None:
    month = match["month"]
    year, number, day = int(match["year"]), _MONTHS.get(month) or int(month), int(match["day"])
    if not _EARLIEST <= year <= _LATEST:
        return None
    try:
        return date(year, number, day).isoformat()
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date at `text[start:end]`, as far as it is written: month, and day and year or None."""

    year: int | None
    month: int
    day: int | None
    start: int
    end: int

    def within(self, other: WrittenDate) -> bool:
        """Return whether `other` says all that this one says."""
        return self.month == other.month and self.day in {None, other.day} and self.year in {None, other.year}


_NAMES = "|".join(sorted(_MONTHS, key=lambda name: (-len(name), name)))
_MONTH_WORD = re.compile(f"(?P<month>{_NAMES})(?:ya|ye|e|a|i)?(?:ning|ni|ga|da|dan|dagi|gacha|dayoq)?")
_YEAR_WORD = re.compile(r"(?:yil|god|goda|godu|g|y)(?:i|ning|da|dan|gi|ga|dagi|gacha)*")
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015,.«»\"“”'‘’]*")
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})|(\d{4})-(\d{2})-(\d{2})")
_AMBIGUOUS = frozenset(("jan", "mar", "mart", "may", "maya", "mae", "march", "sep", "sept", "oct", "dec", "feb"))
"""Names that are words or pieces of words too: a month only beside a day or a year."""
_ORDINALS = frozenset(("st", "nd", "rd", "th"))


def dates_in(text: str) -> list[WrittenDate]:
    """Return the dates and parts of dates with a month that `text` holds, in order, disjoint, wherever they stand."""
    tokens = tokenize(text)
    found = [
        WrittenDate(year, month, day, match.start(), match.end())
        for match in _NUMERIC.finditer(text)
        for day, month, year in [
            (int(match[1]), int(match[3]), int(match[4])) if match[1] else (int(match[7]), int(match[6]), int(match[5]))
        ]
        if _EARLIEST <= year <= _LATEST and 1 <= month <= 12 and 1 <= day <= 31
    ]
    for place, token in enumerate(tokens):
        name = _MONTH_WORD.fullmatch(fold(text[token.start : token.end]))
        if name is None or (found and any(one.start <= token.start < one.end for one in found)):
            continue
        date_ = _around(text, tokens, place, _MONTHS[name["month"]])
        if date_.day or date_.year or name["month"] not in _AMBIGUOUS:
            found.append(date_)
    return sorted(found, key=lambda one: one.start)


def _around(text: str, tokens: list[Token], place: int, month: int) -> WrittenDate:
    """Return the date whose month is the token at `place`, with the day and year beside it."""
    day = year = None
    first = last = place
    at = _step(text, tokens, place, -1, ("of",))
    if at is not None and (number := _day(text, tokens[at])):
        day, first = number, at
        at = _step(text, tokens, at, -1, ())
    before = at
    if before is not None and _YEAR_WORD.fullmatch(_key(text, tokens[before])):
        before = _step(text, tokens, before, -1, ())
    if before is not None and (number := _year(text, tokens[before])):
        year, first = number, before
    at = _step(text, tokens, place, 1, ())
    if (
        at is not None
        and day is None
        and (number := _day(text, tokens[at]))
        and "\n" not in text[tokens[place].end : tokens[at].start]
    ):
        day, last = number, at
        at = _step(text, tokens, at, 1, ())
    if at is not None and year is None and (number := _year(text, tokens[at])):
        year, last = number, at
    return WrittenDate(year, month, day, tokens[first].start, tokens[last].end)


def _step(text: str, tokens: list[Token], place: int, by: int, passed: tuple[str, ...]) -> int | None:
    """Return the token before or after, passing over ordinal endings and the given words; None when text intervenes."""
    at = place + by
    while 0 <= at < len(tokens):
        left, right = (at, at - by) if by < 0 else (at - by, at)
        if not _BETWEEN.fullmatch(text, tokens[left].end, tokens[right].start):
            return None
        key = _key(text, tokens[at])
        if key not in passed and key not in _ORDINALS:
            return at
        at += by
    return None


def _key(text: str, token: Token) -> str:
    return fold(text[token.start : token.end])


def _day(text: str, token: Token) -> int | None:
    written = text[token.start : token.end]
    return int(written) if written.isdecimal() and len(written) <= 2 and 1 <= int(written) <= 31 else None


def _year(text: str, token: Token) -> int | None:
    written = text[token.start : token.end]
    return int(written) if written.isdecimal() and len(written) == 4 and _EARLIEST <= int(written) <= _LATEST else None
