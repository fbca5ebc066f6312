"""What kind of answer a question asks for: one place, a list, or two sides; in all languages and spellings."""

import pytest

from kb.retrieval.breadth import breadth_of, names_in
from kb.text.language import identify
from kb.text.spellings import to_cyrillic, to_latin_2026

LISTS = (
    "Which measures raise the export potential?",
    "What are the main obstacles for small firms that want to join a cluster?",
    "What do the documents say about vocational training?",
    "How do clusters save energy?",
    "List the sources of financing for start-ups.",
    "In which documents is child labour mentioned?",
    "What helps young craftsmen to stay in their villages?",
    "What risks threaten exporters?",
    "financial stability of clusters",
    "Give an overview of the tax incentives for investors.",
    "Qaysi choralar eksport salohiyatini oshiradi?",
    "Klasterlarda ekologik muammolar qanday hal qilinadi?",
    "Hujjatlarda malaka oshirish haqida nima deyilgan?",
    "Innovatsiyalarni joriy etishga nimalar to‘sqinlik qilmoqda?",
    "Yoshlarni ish bilan ta’minlash uchun qanday choralar ko‘rilmoqda?",
    "Investorlarga beriladigan imtiyozlarni sanab bering.",
    "Moliyaviy barqarorlik",
    "Какие меры повышают экспортный потенциал?",
    "Что мешает предприятиям внедрять новые технологии?",
    "Какие риски и угрозы названы для инвесторов?",
    "Перечислите льготы для участников кластеров.",
    "В каких документах говорится об очистных сооружениях?",
    "Как кластеры экономят воду?",
    "Что предусмотрено для подготовки кадров?",
)
COMPARISONS = (
    "What is the difference between the Kumushsoy regulation and the Zarbulak strategy?",
    "Compare the export targets of Tolzor and Sarvisoy.",
    "How do Chimyonlik and Zarbulak differ in the way they store fruit?",
    "Tolzor versus Qumtepa: who trains more people?",
    "Zarbuloq va Sarvisoy klasterlarining moliyaviy holati qanday farq qiladi?",
    "Chinorli bilan Toshko‘prik dasturlarini solishtiring",
    "Ikki viloyatning – Tolzor va Ko‘kdaryoning – imtiyozlari farqi nimada?",
    "Qumtepa va Oltinqir klasterlaridagi nazoratni taqqoslang.",
    "Чем отличаются меры поддержки в Кумушсае и Зарбулаке?",
    "Сравните финансирование кластеров Толзора и Сарвисая.",
    "В чём разница между экспортным консорциумом и торговым домом?",
    "Чем Чинорлинская программа отличается от Ташкуприкской?",
)
SINGLES = (
    "How many jobs were created in Tolzor in 2024?",
    "Who appoints the head of the guarantee fund?",
    "When does the grant programme end?",
    "Why was the laboratory closed?",
    "What share of the budget goes to training?",
    "Which ministry approves the list of goods?",
    "What is an anchor enterprise?",
    "How long may a tenant keep an empty plot?",
    "Which measures did Sarvisoy take against late payment?",
    "What must a potter prove to get a loan?",
    "What happens to a supplier that delivers damaged fruit?",
    "Klaster nima?",
    "Qumtepada qancha sigir bor?",
    "Kengash raisini kim tayinlaydi?",
    "Zarbuloqda eksportni oshirish uchun qanday choralar ko‘rilgan?",
    "Jamg‘arma qachon tashkil etilgan?",
    "Nega laboratoriya bo‘sh turibdi?",
    "Qarz uchun eng yuqori foiz qancha?",
    "Сколько рабочих мест создано за год?",
    "Кто утверждает бюджет дирекции?",
    "Почему сорвался контракт с покупателем?",
    "Какой срок окупаемости у завода?",
    "Какие меры принял Сарвисай против задержки платежей?",
    "Что такое якорное предприятие?",
)


def spelt(text):
    """A question in all spellings that its language has."""
    if identify(text).language != "uz":
        return [text]
    return [
        text,
        text.replace("‘", "'"),
        text.replace("‘", "").replace("’", ""),
        to_cyrillic(text),
        to_latin_2026(text),
    ]


def read(text, language):
    return breadth_of(text, language)


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        *(("list", text) for text in LISTS),
        *(("comparison", text) for text in COMPARISONS),
        *(("single", text) for text in SINGLES),
    ],
)
def test_a_question_is_as_broad_in_every_spelling(wanted, text):
    language = identify(text).language
    assert {one: read(one, language) for one in spelt(text)} == dict.fromkeys(spelt(text), wanted)


def test_names_are_found_wherever_they_stand_and_common_words_are_none():
    text = "Zarbuloqda va Kumushsoyda IT-klasterlar qanday ishlaydi?"
    assert [text[start:end] for start, end in names_in(text, "uz")] == ["Zarbuloqda", "Kumushsoyda"]
    assert names_in("Которые из кластеров растут?", "ru") == ()
