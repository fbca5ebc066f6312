from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from kb.errors import ModelError
from kb.models.encoder import bundled_folder
from kb.models.phrases import Entry, Phrase, PhraseTable, encode_phrases
from kb.models.stems import StemNumbers, Stems, encode_numbers, encode_stems
from kb.models.tensors import map_tensors
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


@given(st.lists(st.integers(0, 99_999), min_size=1), st.sampled_from([65_536, 65_537, 100_000]))
def test_numbers_of_stems_are_read_as_they_were_written(numbers: list[int], stems: int) -> None:
    numbers = [number % stems for number in numbers]
    read = StemNumbers(encode_numbers(numbers, "some", stems), "some", stems)
    assert read[:].tolist() == numbers
    assert read[np.array([len(numbers) - 1])].tolist() == numbers[-1:]


def table_of(path: Path, entries: list[Entry]) -> PhraseTable:
    arrays: dict[str, np.ndarray] = {}
    for language in LANGUAGES:
        known = sorted({stem for entry in entries for form in entry[language] for stem in form})
        ids = {stem: number for number, stem in enumerate(known)}
        arrays |= encode_stems(known, language) | encode_phrases(entries, language, ids)
    save_file(arrays, path)
    mapped = map_tensors(path)
    return PhraseTable(mapped, {language: Stems(mapped, language) for language in LANGUAGES})


FORMS = st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=4).map(tuple), max_size=3, unique=True)
ENTRIES = st.lists(st.fixed_dictionaries({one: FORMS.map(tuple) for one in LANGUAGES}), min_size=1, max_size=6)


@settings(deadline=None)
@given(ENTRIES, st.lists(st.sampled_from("abcde"), max_size=12))
def test_phrases_are_found_as_by_comparing_them_all(
    tmp_path_factory: pytest.TempPathFactory, entries: list[Entry], stems: list[str]
) -> None:
    expected, place = [], 0
    while place < len(stems):
        here = [
            (len(form), number)
            for number, entry in enumerate(entries)
            for form in entry["uz"]
            if len(form) > 1 and tuple(stems[place : place + len(form)]) == form
        ]
        length = max(here, default=(1, 0))[0]
        if here:
            numbers = [number for one, number in here if one == length]
            translations = {
                other: tuple(dict.fromkeys(s for number in numbers for form in entries[number][other] for s in form))
                for other in ("ru", "en")
            }
            expected.append(Phrase(tuple(stems[place : place + length]), translations))
        place += length
    found = table_of(tmp_path_factory.mktemp("phrases") / FILE_NAME, entries).find(stems, "uz")
    assert found == expected


def test_no_phrase_is_found_in_an_unknown_language_or_among_unknown_words() -> None:
    assert load_tables().phrases(["sale", "assist"], "und") == []
    assert load_tables().phrases(["qqqq", "wwww", "zzzz"], "en") == []
    assert [phrase.stems for phrase in load_tables().phrases(["qqqq", "sale", "assist"], "en")] == [("sale", "assist")]


def test_the_bundled_file_has_five_megabytes_at_most() -> None:
    assert (bundled_folder("translation") / FILE_NAME).stat().st_size <= 5_000_000


@pytest.mark.parametrize("missing", ["uz.phrases", "ru.phrases.above", "en.phrases.entries", "uz-en.targets.above"])
def test_a_file_without_a_column_is_named(tmp_path: Path, missing: str) -> None:
    arrays = load_file(bundled_folder("translation") / FILE_NAME)
    del arrays[missing]
    save_file(arrays, tmp_path / FILE_NAME)
    with pytest.raises(ModelError, match=rf"{FILE_NAME} lack '{missing}'"):
        TranslationTables(tmp_path / FILE_NAME)


@pytest.mark.parametrize("kept", [0, 7, 500, 1_000_000])
def test_a_cut_file_is_named(tmp_path: Path, kept: int) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes((bundled_folder("translation") / FILE_NAME).read_bytes()[:kept])
    with pytest.raises(ModelError, match=FILE_NAME):
        TranslationTables(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="reinstall"):
        TranslationTables(tmp_path / FILE_NAME)
