import hashlib
import io

import pytest
from pdf_files import pdf_of
from PIL import Image

from kb.errors import DamagedDocumentError, NotFoundError, UnsupportedFormatError, VanishedDocumentError
from kb.readers.drawing import find_quotes, merge_lines
from kb.readers.picture import page_picture, quote_boxes

WIDTH, HEIGHT = 400, 300
TWO_COLUMNS = [
    (30, 250, "The cluster council meets"),
    (30, 234, "every quarter and pub-"),
    (30, 218, "lishes its minutes."),
    (230, 250, "Members pay a fee of two"),
    (230, 234, "percent of their turnover."),
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "two-columns.pdf"
    path.write_bytes(pdf_of([(30, 150, "A first page.")], TWO_COLUMNS))
    return path


def tinted_rows_and_columns(png, *, scale=1.0):
    """Bounds (left, top, right, bottom) of the marker's yellow, in points, or None when nothing is marked."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    yellow = image.point(lambda value: value).split()[2].point(lambda blue: 255 if 120 < blue < 170 else 0)
    red = image.split()[0].point(lambda value: 255 if value > 240 else 0)
    both = Image.composite(yellow, Image.new("L", image.size), red)
    bounds = both.getbbox()
    return bounds and tuple(round(value / scale) for value in bounds)


def test_a_quote_is_boxed_where_it_stands(file):
    left, top, right, bottom = tinted_rows_and_columns(
        page_picture(file, 2, ["Members pay a fee of two percent of their turnover."], scale=1.0)
    )
    assert 220 < left < 235
    assert 340 < right < 385
    assert HEIGHT - 250 - 20 < top < HEIGHT - 250
    assert HEIGHT - 234 < bottom < HEIGHT - 234 + 12


def test_a_quote_over_a_hyphenated_line_end_is_boxed(file):
    bounds = tinted_rows_and_columns(page_picture(file, 2, ["quarter and publishes its minutes."], scale=1.0))
    assert bounds is not None
    assert bounds[2] < 225, "the other column is not marked"
    assert bounds[3] - bounds[1] > 22, "both lines are marked"


def test_nothing_is_boxed_that_is_not_on_the_page(file):
    png = page_picture(file, 1, ["Members pay a fee of two percent of their turnover."], scale=1.0)
    assert tinted_rows_and_columns(png) is None
    assert Image.open(io.BytesIO(png)).size == (WIDTH, HEIGHT)


def test_scale_is_in_pixels_per_point_and_bounded(file, tmp_path):
    assert Image.open(io.BytesIO(page_picture(file, 1, [], scale=2.0))).size == (800, 600)
    poster = tmp_path / "poster.pdf"
    poster.write_bytes(pdf_of([(0, 0, "x")], media_box=(0, 0, 14000, 14000)))
    width, height = Image.open(io.BytesIO(page_picture(poster, 1, []))).size
    assert width * height <= 8_100_000


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_turned_page_is_boxed_where_the_print_is(tmp_path, rotate):
    path = tmp_path / "turned.pdf"
    path.write_bytes(pdf_of([(30, 250, "The quote stands up here.")], rotate=rotate))
    left, top, right, bottom = tinted_rows_and_columns(page_picture(path, 1, ["The quote stands up here."], scale=1.0))
    near_top_left = {90: (250, 30), 180: (WIDTH - 165, 250), 270: (250 - 215, HEIGHT + 100 - 165)}[rotate]
    assert abs(left - near_top_left[0]) < 16
    assert abs(top - near_top_left[1]) < 16
    assert (right - left > bottom - top) == (rotate == 180)


def test_a_changed_or_vanished_file_is_refused(file):
    known = hashlib.sha256(file.read_bytes()).hexdigest()
    assert page_picture(file, 1, [], sha256=known).startswith(b"\x89PNG")
    file.write_bytes(pdf_of([(30, 150, "Another text.")]))
    with pytest.raises(VanishedDocumentError, match="has changed since it was indexed"):
        page_picture(file, 1, [], sha256=known)
    file.unlink()
    with pytest.raises(VanishedDocumentError, match="cannot be opened"):
        page_picture(file, 1, [], sha256=known)


def test_what_cannot_be_drawn_says_why(file, tmp_path):
    with pytest.raises(NotFoundError, match="has no page 3, it has 2"):
        page_picture(file, 3, [])
    text = tmp_path / "plain.txt"
    text.write_text("no PDF")
    with pytest.raises(UnsupportedFormatError, match="only pages of PDF"):
        page_picture(text, 1, [])
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4\ngarbage")
    with pytest.raises(DamagedDocumentError, match="pdfium cannot open it"):
        page_picture(broken, 1, [])


def found(page, *quotes):
    return [page[first : last + 1] for first, last in find_quotes(page, quotes)]


@pytest.mark.parametrize(
    ("page", "quote"),
    [
        ("one two\r\nthree", "one two three"),
        ("coop\ufffeeration", "cooperation"),
        ("coop\u2010\r\neration", "cooperation"),
        ("e\ufb03cient", "efficient"),
        ("юқори дара\u00adжа", "юқори даража"),
        ("и\u0306од", "йод"),
    ],
)
def test_spaces_hyphens_and_ligatures_do_not_hide_a_quote(page, quote):
    assert found(f"before {page} after", quote) == [page]


def test_every_place_of_a_quote_is_found():
    assert find_quotes("yes no yes", ["yes"]) == [(0, 2), (7, 9)]


def test_a_quote_with_something_in_between_is_found_in_pieces():
    page = "The council of the cluster decides [page 7] on the budget of every year."
    assert found(page, "The council of the cluster decides on the budget of every year.") == [
        "The council of the cluster decides",
        "on the budget of every year.",
    ]


def test_short_accidental_pieces_are_not_found():
    assert found("a wholly different text", "a whole other sentence that is not there") == []
    assert found("text", "", " - ") == []


def test_boxes_join_line_by_line_but_not_over_a_gutter():
    boxes = [(0, 0, 5, 10), (5, 1, 10, 10), (12, 0, 17, 10), (0, 15, 5, 25), (200, 15, 205, 25)]
    assert merge_lines(boxes) == [(0, 0, 17, 10), (0, 15, 5, 25), (200, 15, 205, 25)]


def test_boxes_are_those_of_the_picture_in_points(file):
    quote = "Members pay a fee of two percent of their turnover."
    boxes = quote_boxes(file, 2, [quote])
    assert [box.page_index for box in boxes] == [2, 2], "one a line"
    left, top, right, bottom = tinted_rows_and_columns(page_picture(file, 2, [quote], scale=1.0))
    assert min(box.left for box in boxes) == pytest.approx(left, abs=4)
    assert min(box.top for box in boxes) == pytest.approx(top, abs=4)
    assert max(box.right for box in boxes) == pytest.approx(right, abs=4)
    assert max(box.bottom for box in boxes) == pytest.approx(bottom, abs=4)


def test_boxes_follow_the_rotation_of_the_page(tmp_path):
    path = tmp_path / "turned.pdf"
    path.write_bytes(pdf_of([(30, 250, "Turned by a quarter.")], rotate=90))
    boxes = quote_boxes(path, 1, ["Turned by a quarter."])
    assert boxes
    length = max(box.bottom for box in boxes) - min(box.top for box in boxes)
    assert length > max(box.right for box in boxes) - min(box.left for box in boxes), "the line runs downwards"
    assert all(0 <= box.left < box.right <= HEIGHT for box in boxes)
    assert all(0 <= box.top < box.bottom <= WIDTH for box in boxes)


def test_a_quote_that_the_page_lacks_has_no_boxes(file):
    assert quote_boxes(file, 1, ["Members pay a fee of two percent of their turnover."]) == ()
    with pytest.raises(NotFoundError):
        quote_boxes(file, 9, ["A first page."])
    with pytest.raises(VanishedDocumentError):
        quote_boxes(file, 1, ["A first page."], sha256=hashlib.sha256(b"another").hexdigest())
