"""Text files: encodings, wrapped lines, pages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_files import block_texts, read_file, wrapped

from kb.errors import DamagedDocumentError
from kb.readers.encodings import decode

RUSSIAN = "Протокол заседания координационного совета кластера. Срок исполнения – до 1 июля 2025 года."
UZBEK = "Мажлис баёни: кластер ўзининг йиллик режасини тасдиқлади, йўл харажатлари камайди."
UZBEK_IN_CP1251 = "Кластер йўл харажатларини камайтириш бўйича ўз режасини тузди ва уни вилоят кенгашига топширди."
ENGLISH = "The cluster’s board — nine members — met at the café “Zarafshon” and approved the résumé of measures."
WORDS = RUSSIAN.split() + UZBEK_IN_CP1251.split()
LETTERS_ONLY = [word for word in WORDS if word.isalpha()]
UZBEK_2026 = "Klaster özining yillik rejasini tasdiqladi, yöl harajatlari kamaydi, işlab çiqariş oşdi."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [RUSSIAN, UZBEK, ENGLISH, UZBEK_2026, "Oʻzbekiston"])
def test_unicode(tmp_path, encoding, text):
    assert decode(tmp_path, text.encode(encoding)) == (text, [])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(RUSSIAN.replace("–", "-"), name) for name in ("cp1251", "koi8-r", "cp866", "iso8859-5")]
    + [(UZBEK_IN_CP1251, "cp1251"), (ENGLISH, "cp1252"), (UZBEK_2026, "cp1254"), (RUSSIAN, "cp1251")]
    + [(word, name) for word in ("Кластер", "УСТАВ КЛАСТЕРА", "Сроки и цели") for name in ("cp1251", "koi8-r", "cp866")]
    + [("Йўл ва кўприк", "cp1251"), ("O‘zbekiston klasteri", "cp1252")],
)
def test_eight_bit_encodings_of_short_texts(tmp_path, text, encoding):
    assert decode(tmp_path, text.encode(encoding))[0] == text


@settings(max_examples=60)
@given(words=st.lists(st.sampled_from(LETTERS_ONLY), min_size=4, max_size=12, unique=True))
def test_any_few_words_in_windows_1251(tmp_path_factory, words):
    text = " ".join(words)
    assert decode(tmp_path_factory.getbasetemp(), text.encode("cp1251"))[0] == text


def test_one_damaged_byte_costs_a_warning_not_the_encoding(tmp_path):
    data = (RUSSIAN * 3).encode()
    text, [warning] = decode(tmp_path, data[:41] + b"\xff" + data[41:])
    assert text.startswith("Протокол заседания")
    assert "not valid UTF-8" in warning


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\x00\x01\x02\x03" * 100, b"\xff\xfe" + b"\x00\xd8" * 200])
def test_binary_content_is_refused(tmp_path, data):
    with pytest.raises(DamagedDocumentError, match=r"data\.txt"):
        read_file(tmp_path, "data.txt", data)


def test_wrapped_lines_become_paragraphs_again(tmp_path):
    first, second = (RUSSIAN + " ") * 3, (UZBEK + " ") * 3
    text = "Заголовок\n\n" + "\n".join(wrapped(first.strip(), 60)) + "\n\n" + "\n".join(wrapped(second.strip(), 60))
    found = read_file(tmp_path, "a.txt", text)
    assert found.title == "Заголовок"
    assert block_texts(found.pages[0]) == ["Заголовок", first.strip(), second.strip()]


def test_paragraphs_of_wrapped_lines_without_empty_lines(tmp_path):
    first, second = ((RUSSIAN + " ") * 3).strip(), ((UZBEK + " ") * 3).strip()
    text = "\n".join(["Заголовок документа", *wrapped(first, 60), *wrapped(second, 60)])
    assert block_texts(read_file(tmp_path, "a.txt", text).pages[0]) == ["Заголовок документа", first, second]


def test_an_empty_line_after_every_line(tmp_path):
    first, second = ((RUSSIAN + " ") * 3).strip(), ((UZBEK + " ") * 3).strip()
    text = "\n\n".join(["Заголовок документа", *wrapped(first, 60), *wrapped(second, 60)])
    assert block_texts(read_file(tmp_path, "a.txt", text).pages[0]) == ["Заголовок документа", first, second]


def test_one_line_a_paragraph(tmp_path):
    lines = ["Сарлавҳа", UZBEK * 3, RUSSIAN * 4, "Қисқа якун."]
    assert block_texts(read_file(tmp_path, "a.txt", "\n".join(lines)).pages[0]) == lines


def test_lists_headings_and_pages(tmp_path):
    text = f"Дастур\n\n1. Мақсад\n\n{UZBEK}\n\n- биринчи иш\n- иккинчи иш\n\f2. Муддат\n\n{RUSSIAN}\n"
    text = text.replace("\n", "\r\n")
    found = read_file(tmp_path, "a.txt", text)
    assert [page.label for page in found.pages] == ["1", "2"]
    assert [block.kind for block in found.pages[0].blocks] == [
        "title",
        "heading",
        "paragraph",
        "list_item",
        "list_item",
    ]
    assert [block.kind for block in found.pages[1].blocks] == ["heading", "paragraph"]
    assert found.pages[0].text.endswith("- биринчи иш\n- иккинчи иш")
