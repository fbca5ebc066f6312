"""A small real index, made once by the program itself."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kb.cli.program import app

SOURCES = Path(__file__).parents[2] / "corpus" / "sources"
STEMS = ("en06_monitoring_methodology", "ru05_remesla_ocenka", "uz06_turizm_dastur")


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    """A folder of three documents, one a language."""
    folder = tmp_path_factory.mktemp("library")
    for stem in STEMS:
        shutil.copy(SOURCES / f"{stem}.md", folder)
    return folder


@pytest.fixture(scope="session")
def index(library, tmp_path_factory):
    """The index of the library."""
    folder = tmp_path_factory.mktemp("base") / "index"
    result = CliRunner().invoke(app, ["index", str(library), "--index", str(folder)])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def kb(index, monkeypatch):
    """Run `kb` in this process over the index, found by KB_INDEX; returns typer's result."""
    monkeypatch.setenv("KB_INDEX", str(index))
    return lambda *arguments: CliRunner().invoke(app, [str(one) for one in arguments])
