"""The illustrative documents are complete, parse in their formats, and carry every quote that the questions cite."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pathspec
import pypdf
import pytest
from lxml import etree, html
from markdown_it import MarkdownIt

CORPUS = Path(__file__).parent.parent / "corpus"
PAGES: dict[str, dict[str, Any]] = json.loads((CORPUS / "pages.json").read_text(encoding="utf-8"))
NAMES = sorted(PAGES)
CYRILLIC_1251 = ("ru04_plodoovoshi_logistika.txt", "ru05_remesla_ocenka.html")


def squeezed(text: str) -> str:
    return " ".join(text.split())


def source_text(stem: str) -> str:
    return (CORPUS / "sources" / f"{stem}.md").read_text(encoding="utf-8").replace("**", "")


def indexable() -> list[str]:
    ignored = pathspec.GitIgnoreSpec.from_lines((CORPUS / ".kbignore").read_text(encoding="utf-8").splitlines())
    files = (path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*") if path.is_file())
    return sorted(name for name in files if name != ".kbignore" and not ignored.match_file(name))


def test_indexing_the_folder_takes_the_built_documents_and_nothing_else() -> None:
    assert indexable() == NAMES


def test_every_format_is_present() -> None:
    assert Counter(Path(name).suffix for name in NAMES) == {
        ".pdf": 14,
        ".docx": 6,
        ".html": 4,
        ".txt": 2,
        ".md": 1,
    }


def test_every_document_has_a_source_and_every_source_a_document() -> None:
    assert sorted(Path(name).stem for name in NAMES) == sorted(path.stem for path in (CORPUS / "sources").glob("*.md"))


def test_every_gold_quote_stands_in_its_source() -> None:
    texts = {Path(name).stem: squeezed(source_text(Path(name).stem)) for name in NAMES}
    lines = (CORPUS / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    quotes = [(gold["document"], gold["quote"]) for question in questions for gold in question.get("gold", [])]
    assert len(quotes) > 100
    assert [quote for document, quote in quotes if squeezed(quote) not in texts[document]] == []


@pytest.mark.parametrize("name", NAMES)
def test_pages_json_holds_every_source_block_in_order(name: str) -> None:
    known: dict[int, list[str]] = {}
    for page in PAGES[name]["pages"]:
        for part in page["parts"]:
            known.setdefault(part["block"], []).append(part["text"])
    blocks = [block.lstrip("# ") for block in source_text(Path(name).stem).strip().split("\n\n")]
    assert [" ".join(known[number]) for number in range(len(blocks))] == blocks
    assert len(known) == len(blocks)


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".pdf")])
def test_a_pdf_has_the_known_pages_and_real_text(name: str) -> None:
    reader = pypdf.PdfReader(CORPUS / name)
    pages = PAGES[name]["pages"]
    assert len(reader.pages) == len(pages) >= 2
    if "/PageLabels" in reader.root_object:
        assert reader.page_labels == [page["label"] for page in pages]
    for page, record in zip(reader.pages, pages, strict=True):
        text = "".join(filter(str.isalnum, page.extract_text()))
        for part in record["parts"]:
            assert "".join(filter(str.isalnum, part["text"])) in text


def test_some_pdfs_have_page_labels_and_some_only_printed_numbers() -> None:
    first = {name: PAGES[name]["pages"][0]["label"] for name in NAMES if name.endswith(".pdf")}
    labelled = {name for name in first if "/PageLabels" in pypdf.PdfReader(CORPUS / name).root_object}
    assert {first[name] for name in labelled} == {"i"}
    assert {first[name] for name in first.keys() - labelled} == {"1", "5", "37", "112"}


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".docx")])
def test_a_docx_has_headings_header_footer_and_text(name: str) -> None:
    with zipfile.ZipFile(CORPUS / name) as package:
        assert package.testzip() is None
        body = etree.fromstring(package.read("word/document.xml"))
        parts = package.namelist()
    text = "\n".join("".join(paragraph.itertext()) for paragraph in body.iter("{*}p"))
    assert all(block.lstrip("# ") in text for block in source_text(Path(name).stem).strip().split("\n\n"))
    styles = Counter(style.get(f"{{{style.nsmap['w']}}}val") for style in body.iter("{*}pStyle"))
    assert styles["Title"] == 1
    assert styles["Heading1"] >= 6
    assert any("header" in part for part in parts)
    assert any("footer" in part for part in parts)


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".html")])
def test_an_html_page_surrounds_its_article_with_furniture(name: str) -> None:
    content = (CORPUS / name).read_bytes()
    tree = html.document_fromstring(content)
    text = squeezed(tree.find(".//article").text_content())
    assert all(squeezed(block.lstrip("# ")) in text for block in source_text(Path(name).stem).split("\n\n"))
    assert {"nav", "aside", "footer", "script"} <= {element.tag for element in tree.iter(etree.Element)}


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".txt")])
def test_a_text_file_is_wrapped_by_lines_and_parted_by_empty_lines(name: str) -> None:
    encoding = "windows-1251" if name in CYRILLIC_1251 else "utf-8"
    text = (CORPUS / name).read_bytes().decode(encoding).replace("\r\n", "\n")
    blocks = [block.lstrip("# ") for block in source_text(Path(name).stem).strip().split("\n\n")]
    assert [squeezed(chunk) for chunk in text.split("\n\n")] == blocks
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("name", CYRILLIC_1251)
def test_the_older_russian_files_are_not_utf8(name: str) -> None:
    with pytest.raises(UnicodeDecodeError):
        (CORPUS / name).read_bytes().decode("utf-8")


def test_the_markdown_file_has_headings_and_a_table() -> None:
    name = next(name for name in NAMES if name.endswith(".md"))
    kinds = Counter(
        token.type for token in MarkdownIt().enable("table").parse((CORPUS / name).read_text(encoding="utf-8"))
    )
    assert kinds["table_open"] == 1
    assert kinds["heading_open"] == 10


def test_the_built_documents_stay_small() -> None:
    assert sum((CORPUS / name).stat().st_size for name in NAMES) < 4 * 1024 * 1024
