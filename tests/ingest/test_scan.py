import os
from pathlib import Path

import pytest

from kb.errors import NotFoundError
from kb.ingest.scan import scan

WANTED = {".pdf", ".docx", ".txt", ".md"}


def lay(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text", encoding="utf-8")


def names(found):
    return [path.relative_to(found.root).as_posix() for path in found.files]


def test_files_come_sorted_from_all_folders_whatever_the_case_of_their_suffix(tmp_path):
    lay(tmp_path, "b.PDF", "a/z.docx", "a/b/c.txt", "z.md", "ўзбек/қарор.txt")
    assert names(scan(tmp_path, WANTED)) == ["a/b/c.txt", "a/z.docx", "b.PDF", "z.md", "ўзбек/қарор.txt"]


def test_files_of_other_formats_are_counted_not_failed(tmp_path):
    lay(tmp_path, "a.pdf", "b.xlsx", "c", "d/e.png")
    found = scan(tmp_path, WANTED)
    assert (names(found), found.skipped, found.failed) == (["a.pdf"], 3, ())


def test_hidden_and_lock_files_are_left_out(tmp_path):
    lay(tmp_path, "~$report.docx", ".hidden.pdf", ".git/notes.md", "report.docx", "~notes.txt")
    found = scan(tmp_path, WANTED)
    assert (names(found), found.skipped) == (["report.docx", "~notes.txt"], 0)


def test_ignore_patterns_count_for_their_folder_and_the_deepest_decides(tmp_path):
    lay(
        tmp_path, "draft.txt", "kept.txt", "old/a.pdf", "in/draft.txt", "in/b.md", "in/deep/c.md", "top.md", "in/top.md"
    )
    (tmp_path / ".kbignore").write_text("# comment\ndraft.txt\nold/\n/top.md\n", encoding="utf-8")
    (tmp_path / "in" / ".kbignore").write_text("!draft.txt\ndeep/*.md\n", encoding="utf-8")
    assert names(scan(tmp_path, WANTED)) == ["in/b.md", "in/draft.txt", "in/top.md", "kept.txt"]


def test_an_ignore_file_that_is_not_text_hides_its_folder_and_says_so(tmp_path):
    lay(tmp_path, "a.pdf", "private/b.pdf")
    (tmp_path / "private" / ".kbignore").write_bytes(b"\xff\xfe\x00secret")
    found = scan(tmp_path, WANTED)
    assert names(found) == ["a.pdf"]
    assert found.blind == (tmp_path / "private",)
    assert ".kbignore" in found.failed[0].reason


def test_a_loop_of_links_ends(tmp_path):
    lay(tmp_path, "a/one.txt", "b/two.txt")
    (tmp_path / "a" / "to_b").symlink_to(tmp_path / "b")
    (tmp_path / "b" / "to_a").symlink_to(tmp_path / "a")
    (tmp_path / "b" / "to_top").symlink_to(tmp_path)
    found = scan(tmp_path, WANTED)
    assert (names(found), found.failed) == (["a/one.txt", "b/two.txt"], ())


def test_a_linked_folder_outside_is_followed_once(tmp_path):
    lay(tmp_path, "outside/far.txt", "inside/near.txt")
    (tmp_path / "inside" / "link1").symlink_to(tmp_path / "outside")
    (tmp_path / "inside" / "link2").symlink_to(tmp_path / "outside")
    assert names(scan(tmp_path / "inside", WANTED)) == ["link1/far.txt", "near.txt"]


def test_a_broken_link_to_a_document_is_a_failure_and_to_anything_else_is_not(tmp_path):
    (tmp_path / "gone.pdf").symlink_to(tmp_path / "nowhere.pdf")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    found = scan(tmp_path, WANTED)
    assert [failure.path for failure in found.failed] == [str(tmp_path / "gone.pdf")]


def test_special_files_are_never_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    found = scan(tmp_path, WANTED)
    assert (found.files, found.skipped) == ((), 1)


def test_a_file_named_itself_is_taken_whatever_its_suffix(tmp_path):
    lay(tmp_path, "notes.xyz")
    found = scan(str(tmp_path / "notes.xyz"), WANTED)
    assert (found.files, found.skipped) == ((tmp_path / "notes.xyz",), 0)


def test_a_missing_path_is_an_error_that_names_it(tmp_path):
    with pytest.raises(NotFoundError, match="nowhere"):
        scan(tmp_path / "nowhere", WANTED)


def test_relative_paths_become_absolute(tmp_path, monkeypatch):
    lay(tmp_path, "docs/a.txt")
    monkeypatch.chdir(tmp_path)
    assert scan("docs/../docs", WANTED).files == (tmp_path / "docs" / "a.txt",)


def test_a_folder_that_cannot_be_listed_is_a_failure_and_the_rest_goes_on(tmp_path, monkeypatch):
    lay(tmp_path, "a.txt", "closed/b.txt")
    real = os.scandir

    def refuse(folder):
        if Path(folder).name == "closed":
            raise PermissionError(13, "Permission denied", str(folder))
        return real(folder)

    monkeypatch.setattr("kb.ingest.scan.os.scandir", refuse)
    found = scan(tmp_path, WANTED)
    assert names(found) == ["a.txt"]
    assert found.blind == (tmp_path / "closed",)
    assert found.failed[0].path == str(tmp_path / "closed")
    assert found.failed[0].reason.startswith("Permission denied")
