"""The bundled extractive model: which words of a passage answer a question, or that none do."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from kb.errors import ModelError
from kb.models.encoder import bundled_folder
from kb.models.extractive import Asked, ExtractiveModel, load_extractive
from kb.text.spellings import drop_apostrophes, to_cyrillic, to_latin_2026

PASSAGE = Asked(
    "Report of the leather cluster . Results",
    "In 2024 the cluster employed 5,300 people, 18 percent more than a year before. "
    "Exports reached 12 million dollars. The council meets in March and is headed by the deputy governor.",
    "en",
)


def answer(ends):
    """Return the likeliest span as characters, and its lead over none."""
    both = np.triu(ends.begins[:, None] + ends.closes[None, :]) + np.tril(np.full((len(ends.begins),) * 2, -1e9), -1)
    begin, close = np.unravel_index(int(both.argmax()), both.shape)
    return int(ends.starts[begin]), int(ends.ends[close]), float(both[begin, close] - ends.none)


def found(question, language, passage=PASSAGE):
    start, end, lead = answer(load_extractive().read(question, language, [passage])[0])
    return passage.text[start:end], lead


@pytest.mark.parametrize(
    ("question", "language", "expected"),
    [
        ("How many people worked in the cluster in 2024?", "en", "5,300"),
        ("Сколько человек работало в кластере в 2024 году?", "ru", "5,300"),
        ("2024-yilda klasterda qancha odam ishlagan?", "uz", "5,300"),
        ("What were the exports worth?", "en", "12 million dollars"),
        ("Who is the head of the council?", "en", "deputy governor"),
    ],
)
def test_of_several_numbers_and_names_the_one_asked_for_is_found(question, language, expected):
    assert expected in found(question, language)[0]


def test_a_question_that_the_passage_does_not_answer_has_a_lower_lead():
    answered = found("How many people did the cluster employ in 2024?", "en")[1]
    assert answered > found("Which bank lent money to the cluster?", "en")[1]
    assert answered > found("What does a hectare of vineyard cost?", "en")[1]


def test_the_four_spellings_of_a_question_find_the_same():
    question = "Kengash majlisi qaysi oyda oʻtkaziladi?"
    leads = [found(spelled(question), "uz") for spelled in (str, to_cyrillic, to_latin_2026, drop_apostrophes)]
    assert leads[0] == leads[1] == leads[2]
    assert leads[3][0] == leads[0][0]


def test_the_spelling_of_a_passage_changes_nothing_but_its_places():
    latin = "Markazda 42 nafar mutaxassis ishlaydi, ularning 17 nafari ayollardir. Byudjet 3 mlrd soʻmni tashkil etdi."
    spans = []
    for spelled in (str, to_cyrillic, to_latin_2026):
        passage = Asked("Hisobot", spelled(latin), "uz")
        start, end, lead = answer(load_extractive().read("Markazda nechta ayol ishlaydi?", "uz", [passage])[0])
        spans.append((passage.text[start:end].strip().split()[0], pytest.approx(lead, abs=1)))
    assert spans[0][0] == spans[1][0] == spans[2][0]
    assert spans[1][1] == spans[0][1].expected
    assert spans[2][1] == spans[0][1].expected


def test_other_passages_and_threads_change_nothing():
    other = Asked("", "Кластер объединяет 14 предприятий.", "ru")
    model = load_extractive()
    alone = model.read("How many firms are there?", "en", [other])[0]
    with ThreadPoolExecutor(4) as pool:
        many = list(pool.map(lambda _: model.read("How many firms are there?", "en", [PASSAGE, other])[1], range(8)))
    for ends in many:
        assert (ends.begins == alone.begins).all()
        assert ends.none == alone.none


def test_a_text_without_words_has_no_place_for_an_answer():
    assert len(load_extractive().read("How many?", "en", [Asked("", "", "en")])[0].begins) == 0


@pytest.mark.parametrize("damage", ["cut", "missing"])
def test_a_damaged_model_is_refused_by_name(tmp_path, damage):
    folder = tmp_path / "model"
    shutil.copytree(bundled_folder("extractive"), folder)
    path = folder / "model.onnx"
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:100_000])
    else:
        path.unlink()
    with pytest.raises(ModelError, match=r"model\.onnx"):
        ExtractiveModel(folder, bundled_folder("transformer"))


def test_marks_of_another_size_are_refused(tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(bundled_folder("extractive"), folder)
    shutil.copy(bundled_folder("transformer") / "output_map.safetensors", folder / "marks.safetensors")
    with pytest.raises(ModelError, match=r"marks\.safetensors"):
        ExtractiveModel(folder, bundled_folder("transformer"))
