import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.sentences import sentence_spans


def sentences(text):
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "one",
    [
        "Это касается налогов, сборов и т.д. в 2025 г. и позже.",
        "Т.е. выручка выросла на 3.5 процента.",
        "Доклад А. Б. Каримова приложен на стр. 14.",
        "Согласно ст. 5 Закона, объём составил 12 млрд. руб. в год.",
        "Постановление принято в г. Ташкент в 2025 г. Правительством республики.",
        "Выделено 5 млрд. АҚШ долл. на год.",
        "Налоги и т. д. взимаются, т. е. платятся, по Закону им. А. Навои.",
        "The U.S. Department of Commerce reports this.",
        "Clusters, i.e. groups of firms, e.g. in textiles, grew by 3.5 percent.",
        "The survey by Dr. Smith covers No. 5 and Fig. 3 only.",
        "Eksport 5 mlrd. dollarga, import 700 mln. soʻmga yetdi va h.k. davom etdi.",
        "Gʻ. Oʻ. Karimov va Sh. Yusupov hisobot berdi.",
        "Kichik korxonalar, fermerlar va b. ishtirok etadi.",
        "1.2. Ushbu Nizom klasterlarni tartibga soladi.",
        "1. Умумий қоидалар белгиланди.",
        "IV. Yakuniy qoidalar",
        "5-modda. Klasterning asosiy vazifalari",
        "Глава II. Порядок создания кластеров",
        "Загружено с сайта lex.uz и www.stat.uz вчера.",
        "“Nima uchun?” deb soʻradi rais.",
        "Прошло три года... и ничего не изменилось.",
    ],
)
def test_one_sentence_stays_whole(one):
    assert sentences(one) == [one]


@pytest.mark.parametrize(
    "expected",
    [
        ["Klaster tuzildi.", "Unga 40 ta korxona kirdi.", "Natija qanday?", "Yaxshi!"],
        ["Кластер тузилди.", "«Бозор кенгаяди.»", "Кейин ўсиш бошланди."],
        ["He said: “It works.”", "Then he left (see below).", "Done [3]."],
        ["Рост составил 5 %.", "2025 йилда ўсиш давом этди."],
        ["Налоги, сборы и т.д.", "Кроме того, введена льгота."],
        ["Пошлины и т. п.", "Вещи делятся."],
        ["Rahmat, dedi u.", "Keyin ketdi."],
        ["This is art.", "There is none, no.", "See No. 5."],
        ["Экспорт вырос.[12]", "Импорт снизился."],
        ["Сколько их?!", "— Двадцать."],
        ["Хажм 3.5 га етди.", "Ва ўсди…", "Яна ўсди."],
    ],
)
def test_sentences_end_where_a_reader_sees_the_end(expected):
    assert sentences(" ".join(expected)) == expected


def test_every_line_is_its_own_sentence():
    text = "I BOB. UMUMIY QOIDALAR\n\nKlaster tuzildi. U ishlaydi\n– birinchi band;\n– ikkinchi band\r\nYil | Hajm"
    assert sentences(text) == [
        "I BOB. UMUMIY QOIDALAR",
        "Klaster tuzildi.",
        "U ishlaydi",
        "– birinchi band;",
        "– ikkinchi band",
        "Yil | Hajm",
    ]


@given(st.text(alphabet="aАбЎoOSh1.!?…»”)\"' \n\t№г", max_size=60) | st.text())
def test_spans_are_ordered_disjoint_trimmed_and_hold_all_that_is_not_space(text):
    spans = sentence_spans(text)
    flat = [offset for span in spans for offset in span]
    assert flat == sorted(flat)
    assert all(start < end for start, end in spans)
    held = {place for start, end in spans for place in range(start, end)}
    assert all(letter.isspace() for place, letter in enumerate(text) if place not in held)
    assert all(not text[start].isspace() and not text[end - 1].isspace() for start, end in spans)


@pytest.mark.parametrize("unit", ["1. ", "А. ", "x.", ".", "! ", "word ", "«.» ", "(", "\n"])
def test_time_grows_with_length_only(unit):
    text = unit * (400_000 // len(unit))
    started = time.process_time()
    assert sentence_spans(text) or not text.strip()
    assert time.process_time() - started < 10
