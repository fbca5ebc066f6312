"""What an answer says in its own words, in the asker's language and spelling; everything else is quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.text.spellings import to_cyrillic, to_latin_2026

if TYPE_CHECKING:
    from kb.records import Language, Spelling

_NOT_FOUND: dict[Language, str] = {
    "uz": "Bu hujjatlarda savolga javob topilmadi.",
    "ru": "В этих документах нет ответа на вопрос.",
    "en": "These documents do not answer the question.",
    "und": "These documents do not answer the question. Questions are best asked in Uzbek, Russian or English.",
}


def not_found(language: Language, spelling: Spelling) -> str:
    """Return the sentence that says that nothing answers."""
    sentence = _NOT_FOUND[language]
    if language == "uz" and spelling == "cyrillic":
        return to_cyrillic(sentence)
    if language == "uz" and spelling == "latin-2026":
        return to_latin_2026(sentence)
    return sentence
