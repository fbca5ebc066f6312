"""HTML made from untrusted text: the one place where a document's words meet markup.

Everything that comes from a document, a file name or a question passes through `html.escape` here and is shown by
`st.html`, which reads neither Markdown nor formulas nor icon names; no such text may go into a Streamlit label.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.app.messages import Messages
    from kb.records import (
        Answer,
        Citation,
        Document,
        Hit,
        Language,
        LegScore,
        Match,
        Passage,
        Span,
        Spelling,
        WrittenAnswer,
    )

_LANGUAGE_TAGS = {
    ("uz", "latin"): "uz-Latn",
    ("uz", "latin-2026"): "uz-Latn",
    ("uz", "cyrillic"): "uz-Cyrl",
    ("ru", ""): "ru",
    ("en", ""): "en",
}
Marks = list[tuple[int, int]]
"""Spans of a passage's text to be marked, sorted, not overlapping."""


def language_tag(language: Language, spelling: Spelling) -> str:
    """Return the BCP 47 tag that lets a screen reader choose its voice; "und" when unknown."""
    return _LANGUAGE_TAGS.get((language, spelling), language)


def language_name(language: Language, spelling: Spelling, say: Messages) -> str:
    """Return "Uzbek, Cyrillic" in the interface's language."""
    name = say(f"language.{language}")
    return f"{name}, {say(f'spelling.{spelling}')}" if spelling else name


def marks_of(passage: Passage, spans: Sequence[Span], quote: str) -> Marks:
    """Return where the cited page spans stand in the passage's text.

    Page offsets are carried over span by span, so the right one of two equal sentences is marked. Should they lie
    outside the passage, the first place of `quote` itself is marked, and nothing when there is none.
    """
    marks: Marks = []
    for span in spans:
        at = 0
        for part in passage.spans:
            if part.page_index == span.page_index and part.start <= span.start < span.end <= part.end:
                marks.append((at + span.start - part.start, at + span.end - part.start))
            at += part.end - part.start + 1
    if not marks and quote and quote in passage.text:
        start = passage.text.index(quote)
        marks = [(start, start + len(quote))]
    return sorted(marks)


def marked(text: str, marks: Marks, words: Sequence[Match] = (), strong: tuple[int, int] | None = None) -> str:
    """Return `text` escaped, with <mark> around each of `marks`; every character of `text` is kept.

    `words` are marked lightly, inside of a mark as well as outside; one that a mark's edge cuts is not. `strong` is a
    span inside a mark that is set in bold.
    """
    parts, at = [], 0
    for start, end in marks:
        if start < at:
            continue
        parts += [_worded(text, at, start, words), "<mark>"]
        if strong is not None and start <= strong[0] < strong[1] <= end:
            parts += [_worded(text, start, strong[0], words), '<b class="kb-short">']
            parts += [_worded(text, *strong, words), "</b>", _worded(text, strong[1], end, words)]
        else:
            parts.append(_worded(text, start, end, words))
        parts.append("</mark>")
        at = end
    return "".join([*parts, _worded(text, at, len(text), words)])


def _worded(text: str, start: int, end: int, words: Sequence[Match]) -> str:
    """Return `text[start:end]` escaped, with the words that lie in it marked; the question's word is the hint."""
    parts = []
    for word in words:
        if start <= word.start < word.end <= end:
            hint = escape(word.word)
            inner = escape(text[word.start : word.end])
            parts += [escape(text[start : word.start]), f'<span class="kb-word" title="{hint}">{inner}</span>']
            start = word.end
    return "".join([*parts, escape(text[start:end])])


def written(text: WrittenAnswer, found: Answer, say: Messages, *, busy: bool = False) -> str:
    """Return what a language model wrote: the sentences kept, each with its [n], what was dropped, and what went wrong.

    All of it is a stranger's text and escaped like a document's. With `busy` more is to come.
    """
    sentences = " ".join(
        f"<span>{escape(sentence.text)}</span>&nbsp;"
        + "".join(f'<a class="kb-ref" href="#kb-citation-{int(n)}">[{int(n)}]</a>' for n in sentence.citations)
        for sentence in text.sentences
    )
    tag = language_tag(found.language, found.spelling)
    parts = [f'<div class="kb-answer kb-written" lang="{tag}"><p>{sentences}</p></div>'] if sentences else []
    if busy:
        parts.append(note(say("written.busy")))
    elif sentences:
        parts.append(note(say("written.by", model=text.model)))
    if text.problem:
        parts.append(notice("warning", say(f"problem.{text.problem}"), text.problem_text))
    if text.withheld:
        parts.append(note(say("written.withheld", count=text.withheld)))
    if text.dropped:
        items = "".join(
            f'<li><span lang="{tag}">{escape(one.text)}</span><br>'
            f"<em>{escape(say(f'dropped.{one.reason}', detail=one.detail))}</em></li>"
            for one in text.dropped
        )
        summary = escape(say("written.dropped", count=len(text.dropped)))
        parts.append(f'<details class="kb-dropped"><summary>{summary}</summary><ul>{items}</ul></details>')
    return "".join(parts)


