import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import ModelError
from kb.text import letter_model
from kb.text.fold import APOSTROPHES
from kb.text.language import identify
from kb.text.spellings import drop_apostrophes, to_cyrillic, to_latin_2026

UZBEK = [
    "Hududlarda yangi klasterlar tashkil etish boʻyicha chora-tadbirlar dasturi tasdiqlandi.",
    "Paxta-toʻqimachilik klasterlari bir yilda uch yuz mingta ish oʻrnini saqlab qoldi.",
    "Fermer xoʻjaliklariga imtiyozli kredit ajratish tartibi oʻzgartirildi.",
    "Ishtirokchilar oʻrtasidagi nizolar kuzatuv kengashida koʻrib chiqiladi.",
    "Klaster operatori har chorakda hisobot topshirishi shart.",
    "Sugʻorish tizimini modernizatsiya qilish uchun davlat byudjetidan mablagʻ ajratildi.",
    "Qaysi korxonalar soliq imtiyozidan birinchi boʻlib foydalana oladi?",
    "Bugun havo ochiq, bolalar hovlida oʻynayapti.",
]
RUSSIAN = [
    "Программа развития кластеров предусматривает поддержку малых предприятий.",
    "Участники кластера освобождаются от уплаты таможенных пошлин на пять лет.",
    "Какие предприятия могут получить налоговые льготы?",
    "Отчёт о расходовании средств представляется ежеквартально.",
    "Сегодня утром дети играли во дворе, пока не начался дождь.",
]
ENGLISH = [
    "The cluster development programme supports small and medium enterprises.",
    "Which companies are eligible for tax relief?",
    "Members report their export revenue every quarter.",
    "Children were playing in the yard until it started to rain.",
]
NEITHER = [
    "Die Entwicklung regionaler Cluster wird durch das Ministerium gefördert und überwacht.",
    "Bölgesel kümelerin geliştirilmesi için bakanlık tarafından yeni bir program hazırlandı.",
    "Аймақтық кластерлерді дамыту бағдарламасы министрлікпен бекітілді және іске қосылды.",
    "El ministerio aprobó un programa para el desarrollo de los conglomerados regionales.",
    "Le ministère a approuvé un programme de développement des pôles régionaux de compétitivité.",
    "Міністерство затвердило програму розвитку регіональних кластерів на наступні роки.",
    "Nazirlik regional klasterlərin inkişafı üçün yeni proqram hazırlayıb və təsdiq edib.",
    "تطوير التجمعات الصناعية في المنطقة",
    "地区产业集群发展规划",
    "2025 — 1 234,5 %",
    "...",
    "",
]


@pytest.mark.parametrize("text", UZBEK)
def test_uzbek_is_known_in_every_spelling(text):
    for mark in APOSTROPHES:
        assert _both(text.replace("ʻ", mark).replace("ʼ", mark)) == ("uz", "latin")
    assert _both(drop_apostrophes(text)) == ("uz", "latin")
    assert _both(to_cyrillic(text)) == ("uz", "cyrillic")
    assert _both(to_latin_2026(text)) == ("uz", "latin-2026")


@pytest.mark.parametrize("text", UZBEK)
def test_capitals_make_no_difference(text):
    for written in (text, drop_apostrophes(text), to_cyrillic(text), to_latin_2026(text)):
        assert _both(written.upper()) == _both(written)


@pytest.mark.parametrize(("language", "texts"), [("ru", RUSSIAN), ("en", ENGLISH), ("und", NEITHER)])
def test_other_languages(language, texts):
    assert {text: _both(text) for text in texts} == dict.fromkeys(texts, (language, ""))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("klaster nima", "uz"),
        ("soliq imtiyozlari", "uz"),
        ("солиқ имтиёзлари", "uz"),
        ("кластер нима", "uz"),
        ("налоговые льготы", "ru"),
        ("что такое кластер", "ru"),
        ("экспорт услуг", "ru"),
        ("tax relief", "en"),
        ("what is a cluster", "en"),
        ("export of services", "en"),
    ],
)
def test_short_questions(question, expected):
    assert identify(question).language == expected


def test_foreign_names_and_addresses_do_not_change_the_language():
    assert identify("Loyihani Deutsche Bank va investorlar moliyalashtiradi: https://www.giz.de/en").language == "uz"
    assert identify("Отчёт подготовлен компанией McKinsey и опубликован на сайте www.mckinsey.com").language == "ru"
    assert identify("The report of the Oʻzbekiston cluster association covers 2024.").language == "en"


def test_confidence_grows_with_the_text_and_is_zero_without_letters():
    assert identify("2025").confidence == 0.0
    assert 0.5 <= identify("model").confidence < identify(UZBEK[0]).confidence <= 1.0
    assert identify(UZBEK[0]).confidence > 0.99


@given(st.text(max_size=80))
def test_any_text_has_an_answer_and_only_uzbek_has_a_spelling(text):
    found = identify(text)
    assert (found.spelling != "") == (found.language == "uz")
    assert 0.0 <= found.confidence <= 1.0


def test_the_answer_is_the_same_in_another_process():
    program = "import json, sys; from kb.text.language import identify; print(repr(identify(json.loads(sys.argv[1]))))"
    for text in (UZBEK[0], "model", NEITHER[0]):
        output = subprocess.run(
            [sys.executable, "-c", program, json.dumps(text)], capture_output=True, text=True, check=True
        ).stdout
        assert output.strip() == repr(identify(text))


def test_a_missing_profile_is_named_with_its_repair(tmp_path, monkeypatch):
    monkeypatch.setattr(letter_model, "RESOURCES", tmp_path)
    with pytest.raises(ModelError, match=r"uz-latin\.json.*training\.language_profiles"):
        letter_model._own("uz-latin")


def _both(text):
    found = identify(text)
    return found.language, found.spelling
