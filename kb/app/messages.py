"""Every word of the interface, in Uzbek (Latin and, by transliteration, Cyrillic), Russian and English.

    say = Messages("ru")
    say("page", label="4")      # "с. 4"

A key has one text a language; texts may hold {placeholders}, the same ones in each language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args

from kb.app.writing_messages import WRITING
from kb.text.spellings import to_cyrillic

if TYPE_CHECKING:
    from collections.abc import Mapping

InterfaceLanguage = Literal["uz", "uz-Cyrl", "ru", "en"]
INTERFACE_LANGUAGES: Mapping[InterfaceLanguage, str] = MappingProxyType(
    {"uz": "O‘zbekcha", "uz-Cyrl": "Ўзбекча", "ru": "Русский", "en": "English"}
)
EXAMPLES: tuple[str, ...] = (
    "Eksport konsorsiumi menejerining maoshi ish natijasiga qanday bog‘langan?",
    "Кластерларнинг экспортдан кўпроқ даромад олишига нималар тўсқинлик қилмоқда?",
    "Почему быстро развалилась группа экспортёров, взявшаяся сразу за несколько стран?",
    "How is the financial stability of clusters secured?",
)
"""Questions to start from, shown as they are whatever the language of the interface."""

_TEXTS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {  # a key's texts stand in the order Uzbek, Russian, English
        **WRITING,
        "tagline": (
            "Klaster siyosati hujjatlariga oid savollarga aniq iqtiboslar bilan javob.",
            "Ответы на вопросы по документам кластерной политики с точными цитатами.",
            "Answers from cluster-policy documents, with exact quotes.",
        ),
        "interface": ("Interfeys tili", "Язык интерфейса", "Interface language"),
        "tab.ask": ("Savol", "Вопрос", "Ask"),
        "tab.search": ("Qidiruv", "Поиск", "Search"),
        "tab.directions": ("Yo‘nalishlar", "Направления", "Directions"),
        "tab.documents": ("Hujjatlar", "Документы", "Documents"),
        "ask.label": (
            "Savolingizni o‘zbek, rus yoki ingliz tilida yozing",
            "Задайте вопрос на узбекском, русском или английском языке",
            "Ask in Uzbek, Russian or English",
        ),
        "ask.placeholder": (
            "Masalan: klaster qanday moliyalashtiriladi?",
            "Например: как финансируется кластер?",
            "For example: how is the cluster financed?",
        ),
        "ask.button": ("So‘rash", "Спросить", "Ask"),
        "ask.examples": ("Namunaviy savollar", "Примеры вопросов", "Example questions"),
        "ask.busy": ("Hujjatlar o‘qilmoqda …", "Ищем в документах …", "Reading the documents …"),
        "answer.title": ("Javob", "Ответ", "Answer"),
        "answer.citations": ("Iqtiboslar", "Цитаты", "Citations"),
        "answer.not_found": (
            "Bu savolga javob ushbu hujjatlarda topilmadi.",
            "В этих документах нет ответа на этот вопрос.",
            "These documents do not answer this question.",
        ),
        "answer.partly": (
            "Hujjatlarda to‘liq javob yo‘q: quyidagi iqtiboslar savolga qisman taalluqli.",
            "Полного ответа в документах нет: следующие цитаты касаются вопроса лишь отчасти.",
            "The documents do not answer this in full: the quotes below touch on the question only partly.",
        ),
        "answer.other_language": (
            "Hujjatlar o‘zbek, rus va ingliz tillarida qidiriladi. Savol boshqa tilda: javob taxminiy.",
            "Документы ищутся на узбекском, русском и английском. Вопрос на другом языке: ответ приблизительный.",
            "Documents are searched in Uzbek, Russian and English. For your question this is a best effort.",
        ),
        "answer.nearest": (
            "Mavzuga eng yaqin parchalar. Ular javob emas.",
            "Ближайшие по теме фрагменты. Это не ответ.",
            "The nearest passages on the subject. They are not an answer.",
        ),
        "answer.more": ("Boshqa topilgan parchalar", "Другие найденные фрагменты", "Other passages found"),
        "search.label": ("Qidiruv so‘zlari yoki savol", "Слова или вопрос для поиска", "Words or a question to find"),
        "search.button": ("Qidirish", "Найти", "Search"),
        "search.count": ("Topilgan parchalar: {count}", "Найдено фрагментов: {count}", "Passages found: {count}"),
        "search.none": ("Hech narsa topilmadi.", "Ничего не найдено.", "Nothing was found."),
        "page": ("{label}-bet", "с. {label}", "p. {label}"),
        "page.position": ("{total} sahifadan {index}-si", "страница {index} из {total}", "page {index} of {total}"),
        "card.undated": ("sanasi yo‘q", "без даты", "undated"),
        "card.views": ("Batafsil", "Подробнее", "More"),
        "card.picture": ("Sahifa surati", "Показать страницу", "Show the page"),
        "card.picture.caption": (
            "{label}-bet. Iqtibos ramkaga olingan.",
            "Страница {label}. Цитата обведена.",
            "Page {label}. The quote is boxed.",
        ),
        "card.picture.busy": ("Sahifa chizilmoqda …", "Рисуем страницу …", "Drawing the page …"),
        "card.why": ("Nega aynan shu?", "Почему это найдено?", "Why this?"),
        "card.context": ("Atrofidagi matn", "Текст вокруг", "Surrounding text"),
        "card.copy": ("Nusxa olish", "Скопировать ссылку", "Copy the citation"),
        "card.copy.text": ("{title}, {page}: «{quote}»", "{title}, {page}: «{quote}»", "{title}, {page}: “{quote}”"),
        "card.duplicates": (
            "Aynan shu matn yana {count} joyda uchraydi.",
            "Тот же текст встречается ещё в {count} местах.",
            "The same text stands in {count} more places.",
        ),
        "why.ranked": (
            "{leg}: {rank}-o‘rin, bahoning {share} %i",
            "{leg}: место {rank}, {share} % оценки",
            "{leg}: rank {rank}, {share} % of the score",
        ),
        "why.unranked": ("{leg}: topmadi", "{leg}: не нашёл", "{leg}: did not find it"),
        "why.none": (
            "Bu parcha uchun izoh yo‘q.",
            "Для этого фрагмента объяснения нет.",
            "There is no explanation for this passage.",
        ),
        "why.same": ("«{word}» so‘zi: {found}", "Слово «{word}»: {found}", "The word “{word}”: {found}"),
        "why.translated": (
            "«{word}» so‘zining tarjimasi: {found}",
            "Перевод слова «{word}»: {found}",
            "Translation of “{word}”: {found}",
        ),
        "leg.dense": ("Parchaning ma’nosi", "Смысл фрагмента", "Meaning of the passage"),
        "leg.sentence": ("Bitta gapning ma’nosi", "Смысл одного предложения", "Meaning of one sentence"),
        "leg.lexical": (
            "Savoldagi so‘zlar va tarjimalari",
            "Слова вопроса и их переводы",
            "Words of the question and their translations",
        ),
        "leg.title": ("Hujjat nomi", "Название документа", "Title of the document"),
        "leg.phrase": ("Qo‘shtirnoqdagi ibora", "Выражение в кавычках", "Phrase in quotation marks"),
        "leg.name": ("Savoldagi nom va raqamlar", "Имена и числа из вопроса", "Names and numbers of the question"),
        "leg.detail": ("Savolga eng yaqin gap", "Ближайшее к вопросу предложение", "Sentence nearest to the question"),
        "leg.reading": ("Javob beradigan gap", "Предложение, которое отвечает", "Sentence that answers"),
        "leg.heading": ("Bo‘lim sarlavhasi", "Заголовок раздела", "Heading of the section"),
        "leg.direction": ("Strategik yo‘nalish", "Стратегическое направление", "Strategic direction"),
        "export.title": ("Yuklab olish", "Скачать", "Download"),
        "filters.title": ("Saralash", "Фильтры", "Filters"),
        "directions.hint": (
            "Hujjat parchalarining necha foizi yo‘nalishga oid. Parchalarni ko‘rish uchun katakni tanlang.",
            "Доля фрагментов документа по направлениям, %. Выберите ячейку, чтобы увидеть фрагменты.",
            "Percent of a document’s passages that have a direction. Choose a cell to see the passages.",
        ),
        "directions.table": (
            "Hujjatlar va strategik yo‘nalishlar",
            "Документы и стратегические направления",
            "Documents and strategic directions",
        ),
        "directions.direction": ("Strategik yo‘nalish", "Стратегическое направление", "Strategic direction"),
        "directions.document": ("Hujjat", "Документ", "Document"),
        "directions.none": (
            "Bu yo‘nalishga oid parcha topilmadi.",
            "Фрагментов этого направления не найдено.",
            "No passage has this direction.",
        ),
        "filters.directions": ("Strategik yo‘nalishlar", "Стратегические направления", "Strategic directions"),
        "filters.languages": ("Hujjat tili", "Язык текста", "Language of the text"),
        "filters.spellings": ("O‘zbekcha yozuv", "Узбекская графика", "Uzbek spelling"),
        "filters.documents": ("Hujjatlar", "Документы", "Documents"),
        "filters.all": ("Barchasi", "Все", "All"),
        "filters.since": ("Sanadan", "Не раньше", "Not before"),
        "filters.until": ("Sanagacha", "Не позже", "Not after"),
        "language.uz": ("o‘zbekcha", "узбекский", "Uzbek"),
        "language.ru": ("ruscha", "русский", "Russian"),
        "language.en": ("inglizcha", "английский", "English"),
        "language.und": ("tili aniqlanmagan", "язык не определён", "language unknown"),
        "spelling.latin": ("lotin", "латиница", "Latin"),
        "spelling.cyrillic": ("kirill", "кириллица", "Cyrillic"),
        "spelling.latin-2026": ("lotin, 2026", "латиница 2026", "Latin of 2026"),
        "empty": (
            "Bilimlar bazasi bo‘sh. «Hujjatlar» bo‘limida fayl qo‘shing yoki buyruq bering: {command}",
            "База знаний пуста. Добавьте файлы в разделе «Документы» или выполните: {command}",
            "The knowledge base is empty. Add files under “Documents”, or run: {command}",
        ),
        "documents.count": (
            "Hujjatlar: {documents} · sahifalar: {pages} · parchalar: {passages}",
            "Документов: {documents} · страниц: {pages} · фрагментов: {passages}",
            "Documents: {documents} · pages: {pages} · passages: {passages}",
        ),
        "documents.languages": ("Parchalar tillari", "Фрагменты по языкам", "Passages by language"),
        "documents.table": ("Bazadagi hujjatlar", "Документы базы", "Documents of the base"),
        "column.title": ("Nomi", "Название", "Title"),
        "column.languages": ("Tillar", "Языки", "Languages"),
        "column.pages": ("Sahifalar", "Страницы", "Pages"),
        "column.passages": ("Parchalar", "Фрагменты", "Passages"),
        "column.date": ("Sana", "Дата", "Date"),
        "column.status": ("Holati", "Статус", "Status"),
        "status.draft": ("loyiha", "проект", "draft"),
        "status.in_force": ("tasdiqlangan", "утверждён", "in force"),
        "status.repealed": ("o‘z kuchini yo‘qotgan", "утратил силу", "repealed"),
        "column.path": ("Fayl", "Файл", "File"),
        "add.title": ("Hujjat qo‘shish", "Добавить документы", "Add documents"),
        "add.label": (
            "Fayllar (har biri {size} MB gacha)",
            "Файлы (каждый до {size} МБ)",
            "Files (up to {size} MB each)",
        ),
        "add.button": ("Bazaga qo‘shish", "Добавить в базу", "Add to the base"),
        "add.progress": ("{total} tadan {done} ta o‘qildi", "Прочитано {done} из {total}", "{done} of {total} read"),
        "add.done": (
            "Qo‘shildi: {indexed} · o‘zgarmagan: {unchanged} · o‘qilmadi: {failed}",
            "Добавлено: {indexed} · без изменений: {unchanged} · не прочитано: {failed}",
            "Added: {indexed} · unchanged: {unchanged} · could not be read: {failed}",
        ),
        "remove.title": ("Hujjatni o‘chirish", "Удалить документ", "Remove a document"),
        "remove.choose": ("Hujjat", "Документ", "Document"),
        "remove.button": ("O‘chirish …", "Удалить …", "Remove …"),
        "remove.confirm": (
            "Bu hujjat bazadan o‘chirilsinmi?",
            "Удалить этот документ из базы?",
            "Remove this document from the base?",
        ),
        "remove.yes": ("Ha, o‘chirilsin", "Да, удалить", "Yes, remove it"),
        "remove.no": ("Bekor qilish", "Отмена", "Cancel"),
        "remove.done": ("Hujjat o‘chirildi:", "Документ удалён:", "Removed:"),
        "warning": ("Ogohlantirish", "Предупреждение", "Warning"),
        "error": ("Bajarilmadi", "Не получилось", "That did not work"),
    }
)
_UNTOUCHED = re.compile(r"(\{[^{}]*\}|PDF|MB)")


@dataclass(frozen=True, slots=True)
class Messages:
    """The catalogue in one language of the interface."""

    language: InterfaceLanguage

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of `key` with its placeholders filled. Raises KeyError for an unknown key."""
        return _catalogue(self.language)[key].format_map(values)

    def of(self, texts: Mapping[str, str]) -> str:
        """Return the one of texts in uz (Latin), ru and en that is in the language of the interface."""
        if self.language == "uz-Cyrl":
            return to_cyrillic(texts["uz"])
        return texts[self.language]

    def knows(self, key: str) -> bool:
        """Whether the catalogue has `key`."""
        return key in _TEXTS


@cache
def _catalogue(language: InterfaceLanguage) -> Mapping[str, str]:
    if language == "uz-Cyrl":
        return {key: _cyrillic(texts[0]) for key, texts in _TEXTS.items()}
    column = ("uz", "ru", "en").index(language)
    return {key: texts[column] for key, texts in _TEXTS.items()}


def _cyrillic(text: str) -> str:
    """Transliterate all but placeholders and names."""
    parts = _UNTOUCHED.split(text)
    return "".join(part if _UNTOUCHED.fullmatch(part) else to_cyrillic(part) for part in parts)


def interface_language(wish: str | None) -> InterfaceLanguage:
    """Return the interface language for a locale such as "ru-RU" or "uz-Cyrl-UZ"; Uzbek where we have none."""
    if not wish:
        return "uz"
    if wish.lower().startswith("uz-cyrl"):
        return "uz-Cyrl"
    primary = wish.replace("_", "-").split("-")[0].lower()
    return next((language for language in get_args(InterfaceLanguage) if language == primary), "uz")
