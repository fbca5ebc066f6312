"""The date of a document as written near its beginning, in any of the three languages and four spellings.

Legal acts and reports carry their date in the head: "2025-yil 14-mart", «21 января 2025 года», "3 July 2025",
"03.07.2025". Month names are compared as search keys, so that every spelling of Uzbek is covered by one table.
"""

from __future__ import annotations

import re
from datetime import date

from kb.text.fold import fold

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
