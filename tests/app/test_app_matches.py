"""Matched words are marked where they stand, lightly, and never break a quote's mark or the page."""

import re
from dataclasses import replace
from html import unescape

from app_records import HOSTILE, make_citation, make_hit, make_passage
from hypothesis import given
from hypothesis import strategies as st
from test_app_markup import EN, assert_harmless

from kb.app import markup
from kb.records import Match

TEXT = "Clusters export goods. Exports of a cluster grow."


def matches_of(text, word="кластеры", *, translated=True):
    return tuple(
        Match(word, found.start(), found.end(), translated) for found in re.finditer(r"(?i)cluster\w*|export\w*", text)
    )


def without_tags(body):
    return unescape(re.sub(r"<[^>]*>", "", body))


def test_words_are_marked_inside_and_outside_of_a_quote():
    body = markup.marked(TEXT, [(0, 22)], matches_of(TEXT))
    word = '<span class="kb-word" title="кластеры">{}</span>'.format
    assert body == (
        f"<mark>{word('Clusters')} {word('export')} goods.</mark> {word('Exports')} of a {word('cluster')} grow."
    )


def test_a_word_that_a_quote_cuts_stays_unmarked():
    body = markup.marked(TEXT, [(0, 4)], matches_of(TEXT)[:1])
    assert body.startswith("<mark>Clus</mark>ters export")
    assert "kb-word" not in body


@given(st.text("cluster export.<&", max_size=60), st.lists(st.integers(0, 60), min_size=2, max_size=6).map(sorted))
def test_every_character_is_kept_and_every_quote_marked(text, edges):
    marks = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=False) if end <= len(text)]
    body = markup.marked(text, marks, matches_of(text))
    assert without_tags(body) == text
    assert body.count("<mark>") == body.count("</mark>") == len(markup.marked(text, marks).split("<mark>")) - 1
    quotes = [without_tags(quote) for quote in re.findall(r"<mark>(.*?)</mark>", body, re.DOTALL)]
    assert quotes == [text[start:end] for start, end in marks][: len(quotes)]


def test_cards_mark_words_only_when_asked_to():
    passage = make_passage(TEXT)
    found = replace(make_hit(passage), matches=matches_of(TEXT))
    assert "kb-word" not in markup.hit(found, EN)
    assert markup.hit(found, EN, found.matches).count("kb-word") == 4
    cited = make_citation(passage, "Clusters export goods.")
    assert "<mark>Clusters export goods.</mark>" in markup.citation(cited, EN)
    assert markup.citation(cited, EN, found.matches).count("kb-word") == 4


def test_the_reasons_name_each_word_once():
    text = without_tags(markup.why((), EN, matches_of(TEXT + TEXT), TEXT + TEXT))
    assert text == "Translation of “кластеры”: Clusters, export, Exports, cluster"
    same = without_tags(markup.why((), EN, matches_of(TEXT, "cluster", translated=False)[:1], TEXT))
    assert same == "The word “cluster”: Clusters"


def test_hostile_words_are_harmless():
    matches = (Match(HOSTILE, 0, len(HOSTILE), translated=True),)
    found = replace(make_hit(make_passage(HOSTILE)), matches=matches)
    assert_harmless(markup.why(found.legs, EN, matches, HOSTILE))
    body = markup.hit(found, EN, matches)
    assert "<script" not in body
    assert "<img" not in body
    assert without_tags(re.sub(r'title="[^"]*"', "", body)).count(HOSTILE) == 1
