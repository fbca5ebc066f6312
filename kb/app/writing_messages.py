"""The words of the interface about a language model and what it wrote: part of the catalogue in `messages`."""

from __future__ import annotations

WRITING: dict[str, tuple[str, str, str]] = {  # in the order Uzbek, Russian, English
    "answer.verbatim": ("Hujjatlarning o‘z so‘zlari bilan", "Словами документов", "In the documents’ own words"),
    "llm.title": ("Til modeli", "Языковая модель", "Language model"),
    "llm.use": (
        "Javobni til modeli ham yozsin",
        "Пусть ответ напишет и языковая модель",
        "Let a language model write the answer too",
    ),
    "llm.url": ("Server manzili", "Адрес сервера", "Address of the server"),
    "llm.name": ("Model nomi", "Название модели", "Name of the model"),
    "llm.note": (
        "Yoqilsa, savol va topilgan parchalar shu serverga yuboriladi.",
        "Если включить, вопрос и найденные фрагменты отправляются на этот сервер.",
        "When on, the question and the passages found are sent to this server.",
    ),
    "written.title": ("Til modeli yozgan javob", "Ответ языковой модели", "Written by a language model"),
    "written.by": (
        "{model} yozdi. Iqtiboslar bilan solishtiring.",
        "Модель: {model}. Сверьте с цитатами.",
        "By {model}. Check it against the quotes.",
    ),
    "written.busy": ("Model yozmoqda …", "Модель пишет …", "The model is writing …"),
    "written.dropped": (
        "Olib tashlangan gaplar: {count}",
        "Отброшено предложений: {count}",
        "Sentences dropped: {count}",
    ),
    "written.withheld": (
        "Ichida til modeliga buyruq borligi uchun unga ko‘rsatilmagan parchalar: {count}",
        "Не показано модели фрагментов, в которых есть приказы для неё: {count}",
        "Passages not shown to the model because they hold orders to one: {count}",
    ),
    "dropped.uncited": (
        "qaysi parchadan olingani aytilmagan",
        "не указано, из какого фрагмента",
        "it cites no passage",
    ),
    "dropped.wrong_number": (
        "{detail} raqamli parcha yo‘q",
        "фрагмента {detail} не существует",
        "there is no passage {detail}",
    ),
    "dropped.other_language": (
        "savol tilida yozilmagan",
        "написано не на языке вопроса",
        "it is not in the language of the question",
    ),
    "dropped.number": (
        "ko‘rsatilgan parchada bunday son yo‘q: {detail}",
        "в указанном фрагменте нет такого числа: {detail}",
        "the cited passage has no such number: {detail}",
    ),
    "dropped.date": (
        "ko‘rsatilgan parchada bunday sana yo‘q: {detail}",
        "в указанном фрагменте нет такой даты: {detail}",
        "the cited passage has no such date: {detail}",
    ),
    "dropped.name": (
        "ko‘rsatilgan parchada bunday nom yo‘q: {detail}",
        "в указанном фрагменте нет такого имени или названия: {detail}",
        "the cited passage has no such name: {detail}",
    ),
    "dropped.negation": (
        "ko‘rsatilgan parcha aksini aytadi yoki buni inkor qilmaydi",
        "указанный фрагмент говорит обратное или не отрицает этого",
        "the cited passage says the opposite, or does not deny this",
    ),
    "dropped.unsupported": (
        "ko‘rsatilgan parcha buni tasdiqlamaydi",
        "указанный фрагмент этого не подтверждает",
        "the cited passage does not bear it out",
    ),
    "dropped.too_long": (
        "tekshirish uchun juda uzun",
        "слишком длинно, чтобы проверить",
        "it is too long to be checked",
    ),
    "problem.server": (
        "Til modeli javob yozib bera olmadi.",
        "Языковая модель не смогла написать ответ.",
        "The language model could not write the answer.",
    ),
    "problem.empty": ("Til modeli hech narsa yozmadi.", "Модель ничего не написала.", "The model wrote nothing."),
    "problem.declined": (
        "Til modeli parchalardan javob topmadi.",
        "Модель не нашла ответа во фрагментах.",
        "The model found no answer in the passages.",
    ),
    "problem.nothing_left": (
        "Til modeli yozgan gaplarning birortasi tekshiruvdan o‘tmadi.",
        "Ни одно предложение модели не прошло проверку.",
        "No sentence of the model passed the check.",
    ),
    "problem.cut_short": (
        "Til modeli javobni oxiriga yetkazmadi.",
        "Модель не закончила ответ.",
        "The model did not finish the answer.",
    ),
}
