"""What an answer says in its own words, in the asker's language and spelling; everything else is quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.text.spellings import to_cyrillic, to_latin_2026

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.records import Language, Spelling

_NOT_FOUND: Mapping[Language, str] = {
    "uz": "Bu hujjatlarda savolga javob topilmadi.",
    "ru": "В этих документах нет ответа на вопрос.",
    "en": "These documents do not answer the question.",
    "und": "These documents do not answer the question. Questions are best asked in Uzbek, Russian or English.",
}
_NEAREST: Mapping[Language, str] = {
    "uz": "Quyida mavzuga eng yaqin parchalar keltirilgan, ular javob emas.",
    "ru": "Ниже приведены ближайшие по теме фрагменты, это не ответ.",
    "en": "The passages nearest to it follow; they are not an answer.",
}
_PARTLY: Mapping[Language, str] = {
    "uz": "Hujjatlarda to‘liq javob yo‘q: quyidagi iqtiboslar savolga qisman taalluqli.",
    "ru": "Полного ответа в документах нет: следующие цитаты касаются вопроса лишь отчасти.",
    "en": "The documents do not answer this in full: the quotes below touch on the question only partly.",
}
_NOTHING_ON_SIDE: Mapping[Language, str] = {
    "uz": "«{side}» bo‘yicha hujjatlarda bunga oid hech narsa topilmadi.",
    "ru": "О стороне «{side}» в документах по этому вопросу ничего не найдено.",
    "en": "The documents hold nothing on this for “{side}”.",
}
OTHER_LANGUAGE = (
    "Documents are searched in Uzbek, Russian and English; this is a best effort. "
    "Документы ищутся на узбекском, русском и английском; ответ приблизительный. "
    "Hujjatlar oʻzbek, rus va ingliz tillarida qidiriladi; javob taxminiy."
)
"""Said above the answer to a question in a fourth language: in all three, since none of them is the asker's."""


def not_found(language: Language, spelling: Spelling, *, nearest: bool = False) -> str:
    """Return what says that nothing answers; with `nearest`, that the nearest passages follow as such."""
    said = _NOT_FOUND[language]
    if nearest:
        said = f"{said} {_NEAREST.get(language, _NEAREST['en'])}"
    return spelt(said, language, spelling)


def partly(language: Language, spelling: Spelling) -> str:
    """Return the sentence that says that the quotes touch on the question only partly."""
    return spelt(_PARTLY.get(language, _PARTLY["en"]), language, spelling)


def nothing_on(side: str, language: Language, spelling: Spelling) -> str:
    """Return the sentence that says that nothing was found for one side of a comparison, named as written."""
    before, after = _NOTHING_ON_SIDE.get(language, _NOTHING_ON_SIDE["en"]).split("{side}")
    return spelt(before, language, spelling) + side + spelt(after, language, spelling)


def counted(points: int, documents: int, language: Language, spelling: Spelling) -> str:
    """Return "12 points from 7 documents" in the asker's language and spelling."""
    if language == "uz":
        return spelt(f"{documents} ta hujjatdan {points} ta band", language, spelling)
    if language == "ru":
        point = _russian_plural(points, "пункт", "пункта", "пунктов")
        document = "документа" if documents % 10 == 1 and documents % 100 != _ELEVEN else "документов"
        return f"{points} {point} из {documents} {document}"
    return f"{points} point{'' if points == 1 else 's'} from {documents} document{'' if documents == 1 else 's'}"


_ELEVEN = 11


def _russian_plural(count: int, one: str, few: str, many: str) -> str:
    if count % 10 == 1 and count % 100 != _ELEVEN:
        return one
    return few if count % 10 in {2, 3, 4} and count % 100 not in {12, 13, 14} else many


def spelt(text: str, language: Language, spelling: Spelling) -> str:
    """Return an Uzbek text of the program, written in Latin, in the asker's spelling; others as they are."""
    if language == "uz" and spelling == "cyrillic":
        return to_cyrillic(text)
    if language == "uz" and spelling == "latin-2026":
        return to_latin_2026(text)
    return text
