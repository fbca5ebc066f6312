"""One search key for every way of writing the same word in Uzbek and Russian.

Uzbek is written in Cyrillic, in Latin with any of a dozen apostrophes, in Latin without them, and in the Latin
of 2026 (ö ğ ş ç). Search would miss three quarters of the collection if it compared text as written, so it compares
keys. The key is Latin: Cyrillic letters, Russian ones too, become what the Uzbek Latin orthography of 1995 writes for
them, so that loan words that the languages share (инвестиция, investitsiya) meet as well. Keys are for comparing
only: they are never shown and never quoted.

Apostrophes are what people type, not what the standard says: the letters oʻ gʻ want U+02BB and the glottal stop
U+02BC, but keyboards, word processors and OCR yield `APOSTROPHES`.
"""

from __future__ import annotations

import re
import unicodedata

APOSTROPHES = "'`´ʹʻʼʽʾʿˈˊˋʰ‘’‚‛′‵＇｀ꞌ"
"""Every character met in the wild where Uzbek Latin wants U+02BB or U+02BC."""

IGNORABLE = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufffe"
"""Invisible characters that may stand inside a word: soft hyphen, zero-width marks, pdfium's line-end hyphen."""

# Applied before compatibility normalisation, which would turn ´ into a space with an accent.
_BEFORE = str.maketrans(
    {
        **dict.fromkeys(APOSTROPHES, "'"),
        **dict.fromkeys(IGNORABLE, ""),
        **dict.fromkeys("\u2010\u2011\u2212", "-"),
        "İ": "I",
    }
)

# Cyrillic as the Uzbek Latin of 1995 writes it. Where е and ц are ye and ts, they have been replaced before.
# ќ ѓ њ stand for қ ғ ҳ in documents set in the fonts of the 1990s.
_LETTERS = str.maketrans(
    {
        **dict.fromkeys(APOSTROPHES, "'"),
        **dict(zip("абвгдезийклмнопрстуфхцыэіқғҳўќѓњ", "abvgdeziyklmnoprstufxsieiqğhöqğh", strict=True)),
        "ё": "yo",
        "ж": "j",
        "ч": "ch",
        "ш": "sh",
        "щ": "sh",
        "ъ": "",
        "ь": "",
        "ю": "yu",
        "я": "ya",
        "ї": "yi",
        "ş": "sh",
        "ș": "sh",
        "ç": "ch",
        "ı": "i",
        **dict.fromkeys("õŏóő", "ö"),
        **dict.fromkeys("ǵǧģ", "ğ"),
    }
)
_MARKS = re.compile("[\u0300-\u036f]+")
_UNUSUAL = re.compile(f"[{IGNORABLE}\u0300-\u036f\u2010\u2011\u2212İ]")
_AFTER_LETTER = re.compile(r"(?<=[^\W\d_])'+")
_IOTATED_E = re.compile("(?<![бвгджзйклмнпрстфхцчшщқғҳќѓњb-df-hj-np-tv-xzşçğ])е")
_SOFT_O = re.compile("[ьъ]о")
_TS = re.compile("(?<=[аеёиоуўыэюяaeiouö])ц")
_LOOSE = str.maketrans("öğ", "og")


def fold(text: str) -> str:
    """Return the search key of `text`: lower case, Latin, the same for all marked spellings of an Uzbek word.

    Word and sentence boundaries stay where they are, so a folded text can be split like the text itself; lengths
    and offsets do not. Folding a key again returns it.
    """
    if text.isascii():
        key = text.lower().replace("`", "'")
    else:
        if _UNUSUAL.search(text) or not unicodedata.is_normalized("NFKC", text):
            text = _regular(text)
        key = text.lower()
        if "е" in key:
            key = _IOTATED_E.sub("ye", key)
        if "ц" in key:
            key = _TS.sub("ts", key)
        if "о" in key:
            key = _SOFT_O.sub("yo", key)
        key = key.translate(_LETTERS)
    if "'" in key:
        key = _AFTER_LETTER.sub("", key.replace("o'", "ö").replace("g'", "ğ"))
    return key.replace("tyabr", "tabr")


def _regular(text: str) -> str:
    """Return `text` with compatible characters unified and without accents, stress marks and invisible characters."""
    text = unicodedata.normalize("NFKC", text.translate(_BEFORE)).translate(_BEFORE)
    text = unicodedata.normalize("NFKC", text.lower())
    return unicodedata.normalize("NFKC", _MARKS.sub("", text))


def loose(folded: str) -> str:
    """Return `folded` without the marks of ö and ğ, which joins text whose apostrophes were dropped ("ozbek")."""
    return folded.translate(_LOOSE)
