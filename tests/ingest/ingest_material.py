"""Documents made up for the tests of this room."""

import os
import time

SENTENCES = {
    "uz": (
        "Toʻqimachilik klasteri {n} ta korxonani birlashtiradi va {m} kishini ish bilan taʼminlaydi.",
        "Viloyat hokimligi eksport xarajatlarining {m} foizini qoplab beradi.",
        "Har bir korxona yil oxirigacha {n} ta yangi dastgoh oʻrnatishi shart.",
        "Kengash qarorlari ochiq eʼlon qilinadi va har chorakda koʻrib chiqiladi.",
    ),
    "ru": (
        "Кластер объединяет {n} предприятий и обеспечивает работой {m} человек.",
        "Фонд возмещает {m} процентов затрат на сертификацию продукции.",
        "Каждое предприятие до конца года устанавливает {n} новых станков.",
        "Решения совета публикуются и пересматриваются раз в квартал.",
    ),
    "en": (
        "The cluster unites {n} enterprises and employs {m} people.",
        "The fund pays back {m} percent of what certification costs.",
        "Every enterprise installs {n} new machines before the year ends.",
        "Decisions of the council are published and reviewed every quarter.",
    ),
}


def text_of(language, number, paragraphs=4):
    """A Markdown document of about 35 words a paragraph, different for every number."""
    parts = [f"# {language} {number}"]
    for place in range(paragraphs):
        if place % 2 == 0:
            parts.append(f"## {place // 2 + 1}. {SENTENCES[language][place % 4][:30]}")
        filled = [line.format(n=number * 7 + place, m=number * 11 + place + 13) for line in SENTENCES[language]]
        parts.append(" ".join(filled))
    return "\n\n".join(parts) + "\n"


def age(*paths):
    """Make files look as if they had been written a minute ago."""
    then = time.time_ns() - 60_000_000_000
    for path in paths:
        os.utime(path, ns=(then, then))
