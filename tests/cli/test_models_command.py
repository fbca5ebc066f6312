"""`kb models`: the list agrees with what the package ships, and its figures with the models' cards."""

import json
import re
import sys

import pytest
from typer.testing import CliRunner

from kb.cli.program import app
from kb.errors import ModelError
from kb.models.catalogue import bundled_models, read_catalogue
from kb.models.encoder import bundled_folder, load_encoder
from kb.models.speed import measure_speed
from kb.settings import Settings

MODELS = {one.name: one for one in bundled_models()}
CARDS = {"fast": "static", "transformer": "transformer", "best": "transformer"}


def kb(*arguments):
    return CliRunner().invoke(app, ["models", *arguments])


def test_every_model_is_listed_with_size_figures_and_licence_and_one_is_the_default():
    shown = kb().stdout
    assert re.findall(r"^(\w+)(?:, the default)?: .*\n  ", shown, re.MULTILINE) == list(MODELS)
    assert f"{Settings().model}, the default: " in shown
    assert shown.count("the default") == 1
    assert shown.count(" MB · ") == shown.count("licence MIT") == len(MODELS)
    assert re.search(r"^fast +\.855 +\.969 ", shown, re.MULTILINE)
    assert "--model ./my-encoder" in shown


def test_json_gives_the_same_with_sizes_on_this_disk():
    found = json.loads(kb("--json").stdout)["models"]
    assert [one["name"] for one in found] == list(MODELS)
    assert [one["name"] for one in found if one["default"]] == [Settings().model]
    sizes = {one["name"]: one["size_bytes"] for one in found}
    assert sizes["best"] == sizes["fast"] + sizes["transformer"]
    weights = (bundled_folder("static") / "model.safetensors").stat().st_size
    assert weights < sizes["fast"] < weights + 2_000_000
    assert not any("measured" in one for one in found)


@pytest.mark.parametrize("name", MODELS)
def test_every_listed_model_loads_and_has_the_listed_dimension(name):
    encoder = load_encoder(name)
    assert encoder.dimension == MODELS[name].dimension
    assert encoder.encode_queries(["klaster"]).shape == (1, MODELS[name].dimension)


@pytest.mark.parametrize(("name", "folder"), CARDS.items())
def test_the_figures_are_those_of_the_model_card(name, folder):
    card = (bundled_folder(folder) / "MODEL_CARD.md").read_text(encoding="utf-8")
    figures = MODELS[name].figures
    assert figures.flores is None or f"{figures.flores:.3f}"[1:] in "\n".join(re.findall(r"\| FLORES.*", card))
    for pair, value in {
        "ru→ru": figures.belebele_ru_ru,
        "en→en": figures.belebele_en_en,
        "ru→en": figures.belebele_ru_en,
        "en→ru": figures.belebele_en_ru,
        "en→uz": figures.belebele_en_uz,
        "ru→uz": figures.belebele_ru_uz,
    }.items():
        rows = "\n".join(re.findall(r"\| Belebele.*", card))
        assert f"{pair} {value:.3f}".replace(" 0.", " .") in rows


def test_the_speed_is_measured_in_a_process_of_its_own():
    before = set(sys.modules)
    speed = measure_speed("fast", ["Klaster eksportni oshiradi.", "Кластер растит экспорт."], ["Who exports?"])
    assert 0 < speed.load_seconds < 60
    assert 0 < speed.query_ms < 1000
    assert speed.passages_per_second > 10
    assert speed.memory_mib is None or speed.memory_mib > 10
    assert set(sys.modules) == before


def test_measuring_a_model_that_is_not_there_names_it(tmp_path):
    with pytest.raises(ModelError, match="no-such-model"):
        measure_speed(str(tmp_path / "no-such-model"), ["a"], ["b"])


def test_measure_adds_a_line_a_model(monkeypatch):
    asked = []

    def measured(name, passages, questions):
        asked.append((name, len(passages), len(questions)))
        assert all(text.strip() for text in (*passages, *questions))
        return measure_speed("fast", passages[:3], questions[:3])

    monkeypatch.setattr("kb.models.speed.measure_speed", measured)
    result = kb("--measure")
    assert result.exit_code == 0
    assert [name for name, *_ in asked] == list(MODELS)
    assert {tuple(counts) for _, *counts in asked} == {(33, 33)}
    assert len(re.findall(r"here and now: \d+ passages a second · [\d.]+ ms a question", result.stdout)) == len(MODELS)


def test_an_unknown_key_in_the_list_is_an_error_that_names_it(tmp_path):
    known = json.loads(bundled_folder("models.json").read_text(encoding="utf-8"))
    known["models"][0]["colour"] = "blue"
    path = tmp_path / "models.json"
    path.write_text(json.dumps(known), encoding="utf-8")
    with pytest.raises(ModelError, match=r"models\.json.*colour"):
        read_catalogue(path)


def test_a_missing_list_is_an_error_that_names_it(tmp_path):
    with pytest.raises(ModelError, match=r"absent\.json"):
        read_catalogue(tmp_path / "absent.json")
