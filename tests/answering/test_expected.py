"""What a question asks for and what a text holds, in three languages and four spellings of Uzbek."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.answering.expected import KINDS, asked, held


def kinds(flags):
    return {kind for kind, flag in zip(KINDS, flags, strict=True) if flag}


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Qancha mablagʻ ajratiladi?", "money"),
        ("Қанча маблағ ажратилади?", "money"),
        ("Qancha mablag ajratiladi?", "money"),
        ("Qança mablağ ajratiladi?", "money"),
        ("Сколько денег выделено?", "money"),
        ("What does the service cost?", "money"),
        ("Нечта корхона қатнашади?", "number"),
        ("Сколько предприятий входит в кластер?", "number"),
        ("How many firms take part?", "number"),
        ("Tushumning qancha qismi qaytariladi?", "percent"),
        ("Какую часть взноса платит бюджет?", "percent"),
        ("What share of the fee does the budget pay?", "percent"),
        ("Markaz qaçon iş boşlaydi?", "date"),
        ("Маркази қачон иш бошлайди?", "date"),
        ("Когда начнёт работу центр?", "date"),
        ("When does the centre open?", "date"),
        ("За какой срок платят?", "duration"),
        ("Plitkani asosan qaysi davlatlar sotib oladi?", "place"),
        ("Какая страна покупает больше всего?", "place"),
        ("Which country is the biggest buyer?", "place"),
        ("Ijro uchun qaysi tashkilot masʼul?", "body"),
        ("Which body settles disputes?", "body"),
        ("Кто отвечает за исполнение?", "person"),
        ("Nega markaz yopildi?", "reason"),
        ("Why was the fund closed?", "reason"),
        ("На каких условиях дают заём?", "condition"),
        ("Что такое кластер?", "definition"),
        ("What are the main risks?", "list"),
    ],
)
def test_what_a_question_asks_for(question, kind):
    assert kind in kinds(asked(question))


@pytest.mark.parametrize(
    "question", ["export potential of clusters", "устойчивость кластеров", "klasterlar barqarorligi"]
)
def test_key_words_ask_for_nothing_in_particular(question):
    assert kinds(asked(question)) <= {"list"}


@pytest.mark.parametrize(
    ("text", "kind", "there"),
    [
        ("Ulush 31 foizga yetdi.", "percent", True),
        ("Ulush 31 % ga yetdi.", "percent", True),
        ("Ulush oshdi.", "percent", False),
        ("Улуш икки баравар ошди.", "percent", True),
        ("Центр откроется в сентябре 2026 года.", "date", True),
        ("Марказ 1 июлгача очилади.", "date", True),
        ("Центр откроется скоро.", "date", False),
        ("Subsidiya 40 million soʻm.", "money", True),
        ("Субсидия 40 миллионов сумов.", "money", True),
        ("It costs 40 dollars.", "money", True),
        ("It costs much.", "money", False),
        ("Заявка рассматривается за 20 дней.", "duration", True),
        ("Ariza oʻn kunda koʻriladi.", "duration", True),
        ("The goods go to Kazakhstan.", "place", True),
        ("The goods go to a neighbour.", "place", False),
        ("Masʼul – viloyat boshqarmasi.", "body", True),
        ("It fell because of frost.", "reason", True),
        ("It fell.", "reason", False),
    ],
)
def test_whether_a_text_holds_it(text, kind, there):
    assert (kind in kinds(held(text))) is there


@given(st.text(max_size=200))
def test_any_text_can_be_asked_and_held(text):
    assert len(asked(text)) == len(held(text)) == len(KINDS)
