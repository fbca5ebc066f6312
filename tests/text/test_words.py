import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.spellings import drop_apostrophes, to_cyrillic, to_latin_2026
from kb.text.uzbek_stem import uzbek_stem
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


@pytest.mark.parametrize(
    "forms",
    [
        "klaster klasteri klasterlar klasterlarning klasterlarimizdagi klasterlashtirish klasterlashgan",
        "korxona korxonalar korxonasi korxonalarida korxonamizning",
        "qonun qonuni qonunlar qonuniy qonunchilik qonunning",
        "hudud hududi hududlarda hududiy hududlarimizdan",
        "tarmoq tarmogʻi tarmoqlar tarmogʻining",
        "shahar shahri shahrida shaharlar",
        "qishloq qishlogʻi qishloqlarda",
        "boshqaruv boshqarish boshqaradi boshqarilgan boshqaruvchi",
        "budjet byudjet budjetdan byudjetning",
        "sement tsement sementning",
        "oʻrin oʻrni oʻrinlari",
    ],
)
def test_the_forms_of_an_uzbek_word_share_one_stem(forms):
    assert len({stem(form, "uz") for form in forms.split()}) == 1


def test_different_uzbek_words_keep_different_stems():
    words = terms("klaster korxona qonun hudud tarmoq soliq imtiyoz tadbirkor tadbir bank bozor talab taʼlim", "uz")
    assert len(set(words)) == len(words) == 13


@pytest.mark.parametrize(
    "text",
    [
        "Oʻzbekistonda toʻqimachilik klasterlarini qoʻllab-quvvatlash toʻgʻrisidagi qaror, PQ-123, 6 800 ta",
        "Maʼlumotlarga koʻra, sanʼat va taʼlim muassasalari 1-oktabrdan eʼlon qilinadi",
        "Shahar markazidagi chorva fermer xoʻjaliklari sementdan foydalanadi, konsepsiya investitsiya",
        "Isʼhoqov mashinasozlik obyektining meʼyorlarini oʻrgandi",
    ],
)
def test_all_spellings_of_uzbek_give_the_same_terms(text):
    expected = terms(text, "uz")
    assert len(expected) >= 5
    assert terms(to_cyrillic(text), "uz") == expected
    assert terms(to_latin_2026(text), "uz") == expected
    assert terms(drop_apostrophes(text), "uz") == expected
    assert terms(text.replace("ʻ", "'").replace("ʼ", "`"), "uz") == expected
    assert terms(text.upper(), "uz") == expected


@given(st.text(alphabet="abdgiklmnorstuy", min_size=1, max_size=20))
def test_a_stem_is_never_empty_nor_longer_than_its_word(word):
    assert 0 < len(uzbek_stem(word)) <= len(word)


@given(st.text(max_size=60), st.sampled_from(["uz", "ru", "en", "und"]))
def test_tokens_lie_in_order_and_terms_hold_no_space(text, language):
    found = tokenize(text)
    flat = [offset for token in found for offset in (token.start, token.end)]
    assert flat == sorted(flat)
    assert all(token.start < token.end for token in found)
    assert all(term and not any(letter.isspace() for letter in term) for term in terms(text, language))


@given(st.text(max_size=60))
def test_every_letter_and_digit_is_in_a_token(text):
    held = {place for token in tokenize(text) for place in range(token.start, token.end)}
    assert all(place in held for place, letter in enumerate(text) if letter.isalpha() or letter.isdecimal())
