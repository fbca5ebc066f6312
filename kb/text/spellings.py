"""Uzbek rewritten from one spelling into another: Cyrillic, Latin of 1995, Latin of 2026, Latin without apostrophes.

For messages in the reader's own spelling, for tests, and for the language profiles, which need every spelling of the
same text. Search does not need it: `fold` joins the spellings on keys. Roman numerals, web and mail addresses and
words with letters that Uzbek lacks (w, a c without h) are left alone.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kb.text.fold import APOSTROPHES
from kb.text.loanwords import ROOTS

TURNED = "ʻ"
"""U+02BB, the mark of oʻ and gʻ."""
TUTUQ = "ʼ"
"""U+02BC, the tutuq belgisi between other letters."""

_A = f"[{APOSTROPHES}]"
_KEPT = (
    r"(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]{1,64}+@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}|(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.(?:com|org|net|edu|gov|uz|ru)\b"
    r"|\b(?=[IVXLCDM])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})(?![\w'ʻʼ‘’`])"
)
_LATIN_WORD = re.compile(
    rf"(?P<kept>{_KEPT})|(?P<word>[a-zöğşç](?:[a-zöğşç]|{_A}(?=[a-zöğşç]))*(?:(?<=[og]){_A}(?!\w))?)", re.IGNORECASE
)
_CYRILLIC_WORD = re.compile(r"[а-яёўқғҳ]+", re.IGNORECASE)

_TO_CYRILLIC = {
    **dict(zip("abdefghijklmnopqrstuvxyz", "абдефгҳижклмнопқрстувхйз", strict=True)),
    "oʻ": "ў",
    "gʻ": "ғ",
    "sh": "ш",
    "ch": "ч",
    "yo": "ё",
    "yu": "ю",
    "ya": "я",
    "ye": "е",
    "sʼh": "сҳ",
    "yoʻ": "йў",
    "ʼ": "ъ",
}
_LATIN_LETTER = re.compile("sʼh|yoʻ|oʻ|gʻ|sh|ch|y[aeou]|[a-zʼ]")
_TO_LATIN = {cyrillic: latin for latin, cyrillic in _TO_CYRILLIC.items() if len(cyrillic) == 1} | {
    "е": "e", "э": "e", "щ": "sh", "ь": "", "ы": "i",
}  # fmt: skip
_VOWELS = "аеёиоуўэюя"
_FOREIGN = re.compile("w|c(?!h)")
_TSE = re.compile(
    "^ts(?!h)|ts(?=i(?:ya|yo|yu|on|al|k[al]|p|t|z|y$|st)|e(?:nt|nz|pt|ss|d|vt|r)|ey)|(?<=[kp])s(?=iya|ion)|(?<=n)s(?=iya|ial|ion)"
)
_CONSONANT_YE = re.compile("(?<=[bvgdjzklmnprstfx])ye")


def to_latin(text: str) -> str:
    """Return Uzbek `text`, in any spelling, in the Latin of 1995 with U+02BB in oʻ gʻ and U+02BC elsewhere."""
    text = _LATIN_WORD.sub(lambda match: match[0] if match["kept"] else _standard(match[0]), text)
    return _CYRILLIC_WORD.sub(lambda match: _cased(match[0], _latin_word(match[0].lower())), text)


def to_latin_2026(text: str) -> str:
    """Return Uzbek `text`, in any spelling, in the Latin of 2026 (ö ğ ş ç)."""

    def rewrite(match: re.Match[str]) -> str:
        if match["kept"]:
            return match[0]
        lowered = match[0].lower().replace("sʼh", "s\0h")
        for old, new in (("oʻ", "ö"), ("gʻ", "ğ"), ("sh", "ş"), ("ch", "ç"), ("s\0h", "sh")):
            lowered = lowered.replace(old, new)
        return _cased(match[0], lowered)

    return _LATIN_WORD.sub(rewrite, to_latin(text))


def to_cyrillic(text: str) -> str:
    """Return Uzbek `text`, in any spelling, in Cyrillic. Loan words get their ь, ъ and ц from `loanwords`."""

    def rewrite(match: re.Match[str]) -> str:
        if match["kept"]:
            return match[0]
        word = _standard(match[0])
        lowered = word.lower()
        return word if _FOREIGN.search(lowered) else _cased(word, _cyrillic_word(lowered))

    return _LATIN_WORD.sub(rewrite, text)


def drop_apostrophes(text: str) -> str:
    """Return `text` as typed without apostrophes: oʻ as o, gʻ as g, maʼno as mano. Quotation marks stay."""
    return _LATIN_WORD.sub(lambda match: match[0] if match["kept"] else re.sub(_A, "", match[0]), text)


def _standard(word: str) -> str:
    """Return a Latin word of 1995 or 2026 with standard apostrophes and without ö ğ ş ç."""
    word = re.sub(f"(?<=[oOgG]){_A}", TURNED, word)
    word = re.sub(f"(?<![oOgG]){_A}", TUTUQ, word)
    if word.isascii() or not re.search("[öğşçÖĞŞÇ]", word):
        return word
    lowered = re.sub("s(?=h)", "sʼ", word.lower())
    for new, old in (("ö", "oʻ"), ("ğ", "gʻ"), ("ş", "sh"), ("ç", "ch")):
        lowered = lowered.replace(new, old)
    return _cased(word, lowered)


def _cased(written: str, lowered: str) -> str:
    """Return `lowered` with the case of `written`: all capitals, a capital first, or as it is."""
    letters = [letter for letter in written if letter.isalpha() and letter not in APOSTROPHES]
    if len(letters) > 1 and all(letter.isupper() for letter in letters):
        return lowered.upper()
    if letters and letters[0].isupper():
        return lowered[:1].upper() + lowered[1:]
    return lowered


@lru_cache(maxsize=1)
def _roots_to_cyrillic() -> tuple[re.Pattern[str], dict[str, str]]:
    longest_first = sorted(ROOTS, key=lambda root: (-len(root), root))
    return re.compile("|".join(longest_first)), ROOTS


@lru_cache(maxsize=50_000)
def _cyrillic_word(word: str) -> str:
    pattern, roots = _roots_to_cyrillic()
    found = pattern.match(word)
    if found is None:
        return _cyrillic_letters(word, "")
    root, rest = roots[found[0]], word[found.end() :]
    if len(found[0]) < 5 and not _NOMINAL.fullmatch(rest):
        return _cyrillic_letters(word, "")
    if root.endswith("ь") and rest:
        root = root[:-1]
    elif root.endswith("ябр") and not rest:
        root += "ь"
    return root + _cyrillic_letters(rest, found[0][-1])


_NOMINAL = re.compile(
    "(?:lar|li|lik|siz|chi|xona)*(?:i|im|ing|imiz|ingiz|si)?(?:ni|ning|ga|da|dan|dagi|gacha|cha|day)?"
)


def _cyrillic_letters(word: str, before: str) -> str:
    """Return the letters of `word`, which follows the Latin letter `before` ("" at the start of a word)."""
    word = _CONSONANT_YE.sub("ьe", _TSE.sub("ц", word))
    found = []
    for match in re.finditer("[ьц]|" + _LATIN_LETTER.pattern + "|.", word):
        letter = match[0]
        previous = word[match.start() - 1] if match.start() else before
        if letter == "e" and (not previous or previous in "aiouʻʼ"):
            found.append("э")
        else:
            found.append(_TO_CYRILLIC.get(letter, letter))
    return "".join(found)


@lru_cache(maxsize=1)
def _roots_to_latin() -> tuple[re.Pattern[str], dict[str, str]]:
    irregular = {
        cyrillic.removesuffix("ь"): latin for latin, cyrillic in ROOTS.items() if _letters_to_latin(cyrillic) != latin
    }
    return re.compile("|".join(sorted(irregular, key=lambda root: (-len(root), root)))), irregular


@lru_cache(maxsize=50_000)
def _latin_word(word: str) -> str:
    pattern, roots = _roots_to_latin()
    found = pattern.match(word)
    if found is None:
        return _letters_to_latin(word)
    return roots[found[0]] + _letters_to_latin(word[found.end() :], before=found[0][-1])


def _letters_to_latin(word: str, before: str = "") -> str:
    word = word.replace("ьо", "ё").replace("сҳ", "сʼҳ").replace("ўъ", "ў")
    found = []
    previous = before
    for place, letter in enumerate(word):
        if letter == "ъ" and previous not in _VOWELS and word[place + 1 : place + 2] in ("е", "ё", "ю", "я"):
            pass
        elif letter == "е":
            found.append("ye" if not previous or previous in _VOWELS + "ьъ" else "e")
        elif letter == "ц":
            found.append("ts" if previous and previous in _VOWELS else "s")
        else:
            found.append(_TO_LATIN.get(letter, letter))
        previous = letter
    return "".join(found)
