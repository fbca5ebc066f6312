"""A quote that is understood by itself: with the sentence that "this" refers to, and the line that a list hangs on.

A sentence that begins by pointing back brings the sentence before it into the quote, a line that ends in a colon the
items below it. Both stay one span of the passage, so the gate checks them like any other quote.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kb.answering.coverage import words_of
from kb.text.fold import fold, loose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.answering.candidates import Candidate

LONGEST = 600
"""Characters that a quote may have with what is brought into it."""

_MOST_BEFORE = 2
"""Sentences brought in at most: the one before may itself point back."""

_Place = tuple[int, int]

_OPENING = r"^[^\w]*"
_BACK = {
    "en": re.compile(
        _OPENING + r"(?:this|these|that|those|it|they|such|he|she|its|their|his|her|in this (?:case|way))\b"
        r"(?! (?:is|was) (?:necessary|recommended|proposed|advisable|planned|important|expected"
        r"|possible) (?:to|that)\b)"
    ),
    "ru": re.compile(
        _OPENING + r"(?:eto|eti|etot|eta|etim|etogo|etomu|ona?|ono|oni|yego|yeye|yeyo|ix|danniy|dannaya|dannoye"
        r"|takoy|takaya|takoye|takiye|poetomu|dlya etogo|v etom sluchaye|obe|oba)\b(?! zaklyucha)"
    ),
    "uz": re.compile(
        _OPENING + r"(?:bu|ushbu|u|ular|shu(?! bilan birga)|mazkur|bunda|buning|bunday|bunga|bundan|shunday"
        r"|shuning|uning|ularning|unga|unda|ularga|har ikkalasi)\b"
    ),
}
_SELF_WORDS = {
    "en": r"strateg|program|document|regulation|concept|methodolog|charter|report|note|guide|article|study|law|decree"
    r"|resolution|polic|statute|rules?\b|procedure|plan\b",
    "ru": r"strateg|programm|dokument|polojeni|konsepsi|metodik|ustav|otchyot|otchet|doklad|statya|statyi|issledovani"
    r"|zakon|ukaz|postanovleni|politik|pravil|poryad|reglament|zapisk|rukovodstv",
    "uz": r"strategiya|dastur|hujjat|nizom|konsepsiya|uslubiyot|metodika|ustav|hisobot|maruza|maqola|tadqiqot|qonun"
    r"|farmon|qaror|siyosat|qoida|tartib|reglament|qollanma|bayonnoma",
}
_SELF = {language: re.compile(rf"{_OPENING}[\w-]+ (?:{words})") for language, words in _SELF_WORDS.items()}
"""A document that speaks of itself ("This Strategy") needs no sentence before it."""

_GAP_OF_LINES = re.compile(r"\s*\n\s*")


def points_back(text: str, language: str) -> bool:
    """Return whether a sentence begins with a word that refers to the sentence before it."""
    back = _BACK.get(language)
    key = loose(fold(text[:80]))
    return back is not None and bool(back.search(key)) and not _SELF[language].search(key)


def in_context(chosen: Sequence[Candidate], spans: Mapping[int, Sequence[_Place]]) -> list[tuple[Candidate, str]]:
    """Return the chosen sentences in their order, each widened where needed, with the lead-in of a list item or "".

    `spans` are the sentences of each passage by its id. What a wider quote already holds is not quoted again.
    """
    found: list[tuple[Candidate, str]] = []
    for sentence in chosen:
        wider, lead = _widened(sentence, spans.get(sentence.hit.passage.id, ()))
        holder = next((at for at, (other, _) in enumerate(found) if _overlap(other, wider)), None)
        if holder is None:
            found.append((wider, lead))
        else:
            other, its_lead = found[holder]
            joined = _between(other, min(other.start, wider.start), max(other.end, wider.end))
            found[holder] = (joined, its_lead if joined.start == other.start else lead)
    return found


def _overlap(one: Candidate, other: Candidate) -> bool:
    same = one.hit.passage.id == other.hit.passage.id
    return same and one.start < other.end and other.start < one.end


def _between(sentence: Candidate, start: int, end: int) -> Candidate:
    if (start, end) == (sentence.start, sentence.end):
        return sentence
    passage = sentence.hit.passage
    return replace(sentence, start=start, end=end, words=words_of(passage.text[start:end], passage.language))


def _widened(sentence: Candidate, spans: Sequence[_Place]) -> tuple[Candidate, str]:
    place = next((at for at, span in enumerate(spans) if span == (sentence.start, sentence.end)), None)
    if place is None:
        return sentence, ""
    text = sentence.hit.passage.text
    if sentence.text.endswith(":"):
        return _between(sentence, sentence.start, _end_of_items(text, spans, place)), ""
    above = _lead_of(text, spans, place)
    if above is not None:
        start = spans[above][0]
        if above == place - 1 and sentence.end - start <= LONGEST:
            return _between(sentence, start, sentence.end), ""
        return sentence, text[slice(*spans[above])]
    start = sentence.start
    for before in range(place - 1, max(place - 1 - _MOST_BEFORE, -1), -1):
        if not points_back(text[start : sentence.end], sentence.hit.passage.language):
            break
        begin, end = spans[before]
        if sentence.end - begin > LONGEST or text[end - 1] not in '.!?…»”")':
            break
        start = begin
    return _between(sentence, start, sentence.end), ""


def _end_of_items(text: str, spans: Sequence[_Place], place: int) -> int:
    """Return where the items under a lead-in end, as many of them as a quote may have."""
    start, end = spans[place]
    for item in range(place + 1, len(spans)):
        gap = text[spans[item - 1][1] : spans[item][0]]
        if not _GAP_OF_LINES.fullmatch(gap) and item == place + 1:
            break
        if (gap.count("\n") > 1 and item > place + 1) or spans[item][1] - start > LONGEST:
            break
        end = spans[item][1]
    return end


def _lead_of(text: str, spans: Sequence[_Place], place: int) -> int | None:
    """Return which sentence is the lead-in of the list that a sentence is an item of."""
    for above in range(place - 1, -1, -1):
        gap = text[spans[above][1] : spans[above + 1][0]]
        if text[spans[above][1] - 1] == ":":
            return above if _GAP_OF_LINES.fullmatch(gap) else None
        if gap.count("\n") != 1 and (above != place - 1 or gap.count("\n")):
            return None
    return None
