"""The sides of a comparison, as the question names them: two or three places or documents, or two things."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.retrieval.breadth import names_in
from kb.text import skeletons
from kb.text.words import stem

if TYPE_CHECKING:
    from kb.records import Language

MOST_SIDES = 3
_LONGEST_GAP = 60

_JOINT = re.compile(
    r"(?<!\w)(?:and|or|with|from|to|than|versus|vs\.?|va|hamda|yoki|bilan|esa|и|или|с|со|от|чем|против|а|ва|ҳамда"
    r"|ёки|билан|эса)(?!\w)|[,;/–—]",
    re.IGNORECASE,
)
_END = r"(?=\s*(?:[?:;,(]| in (?:terms|how|the|their)\b| with regard| as regards| по части| с точки зрения|$))"
_UZBEK_COMPARES = (
    r"(?:o|о|ў|ö)\S{0,2}(?:rtasida|rasida|ртасида|расида)\S*|farq\S*|фарқ\S*|solishtir\S*|солиштир\S*|taqqosla\S*"
    r"|таққосла\S*|qiyosla\S*|қиёсла\S*|qanday\b|қандай\b|nima\S*|нима\S*"
)
_PATTERNS = (
    rf"\b(?:between|compare|contrast|comparing|comparison of)\s+(?P<one>.+?)\s+(?:and|with|to)\s+(?P<other>.+?){_END}",
    r"\bhow (?:do|does|is|are)\s+(?P<one>.+?)\s+(?:and|or)\s+(?P<other>.+?)\s+differ",
    rf"(?P<one>\S.*?)\s+(?:versus|vs\.?)\s+(?P<other>.+?){_END}",
    rf"\bмежду\s+(?P<one>.+?)\s+и\s+(?P<other>.+?){_END}",
    rf"\b(?:сравните|сравни|сопоставьте|сравнение)\s+(?P<one>.+?)\s+(?:и|с|со)\s+(?P<other>.+?){_END}",
    rf"\bчем\s+отлича\w+\s+(?P<one>.+?)\s+(?:и|от)\s+(?P<other>.+?){_END}",
    rf"\bчем\s+(?P<one>.+?)\s+отлича\w+\s+от\s+(?P<other>.+?){_END}",
    rf"(?:^|[,:]\s*)(?P<one>[^,:]+?)\s+(?:va|bilan|hamda|ва|билан|ҳамда)\s+(?P<other>[^,:]+?)\s+(?:{_UZBEK_COMPARES})",
)
_PAIRS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _PATTERNS)


@dataclass(frozen=True, slots=True)
class Side:
    """One side: `question[start:end]`. `named` when it is a name, so that only what holds it can be meant."""

    label: str
    start: int
    end: int
    named: bool


def sides_of(question: str, language: Language) -> tuple[Side, ...]:
    """Return the sides of a comparison in their order, two or three of them; none when they cannot be told apart."""
    named = _named_sides(question, language)
    if len(named) >= 2:
        return named
    for pattern in _PAIRS:
        found = pattern.search(question)
        if found:
            return tuple(
                Side(found[name].strip(" «»“”\"'"), found.start(name), found.end(name), named=False)
                for name in ("one", "other")
            )
    return ()


def without(question: str, sides: tuple[Side, ...], kept: Side | None) -> str:
    """Return the question without all sides but one, or without any."""
    parts, at = [], 0
    for side in sides:
        if side is not kept:
            parts.append(question[at : side.start])
            at = side.end
    return " ".join("".join([*parts, question[at:]]).split())


def _named_sides(question: str, language: Language) -> tuple[Side, ...]:
    groups: list[tuple[int, int]] = []
    for start, end in names_in(question, language):
        if groups and not question[groups[-1][1] : start].strip(" -‐‑«»“”\"'"):
            groups[-1] = (groups[-1][0], end)
        else:
            groups.append((start, end))
    chains: list[list[tuple[int, int]]] = []
    for group in groups:
        if chains and _joined(question[chains[-1][-1][1] : group[0]]):
            if not any(_same(question, group, other, language) for other in chains[-1]):
                chains[-1].append(group)
        else:
            chains.append([group])
    best = max(chains, key=len, default=[])
    return tuple(Side(question[start:end], start, end, named=True) for start, end in best[:MOST_SIDES])


def _joined(gap: str) -> bool:
    return len(gap) <= _LONGEST_GAP and bool(_JOINT.search(gap)) and not re.search(r"[.?!]", gap)


def _same(question: str, one: tuple[int, int], other: tuple[int, int], language: Language) -> bool:
    keys = {skeletons.skeleton(stem(question[slice(*group)].split(maxsplit=1)[0], language)) for group in (one, other)}
    return len(keys) == 1
