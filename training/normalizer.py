"""What the encoders' tokenizers do to text first, written as steps of the tokenizer library.

A tokenizer file must be complete in itself, so these rules stand beside `kb.text.fold` and the tests hold both to the
same spellings. `folding` is the static encoder's: one Latin form for all Uzbek spellings and for Russian. It goes
further than the key of the lexical index in two points: marks are dropped, so that text typed without apostrophes meets
the rest, and so are accents. `spelling` is for a transformer that knows Russian in Cyrillic and Uzbek in Latin: it only
makes the spellings of Latin Uzbek one.
"""

from __future__ import annotations

from tokenizers import Regex, normalizers

from kb.text.fold import APOSTROPHES, IGNORABLE

_CONSONANTS = "бвгджзйклмнпрстфхцчшщқғҳќѓњb-df-hj-np-tv-xzşçğ"
_VOWELS = "аеёиоуўыэюяaeiouö"
_LETTERS = (
    *zip("абвгдзийклмнопрстуфхыэіқғҳўќѓњ", "abvgdziyklmnoprstufxieiqghoqgh", strict=True),
    *(("ё", "yo"), ("ж", "j"), ("ч", "ch"), ("ш", "sh"), ("щ", "sh"), ("ъ", ""), ("ь", ""), ("ю", "yu"), ("я", "ya")),
    *(("ї", "yi"), ("ş", "sh"), ("ș", "sh"), ("ç", "ch"), ("ı", "i")),
)


def folding() -> normalizers.Normalizer:
    """Return the normalizer."""
    replace = normalizers.Replace
    steps = [
        replace(Regex(f"[{APOSTROPHES}]"), "'"),
        replace(Regex(f"[{IGNORABLE}]"), ""),
        replace("İ", "i"),
        normalizers.NFKC(),
        normalizers.Lowercase(),
        replace(Regex(f"(?<![{_CONSONANTS}])е"), "ye"),
        replace("е", "e"),
        replace(Regex(f"(?<=[{_VOWELS}])ц"), "ts"),
        replace("ц", "s"),
        replace(Regex("[ьъ]о"), "yo"),
        *(replace(letter, latin) for letter, latin in _LETTERS),
        replace(Regex("(?<=\\p{L})'+"), ""),
        normalizers.NFD(),
        normalizers.StripAccents(),
        replace("tyabr", "tabr"),
    ]
    return normalizers.Sequence(steps)


def spelling() -> normalizers.Normalizer:
    """Return the normalizer that writes Latin Uzbek with ‘ after o and g and ’ elsewhere, as most printed text does."""
    replace = normalizers.Replace
    letters = (("ş", "sh"), ("ș", "sh"), ("ç", "ch"), ("ö", "o‘"), ("ğ", "g‘"))
    capitals = (("Ş", "Sh"), ("Ș", "Sh"), ("Ç", "Ch"), ("Ö", "O‘"), ("Ğ", "G‘"))
    steps = [
        replace(Regex(f"[{IGNORABLE}]"), ""),
        replace("İ", "I"),
        replace(Regex(f"[{APOSTROPHES}]"), "'"),
        normalizers.NFKC(),
        replace(Regex("(?<=[oOgG])'"), "‘"),
        replace(Regex("(?<=\\p{L})'(?=\\p{L})"), "’"),
        *(replace(letter, latin) for letter, latin in (*letters, *capitals)),
        replace(Regex("\\s+"), " "),
        normalizers.Strip(),
    ]
    return normalizers.Sequence(steps)
