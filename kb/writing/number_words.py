"""Number words of the three languages by folded, unmarked key, with their endings.

Ordinals are left out: "second" and "uchinchi" name a place in a row more often than an amount.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from kb.text.fold import fold, loose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.records import Language

_ENGLISH = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_UZBEK = "bir ikki uch toʻrt besh olti yetti sakkiz toʻqqiz"
_UZBEK_TENS = "oʻn yigirma oʻttiz qirq ellik oltmish yetmish sakson toʻqson"
_UZBEK_ENDINGS = ("", "ta", "tasi", "tadan", "tasini", "tasining", "tasidan", "tasiga", "taga", "tani", "taning",
                  "tagacha", "ga", "dan", "ni", "ning", "da", "gacha", "ala", "alasi", "ovi")  # fmt: skip
_RUSSIAN = {
    1: "один одна одно одного одной одному одним одну",
    2: "два две двух двум двумя двое двоих",
    3: "три трех трёх трем трём тремя трое троих",
    4: "четыре четырех четырёх четырем четырём четырьмя четверо",
    5: "пять пяти пятью пятеро",
    6: "шесть шести шестью",
    7: "семь семи",
    8: "восемь восьми восемью восьмью",
    9: "девять девяти девятью",
    10: "десять десяти десятью",
    11: "одиннадцать одиннадцати",
    12: "двенадцать двенадцати",
    13: "тринадцать тринадцати",
    14: "четырнадцать четырнадцати",
    15: "пятнадцать пятнадцати",
    16: "шестнадцать шестнадцати",
    17: "семнадцать семнадцати",
    18: "восемнадцать восемнадцати",
    19: "девятнадцать девятнадцати",
    20: "двадцать двадцати двадцатью",
    30: "тридцать тридцати тридцатью",
    40: "сорок сорока",
    50: "пятьдесят пятидесяти",
    60: "шестьдесят шестидесяти",
    70: "семьдесят семидесяти",
    80: "восемьдесят восьмидесяти",
    90: "девяносто девяноста",
    100: "сто ста",
    200: "двести двухсот",
    300: "триста трехсот трёхсот",
    400: "четыреста четырехсот четырёхсот",
    500: "пятьсот пятисот",
    600: "шестьсот шестисот",
    700: "семьсот семисот",
    800: "восемьсот восьмисот",
    900: "девятьсот девятисот",
}


def _key(word: str) -> str:
    return loose(fold(word))


def _english() -> dict[str, int]:
    tens = {word: 10 * number for number, word in enumerate(_ENGLISH_TENS.split(), start=2)}
    return {word: number for number, word in enumerate(_ENGLISH.split(), start=1)} | tens | {"hundred": 100}


def _uzbek() -> dict[str, int]:
    units = {word: number for number, word in enumerate(_UZBEK.split(), start=1)}
    tens = {word: 10 * number for number, word in enumerate(_UZBEK_TENS.split(), start=1)}
    whole = {_key(word): number for word, number in (units | tens).items()}
    # "on" and "oltin" are words of their own; only what the endings above leave is a number.
    return {word + ending: number for word, number in whole.items() for ending in _UZBEK_ENDINGS} | {"yuz": 100}


WORDS: Mapping[Language, Mapping[str, int]] = {
    "en": _english(),
    "uz": _uzbek(),
    "ru": {_key(word): number for number, words in _RUSSIAN.items() for word in words.split()},
}
"""Value of each number word, by language."""

ONLY_BESIDE: Mapping[Language, frozenset[str]] = {
    "uz": frozenset(("yuz", "onda", "onga")),
    "ru": frozenset(("sta",)),
}
"""Words that are numbers only beside other number words: yuz is "hundred" and "face"."""

_SCALES = (
    (("thousand", "ming", "tisyach", "tis"), Decimal(10**3)),
    (("million", "mln"), Decimal(10**6)),
    (("milliard", "mlrd", "billion", "bn"), Decimal(10**9)),
    (("trillion", "trln"), Decimal(10**12)),
)
_EXACT = frozenset(("tis", "mln", "bn", "mlrd", "trln"))
_MING = tuple(f"ming{ending}" for ending in _UZBEK_ENDINGS)


def scale_of(key: str) -> Decimal | None:
    """Return 1000 for "ming", "тыс." or "thousand", and so on; None for a word that is no scale."""
    for words, scale in _SCALES:
        for word in words:
            if key == word or (word == "ming" and key in _MING):
                return scale
            if word not in _EXACT and word != "ming" and key.startswith(word) and not key.startswith("millioner"):
                return scale
    return None
