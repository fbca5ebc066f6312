"""What a broad question is on, without the words that only frame it.

In "Which measures raise exports?" sentences about exports answer, not those that hold the word "measures".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kb.text.fold import fold, loose
from kb.text.words import tokenize

if TYPE_CHECKING:
    from kb.retrieval.finding import Finder
    from kb.retrieval.query import Query

_FRAME = re.compile(
    r"(?:what|which|how|whether|list|name|give|is|are|be|been|being|do|does|can|should|will|has|have|there|any"
    r"|all|main|the|an?"
    r"|measures?|steps?|actions?|ways?|means|methods?|tools?|mechanisms?|obstacles?|barriers?|difficulties"
    r"|problems?|foreseen"
    r"|foresee|planned|provided|proposed|taken|done|named|mentioned|listed|documents?|texts?|say|says|raise"
    r"|increase|improve"
    r"|boost|help|helps|keeps?|prevents?|hinders?|hampers?)"
    r"|differs?|differences?|between|compare|comparison|versus|vs|regarding|terms"
    r"|(?:kak|kak(?:iye|ix|imi|aya|oy)|chto|perechislite|nazovite|yest|li|vse|vsex|osnovniye|mer(?:i|ax|ami|)"
    r"|shagi|sposobi"
    r"|metodi|instrumenti|mexanizmi|prepyatstviya|trudnosti|problemi|predusmotren[oiay]*|planiruyetsya"
    r"|planiruyutsya|predlagayutsya"
    r"|nazvani|privedeni|zalojeni|ukazani|upomyanuti|dokumentax|dokumenti|dokumentov|govoritsya|povishayut"
    r"|povisit|uluchshit"
    r"|uvelichit|uvelichivayut|pomogayut|pomogayet|meshayet|meshayut|sposobstvuyet|sposobstvuyut|prinimayutsya)"
    r"|chem|otlicha(?:yet|yut)sya|raznitsa|mejdu|sravnite|sopostavte|sravneniye|razlichiya|otlichiya"
    r"|farqi?|farqlari|farqlanadi|solishtir(?:ing|ib)|taqqoslang|qiyoslang|ortasidagi|orasidagi|boyicha|jihatidan"
    r"|(?:qanday|qaysi|qanaqa|nima|nimalar(?:ni|ga)?|sanab|bering|bor|barcha|asosiy|chora(?:lar|lari|-tadbirlar"
    r"|-tadbirlari)?"
    r"|tadbirlar|usullar|yollar|vositalar|mexanizmlar|tosiqlar|qiyinchiliklar|muammolar|kozda|tutilgan"
    r"|rejalashtirilgan"
    r"|belgilangan|keltirilgan|aytilgan|taklif|etilgan|qilingan|korilgan|korilmoqda|qayd|hujjatlarda|hujjatlar"
    r"|oshiradi|oshirish"
    r"|yaxshilaydi|yaxshilash|kotaradi|tosqinlik|xalaqit|beradi|bermoqda|berayotgani|qilmoqda|qiladi)"
)


def topic(question: str) -> str:
    """Return the words of a question without those that only frame it: "Which measures raise exports" is on exports."""
    words = [question[token.start : token.end] for token in tokenize(question)]
    return " ".join(word for word in words if not _FRAME.fullmatch(loose(fold(word))))


def on_topic(query: Query, finder: Finder, text: str | None = None) -> Query:
    """Return the query of what `text`, or else the whole question, is on; the query itself where nothing is left."""
    words = topic(query.text if text is None else text)
    if not words:
        return query
    found = finder.understood(words)
    same = found.language == query.language and found.terms
    return replace(found, spelling=query.spelling) if same else query
