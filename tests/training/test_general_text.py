"""Packages become lines of prose and aligned rows; markup, code, other languages and unsure pairs do not."""

import struct
import subprocess

import general_text
import package_readers
import pytest
from check_overlap import runs

ENGLISH = "The ferry crosses the wide river twice a day, and in winter it waits for the ice to break."
RUSSIAN = "Паром пересекает широкую реку дважды в день, а зимой ждёт, пока не сойдёт последний лёд."
SECOND = "Nobody in the village remembers who planted the old mulberry trees along the canal."
SECOND_RUSSIAN = "Никто в деревне не помнит, кто посадил старые тутовые деревья вдоль этого канала."


def page(*paragraphs):
    return "<html><head><title>x</title></head><body>" + "".join(f"<p>{one}</p>\n" for one in paragraphs) + "</body>"


def catalogue(messages):
    """A .mo file of the messages, as msgfmt writes it."""
    pairs = sorted((key.encode(), value.encode()) for key, value in messages.items())
    start, texts, tables = 28 + 16 * len(pairs), b"", [b"", b""]
    for column in (0, 1):
        for pair in pairs:
            tables[column] += struct.pack("<2I", len(pair[column]), start + len(texts))
            texts += pair[column] + b"\0"
    header = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return header + tables[0] + tables[1] + texts


@pytest.fixture
def packages(tmp_path):
    """A folder with one real Debian package of pages, a catalogue in two languages and a page in a third."""
    root = tmp_path / "tree"
    files = {
        "usr/share/help/C/boat/a.page": page(f"<em>{ENGLISH}</em>", "<pre>if (x) return the_end;</pre>" + SECOND),
        "usr/share/help/ru/boat/a.page": page(RUSSIAN, SECOND_RUSSIAN),
        "usr/share/help/de/boat/a.page": page("Die alte Fähre lag an dem Ufer und war der Stolz von dem Dorf."),
        "usr/share/help/C/boat/b.page": page(ENGLISH, "The third page says something the other one leaves out."),
        "usr/share/help/ru/boat/b.page": page(SECOND_RUSSIAN),
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    for language, messages in {
        "ru": {"": "header", "Open the _gate": "_Открыть ворота", "%d boats": "%d лодок"},
        "uz": {"": "header", "Open the _gate": "_Darvozani ochish"},
    }.items():
        (root / f"usr/share/locale/{language}/LC_MESSAGES").mkdir(parents=True)
        (root / f"usr/share/locale/{language}/LC_MESSAGES/boat.mo").write_bytes(catalogue(messages))
    control = "Package: boat\nVersion: 1\nArchitecture: all\nMaintainer: A <a@b.c>\nDescription: x\n"
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN" / "control").write_text(control, encoding="utf-8")
    folder = tmp_path / "packages"
    folder.mkdir()
    subprocess.run(["dpkg-deb", "--build", str(root), str(folder / "boat_1_all.deb")], check=True, capture_output=True)
    return folder


def test_prose_is_taken_in_its_language_without_markup_or_code(packages):
    prose = general_text.collect(packages).prose
    assert set(prose["en"]) == {ENGLISH, SECOND, "The third page says something the other one leaves out."}
    assert set(prose["ru"]) == {RUSSIAN, SECOND_RUSSIAN}


def test_rows_join_messages_and_pages_of_equal_structure_only(packages):
    rows = set(general_text.aligned(general_text.collect(packages)))
    assert rows == {
        ("", RUSSIAN, ENGLISH),
        ("", SECOND_RUSSIAN, SECOND),
        ("Darvozani ochish", "Открыть ворота", "Open the gate"),
    }


def test_what_repeats_a_measured_text_is_left_out(packages, tmp_path, monkeypatch, capsys):
    (tmp_path / "data" / "eval").mkdir(parents=True)
    (tmp_path / "data" / "eval" / "measured.txt").write_text(f"So: {ENGLISH}\n", encoding="utf-8")
    out = tmp_path / "out"
    monkeypatch.setattr("sys.argv", ["x", str(packages), str(out), "--check", str(tmp_path / "data")])
    general_text.main()
    capsys.readouterr()
    written = {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()}
    assert not set(runs(ENGLISH)) & set(runs(written["general_en.txt"]))
    assert ENGLISH not in written["general.tsv"]
    assert SECOND in written["general_en.txt"]
    assert written["general.tsv"].startswith("uz\tru\ten\n")


def test_a_package_gives_no_more_than_its_cap(packages, monkeypatch):
    monkeypatch.setattr(general_text, "CAP", 100)
    prose = general_text.collect(packages).prose
    assert all(len(lines) == 1 for lines in prose.values())


def test_manual_pages_lose_macros_escapes_and_examples():
    source = (
        b".TH X 1\n.SH NAME\nx \\- a \\fBname\\fP\n.PP\nThe\n.BR cat (1)\ncommand.\n.EX\nrun\n.fi\n.EE\n.TP\nlast\n"
    )
    [(language, key, parts)] = package_readers.read_manual("./usr/share/man/ru/man1/x.1", source)
    assert (language, key) == ("ru", "man1/x.1")
    assert [" ".join(part.split()) for part in parts] == ["x - a name", "The cat(1) command.", "last"]


@pytest.mark.parametrize(
    ("sides", "sure"),
    [
        ({"ru": RUSSIAN, "en": ENGLISH}, True),
        ({"ru": "Осталось 3 дня", "en": "There are 5 days left"}, False),
        ({"ru": "Открыть файл %s", "en": "Open the file %s"}, False),
        ({"ru": "Да", "en": "Nobody in the village remembers who"}, False),
        ({"ru": ENGLISH, "en": ENGLISH}, False),
    ],
)
def test_only_likely_translations_become_rows(sides, sure):
    assert general_text.translate(sides) is sure
