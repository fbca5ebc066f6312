import dataclasses
import os
import shutil
from pathlib import Path

import pytest
from ingest_material import text_of

from kb.errors import IndexFullError, NotFoundError
from kb.ingest import pipeline
from kb.ingest.pipeline import ingest
from kb.settings import ReadingSettings, Settings

SETTINGS = Settings()


def texts(database):
    """Every document's file name and the texts of its passages."""
    return {
        Path(document.path).name: [passage.text for passage in database.passages_of(document.id)]
        for document in database.documents()
    }


def test_a_folder_becomes_documents_with_languages_and_exact_passages(database, encoder, folder):
    report = ingest(database, encoder, folder, SETTINGS)
    assert (report.indexed, report.unchanged, report.removed, report.failed) == (3, 0, 0, ())
    documents = database.documents()
    assert [document.languages for document in documents] == [("en",), ("ru",), ("uz",)]
    assert report.passages == sum(document.passage_count for document in documents) >= 3
    for document in documents:
        assert document.path == str(folder / f"{document.languages[0]}.md")
        pages = {page.index: page.text for page in database.pages(document.id)}
        for passage in database.passages_of(document.id):
            assert passage.text == "\n".join(pages[span.page_index][span.start : span.end] for span in passage.spans)
            assert passage.language == document.languages[0]
    assert database.check(deep=True) == []


def test_a_second_run_changes_nothing_and_reads_nothing(database, encoder, folder, monkeypatch):
    ingest(database, encoder, folder, SETTINGS)
    revision, states = database.revision, database.file_states()
    monkeypatch.delattr(pipeline, "ReaderPool")
    monkeypatch.delattr(pipeline, "_sha256")
    report = ingest(database, encoder, folder, SETTINGS)
    assert (report.indexed, report.unchanged, report.passages) == (0, 3, 0)
    assert (database.revision, database.file_states()) == (revision, states)


def test_a_touched_file_with_the_same_content_is_not_read_again(database, encoder, folder, monkeypatch):
    ingest(database, encoder, folder, SETTINGS)
    revision = database.revision
    os.utime(folder / "ru.md", ns=(10**18, 10**18))
    monkeypatch.delattr(pipeline, "ReaderPool")
    assert ingest(database, encoder, folder, SETTINGS).unchanged == 3
    assert database.revision == revision
    assert database.find(str(folder / "ru.md")).modified_ns == 10**18


def test_a_changed_file_replaces_its_document_only(database, encoder, folder):
    ingest(database, encoder, folder, SETTINGS)
    before = texts(database)
    ids = {document.path: document.id for document in database.documents()}
    (folder / "ru.md").write_text("# Новое\n\nФонд закрыт решением совета.\n", encoding="utf-8")
    report = ingest(database, encoder, folder, SETTINGS)
    assert (report.indexed, report.unchanged) == (1, 2)
    after = texts(database)
    assert after["ru.md"] == ["Фонд закрыт решением совета."]
    assert {name: after[name] for name in ("en.md", "uz.md")} == {name: before[name] for name in ("en.md", "uz.md")}
    assert {document.path: document.id for document in database.documents()} == ids


