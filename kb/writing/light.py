"""Words that carry next to no meaning beside others: the helping verbs that languages add and drop as they please.

They are no stop words for a search, where they are rare enough, but a sentence must not fall for lack of them: "ega
boʻla olmaydi" says "may not own".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.text.fold import fold, loose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.records import Language

_LIGHT: Mapping[Language, re.Pattern[str]] = {
    "uz": re.compile(
        "(?:qil|ber|ol|bol|et|tur|kel|chiq|qol)"
        "(?:in|ish|il|gan|ib|a|adi|di|ma|may|maydi|mas|moq|sa|ar|uvchi|ayotgan|moqda|i|ni|ga|da|dan)*"
    ),
    "ru": re.compile("(?:imee|imey|imel|byva|biva|stal|stan|yavl|sostavl|proisx|proisy|osushestvl)[a-z]*"),
    "en": re.compile(
        "(?:get|make|take|give|come|go|got|made|took|given?|gave|came|went|amount|become|became)(?:s|ing)?"
    ),
}


def is_light(word: str, language: Language) -> bool:
    """Return whether a word as written is a helping verb."""
    pattern = _LIGHT.get(language)
    return pattern is not None and pattern.fullmatch(loose(fold(word))) is not None
