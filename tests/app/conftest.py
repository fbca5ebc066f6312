import shutil
from pathlib import Path

import pytest
from app_records import FakeBase
from streamlit.testing.v1 import AppTest

from kb.app import handle


@pytest.fixture
def base():
    return FakeBase()


@pytest.fixture
def app(base, monkeypatch, tmp_path):
    """The whole page in English over the fake base, not yet run."""
    monkeypatch.setenv("KB_INDEX", str(tmp_path / "index"))
    monkeypatch.setattr(handle, "knowledge_base", lambda: base)
    page = AppTest.from_file(str(Path(handle.__file__).with_name("page.py")), default_timeout=20)
    page.query_params["lang"] = "en"
    return page


def pytest_terminal_summary(terminalreporter):
    """Say loudly what a run without Chromium did not check."""
    if shutil.which("chromium") is None:
        terminalreporter.write_line(
            "WARNING: chromium is not installed, so the browser tests were SKIPPED (apt-get install chromium)", red=True
        )
