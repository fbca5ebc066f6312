from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.ingest.outline import count_words
from kb.ingest.passages import context, cut
from kb.records import Block, Page
from kb.settings import PassageSettings
from kb.text.sentences import sentence_spans

LIMITS = PassageSettings()
WORDS = ["cluster", "export", "klaster", "oʻzbek", "tumanlar", "кластер", "экспорт", "2024", "31", "fund", "жамғарма"]
BODY = ("paragraph", "list_item", "table_row")


def page(parts, index=1):
    """A page of (kind, text) or (kind, text, level) parts."""
    text, blocks = "", []
    for kind, body, *level in parts:
        joined = blocks and kind == blocks[-1].kind and kind in {"list_item", "table_row"}
        text += ("\n" if joined else "\n\n") if text else ""
        blocks.append(Block(kind, len(text), len(text) + len(body), *level))
        text += body
    return Page(index, str(index), text, tuple(blocks))


def prose(words, topic="cluster", sentence=15):
    """`words` words in sentences of `sentence`."""
    every = [topic] * words
    made = [" ".join(every[start : start + sentence]).capitalize() + "." for start in range(0, words, sentence)]
    return " ".join(made)


def words(passage):
    return len(passage.text.split())


@st.composite
def sentences(draw, vocabulary):
    length = draw(st.integers(1, 40) | st.integers(150, 350))
    chosen = draw(st.lists(st.sampled_from(vocabulary), min_size=1, max_size=6))
    separator = draw(st.sampled_from([" ", ", ", "  "]))
    body = separator.join(chosen[number % len(chosen)] for number in range(length))
    return body[0].upper() + body[1:] + draw(st.sampled_from([".", "?", "!", "", ":"]))


@st.composite
def documents(draw, kinds=(*BODY, "heading", "title"), vocabulary=WORDS):
    pages = []
    for index in range(1, draw(st.integers(1, 4)) + 1):
        parts = []
        for kind in draw(st.lists(st.sampled_from(kinds), max_size=6)):
            if kind in {"heading", "title"}:
                level = draw(st.integers(1, 4)) if kind == "heading" else 0
                parts.append((kind, draw(st.sampled_from(["1. Funds", "Экспорт", "Manbalar 3", "Goals"])), level))
            else:
                parts.append((kind, " ".join(draw(st.lists(sentences(vocabulary), min_size=1, max_size=4)))))
        pages.append(page(parts, index))
    return pages


def check_exact(pages, passages):
    """Spans give the text back, in order, and no character that is not space is lost or used twice, but headings."""
    texts = {one.index: one.text for one in pages}
    taken = []
    for ordinal, passage in enumerate(passages):
        assert passage.ordinal == ordinal
        assert passage.text == "\n".join(texts[span.page_index][span.start : span.end] for span in passage.spans)
        assert passage.text.strip() == passage.text
        assert words(passage) <= LIMITS.max_words
        taken += [(span.page_index, span.start, span.end) for span in passage.spans]
        ends = 0
        for start, end in passage.sentences:
            assert ends <= start < end <= len(passage.text)
            ends = end
    assert taken == sorted(taken)
    for (page_a, _, end), (page_b, start, _) in pairwise(taken):
        assert page_a < page_b or end <= start
    return taken


@settings(deadline=None, max_examples=60)
@given(documents())
def test_spans_give_back_the_pages_and_no_body_text_is_lost(pages):
    passages = cut(pages, "Goals", LIMITS)
    taken = check_exact(pages, passages)
    for one in pages:
        for block in one.blocks:
            if block.kind in {"title", "heading"}:
                continue
            inside = [
                (max(start, block.start), min(end, block.end))
                for page_index, start, end in taken
                if page_index == one.index and start < block.end and end > block.start
            ]
            covered = "".join(one.text[start:end] for start, end in inside)
            assert "".join(covered.split()) == "".join(one.text[block.start : block.end].split())


@settings(deadline=None, max_examples=60)
@given(documents(kinds=BODY))
def test_every_sentence_that_fits_is_whole_in_exactly_one_passage(pages):
    passages = cut(pages, "Goals", LIMITS)
    found = [passage.text[start:end] for passage in passages for start, end in passage.sentences]
    wanted = []
    for one in pages:
        for block in one.blocks:
            text = one.text[block.start : block.end]
            spans = [(0, len(text))] if block.kind == "table_row" else sentence_spans(text)
            wanted += [text[start:end] for start, end in spans]
    # Compared as stretches of one stream without white space, in which each must appear once and in order.
    assert "".join("".join(found).split()) == "".join("".join(wanted).split())
    cuts = {end for _, end in stretches(found)}
    for sentence, (start, end) in zip(wanted, stretches(wanted), strict=True):
        if count_words(sentence) <= LIMITS.max_words:
            assert not any(start < place < end for place in cuts)


