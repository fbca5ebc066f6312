import pytest
from ingest_material import age, text_of

from kb.models.encoder import load_encoder
from kb.store.database import Database


@pytest.fixture(scope="session")
def encoder():
    return load_encoder("fast")


@pytest.fixture
def database(tmp_path):
    with Database.open(tmp_path / "index") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path):
    """Three documents in three languages, a minute old."""
    made = tmp_path / "docs"
    made.mkdir()
    for number, language in enumerate(("en", "ru", "uz"), start=1):
        path = made / f"{language}.md"
        path.write_text(text_of(language, number), encoding="utf-8")
        age(path)
    return made
