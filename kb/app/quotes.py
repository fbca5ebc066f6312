"""HTML of an answer's quotes: running text for a direct answer, one card a point for a list or a comparison."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from kb.answering.phrases import counted as said_counted
from kb.app.markup import facts, language_name, language_tag

if TYPE_CHECKING:
    from kb.app.messages import Messages
    from kb.records import Answer, AnswerSentence, Citation


def answer(found: Answer) -> str:
    """Return the answer's sentences, each with a [n] that leads to its citation."""
    tag = language_tag(found.language, found.spelling)
    quoted_in = {citation.number: citation for citation in found.citations}
    sentences = []
    for sentence in found.sentences:
        source = quoted_in.get(sentence.citation)
        own_tag = language_tag(source.language, source.spelling) if source else tag
        number = int(sentence.citation)
        sentences.append(
            f'<span lang="{own_tag}">{quoted(sentence)}</span>'
            f'&nbsp;<a class="kb-ref" href="#kb-citation-{number}">[{number}]</a>'
        )
    return f'<div class="kb-answer"><p>{" ".join(sentences)}</p></div>'


def quoted(sentence: AnswerSentence) -> str:
    """Return a quote escaped, with the short answer in it in bold."""
    text = sentence.text
    if sentence.short is None:
        return escape(text)
    start, end = sentence.short
    return f'{escape(text[:start])}<b class="kb-short">{escape(text[start:end])}</b>{escape(text[end:])}'


def point(sentence: AnswerSentence, cited: Citation, say: Messages, *, titled: bool) -> str:
    """Return the card of one point: its number, the quote, and where it stands; with `titled` in which document."""
    number = int(cited.number)
    tag = language_tag(cited.language, cited.spelling)
    lead = f'<p class="kb-lead" lang="{tag}">{escape(sentence.lead)}</p>' if sentence.lead else ""
    title = f"<strong>{escape(cited.document.title)}</strong> · " if titled else ""
    shown = quoted(sentence)
    if len(cited.spans) > 1:
        shown = shown.replace("\n", " ")  # a page ends here, not a line
    place = escape(" · ".join(facts(cited.document, cited.page_index, cited.page_label, say)))
    spoken = escape(language_name(cited.language, cited.spelling, say))
    return (
        f'<article class="kb-card kb-point" id="kb-citation-{number}"><header><span class="kb-number">{number}</span>'
        f'<div>{lead}<blockquote class="kb-quote" lang="{tag}">{shown}</blockquote>'
        f'<p class="kb-facts">{title}{place} <span class="kb-badge">{spoken}</span></p></div></header></article>'
    )


def heading(text: str, below: str = "") -> str:
    """Return the heading of a group, with a line of small print below it."""
    small = f'<p class="kb-facts">{escape(below)}</p>' if below else ""
    return f'<div class="kb-group"><h3>{escape(text)}</h3>{small}</div>'


def counted(points: int, documents: int, say: Messages) -> str:
    """Return "12 points from 7 documents" in the language of the interface."""
    if say.language == "uz-Cyrl":
        return said_counted(points, documents, "uz", "cyrillic")
    return said_counted(points, documents, say.language, "latin" if say.language == "uz" else "")
