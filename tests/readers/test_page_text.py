"""The contract of `Page.text`, whatever a reader hands over."""

import re

from hypothesis import given
from hypothesis import strategies as st

from kb.readers.drafts import DraftBlock, DraftPage, clean, finish_page, unreadable_share

blocks = st.lists(
    st.builds(DraftBlock, st.sampled_from(["paragraph", "heading", "list_item", "table_row"]), st.text(max_size=30)),
    max_size=8,
)


@given(blocks)
def test_blocks_cover_the_text_but_for_the_separators(drafted):
    page = finish_page(1, DraftPage("i", drafted))
    rest = list(page.text)
    for block in page.blocks:
        assert page.text[block.start : block.end].strip()
        rest[block.start : block.end] = "." * (block.end - block.start)
    assert re.fullmatch(r"(\.+(\n{1,2}\.+)*)?", "".join(rest))
    assert not re.search(r"[\r\t\u00a0\u00ad\0\ufeff]|  | \n|\n ", page.text)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "M"]), max_size=40))
def test_visible_characters_stay_as_they_are(text):
    assert clean(text) == text.replace("\u2800", " ").strip()


def test_spaces_and_invisible_characters():
    assert (
        clean("  oʻz\u00adbek\u00a0tili\u202fva\t\r\n‘ўзбек’\u200b\ufeff \u2009тили\x00 ")
        == "oʻzbek tili va ‘ўзбек’ тили"
    )


def test_separators_between_kinds_of_blocks():
    kinds = ["heading", "paragraph", "list_item", "list_item", "paragraph", "table_row", "table_row", "list_item"]
    page = finish_page(1, DraftPage("1", [DraftBlock(kind, str(at)) for at, kind in enumerate(kinds)]))
    assert page.text == "0\n\n1\n\n2\n3\n\n4\n\n5\n6\n\n7"


def test_share_of_characters_of_no_alphabet():
    assert unreadable_share("oʻzbek ўзбек 12 – « »") == 0
    assert unreadable_share("\ue000\ufffd ab") == 0.5
    assert unreadable_share(" ") == 0
