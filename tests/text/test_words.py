import pytest

from kb.text.words import stem, terms, tokenize


def tokens(text):
    return [text[token.start : token.end] for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oʻzbekiston, o'zbek tog‘lari!", ["Oʻzbekiston", "o'zbek", "tog‘lari"]),
        ("ma`no va sanʼat", ["ma`no", "va", "sanʼat"]),
        ("togʻ bag'", ["togʻ", "bag'"]),
        ("‘blog’ va 'radio'", ["blog", "va", "radio"]),
        ("don't stop", ["don't", "stop"]),
        ("chora-tadbirlar 2025-yil", ["chora", "tadbirlar", "2025", "yil"]),
        ("1,7 foiz; 6 800 ta; 12\u00a0345\u202f678,5", ["1,7", "foiz", "6 800", "ta", "12\u00a0345\u202f678,5"]),
        ("2024 100 1.2.3. (15)", ["2024", "100", "1.2.3", "15"]),
        ("PQ-123-son, ПҚ–123, O‘RQ-370, COVID-19", ["PQ-123", "son", "ПҚ–123", "O‘RQ-370", "COVID-19"]),
        ("клас\u00adтер ISO9001", ["клас\u00adтер", "ISO9001"]),
        ("", []),
    ],
)
def test_tokens_are_words_and_numbers_as_a_reader_sees_them(text, expected):
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("number", "language", "key"),
    [
        ("6 800", "uz", "6800"),
        ("6\u00a0800", "ru", "6800"),
        ("6,800", "en", "6800"),
        ("1,7", "uz", "1.7"),
        ("1.7", "en", "1.7"),
        ("03.07.2025", "ru", "03.07.2025"),
    ],
)
def test_a_number_has_one_key_however_it_is_grouped(number, language, key):
    assert stem(number, language) == key
    assert terms(number, language)[0] == key


def test_the_number_of_an_act_is_one_term_in_both_scripts_and_its_parts_are_terms_too():
    assert terms("PQ-123", "uz") == terms("ПҚ–123", "uz") == ["pq-123", "pq", "123"]
    assert terms("Oʻ RQ-370", "uz")[-1] == terms("ЎРҚ-370", "uz")[-1] == "370"


def test_russian_and_english_words_are_stemmed_then_folded():
    assert stem("кластерами", "ru") == stem("Кластеры", "ru") == "klaster"
    assert stem("clustering", "en") == stem("Clusters", "en") == "cluster"
    assert stem("company's", "en") == stem("company’s", "en") == stem("companies", "en")
    assert stem("учёта", "ru") == stem("учета", "ru")


def test_an_unknown_language_is_folded_only():
    assert terms("Die Städte от", "und") == ["die", "städte", "ot"]


def test_stop_words_are_left_out_in_every_language_and_spelling():
    assert terms("va boʻyicha bo'yicha boyicha bilan ва бўйича", "uz") == []
    assert terms("и в также", "ru") == []
    assert terms("the of and", "en") == []
