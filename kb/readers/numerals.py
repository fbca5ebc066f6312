"""Numbers as lists and pages show them: Arabic, Roman, letters."""

from __future__ import annotations

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщэюя"
_MOST_ROMAN = 4000


def numeral(number: int, style: str) -> str:
    """Return a number in a style named as Word names it: decimal, decimalZero, lowerRoman, upperLetter ..."""
    if style == "decimalZero":
        return f"{number:02d}"
    if style in {"lowerRoman", "upperRoman"} and 0 < number < _MOST_ROMAN:
        return roman(number) if style == "lowerRoman" else roman(number).upper()
    alphabets = {"lowerLetter": _LATIN, "upperLetter": _LATIN, "russianLower": _RUSSIAN, "russianUpper": _RUSSIAN}
    alphabet = alphabets.get(style)
    if alphabet is not None and number > 0:
        letters = alphabet[(number - 1) % len(alphabet)] * ((number - 1) // len(alphabet) + 1)
        return letters.upper() if style in {"upperLetter", "russianUpper"} else letters
    return str(number)


def roman(number: int) -> str:
    """Return a positive number in small Roman numerals."""
    parts = []
    for value, letters in _ROMAN:
        while number >= value:
            parts.append(letters)
            number -= value
    return "".join(parts)


def roman_value(text: str) -> int:
    """Return the value of small Roman numerals in their usual form, 0 for anything else."""
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
    if not text or any(character not in values for character in text):
        return 0
    total = 0
    for character, following in zip(text, [*text[1:], ""], strict=True):
        value = values[character]
        total += -value if values.get(following, 0) > value else value
    return total if total > 0 and roman(total) == text else 0
