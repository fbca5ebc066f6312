"""Paragraphs, columns, lists, tables and headings of PDF pages whose geometry is known to the point."""

import pytest
from reader_files import PdfPage, block_texts, pdf, read_file, wrapped

FIRST = (
    "Кластер деганда ҳудудий жиҳатдан яқин жойлашган, бир-бирини тўлдирувчи корхоналар бирлашмаси тушунилади. "
    "Унинг қатнашчилари умумий бозор, умумий хомашё ва умумий ғамхўрлик билан боғланган бўлади."
)
SECOND = (
    "Subsidiya qaytarilmaydigan mablagʻ hisoblanadi va faqat amalda toʻlangan, hujjat bilan tasdiqlangan xarajatlar "
    "uchun beriladi. Nizom 2025-yil 1-martdan kuchga kiradi va 2027-yil oxirigacha amalda boʻladi."
)
THIRD = (
    "Головные заводы публикуют трёхлетний прогноз закупок и рассчитываются с поставщиками не позднее 45 дней после "
    "приёмки. При задержке свыше 60 дней завод теряет право на налоговый вычет по программе, а с ним и льготы."
)


def one_page(tmp_path, page, **options):
    return read_file(tmp_path, "page.pdf", pdf([page], **options)).pages[0]


def test_lines_become_paragraphs_where_space_parts_them(tmp_path):
    page = PdfPage()
    below = page.lines(70, 100, wrapped(FIRST, 80))
    page.lines(70, below + 8, wrapped(SECOND, 80))
    assert one_page(tmp_path, page).text == f"{FIRST}\n\n{SECOND}"


def test_an_indent_begins_a_paragraph_without_any_space(tmp_path):
    page = PdfPage()
    y = 100
    for text in (FIRST, SECOND, THIRD):
        first, *rest = wrapped("    " + text, 80)
        page.text(90, y, first.strip())
        y = page.lines(70, y + 12, rest)
    assert block_texts(one_page(tmp_path, page)) == [FIRST, SECOND, THIRD]


def test_a_line_that_left_room_for_the_next_word_ends_a_paragraph(tmp_path):
    page = PdfPage()
    below = page.lines(70, 100, wrapped(FIRST, 80))
    below = page.lines(70, below, wrapped(SECOND, 80))
    page.lines(70, below, wrapped(THIRD, 80))
    assert block_texts(one_page(tmp_path, page)) == [FIRST, SECOND, THIRD]


def test_double_spaced_lines_are_still_one_paragraph(tmp_path):
    page = PdfPage()
    below = page.lines(70, 100, wrapped(FIRST, 60), leading=24)
    page.lines(70, below + 14, wrapped(SECOND, 60), leading=24)
    assert block_texts(one_page(tmp_path, page)) == [FIRST, SECOND]


def test_columns_are_read_one_after_the_other(tmp_path):
    page = PdfPage().text(70, 80, "Клaстер сиёсати ва уни баҳолаш тўғрисида катта бир сарлавҳа", 14, bold=True)
    left = wrapped(FIRST + " " + SECOND, 42)
    page.lines(70, 120, left)
    page.lines(310, 123, wrapped(THIRD, 42))
    found = block_texts(one_page(tmp_path, page))
    assert found[1:] == [FIRST + " " + SECOND, THIRD]


def test_a_paragraph_goes_on_at_the_top_of_the_next_column(tmp_path):
    lines = wrapped(FIRST + " " + SECOND + " " + THIRD, 42)
    page = PdfPage()
    page.lines(70, 100, lines[:7])
    page.lines(310, 100, lines[7:])
    assert one_page(tmp_path, page).text == " ".join(lines)


def test_a_heading_across_two_stretches_of_columns_is_read_between_them(tmp_path):
    page = PdfPage()
    for top, (left, right) in ((100, (FIRST, SECOND)), (240, (SECOND, THIRD))):
        page.lines(70, top, wrapped(left, 42))
        page.lines(310, top, wrapped(right, 42))
    page.text(70, 200, "2. Иккинчи бўлим", bold=True)
    assert block_texts(one_page(tmp_path, page)) == [FIRST, SECOND, "2. Иккинчи бўлим", SECOND, THIRD]


@pytest.mark.parametrize("width", [30, 38, 46])
def test_wide_gaps_of_stretched_lines_are_no_table(tmp_path, width):
    page = PdfPage()
    for number, line in enumerate(wrapped(FIRST + " " + SECOND, width)):
        x = 70.0
        words = line.split(" ")
        gap = (5 * width + 10 - sum(5 * len(word) for word in words)) / max(len(words) - 1, 1)
        for word in words:
            page.text(round(x, 2), 100 + 12 * number, word)
            x += 5 * len(word) + gap
    assert one_page(tmp_path, page).text == FIRST + " " + SECOND


def test_letters_from_another_font_do_not_break_words(tmp_path):
    page = PdfPage()
    text = "Har qanday loyiha qadam-baqadam qaralgan."
    for at, character in enumerate(text):
        if character != " ":
            page.text(70 + 5 * at, 100, character, other_font=character in "qdl")
    assert one_page(tmp_path, page).text == text