def citation(cited: Citation, say: Messages, words: Sequence[Match] = (), short: tuple[int, int] | None = None) -> str:
    """Return the card of one citation: where it stands, and its passage with the quote and `words` marked.

    `short` is where the short answer stands in the quote.
    """
    passage, number = cited.passage, int(cited.number)
    marks = marks_of(passage, cited.spans, cited.quote)
    strong = (marks[0][0] + short[0], marks[0][0] + short[1]) if short is not None and len(marks) == 1 else None
    return (
        f'<article class="kb-card" id="kb-citation-{number}">'
        f'<header><span class="kb-number">{number}</span>'
        f"{_source(cited.document, cited.page_index, cited.page_label, passage, say)}</header>"
        f"{_passage(passage, marks, words, strong)}</article>"
    )


def hit(found: Hit, say: Messages, words: Sequence[Match] = ()) -> str:
    """Return the card of one search hit, its passage with `words` marked."""
    passage = found.passage
    more = ""
    if found.duplicates:
        more = f'<p class="kb-note">{escape(say("card.duplicates", count=len(found.duplicates)))}</p>'
    return (
        f'<article class="kb-card"><header>'
        f"{_source(found.document, found.page_index, found.page_label, passage, say)}</header>"
        f"{_passage(passage, [], words)}{more}</article>"
    )


def facts(document: Document, page_index: int, page_label: str, say: Messages) -> list[str]:
    """Return the page, its place in the file if its label does not tell, and the date and status, in words."""
    said = [say("page", label=page_label)]
    if page_label != str(page_index):
        said.append(say("page.position", index=page_index, total=document.page_count))
    status = [] if document.status == "unknown" else [say(f"status.{document.status}")]
    return [*said, document.date or say("card.undated"), *status]


def _source(document: Document, page_index: int, page_label: str, passage: Passage, say: Messages) -> str:
    headings = escape(" › ".join(passage.headings))
    path = f'<p class="kb-path">{headings}</p>' if headings else ""
    return (
        f'<div class="kb-source"><h3>{escape(document.title)}</h3>'
        f'<p class="kb-facts">{escape(" · ".join(facts(document, page_index, page_label, say)))} '
        f'<span class="kb-badge">{escape(language_name(passage.language, passage.spelling, say))}</span></p>'
        f"{path}</div>"
    )


def _passage(passage: Passage, marks: Marks, words: Sequence[Match], strong: tuple[int, int] | None = None) -> str:
    tag = language_tag(passage.language, passage.spelling)
    return f'<blockquote class="kb-passage" lang="{tag}">{marked(passage.text, marks, words, strong)}</blockquote>'


def context(before: Passage | None, passage: Passage, after: Passage | None, marks: Marks) -> str:
    """Return a passage with its neighbours, itself set off from them."""
    tag = language_tag(passage.language, passage.spelling)
    here = f'<div class="kb-here" lang="{tag}">{marked(passage.text, marks)}</div>'
    return f'<div class="kb-context">{_neighbour(before)}{here}{_neighbour(after)}</div>'


def _neighbour(passage: Passage | None) -> str:
    if passage is None:
        return ""
    return f'<div lang="{language_tag(passage.language, passage.spelling)}">{escape(passage.text)}</div>'


def why(legs: Sequence[LegScore], say: Messages, matches: Sequence[Match] = (), text: str = "") -> str:
    """Return what each leg of the search said about a passage, and which words of its `text` matched, in words."""
    if not legs and not matches:
        return f'<p class="kb-note">{escape(say("why.none"))}</p>'
    items = []
    for leg in legs:
        name = say(f"leg.{leg.leg}") if say.knows(f"leg.{leg.leg}") else leg.leg
        if leg.rank is None:
            said = say("why.unranked", leg=name)
        else:
            said = say("why.ranked", leg=name, rank=leg.rank, share=round(100 * leg.share))
        items.append(f"<li>{escape(said)}</li>")
    found: dict[tuple[str, bool], dict[str, None]] = {}
    for match in matches:
        found.setdefault((match.word, match.translated), {}).setdefault(text[match.start : match.end])
    for (word, translated), places in found.items():
        said = say("why.translated" if translated else "why.same", word=word, found=", ".join(places))
        items.append(f"<li>{escape(said)}</li>")
    return f'<ul class="kb-why">{"".join(items)}</ul>'


def head(name: str, tagline: str) -> str:
    """Return the page's heading."""
    return f'<div class="kb-head"><h1>{escape(name)}</h1><p>{escape(tagline)}</p></div>'


def note(text: str) -> str:
    """Return one line of small print."""
    return f'<p class="kb-note">{escape(text)}</p>'


def counts(summary: str, by_language: Mapping[Language, Mapping[Spelling, int]], say: Messages) -> str:
    """Return the size of the corpus in one line, and its passages by language and spelling, most first."""
    flat = [(count, language, spelling) for language, parts in by_language.items() for spelling, count in parts.items()]
    badges = (
        f'<span class="kb-badge">{escape(language_name(language, spelling, say))}: {int(count)}</span>'
        for count, language, spelling in sorted(flat, key=lambda part: (-part[0], part[1:]))
    )
    title = escape(say("documents.languages"))
    return f'<div class="kb-counts"><p>{escape(summary)}</p><p class="kb-facts">{title} {" ".join(badges)}</p></div>'


def notice(kind: str, text: str, detail: str = "") -> str:
    """Return a message box; `kind` is "error", "warning" or "info". Errors are announced by screen readers."""
    role = "alert" if kind == "error" else "status"
    more = f"<br><span>{escape(detail)}</span>" if detail else ""
    return f'<div class="kb-notice kb-{kind}" role="{role}"><strong>{escape(text)}</strong>{more}</div>'
