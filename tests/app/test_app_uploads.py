from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.app.uploads import discard_upload, safe_name, store_upload
from kb.errors import DocumentLimitError, EmptyDocumentError, IndexFullError, UnsupportedFormatError

ALLOWED = {".pdf", ".txt"}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\Режа 2026.pdf", "Режа 2026.pdf"),
        ("/etc/shadow", "shadow"),
        ("..", "document"),
        ("....txt", "txt"),
        (".hidden.txt", "hidden.txt"),
        ("a\x00b\n.pdf", "a_b_.pdf"),
        ("con.txt", "con_.txt"),
        ("So‘rovnoma.pdf", "So‘rovnoma.pdf"),
        ("", "document"),
    ],
)
def test_names_lose_what_means_something_to_a_file_system(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_no_name_leaves_its_folder(name):
    safe = safe_name(name)
    assert Path("/up/load", safe).resolve().parent == Path("/up/load")
    assert 0 < len(safe.encode()) <= 200
    assert not safe.startswith(".")
    assert safe_name(safe) == safe


def test_uploads_stay_inside_the_folder(tmp_path):
    path = store_upload(tmp_path / "uploads", "../../../escape.txt", b"text", ALLOWED)
    assert path.is_relative_to(tmp_path / "uploads")
    assert path.read_bytes() == b"text"
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [path]


def test_equal_names_do_not_replace_one_another(tmp_path):
    one = store_upload(tmp_path, "plan.txt", b"one", ALLOWED)
    two = store_upload(tmp_path, "plan.txt", b"two", ALLOWED)
    assert one != two
    assert (one.read_bytes(), two.read_bytes()) == (b"one", b"two")
    assert store_upload(tmp_path, "plan.txt", b"one", ALLOWED) == one


def test_what_cannot_be_indexed_is_refused_and_not_stored(tmp_path):
    with pytest.raises(UnsupportedFormatError, match=r"run\.exe.*\.pdf"):
        store_upload(tmp_path, "run.exe", b"MZ", ALLOWED)
    with pytest.raises(UnsupportedFormatError):
        store_upload(tmp_path, "pdf", b"x", ALLOWED)
    with pytest.raises(EmptyDocumentError):
        store_upload(tmp_path, "a.txt", b"", ALLOWED)
    with pytest.raises(DocumentLimitError, match="limit"):
        store_upload(tmp_path, "a.txt", b"x" * 11, ALLOWED, max_bytes=10)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_explained(tmp_path):
    (tmp_path / "uploads").write_text("a file where the folder should be")
    with pytest.raises(IndexFullError, match="could not be written"):
        store_upload(tmp_path / "uploads", "a.txt", b"x", ALLOWED)


def test_only_uploaded_copies_are_ever_deleted(tmp_path):
    uploads = tmp_path / "uploads"
    stored = store_upload(uploads, "a.txt", b"x", ALLOWED)
    own = tmp_path / "mine.txt"
    own.write_text("mine")
    assert not discard_upload(uploads, own)
    assert not discard_upload(uploads, uploads / ".." / "mine.txt")
    assert own.exists()
    assert discard_upload(uploads, stored)
    assert not list(uploads.iterdir())
    assert not discard_upload(uploads, stored)
