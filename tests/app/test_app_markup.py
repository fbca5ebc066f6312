from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

from app_records import HOSTILE, make_citation, make_document, make_hit, make_passage
from hypothesis import given
from hypothesis import strategies as st

from kb.app import markup, quotes
from kb.app.messages import Messages
from kb.records import Answer, AnswerSentence, LegScore, Span

EN = Messages("en")


class Tags(HTMLParser):
    """What a browser would build: tag names, attributes, text, and the text inside <mark>."""

    def __init__(self, body):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text, self.quoted, self._marks = [], [], "", "", 0
        self.feed(body)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self._marks += tag == "mark"

    def handle_endtag(self, tag):
        self._marks -= tag == "mark"

    def handle_data(self, data):
        self.text += data
        self.quoted += data if self._marks else ""


OURS = {"article", "header", "span", "div", "h3", "p", "blockquote", "mark", "a", "b", "ul", "li", "strong", "br"}


def assert_harmless(body):
    seen = Tags(body)
    assert set(seen.tags) <= OURS
    assert set(seen.attributes) <= {"class", "id", "lang", "href", "role"}
    assert HOSTILE in seen.text


def test_a_hostile_document_stays_text_in_a_citation():
    passage = make_passage(f"Before. {HOSTILE} After.", headings=(HOSTILE,))
    body = markup.citation(make_citation(passage, HOSTILE, document=make_document(title=HOSTILE), label=HOSTILE), EN)
    assert_harmless(body)
    assert Tags(body).quoted == HOSTILE
    assert Tags(body).text.count(HOSTILE) == 4


def test_a_hostile_document_stays_text_everywhere_else():
    passage = make_passage(HOSTILE)
    answer = Answer("q", "answered", "", "en", "", (AnswerSentence(HOSTILE, 1),), (make_citation(passage, HOSTILE),))
    assert_harmless(quotes.answer(answer))
    assert_harmless(markup.hit(make_hit(passage), EN))
    assert_harmless(markup.context(passage, make_passage("x"), passage, []))
    assert_harmless(markup.why([LegScore(HOSTILE, 1, 1.0, 1.0)], EN))
    assert_harmless(markup.notice("error", "E", HOSTILE))
    assert_harmless(markup.note(HOSTILE))


@given(st.text(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted).map(tuple)))
def test_marking_keeps_every_character(text, spans):
    spans = sorted((start, end) for start, end in spans if start < end <= len(text))
    body = markup.marked(text, spans)
    assert unescape(body.replace("<mark>", "").replace("</mark>", "")) == unescape(markup.escape(text))
    assert body.count("<mark>") == body.count("</mark>") <= len(spans)


def test_the_cited_one_of_two_equal_sentences_is_marked():
    passage = make_passage("Yes. No. Yes.")
    cited = make_citation(passage, "Yes.", at=9)
    assert markup.marks_of(passage, cited.spans, cited.quote) == [(9, 13)]


def test_the_short_answer_is_bold_inside_the_marked_quote():
    passage = make_passage("Before. The fund pays half. After.")
    cited = make_citation(passage, "The fund pays half.")
    body = markup.citation(cited, EN, (), (14, 18))
    assert 'Before. <mark>The fund pays <b class="kb-short">half</b>.</mark> After.' in body


def test_a_page_break_inside_a_point_is_no_line_break():
    passage = make_passage("The fund pays\nhalf of it.")
    cited = replace(make_citation(passage, passage.text), spans=(Span(4, 100, 113), Span(5, 0, 11)))
    assert "pays half" in quotes.point(AnswerSentence(passage.text, 1), cited, EN, titled=True)


def test_a_hostile_document_stays_text_in_a_point():
    passage = make_passage(HOSTILE)
    cited = make_citation(passage, HOSTILE, document=make_document(title=HOSTILE))
    sentence = AnswerSentence(HOSTILE, 1, short=(0, 9), lead=HOSTILE)
    assert_harmless(quotes.point(sentence, cited, EN, titled=True) + quotes.heading(HOSTILE, HOSTILE))


def test_a_quote_over_a_page_break_is_marked_on_both_sides():
    passage = make_passage("end of page\nstart of next", spans=(Span(1, 50, 61), Span(2, 0, 13)))
    marks = markup.marks_of(passage, (Span(1, 57, 61), Span(2, 0, 5)), "page\nstart")
    assert [passage.text[start:end] for start, end in marks] == ["page", "start"]


def test_spans_outside_the_passage_fall_back_to_the_quote_itself():
    passage = make_passage("One. Two.")
    assert markup.marks_of(passage, (Span(7, 0, 4),), "Two.") == [(5, 9)]
    assert markup.marks_of(passage, (Span(7, 0, 4),), "Three.") == []


def test_page_position_is_shown_only_where_the_label_differs():
    passage = make_passage("Text.")
    assert "p. ii · page 4 of 9 · 2024-05-06" in Tags(markup.citation(make_citation(passage, "Text."), EN)).text
    assert "p. 4 · 2024-05-06" in Tags(markup.citation(make_citation(passage, "Text.", label="4"), EN)).text


def test_a_screen_reader_is_told_language_and_script():
    passage = make_passage("Матн.", language="uz", spelling="cyrillic")
    body = markup.citation(make_citation(passage, "Матн."), EN)
    assert 'lang="uz-Cyrl"' in body
    assert "Uzbek, Cyrillic" in body


def test_every_sentence_leads_to_its_citation():
    passage = make_passage("One. Two.")
    cited = (make_citation(passage, "One.", number=1), make_citation(passage, "Two.", number=2))
    sentences = (AnswerSentence("One.", 1), AnswerSentence("Two.", 2))
    body = quotes.answer(Answer("q", "answered", "", "en", "", sentences, cited))
    assert 'href="#kb-citation-1">[1]</a>' in body
    assert 'href="#kb-citation-2">[2]</a>' in body
    assert 'id="kb-citation-2"' in markup.citation(cited[1], EN)


def test_legs_are_explained_in_words():
    text = Tags(markup.why(make_hit(make_passage("x")).legs, EN)).text
    assert "Meaning of the passage: rank 1, 62 % of the score" in text
    assert "Words of the question and their translations: did not find it" in text


def test_corpus_counts_name_language_and_spelling():
    body = markup.counts("2 documents", {"en": {"": 1}, "uz": {"latin-2026": 2, "cyrillic": 5}}, EN)
    assert Tags(body).text.endswith("Uzbek, Cyrillic: 5 Uzbek, Latin of 2026: 2 English: 1")