def test_a_change_in_the_same_tick_of_the_clock_is_seen(database, encoder, folder):
    path = folder / "en.md"
    path.write_text("# Note\n\nThe fund pays 30 percent.\n", encoding="utf-8")
    status = path.stat()
    ingest(database, encoder, folder, SETTINGS)
    path.write_text("# Note\n\nThe fund pays 45 percent.\n", encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert ingest(database, encoder, folder, SETTINGS).indexed == 1
    assert texts(database)["en.md"] == ["The fund pays 45 percent."]


def test_a_failing_file_costs_itself_only(database, encoder, folder):
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnot really")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "late.md").write_text(text_of("en", 9), encoding="utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    report = ingest(database, encoder, folder, SETTINGS)
    assert report.indexed == 4
    assert report.skipped == 1
    assert [Path(failure.path).name for failure in report.failed] == ["broken.pdf", "empty.txt"]
    assert all(failure.path in failure.reason for failure in report.failed)
    assert set(texts(database)) == {"en.md", "ru.md", "uz.md", "late.md"}


def test_a_document_that_fails_later_keeps_its_indexed_version(database, encoder, folder):
    ingest(database, encoder, folder, SETTINGS)
    before = texts(database)
    (folder / "uz.md").write_bytes(b"")
    report = ingest(database, encoder, folder, SETTINGS, prune=True)
    assert texts(database) == before
    assert "indexed earlier is kept" in report.failed[0].reason


def test_a_file_that_vanishes_on_the_way_is_a_failure(database, encoder, folder):
    def remove_the_last(progress):
        (folder / "uz.md").unlink(missing_ok=True)

    # Hashed and handed to a reader ahead of the first commit, gone before its own.
    report = ingest(database, encoder, folder, SETTINGS, remove_the_last)
    assert report.indexed == 2
    assert [Path(failure.path).name for failure in report.failed] == ["uz.md"]
    assert set(texts(database)) == {"en.md", "ru.md"}


def test_a_file_that_changes_while_it_is_read_is_a_failure_and_indexed_next_time(database, encoder, folder):
    def rewrite_the_last(progress):
        if progress.done == 1:
            (folder / "uz.md").write_text("# Eslatma\n\nJamgʻarma yopildi.\n", encoding="utf-8")

    report = ingest(database, encoder, folder, SETTINGS, rewrite_the_last)
    assert "changed while" in report.failed[0].reason
    assert ingest(database, encoder, folder, SETTINGS).indexed == 1
    assert texts(database)["uz.md"] == ["Jamgʻarma yopildi."]


def test_a_file_over_the_limit_of_size_is_refused_and_the_rest_goes_on(database, encoder, folder):
    (folder / "large.txt").write_text("word " * 2000, encoding="utf-8")
    report = ingest(database, encoder, folder, Settings(reading=ReadingSettings(max_bytes=6000)))
    assert report.indexed == 3
    assert [Path(failure.path).name for failure in report.failed] == ["large.txt"]


def test_a_file_that_cannot_be_opened_is_a_failure(database, encoder, folder, monkeypatch):
    real = pipeline._sha256

    def refuse(path):
        if path.name == "ru.md":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(pipeline, "_sha256", refuse)
    report = ingest(database, encoder, folder, SETTINGS)
    assert report.indexed == 2
    assert "Permission denied" in report.failed[0].reason


def test_a_name_that_is_not_utf8_is_a_failure_that_can_be_printed(database, encoder, folder):
    try:
        (folder / os.fsdecode(b"caf\xe9.md")).write_text("text", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    report = ingest(database, encoder, folder, SETTINGS)
    assert report.indexed == 3
    assert "UTF-8" in report.failed[0].reason
    report.failed[0].path.encode()


def test_a_file_of_an_unknown_format_named_itself_is_a_failure(database, encoder, tmp_path):
    path = tmp_path / "table.xyz"
    path.write_bytes(bytes(range(256)))
    report = ingest(database, encoder, path, SETTINGS)
    assert (report.indexed, len(report.failed)) == (0, 1)


def test_a_single_file_can_be_added_by_a_relative_path(database, encoder, folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert ingest(database, encoder, "uz.md", SETTINGS).indexed == 1
    assert ingest(database, encoder, folder, SETTINGS).unchanged == 1


def test_a_missing_path_is_an_error(database, encoder, tmp_path):
    with pytest.raises(NotFoundError):
        ingest(database, encoder, tmp_path / "nowhere", SETTINGS)


def test_documents_whose_files_are_gone_stay_unless_pruned(database, encoder, folder):
    ingest(database, encoder, folder, SETTINGS)
    (folder / "ru.md").unlink()
    report = ingest(database, encoder, folder, SETTINGS)
    assert (report.removed, set(texts(database))) == (0, {"en.md", "ru.md", "uz.md"})
    report = ingest(database, encoder, folder, SETTINGS, prune=True)
    assert (report.removed, set(texts(database))) == (1, {"en.md", "uz.md"})


def test_pruning_one_folder_leaves_documents_of_others_alone(database, encoder, folder, tmp_path):
    other = tmp_path / "docs2"
    shutil.copytree(folder, other)
    ingest(database, encoder, folder, SETTINGS)
    ingest(database, encoder, other, SETTINGS)
    shutil.rmtree(other)
    (folder / "en.md").unlink()
    report = ingest(database, encoder, folder, SETTINGS, prune=True)
    assert report.removed == 1
    assert len(database.documents()) == 5


def test_pruning_spares_what_lies_in_a_folder_that_cannot_be_listed(database, encoder, folder, monkeypatch):
    (folder / "closed").mkdir()
    shutil.copy(folder / "en.md", folder / "closed" / "inside.md")
    ingest(database, encoder, folder, SETTINGS)
    real = os.scandir

    def refuse(path):
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr("kb.ingest.scan.os.scandir", refuse)
    report = ingest(database, encoder, folder, SETTINGS, prune=True)
    assert (report.removed, len(report.failed)) == (0, 1)
    assert "inside.md" in texts(database)


def test_equal_content_under_two_paths_is_two_documents(database, encoder, folder):
    shutil.copy(folder / "en.md", folder / "copy.md")
    assert ingest(database, encoder, folder, SETTINGS).indexed == 4
    found = texts(database)
    assert found["copy.md"] == found["en.md"]


def test_a_loop_of_links_is_indexed_once(database, encoder, folder):
    (folder / "loop").symlink_to(folder)
    assert ingest(database, encoder, folder, SETTINGS).indexed == 3


def test_progress_is_told_after_each_document(database, encoder, folder):
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\n")
    told = []
    report = ingest(database, encoder, folder, SETTINGS, told.append)
    assert [progress.done for progress in told] == [1, 2, 3, 4]
    assert {progress.total for progress in told} == {4}
    assert sorted(Path(progress.path).name for progress in told) == ["broken.pdf", "en.md", "ru.md", "uz.md"]
    assert (told[-1].passages, told[-1].failed) == (report.passages, 1)


def test_an_interruption_between_documents_leaves_a_valid_index_that_the_next_run_completes(database, encoder, folder):
    def stop(progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(database, encoder, folder, SETTINGS, stop)
    assert len(database.documents()) == 1
    assert database.check(deep=True) == []
    report = ingest(database, encoder, folder, SETTINGS)
    assert (report.indexed, report.unchanged) == (2, 1)


def test_a_full_disk_stops_the_run_and_keeps_what_was_committed(database, encoder, folder, monkeypatch):
    real = type(database).write_document

    def full(self, read, *, path, **rest):
        if path.endswith("ru.md"):
            raise IndexFullError("no space")
        return real(self, read, path=path, **rest)

    monkeypatch.setattr(type(database), "write_document", full)
    with pytest.raises(IndexFullError):
        ingest(database, encoder, folder, SETTINGS)
    assert set(texts(database)) == {"en.md"}


def test_many_files_are_read_a_few_ahead_only(database, encoder, tmp_path, monkeypatch):
    docs = tmp_path / "many"
    docs.mkdir()
    for number in range(12):
        (docs / f"{number:02}.md").write_text(text_of("en", number, paragraphs=1), encoding="utf-8")
    submitted = []
    real = pipeline.ReaderPool.submit
    monkeypatch.setattr(pipeline.ReaderPool, "submit", lambda self, path: submitted.append(path) or real(self, path))
    most = []
    ingest(database, encoder, docs, SETTINGS, lambda progress: most.append(len(submitted) - progress.done))
    assert len(most) == 12
    assert max(most) <= SETTINGS.reading.processes + 2


def test_warnings_of_the_reader_reach_the_report(database, encoder, folder, monkeypatch):
    path = folder / "en.md"
    original = pipeline.ReaderPool.submit

    class Warned:
        def __init__(self, future):
            self.future = future

        def result(self):
            return dataclasses.replace(self.future.result(), warnings=("Page 2 has no text.",))

    monkeypatch.setattr(pipeline.ReaderPool, "submit", lambda self, path: Warned(original(self, path)))
    report = ingest(database, encoder, path, SETTINGS)
    assert [(warning.path, warning.reason) for warning in report.warnings] == [(str(path), "Page 2 has no text.")]
