import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.fold import APOSTROPHES, fold, loose
from kb.text.spellings import drop_apostrophes, to_cyrillic, to_latin, to_latin_2026

# Cyrillic, Latin of 1995, Latin of 2026
SPELLINGS = [
    ("Ўзбекистон Республикаси", "Oʻzbekiston Respublikasi", "Özbekiston Respublikasi"),
    ("Йўл бўйлаб ёғоч кўприк", "Yoʻl boʻylab yogʻoch koʻprik", "Yöl böylab yoğoç köprik"),
    ("санъат маъноси, эълон", "sanʼat maʼnosi, eʼlon", "sanʼat maʼnosi, eʼlon"),
    ("Исҳоқ ва Шаҳноза", "Isʼhoq va Shahnoza", "Ishoq va Şahnoza"),
    ("қатъий меъёр", "qatʼiy meʼyor", "qatʼiy meʼyor"),
    ("мўъжиза, мўътабар", "moʻjiza, moʻtabar", "möjiza, mötabar"),
    ("Европа, эркин, поэзия", "Yevropa, erkin, poeziya", "Yevropa, erkin, poeziya"),
    ("объект, премьера, съезд, павильон", "obyekt, premyera, syezd, pavilyon", "obyekt, premyera, syezd, pavilyon"),
    ("1-октябрь, октябрда, 3 июль", "1-oktabr, oktabrda, 3 iyul", "1-oktabr, oktabrda, 3 iyul"),
    ("бюджетдан", "budjetdan", "budjetdan"),
    ("конференция, инвестиция, акция", "konferensiya, investitsiya, aksiya", "konferensiya, investitsiya, aksiya"),
    ("пенсия, цемент, цех, концепция", "pensiya, sement, sex, konsepsiya", "pensiya, sement, sex, konsepsiya"),
    ("айтсин, кетса", "aytsin, ketsa", "aytsin, ketsa"),
    ("модель, моделлар, компьютер", "model, modellar, kompyuter", "model, modellar, kompyuter"),
    ("ШАҲАР ЧОРАСИ Ш. Ҳ.", "SHAHAR CHORASI Sh. H.", "ŞAHAR ÇORASI Ş. H."),
    ("XX аср, II боб", "XX asr, II bob", "XX asr, II bob"),
    ("www.gov.uz, info@stat.uz сайти", "www.gov.uz, info@stat.uz sayti", "www.gov.uz, info@stat.uz sayti"),
]


@pytest.mark.parametrize(("cyrillic", "latin", "latin_2026"), SPELLINGS)
def test_each_spelling_is_rewritten_into_each_other(cyrillic, latin, latin_2026):
    assert to_cyrillic(latin) == cyrillic
    assert to_latin(cyrillic) == latin
    assert to_latin_2026(latin) == to_latin_2026(cyrillic) == latin_2026
    assert to_latin(latin) == latin
    assert to_cyrillic(cyrillic) == cyrillic


@pytest.mark.parametrize(("cyrillic", "latin", "latin_2026"), [row for row in SPELLINGS if "Isʼhoq" not in row[1]])
def test_the_latin_of_2026_is_read_back(cyrillic, latin, latin_2026):
    assert to_latin(latin_2026) == latin
    assert to_cyrillic(latin_2026) == cyrillic


@pytest.mark.parametrize(("cyrillic", "latin", "latin_2026"), SPELLINGS)
def test_what_is_rewritten_keeps_its_search_key(cyrillic, latin, latin_2026):
    assert loose(fold(latin)) == loose(fold(drop_apostrophes(latin)))
    if "budjet" not in latin:
        assert fold(cyrillic) == fold(latin) == fold(latin_2026)


@pytest.mark.parametrize("mark", APOSTROPHES)
def test_any_apostrophe_is_read_and_the_standard_ones_are_written(mark):
    assert to_latin(f"o{mark}zbek ma{mark}no tog{mark}") == "oʻzbek maʼno togʻ"
    assert to_cyrillic(f"O{mark}zbek ma{mark}no tog{mark}") == "Ўзбек маъно тоғ"
    assert drop_apostrophes(f"O{mark}zbek ma{mark}no tog{mark}") == "Ozbek mano tog"


def test_words_that_are_not_uzbek_stay():
    assert to_cyrillic("Microsoft Excel va Windows") == "Microsoft Excel ва Windows"


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхчшэюяўқғҳ АЎШ.,-", max_size=40))
def test_cyrillic_written_in_latin_has_the_same_key(text):
    assert fold(to_latin(text)) == fold(text)


@given(st.text(max_size=40))
def test_latin_is_a_fixed_point(text):
    assert to_latin(to_latin(text)) == to_latin(text)
