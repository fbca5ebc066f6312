"""The learned half of telling broad questions from others, beyond the hand-written rules."""

import pytest

from kb.errors import ModelError
from kb.retrieval import breadth_model
from kb.retrieval.breadth import breadth_of, ruled
from kb.retrieval.breadth_model import BreadthModel, features_of, load_breadth_model
from kb.text.spellings import to_cyrillic, to_latin_2026


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("shortages of qualified dyers across weaving clusters", "en"),
        ("Как кластеры удерживают молодых специалистов на селе?", "ru"),
        ("Klasterlar chiqindilarni qayta ishlash uchun nimalar qilmoqda?", "uz"),
    ],
)
def test_what_is_asked_of_clusters_at_large_is_broad_though_no_rule_knows_its_words(text, language):
    assert breadth_of(text, language) == "list"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What happens if a member does not pay the fee?", "en"),
        ("Кто ведёт протокол общего собрания?", "ru"),
        ("Kafolat xati qancha muddat amal qiladi?", "uz"),
    ],
)
def test_one_rule_of_one_document_is_single(text, language):
    assert breadth_of(text, language) == "single"


def test_a_question_that_names_a_place_is_never_given_to_the_model():
    assert ruled("How are young dyers kept in Chinorli?", "en") == "pointed"
    assert breadth_of("How are young dyers kept in Chinorli?", "en") == "single"


def test_the_spellings_of_uzbek_have_the_same_features():
    text = "Klasterlar yosh mutaxassislarni qishloqda qanday ushlab qoladi?"
    wanted = features_of(text, "uz", "open")
    assert features_of(to_cyrillic(text), "uz", "open") == wanted
    assert features_of(to_latin_2026(text), "uz", "open") == wanted


def test_numbers_are_one_feature_whatever_they_are():
    assert features_of("How many in 2024?", "en", "open") == features_of("How many in 1999?", "en", "open")


def test_in_a_language_that_was_not_learned_nothing_is_broad():
    assert load_breadth_model().probability(["word alle"], "und") == 0.0


def test_a_probability_is_that_of_the_sum_of_the_weights():
    model = BreadthModel({"en": {"a": 2.0, "b": -1.0}}, {"en": -1.0}, 0.5)
    assert model.probability(["a", "a", "b", "c"], "en") == pytest.approx(0.5)


def test_a_damaged_file_is_refused_by_name(monkeypatch, tmp_path):
    (tmp_path / "breadth.json").write_text('{"weights": 1}', encoding="utf-8")
    monkeypatch.setattr(breadth_model, "files", lambda _: tmp_path)
    load_breadth_model.cache_clear()
    try:
        with pytest.raises(ModelError, match=r"breadth\.json"):
            load_breadth_model()
    finally:
        load_breadth_model.cache_clear()
