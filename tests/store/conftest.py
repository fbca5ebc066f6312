import pytest

from kb.store.database import Database


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def database(folder):
    with Database.open(folder) as opened:
        yield opened
