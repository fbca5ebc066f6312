"""Whether a sentence denies something, which words of content do not show: "pays" and "does not pay" share them.

Negation is a particle in Russian and English and mostly an ending in Uzbek (-may, -mas-, -magan). What forbids,
excepts or lacks counts as denying too where a sentence is the source: "is prohibited" bears out "may not".
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from kb.text.fold import fold, loose
from kb.text.words import tokenize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.records import Language

_LIMITS = re.compile(
    "(?:boleye|bole|bolshe|meneye|mene|menshe|pozdneye|pozje|raneye|ranshe|tolko|more|less|fewer|later|only)"
)
"""Words that make a limit of the negation before them: "no more than", "не позднее"."""

_SPACES = re.compile(r"\s+")


def _words(pattern: str) -> re.Pattern[str]:
    """Return a pattern of folded, unmarked words, written over several lines."""
    return re.compile(_SPACES.sub("", pattern))


_PLAIN: Mapping[Language, re.Pattern[str]] = {
    "en": _words(
        r"""not|no|never|none|neither|nor|without|cannot|nobody|nothing
        |refus\w+|(?:do|does|did|is|are|was|were|has|have|had|would|could|should|must|wo|ca|need)nt"""
    ),
    "ru": _words(r"ne|ni|net|bez|nikogda|nelzya|nikto|nichego|nikak\w*|otkaz\w+|otsutstv\w+|nevozmojn\w+"),
    "uz": _words(
        r"""emas\w*|yoq\w*|hech|(?!osh|kech)[a-z]{2,}ma(?:y|ydi\w*|ydigan\w*|gan\w*|dim|di|dik|diz|s|sdan|slik\w*|sligi\w*|sin
        |yapti|yotgan\w*)"""
    ),
}
_ALSO: Mapping[Language, re.Pattern[str]] = {
    "en": _words(
        r"""only|except\w*|unless|until|forb[ia]d\w*|prohibit\w*|refus\w+|lack\w*|fail\w*|exclud\w+|reject\w*
        |un[a-z]{4,}|in[a-z]{5,}|non|few|little|hardly|instead|stop\w*|close[sd]?|less"""
    ),
    "ru": _words(
        r"""tolko|krome|isklyuch\w+|zapre\w+|otkaz\w+|lish|ne[a-z]{3,}|prekra\w+|lishen\w*|otklon\w+|malo|bes[a-z]{3,}
        |bez[a-z]{3,}|vmesto|poka"""
    ),
    "uz": _words(
        r"""faqat\w*|tashqari|taqiq\w*|istisno\w*|rad|[a-z]{3,}siz\w*|no[a-z]{4,}|be[a-z]{4,}|toxta\w+|yetishm\w+|kam
        |orniga"""
    ),
}


def denies(text: str, language: Language) -> bool:
    """Return whether the text holds a negation."""
    return _any(text, _PLAIN.get(language))


def may_deny(text: str, language: Language) -> bool:
    """Return whether the text holds a negation, or a word that another language may render by one."""
    return denies(text, language) or _any(text, _ALSO.get(language))


def _any(text: str, pattern: re.Pattern[str] | None) -> bool:
    if pattern is None:
        return False
    keys = [loose(fold(text[token.start : token.end])) for token in tokenize(text)]
    return any(pattern.fullmatch(key) and not _LIMITS.fullmatch(after) for key, after in pairwise((*keys, "")))
