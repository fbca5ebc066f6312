"""The bundled taxonomy is complete; a user's file extends or replaces it, and its mistakes are named."""

import json
from pathlib import Path

import pytest

from kb.directions.features import phrases_of
from kb.directions.model import load_model, read_model
from kb.directions.taxonomy import LANGUAGES, load_taxonomy
from kb.errors import ModelError, SettingsError
from kb.settings import Settings

NAMES = (
    "intersectoral_cooperation",
    "strategic_management",
    "financial_stability",
    "investment",
    "export",
    "innovation",
    "production_chain",
    "jobs_skills",
    "regional_development",
    "ecology_resources",
    "monitoring_evaluation",
)
OWN = """
[directions.halal]
label = { uz = "Halol sanoat", ru = "Халяльная индустрия", en = "Halal industry" }
definition = { uz = "Halol mahsulot va xizmatlar.", ru = "Халяльные товары и услуги.", en = "Halal goods." }
terms = { uz = ["halol"], ru = ["халяль"], en = ["halal"] }
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_eleven_directions_are_bundled_in_their_order():
    assert load_taxonomy().names == NAMES


def test_every_direction_is_named_defined_and_described_in_three_languages():
    for direction in load_taxonomy().directions:
        for language in LANGUAGES:
            assert direction.label[language].strip()
            assert len(direction.definition[language].split()) >= 12
            assert len(phrases_of(direction, language)) >= 15, (direction.name, language)
        assert len({direction.label[language] for language in LANGUAGES}) == 3


def test_no_term_is_listed_twice_in_one_direction():
    for direction in load_taxonomy().directions:
        for language in LANGUAGES:
            terms = direction.terms[language]
            assert len(set(terms)) == len(terms), (direction.name, language)


def test_the_labels_of_the_corpus_are_of_this_taxonomy():
    lines = (Path(__file__).parents[2] / "corpus" / "directions.jsonl").read_text(encoding="utf-8").splitlines()
    assert {name for line in lines for name in json.loads(line)["directions"]} == set(NAMES)


def test_a_file_of_ones_own_adds_a_direction_after_the_bundled_ones(tmp_path):
    taxonomy = load_taxonomy(written(tmp_path, OWN))
    assert taxonomy.names == (*NAMES, "halal")
    assert taxonomy.label("halal", "ru") == "Халяльная индустрия"


def test_a_file_can_redefine_one_direction_or_replace_all(tmp_path):
    changed = load_taxonomy(written(tmp_path, OWN.replace("directions.halal", "directions.export")))
    assert changed.names == NAMES
    assert changed.label("export", "en") == "Halal industry"
    assert load_taxonomy(written(tmp_path, "replace = true\n" + OWN)).names == ("halal",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OWN + "colour = 'red'\n", "colour"),
        (OWN.replace('en = ["halal"]', 'de = ["halal"]'), r"\bde\b|`en`"),
        (OWN.replace('ru = ["халяль"]', "ru = []"), "terms"),
        (OWN.replace("directions.halal", 'directions."Halal food"'), "Halal food"),
        ("replace = true\ndirections = {}\n", "no direction"),
        ("[directions\n", "own.toml"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path, text, said):
    with pytest.raises(SettingsError, match=said) as caught:
        load_taxonomy(written(tmp_path, text))
    assert "own.toml" in str(caught.value)
    assert "docs/directions.md" in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"absent\.toml"):
        load_taxonomy(tmp_path / "absent.toml")


def test_a_file_that_is_no_text_is_named(tmp_path):
    path = tmp_path / "own.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match=r"own\.toml"):
        load_taxonomy(path)


def test_the_settings_name_the_file_and_need_no_new_index():
    assert Settings.of({"directions": "own.toml"}).index_fingerprint("x") == Settings().index_fingerprint("x")


def test_the_model_knows_every_bundled_direction_and_term():
    model = load_model()
    assert tuple(model.intercepts) == NAMES
    assert 0 < model.threshold < 1
    for direction in load_taxonomy().directions:
        for language in LANGUAGES:
            known = model.rarity[language]
            assert {" ".join(phrase) for phrase in phrases_of(direction, language)} <= set(known)
            assert all(0 <= weight <= 1 for weight in known.values())


@pytest.mark.parametrize(
    "content",
    ["{}", "not json", '{"features": ["x"], "coefficients": [1.0], "intercepts": {}, "threshold": 0.5, "rarity": {}}'],
)
def test_a_damaged_model_says_how_to_repair_it(tmp_path, content):
    path = tmp_path / "model.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=r"training/directions\.py"):
        read_model(path)
