"""The names that users import, and that importing them costs nothing."""

import subprocess
import sys

import pytest

import kb


def test_all_is_sorted_and_every_name_can_be_had():
    assert sorted(kb.__all__) == kb.__all__
    for name in kb.__all__:
        assert getattr(kb, name).__name__ == name


def test_dir_shows_the_public_names():
    assert set(kb.__all__) <= set(dir(kb))


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = kb.Nothing


def test_opening_and_asking_import_no_torch(small_index):
    script = (
        "import sys; from kb import KnowledgeBase\n"
        f"with KnowledgeBase.open({str(small_index)!r}) as base: base.ask('eksport')\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'streamlit', 'pypdf', 'sklearn'}\n"
        "heavy &= set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
