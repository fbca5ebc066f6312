"""Words whose opposite is as near to them as a synonym is: a vector takes "increased" for "decreased".

Each pair lists the beginnings of folded, unmarked words of all three languages on either side. A sentence that holds
one side only must not rest on source sentences that hold the other side only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.text.fold import fold, loose
from kb.text.words import tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable

_UP = (
    r"increas|grew|grow|rose|rise|rising|risen|rais|expand|doubl|tripl|osh(?:di|gan|ir|ish|moq|adi|ib)|kopay|os(?:di|gan|ish)|kengay"
    r"|uvelich|udvo|utro|viros|rost|rastet|rastut|povish|vozros|rasshir"
)
_DOWN = r"decreas|reduc|fell|fall|declin|shrink|shrank|drop|kamay|pasay|qisqar|umensh|snij|sniz|sokra|upal|padeni|suz"
_PAIRS = (
    (_UP, _DOWN),
    (r"export|eksport", r"import"),
    (r"cheap|arzon|deshev|udeshev", r"expensiv|dear|qimmat|doroj|udoroj|doroz"),
    (r"sav(?:e|es|ed|ing|ings)$|tejam|tejal|ekonom(?!ik|ich)", r"lo(?:se|ses|st|ss|sses)$|yoqot|teryay|poter"),
    (
        r"more$|over$|exceed|above|ortiq|koprog|koproq|boleye$|bolshe|svishe|previsha|previsi",
        r"less$|below|fewer|kamroq|kamrog|meneye$|menshe|nije",
    ),
    (r"minim|least|kamida", r"maxim|maksim|most$"),
    (r"open|ochil|och(?:di|gan|ish)|otkri", r"clos|yopil|yop(?:di|gan|ish)|zakri"),
    (
        r"income|revenue|profit|daromad|foyda|tushum|doxod|pribil|viruch",
        r"expens|loss|xarajat|zarar|rasxod|ubit|zatrat",
    ),
    (r"voluntar|ixtiyoriy|dobrovol", r"mandator|compulsor|obligat|majbur|obyazatel"),
    (r"privat|xususiy|chastn", r"public|davlat|gosudarst|state"),
    (r"wom[ae]n|female|ayol|xotin|jenshin|jensk", r"m[ae]n$|male|erkak|mujchin|mujsk"),
    (r"urban|shahar|gorod", r"rural|qishloq|selsk"),
)
_SIDES = tuple((re.compile(one), re.compile(other)) for one, other in _PAIRS)


def contradicted(text: str, sources: Iterable[str]) -> str:
    """Return the word of `text` whose opposite, and not itself, stands in the sources; empty when there is none."""
    words = {text[token.start : token.end]: loose(fold(text[token.start : token.end])) for token in tokenize(text)}
    held = [loose(fold(source[token.start : token.end])) for source in sources for token in tokenize(source)]
    for one, other in (*_SIDES, *((other, one) for one, other in _SIDES)):
        said = next((word for word, key in words.items() if one.match(key)), "")
        if not said or any(other.match(key) for key in words.values()):
            continue
        if any(other.match(key) for key in held) and not any(one.match(key) for key in held):
            return said
    return ""
