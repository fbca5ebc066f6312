"""Word documents made by hand from the elements that real ones have."""

from reader_files import block_texts, docx, paragraph, read_file

STYLES = """<w:styles XMLNS>
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Own"/><w:basedOn w:val="1"/></w:style>
<w:style w:type="paragraph" w:styleId="z2"><w:name w:val="Заголовок 2"/></w:style>
<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style></w:styles>"""
NUMBERING = """<w:numbering XMLNS><w:abstractNum w:abstractNumId="5">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="6">
<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="6"/></w:num>
</w:numbering>"""


def numbered(text, number=1, level=0):
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def styled(text, style):
    return paragraph(text, f'<w:pStyle w:val="{style}"/>')


def test_styles_make_title_and_headings(tmp_path):
    body = (
        styled("Nizom", "t") + styled("Umumiy", "1") + paragraph("Matn.") + styled("Oʻz", "Own") + styled("Ikki", "z2")
    )
    outlined = paragraph("Uch", '<w:outlineLvl w:val="2"/>')
    by_hand = paragraph("Qoʻlda ajratilgan", run="<w:b/>") + paragraph("Table 1. Shares", run="<w:b/>")
    found = read_file(tmp_path, "a.docx", docx(body + outlined + by_hand, styles=STYLES))
    assert found.title == "Nizom"
    assert [(block.kind, block.level) for block in found.pages[0].blocks] == [
        ("title", 0), ("heading", 1), ("paragraph", 0), ("heading", 1), ("heading", 2), ("heading", 3), ("heading", 6),
        ("paragraph", 0),
    ]  # fmt: skip


def test_lists_show_the_numbers_that_word_counts(tmp_path):
    items = [("bir", 1, 0), ("ichki", 1, 1), ("yana", 1, 1), ("ikki", 1, 0), ("ichki", 1, 1), ("nuqta", 2, 0)]
    found = read_file(tmp_path, "a.docx", docx("".join(numbered(*item) for item in items), numbering=NUMBERING))
    assert found.pages[0].text == "1. bir\n1.a) ichki\n1.b) yana\n2. ikki\n2.a) ichki\nnuqta"
    assert {block.kind for block in found.pages[0].blocks} == {"list_item"}


def test_insertions_count_and_deletions_do_not(tmp_path):
    body = (
        "<w:p><w:r><w:t>Subsidiya </w:t></w:r><w:del><w:r><w:delText>25</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>35</w:t></w:r></w:ins><w:r><w:t xml:space='preserve"
        "'> foiz</w:t></w:r><w:moveFrom><w:r><w:t>eski</w:t></w:r></w:moveFrom></w:p>"
    )
    assert read_file(tmp_path, "a.docx", docx(body)).pages[0].text == "Subsidiya 35 foiz"


def test_breaks_of_author_and_layout_make_pages(tmp_path):
    rendered = "<w:r><w:lastRenderedPageBreak/></w:r>"
    body = (
        "<w:p><w:r><w:t>birinchi yarmi</w:t></w:r>" + rendered + "<w:r><w:t>ikkinchi yarmi</w:t></w:r></w:p>"
        '<w:p><w:r><w:br w:type="page"/></w:r></w:p><w:p>' + rendered + "<w:r><w:t>uchinchi</w:t></w:r></w:p>"
        + paragraph("toʻrtinchi", "<w:pageBreakBefore/>")
    )  # fmt: skip
    pages = read_file(tmp_path, "a.docx", docx(body)).pages
    assert [(page.label, page.text) for page in pages] == [
        ("1", "birinchi yarmi"), ("2", "ikkinchi yarmi"), ("3", "uchinchi"), ("4", "toʻrtinchi"),
    ]  # fmt: skip


def test_sections_number_their_pages(tmp_path):
    roman = '<w:sectPr><w:pgNumType w:fmt="lowerRoman" w:start="1"/></w:sectPr>'
    plain = '<w:sectPr><w:type w:val="nextPage"/><w:pgNumType w:start="5"/></w:sectPr>'
    broken = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    body = paragraph("bir") + broken + paragraph("ikki", roman) + paragraph("uch") + broken + paragraph("toʻrt") + plain
    assert [page.label for page in read_file(tmp_path, "a.docx", docx(body)).pages] == ["i", "ii", "5", "6"]


def test_tables_text_boxes_links_notes_and_symbols(tmp_path):
    cell = "<w:tc>{}{}</w:tc>"
    merged = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>', "<w:tcPr><w:vMerge/></w:tcPr>"
    rows = [
        cell.format(merged[0], paragraph("Manba")) + cell.format("", paragraph("2024") + paragraph("yil")),
        cell.format(merged[1], paragraph("")) + cell.format("", paragraph("58")),
    ]
    box = (
        "<w:p><w:r><w:t>Oldida</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>" + paragraph("Ramkada")
        + "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>" + paragraph("Ramkada") + "</w:txbxContent>"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )  # fmt: skip
    linked = (
        "<w:p><w:hyperlink><w:r><w:t>Qonun</w:t></w:r></w:hyperlink><w:r><w:noBreakHyphen/><w:t>1</w:t><w:tab/>"
        '<w:t>soʻz</w:t><w:footnoteReference w:id="2"/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>sir</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText></w:r></w:p>'
    )
    notes = f'<w:footnotes XMLNS><w:footnote w:id="2">{paragraph("Izoh matni.")}</w:footnote></w:footnotes>'
    table = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    found = read_file(tmp_path, "a.docx", docx(table + box + linked, footnotes=notes))
    assert block_texts(found.pages[0]) == ["Manba | 2024 yil", "58", "Oldida", "Ramkada", "Qonun-1 soʻz", "Izoh matni."]


def test_properties_serve_where_the_text_tells_nothing(tmp_path):
    core = (
        '<c xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:t="http://purl.org/dc/terms/"><dc:title>Reja</dc:title>'
        "<t:created>2024-11-05T09:00:00Z</t:created></c>"
    )
    found = read_file(tmp_path, "a.docx", docx(paragraph("Oddiy matn, sanasiz."), core=core))
    assert (found.title, found.date) == ("Reja", "2024-11-05")
