"""What a broad question wants a list of, and which sentences are of that kind: what is done, or what stands in the way.

"Which measures raise exports?" is near to every sentence about exports; those that grant, build, require or propose
something answer it. Read from folded keys in three languages and all spellings.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from kb.text.fold import fold, loose

Intent = Literal["measures", "obstacles", "other"]

_OBSTACLES = re.compile(
    r"\b(?:obstacle|barrier|difficult|problem|challenge|risk|threat|weakness|hinder|hamper|prevent|keeps?\b"
    r"|holds? back|limit"
    r"|threaten)\w*"
    r"|\b(?:prepyatstv|baryer|barer|trudnost|slojnost|problem|risk|ugroz|meshayet|meshayut|sderjiva|ugrojayet)\w*"
    r"|\b(?:tosiq|qiyinchilik|muammo|xavf|xatar|tahdid|tosqinlik|xalaqit)\w*"
)
_MEASURES = re.compile(
    r"\b(?:measure|step|action|ways?\b|means\b|method|tool|instrument|mechanism|incentive|support|foresee"
    r"|foreseen|plan|provide"
    r"|require|propose|recommend|safeguard|offer|help|improve|raise|increase|develop|secured?)\w*|^how\b"
    r"|\b(?:mer(?:i|ax|ami)\b|sposob|metod|instrument|mexanizm|lgot|stimul|podderj|predusm|planiru|predlaga"
    r"|rekomend|trebovani"
    r"|pomoga|pomosh|sposobstv|povi(?:sh|s)|razviti)\w*|^kak\b"
    r"|\b(?:chora|tadbir|usul|vosita|mexanizm|imtiyoz|ragbat|qollab|kozda tutil|reja|taklif|tavsiya|talab|yordam"
    r"|oshir"
    r"|rivojlantir)\w*|\bqanday (?:\w+ ){0,2}\w+(?:iladi|inadi|iladi)\b"
)
_STANDS_IN_THE_WAY = re.compile(
    r"\b(?:lack|only|obstacle|barrier|problem|weak|fail|delay|shortage|too|lose|loss|refus|reject|poor|because"
    r"|fell|drop"
    r"|cannot|rarely|idle|risk|late|expensive|cost(?:s|ly)|unpaid|distrust|fear)\w*|\b(?:no|not|without|lower|less)\b"
    r"|\b(?:ne xvat|nedosta|slab|nizk|tolko|lish|otsutst|problem|prichin|xudsh|zaderj|prepyat|mesha|risk|poter"
    r"|otkaz|uts?en"
    r"|dorog|sni(?:j|z)|ubit|neravnomern|nedover|boya|trudn)\w*|\b(?:ne|net|bez)\b"
    r"|\b(?:yetishma|tosiq|muammo|sabab|faqat|past|kechik|xavf|yoqot|rad et|qimmat|kam|zarar|ishonchsiz|qiyin"
    r"|cheklan|arzon)\w*"
    r"|\b(?:yoq|emas)\b|\w+(?:maydi|masa|magan|maslik|maganligi|olmaydi)\b"
)
_IS_DONE = re.compile(
    r"\b(?:will|must|should|shall|refund|reimburs|compensat|covers?\b|pays?\b|paid|subsid|grant|exempt|introduc|set up"
    r"|establish|recommend"
    r"|propos|plan|provid|offers?\b|receiv|entitled|allocat|launch|open|build|built|train|waive|requir|may\b"
    r"|support)\w*"
    r"|\b(?:vozmesh|kompensir|predlaga|predusm|planir|namech|sozda|vvod|vvest|rekomend|subsid|lgot|osvobojd"
    r"|oplach|videly"
    r"|videlya|otkri|doljn|obyazan|budet|budut|postroi|stro(?:it|yat)|poluch|predostavl|zapus|obuch|finansir"
    r"|sleduyet)\w*"
    r"|\b(?:subsid|imtiyoz|kompensats|grant|tavsiya|taklif|reja|lozim|kerak|shart|qoplan|qoplay|ozod|qollab)\w*"
    r"|\w+(?:iladi|inadi|nadi|tiriladi|lanadi|rilmoqda|ilgan|ilishi)\b"
)


def intent(question: str) -> Intent:
    """Return what kind of points a question asks for; obstacles when it names both."""
    key = loose(fold(question))
    if _OBSTACLES.search(key):
        return "obstacles"
    return "measures" if _MEASURES.search(key) else "other"


@lru_cache(maxsize=20_000)
def serves(sentence: str, wanted: Intent) -> bool:
    """Return whether a sentence is of the kind wanted; none is where nothing in particular is."""
    if wanted == "other":
        return False
    pattern = _IS_DONE if wanted == "measures" else _STANDS_IN_THE_WAY
    return bool(pattern.search(loose(fold(sentence))))
