"""Which of the three languages a text is in, and how its Uzbek is spelt; or that it is none of them.

Documents mix languages, and questions are three words long, so this is asked of every passage and every question.
Letters decide (`letter_model`), helped by what every reader goes by: ў қ ғ ҳ are not Russian, ы щ are not Uzbek,
oʻ and gʻ are not English, and little words give a language away. Text of another language is called "und" when a
rival's profile fits better by a margin, when it fits none of ours, or when its letters are not of our alphabets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import exp, sqrt
from typing import TYPE_CHECKING

from kb.text.fold import APOSTROPHES, fold, loose
from kb.text.letter_model import PROFILES, Fit, Script, fit, words
from kb.text.stopwords import STOP_WORDS

if TYPE_CHECKING:
    from kb.records import Language, Spelling

_SAMPLE = 3_000
"""Characters looked at."""
_FOREIGN_LETTERS: dict[Script, re.Pattern[str]] = {
    "latin": re.compile("[^a-zöğşçșõŏ]"),
    "cyrillic": re.compile("[^а-яёўқғҳќѓњ]"),
}
_FOREIGN_SHARE: dict[Script, float] = {"latin": 0.06, "cyrillic": 0.02}
_FOREIGN_WEIGHT = 5.0
_OTHER_SCRIPT = re.compile("[^\\W\\d_\u0000-\u024f\u02b0-\u02ff\u0400-\u052f\u1e00-\u1eff]")
_KEY = re.compile("[a-z]+")
_MARKED = re.compile(f"[og][{APOSTROPHES}](?=[a-z]|$|[^\\w])")
_LATIN_2026 = re.compile("[öğşç]")
_LATIN_1995 = re.compile(f"sh|ch|[og][{APOSTROPHES}]")
_UZBEK_LETTERS = re.compile("[ўқғҳ]")
_RUSSIAN_LETTERS = re.compile("[ыщ]")
_LETTER_WEIGHT, _WORD_WEIGHT, _MOST = 4.0, 8.0, 4
"""Log odds of one telling letter or little word, and how many of a kind count."""
_USUAL: dict[str, float] = {"uz-latin": -5.1, "en": -5.0, "uz-cyrillic": -5.3, "ru": -5.5}
"""Mean log probability of a letter sequence in ordinary text of each profile."""
_SPREAD = 9.7
"""How far below its usual mean text of a language falls once in some hundred times, times the root of its length."""


@dataclass(frozen=True, slots=True)
class Identification:
    """A language, the spelling of Uzbek ("" for others), and from 0 to 1 how sure that is (0 without letters)."""

    language: Language
    spelling: Spelling
    confidence: float


@lru_cache(maxsize=4096)
def identify(text: str) -> Identification:
    """Return the language and spelling of `text`, judged by its first 3,000 characters.

    Text in none of the three languages, without letters or in another script is "und". The same text always gets
    the same answer.
    """
    sample = text[:_SAMPLE].lower()
    by_script: dict[Script, list[str]] = {"latin": words(sample, "latin"), "cyrillic": words(sample, "cyrillic")}
    sizes = {script: sum(map(len, found)) for script, found in by_script.items()}
    script: Script = "cyrillic" if sizes["cyrillic"] > sizes["latin"] else "latin"
    if sizes[script] == 0:
        return Identification("und", "", 0.0)
    others = len(_OTHER_SCRIPT.findall(sample))
    if others > sizes["latin"] + sizes["cyrillic"]:
        return Identification("und", "", 1.0)
    return _judge(sample, by_script[script], script)


def _judge(sample: str, found: list[str], script: Script) -> Identification:
    names = [name for name, (_, of) in PROFILES.items() if of == script]
    measured = fit(found, script)
    letters = "".join(found)
    hints = _hints(sample, letters, script)
    scores = [float(score) + hint for score, hint in zip(measured.home, hints, strict=True)]
    best = 0 if scores[0] >= scores[1] else 1
    foreign = len(_FOREIGN_LETTERS[script].findall(letters))
    against = _against(measured, names[best], best, hints[best], foreign)
    if against > 0 or foreign > _FOREIGN_SHARE[script] * len(letters):
        return Identification("und", "", _confidence(abs(against)))
    language = PROFILES[names[best]][0]
    sure = _confidence(min(abs(scores[0] - scores[1]), -against))
    return Identification(language, _spelling(sample, script) if language == "uz" else "", sure)


def _confidence(margin: float) -> float:
    """Return a probability from log odds; one to three letters are not independent, so they count for a third."""
    return 1.0 / (1.0 + exp(-margin / 3.0))


def _hints(sample: str, letters: str, script: Script) -> tuple[float, float]:
    """Return log odds from telling letters and little words, for Uzbek and for the script's other language."""
    other: Language = "en" if script == "latin" else "ru"
    keys = set(_KEY.findall(loose(fold(sample))))
    small = [sum(key in STOP_WORDS[language] for key in keys) for language in ("uz", other)]
    if script == "latin":
        telling = len(_MARKED.findall(sample)), 0
    else:
        telling = len(_UZBEK_LETTERS.findall(letters)), len(_RUSSIAN_LETTERS.findall(letters))
    uzbek, others = (
        _LETTER_WEIGHT * min(telling[side], _MOST) + _WORD_WEIGHT * min(small[side], _MOST) for side in (0, 1)
    )
    return uzbek, others


def _against(measured: Fit, name: str, best: int, hint: float, foreign: int) -> float:
    """Return by how much the evidence for another language exceeds what is asked of it; over 0 means "und"."""
    home = float(measured.home[best])
    size = measured.sequences
    asked = max(4.0, 22.0 - 0.12 * size)
    against = float(measured.rivals.max()) - home + _FOREIGN_WEIGHT * foreign - hint / 2 - asked
    unlike = (_USUAL[name] - home / size) * sqrt(size) - _SPREAD
    return max(against, 3.0 * unlike)


def _spelling(sample: str, script: Script) -> Spelling:
    if script == "cyrillic":
        return "cyrillic"
    modern = len(_LATIN_2026.findall(sample))
    return "latin-2026" if modern and modern >= len(_LATIN_1995.findall(sample)) else "latin"