@pytest.mark.parametrize("ruled", [True, False])
def test_table_rows_stand_on_lines_of_their_own(tmp_path, ruled):
    page = PdfPage()
    page.lines(70, 80, wrapped(FIRST, 80))
    rows = [("Манба", "2024", "2030"), ("Банк кредити", "58", "41"), ("Бюджет", "15", "9")]
    for number, row in enumerate(rows):
        for x, cell in zip((75, 255, 405), row, strict=True):
            page.text(x, 150 + 20 * number, cell)
    if ruled:
        for y in (136, 156, 176, 196):
            page.rule(70, y, 500, y)
        for x in (70, 250, 400, 500):
            page.rule(x, 136, x, 196)
    page.lines(70, 230, wrapped(SECOND, 80))
    read_page = one_page(tmp_path, page)
    assert block_texts(read_page, "table_row") == [" | ".join(row) for row in rows]
    assert read_page.text == f"{FIRST}\n\n" + "\n".join(" | ".join(row) for row in rows) + f"\n\n{SECOND}"


def test_a_cell_of_several_lines_and_a_merged_cell_stay_whole(tmp_path):
    page = PdfPage()
    page.lines(75, 114, ["Хорижий сармоя", "ва ҳамкорлар"])
    page.text(255, 120, "27")
    page.text(255, 160, "Жами бўйича юз фоиз")
    page.text(75, 160, "Жами")
    for y in (100, 140, 180):
        page.rule(70, y, 500, y)
    for x, bottom in ((70, 180), (250, 180), (300, 140), (500, 180)):
        page.rule(x, 100, x, bottom)
    page.text(305, 120, "фоиз")
    assert block_texts(one_page(tmp_path, page)) == [
        "Хорижий сармоя ва ҳамкорлар | 27 | фоиз",
        "Жами | Жами бўйича юз фоиз",
    ]


def test_list_items_with_hanging_lines(tmp_path):
    page = PdfPage()
    page.lines(70, 80, wrapped(FIRST, 80))
    items = ["1) " + SECOND, "2) " + THIRD, "• Учинчи банд"]
    y = 130
    for item in items:
        marker, rest = item.split(" ", 1)
        page.text(70, y, marker)
        y = page.lines(86, y, wrapped(rest, 70))
    assert block_texts(one_page(tmp_path, page), "list_item") == items


def test_a_dash_at_the_start_of_a_wrapped_line_is_no_list(tmp_path):
    text = (
        "Эксклюзив ҳуқуқлар ва лицензиялар бўйича барча келишувлар натижалари – кластер мулки ҳисобланади ва сақланади."
    )
    page = PdfPage()
    at = text.index("–")
    page.lines(70, 100, [text[: at - 1], text[at:]])
    assert one_page(tmp_path, page).text == text


def test_title_and_heading_levels_follow_type_size(tmp_path):
    page = PdfPage().text(70, 80, "Кластерлар дастури", 18, bold=True)
    page.text(70, 110, "1. Мақсад", 14, bold=True)
    below = page.lines(70, 130, wrapped(FIRST, 80))
    page.text(70, below + 14, "1.1. Вазифалар", bold=True)
    page.lines(70, below + 32, wrapped(SECOND, 80))
    found = read_file(tmp_path, "page.pdf", pdf([page]))
    assert [(block.kind, block.level) for block in found.pages[0].blocks] == [
        ("title", 0), ("heading", 1), ("paragraph", 0), ("heading", 2), ("paragraph", 0),
    ]  # fmt: skip
    assert found.title == "Кластерлар дастури"


def test_a_bold_run_at_the_start_of_a_paragraph_is_no_heading(tmp_path):
    page = PdfPage()
    lines = wrapped("Калит сўзлар: " + FIRST, 80)
    page.text(70, 100, "Калит сўзлар:", bold=True)
    page.text(70 + 5 * 14, 100, lines[0][14:])
    page.lines(70, 112, lines[1:])
    assert block_texts(one_page(tmp_path, page), "paragraph") == ["Калит сўзлар: " + FIRST]


def test_text_that_runs_sideways_comes_last(tmp_path):
    page = PdfPage()
    page.text(40, 400, "Draft of March", matrix="0 1 -1 0")
    page.lines(70, 100, wrapped(FIRST, 80))
    assert block_texts(one_page(tmp_path, page)) == [FIRST, "Draft of March"]


def test_a_page_set_sideways_is_read_like_an_upright_one(tmp_path):
    page = PdfPage()
    for number, line in enumerate(wrapped(FIRST, 60)):
        page.text(100 + 12 * number, 700, line, matrix="0 1 -1 0")
    assert one_page(tmp_path, page).text == FIRST


def test_a_drawn_bullet_begins_a_list_item(tmp_path):
    page = PdfPage()
    page.lines(70, 80, wrapped(FIRST, 80))
    for y, text in ((130, "Биринчи банд матни"), (142, "Иккинчи банд матни")):
        page.content.append(f"72 {842 - y + 2} 4 4 re f")
        page.text(84, y, text)
    assert block_texts(one_page(tmp_path, page), "list_item") == ["Биринчи банд матни", "Иккинчи банд матни"]
