"""Sentences of a text as offsets: what an answer is quoted by.

A quote cut short misleads more than one that is a sentence too long, so a full stop that may belong to an
abbreviation, an initial or a list number does not end a sentence. A line end always does: the readers leave one only
after a paragraph, heading, list item or table row.
"""

from __future__ import annotations

import re

_LOOK_BACK = 80
"""Characters before a full stop that are enough to know an abbreviation or list number."""
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_STOP = re.compile(
    r"""(?<![.!?…])(?P<mark>[.!?…]++)
        (?P<closing>(?:[»”’"'\)\]\}]|\[\d{1,3}\]|[¹²³⁰-⁹])*+)
        (?=\s+(?P<next>[^\w\s]*\s*\w)?)""",
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"(?<![/\w])(?:[^\W\d_]{1,2}\.\s?)*(?P<word>[^\W_]+(?:[.'ʻʼ‘’`-][^\W_]+)*['ʻʼ‘’`]?)$")
_LIST_NUMBER = re.compile(
    r"""\W*(?:\d+(?:\.\d+)*|[IVXLCDM]{1,5}|\w
        |(?:\d+|[IVXLCDM]+)(?:[-\u2010-\u2013]|\s)?(?:modda|bob|boʻlim|ilova|band|модда|боб|бўлим|илова|банд)
        |(?:modda|bob|ilova|статья|глава|раздел|часть|приложение|article|chapter|section|part|annex|table|figure)
         \s+(?:\d+(?:\.\d+)*|[IVXLCDM]+))""",
    re.VERBOSE | re.IGNORECASE,
)
"""What may stand before the first full stop of a line without making a sentence: "1.2.", "5-modda.", "Глава II."."""
_INITIAL = re.compile(r"(?:[^\W\d_]|Sh|SH|Ch|CH|Yo|Ya|Yu|Ye|Дж|Ts|[OG][ʻʼ‘’'`])$")


def _abbreviations(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Never the end of a sentence: something belonging to them always follows.
_OPEN = _abbreviations("""
    т.е т.к т.н т.ч в.т.ч г гг ст ст.ст стр с п пп п.п абз гл разд рис илл табл прил см ср напр им ул пр-т пл пер обл
    р-н пос д кв корп оф тел факс проф акад доц канд д-р г-н г-жа о ч т тт № изд ред сост к.э.н д.э.н к.ю.н д.ю.н
    к.т.н д.т.н и.о зам нач мин
    i.e e.g cf vs dr mr mrs ms prof paras ed eds st mt approx ca pp u.s u.k gen rep sen rev hon col lt
    m.u shu.j qar mas akad dots kand koʻch tum vil tel
    қар мас кўч туман вил
""")
# The same, but only before a number: elsewhere they are words.
_BEFORE_NUMBER = _abbreviations("""
    no nos fig figs tab sec art arts para ch chap vol vols p jan feb mar apr jun jul aug sept oct nov dec
    b bet mod modda rasm jadv б бет жадв
""")
# May end a sentence, and do when a capitalised word follows.
_CLOSING = _abbreviations("""
    т.д т.п др пр проч тыс млн млрд трлн руб коп долл сум экз чел шт га кг км м см мм л ц т.р в вв н.э до.н.э
    etc al a.m p.m inc ltd co corp bn mln mlrd trln
    h.k sh.k va.b hk b.sh ming soʻm som doll
    ҳ.к ш.к ҳк минг сўм
""")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the sentences of `text` as (start, end), ordered and disjoint; together they hold all that is not space.

    Closing quotes and brackets belong to the sentence before them. Every line of its own is at least one sentence.
    """
    spans: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        spans.extend(_line_spans(text, line.start(), line.end()))
    return spans


def _line_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if _ends(text, begin, stop):
            spans.append((begin, stop.end()))
            begin = stop.end()
    spans.append((begin, end))
    return [trimmed for span in spans if (trimmed := _trim(text, *span))]


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _ends(text: str, begin: int, stop: re.Match[str]) -> bool:
    following = stop["next"]
    if following is None:
        return True
    if following[-1].islower():
        return False
    return stop["mark"] != "." or _full_stop_ends(text, begin, stop)


def _full_stop_ends(text: str, begin: int, stop: re.Match[str]) -> bool:
    before = text[max(begin, stop.start() - _LOOK_BACK) : stop.start()].lstrip()
    if stop["closing"] or not before:
        return bool(before)
    found = _LAST_WORD.search(before)
    whole = stop.start() - begin <= _LOOK_BACK
    if found is None or (whole and _LIST_NUMBER.fullmatch(before)):
        return found is None
    word = found["word"]
    written = {word.lower(), "".join(found[0].lower().split())}
    after = stop.end("next")
    if word[0].isupper() and _INITIAL.fullmatch(word):
        ends = False
    elif written & _CLOSING:
        ends = text[after - 1].isupper() and text[after : after + 1].islower()
    elif written & _BEFORE_NUMBER:
        ends = not text[after - 1].isdecimal()
    else:
        ends = not written & _OPEN
    return ends
