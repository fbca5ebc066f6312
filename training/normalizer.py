"""The tokenizer's own copy of `kb.text.fold`: one Latin form for all Uzbek spellings and for Russian, without marks.

A tokenizer file must be complete in itself, so the fold is written here as steps of the tokenizer library. It goes
further than the key of the lexical index in two points: marks are dropped, so that text typed without apostrophes
meets the rest, and so are accents. `tests/models/test_static_encoder.py` holds the two together.
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
