"""Names have no translation: they meet by their consonants across the three languages."""

from itertools import combinations

import pytest

from kb.retrieval.synonyms import likeness, skeleton
from kb.text.words import stem


@pytest.mark.parametrize(
    ("uzbek", "russian", "english"),
    [
        ("Koʻkdaryo", "Кукдарьинской", "Kukdaryo"),
        ("Zarbuloq", "Зарбулакской", "Zarbulak"),
        ("Олтинқир", "Олтинкирской", "Oltinkir"),
        ("Kumushsoy", "Кумушсайского", "Kumushsoy"),
        ("Sarvisoy", "Сарвисойской", "Sarvisoy"),
        ("Toshkoʻprik", "Ташкуприкском", "Tashkuprik"),
    ],
)
def test_a_place_keeps_its_consonants_in_three_languages(uzbek, russian, english):
    keys = [skeleton(stem(word, language)) for word, language in ((uzbek, "uz"), (russian, "ru"), (english, "en"))]
    assert all(likeness(one, other) > 0 for one, other in combinations(keys, 2)), keys


@pytest.mark.parametrize(("one", "other"), [("bank", "bino"), ("narx", "nazorat"), ("eksport", "import")])
def test_other_words_keep_other_consonants(one, other):
    assert likeness(skeleton(stem(one, "uz")), skeleton(stem(other, "uz"))) == 0