def stretches(parts):
    position = 0
    made = []
    for part in parts:
        length = len("".join(part.split()))
        made.append((position, position + length))
        position += length
    return made


@settings(deadline=None, max_examples=50)
@given(documents())
def test_the_same_pages_give_the_same_passages(pages):
    assert cut(pages, "Goals", LIMITS) == cut(pages, "Goals", LIMITS)


@settings(deadline=None, max_examples=60)
@given(documents(kinds=("paragraph",), vocabulary=("cluster", "export", "the", "fund")))
def test_a_short_passage_stays_only_where_its_neighbours_have_no_room(pages):
    for left, right in pairwise(cut(pages, "", LIMITS)):
        if min(words(left), words(right)) < LIMITS.min_words:
            assert words(left) + words(right) > LIMITS.max_words


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=400), min_size=1, max_size=4))
def test_arbitrary_text_without_blocks_is_cut_exactly(texts):
    pages = [Page(index, "", text) for index, text in enumerate(texts, start=1)]
    passages = cut(pages, "", LIMITS)
    check_exact(pages, passages)
    kept = "".join("".join(passage.text.split()) for passage in passages)
    assert kept == "".join("".join(text.split()) for text in texts)


@settings(deadline=None, max_examples=50)
@given(st.text(min_size=1, max_size=300), st.data())
def test_wild_blocks_lose_and_double_nothing(text, data):
    place = st.integers(-5, len(text) + 5)
    kind = st.sampled_from(["paragraph", "list_item", "table_row"])
    blocks = data.draw(st.lists(st.builds(Block, kind, place, place), max_size=6))
    pages = [Page(1, "", text, tuple(blocks))]
    passages = cut(pages, "", LIMITS)
    check_exact(pages, passages)
    assert "".join("".join(passage.text.split()) for passage in passages) == "".join(text.split())


def test_paragraphs_of_one_section_are_joined_and_sections_kept_apart():
    pages = [
        page(
            [
                ("title", "Programme"),
                ("heading", "1. Funds", 2),
                ("paragraph", prose(60, "fund")),
                ("paragraph", prose(60, "grant")),
                ("heading", "2. Export", 2),
                ("paragraph", prose(60, "export")),
                ("paragraph", prose(60, "border")),
            ]
        )
    ]
    first, second = cut(pages, "Programme", LIMITS)
    assert first.headings == ("1. Funds",)
    assert second.headings == ("2. Export",)
    assert "fund" in first.text
    assert "export" not in first.text
    assert "Funds" not in first.text
    assert second.text.startswith("Export")


def test_a_cut_falls_between_paragraphs_rather_than_inside():
    pages = [page([("paragraph", prose(90, "one")), ("paragraph", prose(135, "two"))])]
    assert [words(passage) for passage in cut(pages, "", LIMITS)] == [90, 135]


def test_short_sections_are_joined_with_their_headings_in_the_text():
    pages = [
        page(
            [
                ("heading", "1. Scope", 2),
                ("paragraph", prose(30, "scope")),
                ("heading", "2. Terms", 2),
                ("paragraph", prose(45, "term")),
                ("heading", "3. Funds", 2),
                ("paragraph", prose(105, "fund")),
            ]
        )
    ]
    joined, alone = cut(pages, "", LIMITS)
    assert joined.headings == ()
    assert joined.text.startswith("1. Scope\n\nScope")
    assert "2. Terms" in joined.text
    assert all("2. Terms" not in joined.text[start:end] for start, end in joined.sentences)
    assert alone.headings == ("3. Funds",)


def test_joined_sections_keep_the_heading_they_share():
    pages = [
        page(
            [
                ("heading", "Part A", 1),
                ("heading", "1. Scope", 2),
                ("paragraph", prose(40, "scope")),
                ("heading", "2. Terms", 2),
                ("paragraph", prose(45, "term")),
            ]
        )
    ]
    (passage,) = cut(pages, "", LIMITS)
    assert passage.headings == ("Part A",)


def test_a_list_stays_with_its_lead_in():
    items = [("list_item", prose(14, "item")) for _ in range(6)]
    lead_in = prose(30, "council")[:-1] + ":"
    pages = [page([("paragraph", prose(75, "text")), ("paragraph", lead_in), *items])]
    before, with_list = cut(pages, "", LIMITS)
    assert words(before) == 75
    assert with_list.text.startswith("Council")
    assert words(with_list) == 30 + 6 * 14


