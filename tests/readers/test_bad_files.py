"""Every bad file costs itself only: one error of the right class, one sentence that names the file."""

import io
import os
import re
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.errors import DependencyError
from reader_files import LIMITS, PdfPage, assemble, docx, paragraph, pdf, read_file, stream

from kb import errors
from kb.readers import SUPPORTED_SUFFIXES, media_type, read
from kb.settings import ReadingSettings

GOOD = pdf([PdfPage().text(70, 100, "Klaster haqida")])
WORD = docx(paragraph("Klaster haqida"))


def encrypted(password):
    writer = PdfWriter(clone_from=io.BytesIO(GOOD))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    packed = io.BytesIO()
    writer.write(packed)
    return packed.getvalue()


def pdf_bomb():
    tree = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
    ]
    return assemble([*tree, stream(b"", spaces=300), b"<<>>"])


def word_bomb():
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("word/document.xml", "w") as part,
    ):
        for _ in range(300):
            part.write(b" " * 1_000_000)
    return packed.getvalue()


CASES = {
    "empty.pdf": (b"", errors.EmptyDocumentError, "0 bytes"),
    "cut.pdf": (GOOD[: len(GOOD) // 2], errors.DamagedDocumentError, "cut short"),
    "zeros.pdf": (b"\0" * 4000, errors.DamagedDocumentError, "empty bytes"),
    "picture.pdf": (b"\x89PNG\r\n\x1a\n" + b"x" * 99, errors.DamagedDocumentError, "PNG"),
    "page.pdf": (b"<!DOCTYPE html><html><body>404</body></html>", errors.DamagedDocumentError, "a web page"),
    "word.pdf": (WORD, errors.DamagedDocumentError, "a Word document"),
    "locked.pdf": (encrypted("secret"), errors.EncryptedDocumentError, "password"),
    "scan.pdf": (pdf([PdfPage()] * 3), errors.EmptyDocumentError, "none of its 3 pages has text.*OCR"),
    "bomb.pdf": (pdf_bomb(), errors.DocumentLimitError, "unpacks beyond"),
    "circle.pdf": (re.sub(rb"/Kids\[\d+", b"/Kids[2", GOOD), errors.DamagedDocumentError, "damaged"),
    "bomb.docx": (word_bomb(), errors.DocumentLimitError, "286 MiB"),
    "cut.docx": (WORD[: len(WORD) // 2], errors.DamagedDocumentError, "damaged or cut short"),
    "sheet.docx": (docx("").replace(b"word/", b"xl-1/"), errors.DamagedDocumentError, "without a Word document"),
    "broken.docx": (docx("<w:p>"), errors.DamagedDocumentError, "not valid XML"),
    "locked.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
                    errors.EncryptedDocumentError, "password"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, errors.UnsupportedFormatError, "save it as .docx"),
    "blank.docx": (docx(""), errors.EmptyDocumentError, "no text"),
    "blank.txt": (b" \n\n\t", errors.EmptyDocumentError, "no text"),
    "blank.html": (b"<html><body></body></html>", errors.EmptyDocumentError, "no text"),
    "data.bin": (b"abc", errors.UnsupportedFormatError, "neither the suffix .bin"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_one_error_of_the_right_class(tmp_path, name):
    data, kind, words = CASES[name]
    with pytest.raises(kind, match=words) as caught:
        read_file(tmp_path, name, data)
    assert str(caught.value).startswith(f"{tmp_path / name}: ")
    assert "\n" not in str(caught.value)
    assert type(caught.value) is kind


def test_no_password_is_needed_where_the_empty_one_opens(tmp_path):
    assert read_file(tmp_path, "owner.pdf", encrypted("")).pages[0].text == "Klaster haqida"


@pytest.mark.parametrize("password", ["", "secret"])
def test_encryption_that_pypdf_has_no_package_for(tmp_path, monkeypatch, password):
    def needs_a_package(*_):
        raise DependencyError("cryptography>=3.1 is required for AES algorithm")

    data = encrypted(password)
    monkeypatch.setattr(PdfReader, "decrypt", needs_a_package)
    if password:
        with pytest.raises(errors.EncryptedDocumentError, match="password"):
            read_file(tmp_path, "aes.pdf", data)
    else:
        assert read_file(tmp_path, "aes.pdf", data).pages[0].text == "Klaster haqida"


def test_content_decides_where_the_suffix_says_nothing(tmp_path):
    found = read_file(tmp_path, "download", GOOD)
    assert (found.media_type, found.pages[0].text) == ("application/pdf", "Klaster haqida")
    assert read_file(tmp_path, "saved.txt", GOOD).media_type == "application/pdf"


def test_a_file_that_is_gone_or_closed_to_us(tmp_path, monkeypatch):
    with pytest.raises(errors.VanishedDocumentError, match="gone"):
        read(tmp_path / "gone.pdf", LIMITS)
    with pytest.raises(errors.VanishedDocumentError, match=re.escape(os.strerror(21))):
        read(tmp_path, LIMITS)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(errors.VanishedDocumentError, match="no permission"):
        read(tmp_path / "closed.pdf", LIMITS)


@pytest.mark.parametrize(
    ("limits", "name", "data", "words"),
    [
        (ReadingSettings(max_bytes=100), "a.pdf", GOOD, "over the limit of 0.0 MiB.*reading.max_bytes"),
        (ReadingSettings(max_pages=2), "a.pdf", pdf([PdfPage()] * 3), "3 pages, over the limit of 2"),
        (ReadingSettings(max_pages=2), "a.txt", b"a\fb\fc", "3 pages, over the limit of 2"),
        (ReadingSettings(max_characters=9), "a.txt", b"0123456789 abc", "more than 9 characters"),
        (ReadingSettings(max_characters=9), "a.pdf", GOOD, "more than 9 characters"),
        (ReadingSettings(memory_bytes=3200), "a.docx", WORD, "over the limit of 0 MiB"),
    ],
)
def test_limits(tmp_path, limits, name, data, words):
    with pytest.raises(errors.DocumentLimitError, match=words):
        read_file(tmp_path, name, data, limits)


def test_suffixes_and_media_types(tmp_path):
    assert {".pdf", ".docx", ".html", ".htm", ".md", ".txt"} <= SUPPORTED_SUFFIXES
    assert media_type(Path("A.PDF"), GOOD) == "application/pdf"
    assert media_type(Path("a.md"), b"# A") == "text/markdown"
    assert media_type(Path("a.html"), b"no tags") == "text/html"


def test_a_page_with_a_fault_does_not_cost_the_others(tmp_path):
    broken = PdfPage().text(70, 100, "Ikkinchi sahifa")
    broken.filter = "/Filter/Nonsense"
    found = read_file(tmp_path, "a.pdf", pdf([PdfPage().text(70, 100, "Birinchi sahifa"), broken]))
    assert [page.text for page in found.pages] == ["Birinchi sahifa", ""]
    assert any("pages have no text (2)" in warning for warning in found.warnings)
