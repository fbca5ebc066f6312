"""Running heads and feet leave the text; page numbers become labels."""

import pytest
from reader_files import PdfPage, pdf, read_file, wrapped

TEXTS = [
    "Биринчи саҳифада кластернинг мақсад ва вазифалари ҳақида сўз боради, улар беш йилга мўлжалланган. ",
    "Иккинчи саҳифада молиялаштириш манбалари келтирилган: банк кредити, бюджет ва хорижий сармоя. ",
    "Учинчи саҳифада масъул идоралар ва муддатлар белгиланган, назорат вилоят ҳокимлигига юкланган. ",
    "Тўртинчи саҳифада хавфлар ва уларни камайтириш чоралари тавсифланган, сўнгида хулосалар бор. ",
]


def pages_with(furniture, count=4):
    """Pages of two paragraphs; `furniture(index)` gives (x, y, text) to draw on the page `index`, from 1."""
    pages = []
    for index in range(1, count + 1):
        page = PdfPage()
        below = page.lines(70, 100, wrapped((TEXTS[index - 1] * 3).strip(), 80))
        page.lines(70, below + 10, wrapped(TEXTS[index - 1].strip(), 80))
        for x, y, text in furniture(index):
            page.text(x, y, text, 8)
        pages.append(page)
    return pages


def texts(index):
    text = TEXTS[index]
    return f"{(text * 3).strip()}\n\n{text.strip()}"


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "shape", ["{}", "– {} –", "Page {} of 9", "{} / 9", "{}-bet", "стр. {}"], ids=lambda shape: shape.format("N")
)
def test_page_numbers_of_many_shapes(tmp_path, count, shape):
    pages = pages_with(lambda index: [(280, 800, shape.format(index))], count)
    found = read_file(tmp_path, "numbered.pdf", pdf(pages)).pages
    assert [page.text for page in found] == [texts(index) for index in range(count)]
    assert [page.label for page in found] == [str(index) for index in range(1, count + 1)]


def test_numbers_that_begin_elsewhere(tmp_path):
    pages = pages_with(lambda index: [(70, 50, "Илмий тўплам, 2025, № 3"), (500, 50, str(111 + index))])
    found = read_file(tmp_path, "article.pdf", pdf(pages)).pages
    assert [page.label for page in found] == ["112", "113", "114", "115"]
    assert [page.text for page in found] == [texts(index) for index in range(4)]


def test_roman_front_matter_and_a_page_without_a_number(tmp_path):
    shown = {1: "", 2: "ii", 3: "iii", 4: "1"}
    pages = pages_with(lambda index: [(280, 800, shown[index])] if shown[index] else [])
    pages += pages_with(lambda index: [(280, 800, str(index + 1))], 1)
    found = read_file(tmp_path, "front.pdf", pdf(pages)).pages
    assert [page.label for page in found] == ["i", "ii", "iii", "1", "2"]


def test_a_cover_that_is_not_counted_does_not_take_a_printed_number(tmp_path):
    pages = pages_with(lambda index: [] if index == 1 else [(280, 800, str(index - 1))])
    found = read_file(tmp_path, "cover.pdf", pdf(pages)).pages
    assert [page.label for page in found] == ["[1]", "1", "2", "3"]


def test_the_files_own_labels_come_first(tmp_path):
    labels = "/PageLabels<</Nums[0<</S/r>>2<</S/D/St 10>>]>>"
    pages = pages_with(lambda index: [(280, 800, str(index))])
    found = read_file(tmp_path, "labelled.pdf", pdf(pages, catalog=labels)).pages
    assert [page.label for page in found] == ["i", "ii", "10", "11"]


def test_heads_that_change_sides(tmp_path):
    def furniture(index):
        return [(70, 50, f"{index}"), (300, 50, "Нашр")] if index % 2 else [(70, 50, "Вилоят"), (500, 50, f"{index}")]

    found = read_file(tmp_path, "mirrored.pdf", pdf(pages_with(furniture))).pages
    assert [page.text for page in found] == [texts(index) for index in range(4)]
    assert [page.label for page in found] == ["1", "2", "3", "4"]


def test_numbers_of_annexes_on_top_of_pages_stay(tmp_path):
    pages = []
    for index in range(2):
        page = PdfPage().text(70, 60, f"{index + 4}-ilova", 14, bold=True)
        page.lines(70, 100, wrapped(TEXTS[index] * 3, 80))
        pages.append(page)
    found = read_file(tmp_path, "annexes.pdf", pdf(pages)).pages
    assert [page.text.split("\n")[0] for page in found] == ["4-ilova", "5-ilova"]


def test_equal_sentences_in_the_body_stay(tmp_path):
    pages = [PdfPage() for _ in range(3)]
    for page in pages:
        page.lines(70, 400, wrapped(TEXTS[0] * 2, 80))
    found = read_file(tmp_path, "equal.pdf", pdf(pages)).pages
    assert [page.text for page in found] == [(TEXTS[0] * 2).strip()] * 3


def test_an_empty_page_is_kept_and_mentioned(tmp_path):
    found = read_file(tmp_path, "gap.pdf", pdf([*pages_with(lambda _: [], 2), PdfPage()]))
    assert [bool(page.text) for page in found.pages] == [True, True, False]
    assert found.warnings == ("1 of 3 pages have no text (3); if they are scans, they need OCR.",)


def test_text_of_no_alphabet_is_mentioned(tmp_path):
    pages = [PdfPage().text(70, 100, "\ue001\ue002\ue003\ue004 ok"), *pages_with(lambda _: [], 1)]
    [warning] = read_file(tmp_path, "hidden.pdf", pdf(pages)).warnings
    assert warning.startswith("Page 1: 67% of the characters are of no alphabet")