def test_a_table_row_is_one_sentence():
    pages = [page([("table_row", "Year. | Area. | Yield."), ("table_row", "2024. | 31. | 4.5")])]
    (passage,) = cut(pages, "", LIMITS)
    assert [passage.text[start:end] for start, end in passage.sentences] == passage.text.split("\n")


def test_a_sentence_that_runs_over_a_page_break_is_quoted_whole():
    first = page([("paragraph", prose(45) + " The fund pays one half of")], 1)
    second = page([("paragraph", "the costs of certification. " + prose(45).capitalize())], 2)
    (passage,) = cut([first, second], "", LIMITS)
    assert [span.page_index for span in passage.spans] == [1, 2]
    assert "The fund pays one half of\nthe costs of certification." in [
        passage.text[start:end] for start, end in passage.sentences
    ]


def test_a_page_break_inside_a_sentence_is_not_a_place_to_cut():
    first = page([("paragraph", prose(105) + " The fund pays one half of")], 1)
    second = page([("paragraph", "the costs of certification. " + prose(105).capitalize())], 2)
    passages = cut([first, second], "", LIMITS)
    assert len(passages) == 2
    assert sum("half of\nthe costs" in passage.text for passage in passages) == 1


def test_languages_are_not_mixed_when_paragraphs_change_language():
    russian = "Фонд возмещает половину затрат предприятия на сертификацию и упаковку готовой продукции. " * 6
    english = "The fund pays back one half of what certification and packaging cost the enterprise. " * 5
    pages = [page([("paragraph", russian.strip()), ("paragraph", english.strip())])]
    first, second = cut(pages, "", LIMITS)
    assert first.text == russian.strip()
    assert second.text == english.strip()


def test_an_overlong_sentence_is_cut_at_clause_ends():
    clause = "the council of the cluster met in the town hall"
    pages = [page([("paragraph", "Because " + ", ".join([clause] * 50) + ".")])]
    passages = cut(pages, "", LIMITS)
    assert len(passages) > 2
    assert all(passage.text.endswith((",", ".")) for passage in passages)
    assert all(len(passage.sentences) == 1 for passage in passages)


def test_text_without_any_space_is_cut_by_length():
    passages = cut([Page(1, "", "x" * 100_000)], "", LIMITS)
    assert all(len(passage.text) <= 200 * 40 for passage in passages)
    assert "".join(passage.text for passage in passages) == "x" * 100_000


def test_a_tiny_document_gives_one_short_passage():
    (passage,) = cut([page([("title", "Note"), ("paragraph", "The fund is closed.")])], "Note", LIMITS)
    assert (passage.text, passage.headings, passage.sentences) == ("The fund is closed.", (), ((0, 19),))


def test_headings_without_text_are_text_themselves():
    (passage,) = cut([page([("title", "Only a title")])], "Only a title", LIMITS)
    assert passage.text == "Only a title"
    pages = [page([("heading", "A", 1), ("paragraph", prose(60)), ("heading", "Annex 7 is kept in the archive", 1)])]
    assert "archive" in "".join(passage.text for passage in cut(pages, "", LIMITS))


def test_a_title_on_the_page_that_is_not_the_title_of_the_document_is_kept_as_heading():
    pages = [page([("title", "Statute of the silk cluster"), ("paragraph", prose(80))])]
    assert cut(pages, "scan_0012", LIMITS)[0].headings == ("Statute of the silk cluster",)
    assert cut(pages, "Statute of  the SILK cluster", LIMITS)[0].headings == ()


def test_a_first_heading_that_is_the_title_is_not_repeated_in_the_path():
    pages = [page([("heading", "Silk programme", 1), ("heading", "1. Aims", 2), ("paragraph", prose(80))])]
    assert cut(pages, "Silk programme", LIMITS)[0].headings == ("1. Aims",)


def test_a_table_of_contents_is_not_above_the_sections_it_lists():
    pages = [
        page(
            [
                ("heading", "Mundarija", 1),
                ("list_item", "1. Maqsad ....... 2"),
                ("heading", "1. Maqsad", 2),
                ("paragraph", prose(110)),
                ("heading", "2. Mablagʻ", 2),
                ("paragraph", prose(110)),
            ]
        )
    ]
    assert cut(pages, "", LIMITS)[-1].headings == ("2. Mablagʻ",)


def test_no_text_gives_no_passage():
    assert cut([], "", LIMITS) == []
    assert cut([Page(1, "1", " \n\n ")], "Title", LIMITS) == []


def test_context_reads_as_sentences():
    assert context("Silk programme", ("1. Aims", "Why now?")) == "Silk programme. 1. Aims. Why now?"
    assert context("", ()) == ""
    assert len(context("word " * 500, ()).split()) == 40
