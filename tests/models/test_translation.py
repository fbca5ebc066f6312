from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import ModelError
from kb.models.encoder import bundled_folder
from kb.models.translation import FILE_NAME, LANGUAGES, TranslationTables, load_tables
from kb.text import words


@pytest.mark.parametrize(
    ("word", "source", "translation", "target"),
    [
        ("investitsiya", "uz", "инвестиции", "ru"),
        ("инвестиция", "uz", "investment", "en"),
        ("barqaror", "uz", "устойчивый", "ru"),
        ("hamkorlik", "uz", "cooperation", "en"),
        ("предприятие", "ru", "korxona", "uz"),
        ("налог", "ru", "tax", "en"),
        ("employment", "en", "занятость", "ru"),
        ("subsidy", "en", "subsidiya", "uz"),
    ],
)
def test_words_of_the_field_are_translated(word: str, source: str, translation: str, target: str) -> None:
    found = load_tables().translate(words.stem(word, source), source, target)
    assert words.stem(translation, target) in [stem for stem, _ in found[:4]]


TERMS = {language: load_tables().terms(language) for language in LANGUAGES}


@settings(deadline=None)
@given(st.sampled_from(LANGUAGES), st.sampled_from(LANGUAGES), st.integers(min_value=0, max_value=10**6))
def test_weights_fall_and_no_stem_repeats(source: str, target: str, number: int) -> None:
    tables = load_tables()
    found = tables.translate(TERMS[source][number % len(TERMS[source])], source, target)
    stems, weights = [stem for stem, _ in found], [weight for _, weight in found]
    assert weights == sorted(weights, reverse=True)
    assert all(0 < weight <= 1 for weight in weights)
    assert len(set(stems)) == len(stems) <= 12


@settings(deadline=None)
@given(st.text(), st.sampled_from([*LANGUAGES, "und"]))
def test_an_unknown_stem_has_no_translation(stem: str, source: str) -> None:
    tables = load_tables()
    if source == "und" or stem not in TERMS[source]:
        assert tables.translate(stem, source, "en") == ()


def test_a_language_is_not_translated_into_itself() -> None:
    assert load_tables().translate("tax", "en", "en") == ()


def test_every_listed_stem_is_found_again() -> None:
    tables = load_tables()
    known = 0
    for stem in TERMS["en"][::500]:
        known += bool(tables.translate(stem, "en", "ru") or tables.translate(stem, "en", "uz"))
    assert known > 50


@pytest.mark.parametrize("kept", [0, 7, 500, 1_000_000])
def test_a_cut_file_is_named(tmp_path: Path, kept: int) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes((bundled_folder("translation") / FILE_NAME).read_bytes()[:kept])
    with pytest.raises(ModelError, match=FILE_NAME):
        TranslationTables(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="reinstall"):
        TranslationTables(tmp_path / FILE_NAME)
