"""Everything that can be wrong with a folder, at once: each file gets one clear message, the rest is indexed."""

import json
import os
import re
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from corpus_files import built
from pypdf import PdfWriter

from kb import KnowledgeBase

GOOD = "# Beekeeping cluster\n\nThe honey cooperative of Tolzor pays beekeepers within nine days of delivery.\n"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa7\x9a\xa0\xa0\x00\x00\x00\x00IEND\xaeB`\x82"
)
MEBIBYTE = 1 << 20


def bomb_pdf(path: Path) -> None:
    """Write a PDF of about two megabytes whose only content stream unpacks to two gigabytes of spaces."""
    packer = zlib.compressobj(9)
    spaces = b" " * MEBIBYTE
    stream = b"".join([*(packer.compress(spaces) for _ in range(2048)), packer.flush()])
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
    ]
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(data)
    data += b"xref\n0 5\n0000000000 65535 f \n" + table
    path.write_bytes(data + b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)


def encrypted_pdf(path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(path)


def scan_pdf(path: Path) -> None:
    writer = PdfWriter()
    for _ in range(3):
        writer.add_blank_page(595, 842)
    writer.write(path)


@pytest.fixture
def folder(tmp_path):
    """Two good documents among bad ones, and a link that leads back to the folder."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a_good.md").write_text(GOOD)
    (docs / "z_good.md").write_text(GOOD.replace("nine", "eleven").replace("Beekeeping", "Late"))
    (docs / "empty.pdf").write_bytes(b"")
    (docs / "truncated.pdf").write_bytes(built("uz01_toqimachilik_strategiya").read_bytes()[:9_000])
    encrypted_pdf(docs / "encrypted.pdf")
    (docs / "picture.pdf").write_bytes(PNG)
    scan_pdf(docs / "scan.pdf")
    (docs / "noise.txt").write_bytes(os.urandom(4096))
    bomb_pdf(docs / "bomb.pdf")
    (docs / "loop").symlink_to(docs, target_is_directory=True)
    (docs / "dangling.md").symlink_to(docs / "nowhere.md")
    return docs


EXPECTED = {
    "empty.pdf": "empty|0 bytes|zero",
    "truncated.pdf": "truncated|damaged|end",
    "encrypted.pdf": "password",
    "picture.pdf": "PNG|image",
    "scan.pdf": "none of its 3 pages has text",
    "noise.txt": "text|binary|encoding",
    "bomb.pdf": "unpack|decompress|limit|more than",
}


def test_each_bad_file_has_its_message_and_the_rest_is_indexed(folder, tmp_path):
    with KnowledgeBase.open(tmp_path / "index") as base:
        report = base.add(folder)
        reasons = {Path(failure.path).name: failure.reason for failure in report.failed}
        assert report.indexed == 2, reasons
        for name, pattern in EXPECTED.items():
            assert name in reasons
            assert "\n" not in reasons[name]
            assert re.search(pattern, reasons[name], re.IGNORECASE), reasons[name]
        assert base.search("when are beekeepers paid", k=1)[0].document.title in {"Beekeeping cluster", "Late cluster"}
        assert base.verify().ok


def test_the_command_says_so_with_its_exit_code(folder, tmp_path):
    command = [sys.executable, "-m", "kb", "index", str(folder), "--index", str(tmp_path / "index"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    report = json.loads(done.stdout)
    assert report["indexed"] == 2
    assert {Path(failure["path"]).name for failure in report["failed"]} >= set(EXPECTED)
    assert "Traceback" not in done.stderr


def test_a_file_that_vanishes_while_the_batch_runs_costs_only_itself(tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(12):
        (docs / f"n{number:02}.md").write_text(GOOD.replace("nine", f"{number} and"))

    def vanish(progress):
        if progress.done == 1:
            (docs / "n11.md").unlink()

    with KnowledgeBase.open(tmp_path / "index") as base:
        report = base.add(docs, progress=vanish)
        assert report.indexed == 11
        assert [Path(failure.path).name for failure in report.failed] == ["n11.md"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_costs_only_itself(tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "good.md").write_text(GOOD)
    (docs / "closed.md").write_text(GOOD)
    (docs / "closed.md").chmod(0)
    with KnowledgeBase.open(tmp_path / "index") as base:
        report = base.add(docs)
        assert report.indexed == 1
        assert "permission" in report.failed[0].reason.lower()
