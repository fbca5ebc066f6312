"""Every trained resource says what it was made of, what it cannot do and under which licence it may be used."""

import re
from pathlib import Path

import pytest

RESOURCES = Path(__file__).parents[1] / "kb" / "resources"
FOLDERS = [RESOURCES, *sorted(path for path in RESOURCES.iterdir() if path.is_dir() and path.name != "__pycache__")]
NAMED = {"data": r"[Dd]ata", "limits": r"Limits", "licence": r"Licence"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
@pytest.mark.parametrize("part", NAMED)
def test_a_card_has_a_paragraph_on(folder, part):
    card = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    paragraphs = re.findall(rf"^\*\*[^*\n]*{NAMED[part]}[^*\n]*\*\*(.+?)(?:\n\n|\Z)", card, re.MULTILINE | re.DOTALL)
    assert any(len(text.split()) >= 3 for text in paragraphs)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_card_names_the_script_that_made_the_resource(folder):
    card = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    scripts = re.findall(r"training/(\w+\.py)", card)
    assert scripts
    assert all((RESOURCES.parents[1] / "training" / name).is_file() for name in scripts)


def test_all_kinds_of_resources_are_there():
    assert {path.name for path in FOLDERS} >= {"static", "transformer", "translation", "languages", "directions"}
