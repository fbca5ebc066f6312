"""Markdown: the text that is seen, with what it is."""

from reader_files import block_texts, read_file

TEXT = """---
title: "Ignored"
date: 2024-05-06
---
# Klaster **dasturi**

Bir *muhim* [havola](http://example.org) va `kod`,
ikkinchi satr&nbsp;davomi.<!-- izoh -->

## 1. Maqsad

- birinchi
- ikkinchi band
  davomi

1. bir
2. ikki

   ikkinchi xatboshi

| Manba | Ulush |
|-------|-------|
| Bank  | 58 %  |

**Qisqa.** Oʻzbek — ‘matn’, “qoʻshtirnoq”.
"""


def test_marks_are_rendered_away(tmp_path):
    found = read_file(tmp_path, "a.md", TEXT)
    assert found.title == "Klaster dasturi"
    assert found.date == "2024-05-06"
    [page] = found.pages
    assert page.text == (
        "Klaster dasturi\n\nBir muhim havola va kod, ikkinchi satr davomi.\n\n1. Maqsad\n\n"
        "birinchi\nikkinchi band davomi\n1. bir\n2. ikki\nikkinchi xatboshi\n\n"
        "Manba | Ulush\nBank | 58 %\n\nQisqa. Oʻzbek — ‘matn’, “qoʻshtirnoq”."
    )
    assert block_texts(page, "heading") == ["1. Maqsad"]
    assert [block.level for block in page.blocks if block.kind == "heading"] == [2]


def test_without_a_heading_the_first_line_names_the_document(tmp_path):
    assert read_file(tmp_path, "a.md", "Oddiy matn.\n\nYana.").title == "Oddiy matn."


def test_html_in_markdown_leaves_its_text(tmp_path):
    found = read_file(tmp_path, "a.md", "# A\n\n<div>Ichki <b>matn</b></div>\n\n<script>x()</script>\n\nbir<br>ikki\n")
    assert block_texts(found.pages[0]) == ["A", "Ichki matn", "bir ikki"]
