"""A passage on the screen: its card, and on demand the printed page, the text around, the reasons, the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from kb.app import markup, quotes
from kb.app.exports import citation_text
from kb.errors import KBError

if TYPE_CHECKING:
    from kb.app.messages import Messages
    from kb.knowledge_base import KnowledgeBase
    from kb.records import AnswerSentence, Citation, Hit, Passage

_PDF = "application/pdf"


def show_citation(
    base: KnowledgeBase,
    cited: Citation,
    found: Hit | None,
    say: Messages,
    *,
    scope: str,
    opened: bool,
    short: tuple[int, int] | None = None,
) -> None:
    """Show one citation of the hit `found`; with `opened` the page's picture is there at once.

    `scope` keeps widgets apart, `short` is where the short answer stands in the quote.
    """
    matches = () if found is None else found.matches
    with st.container(border=True):
        place = st.container()
        first = "picture" if opened and cited.document.media_type == _PDF else None
        view = _view(_views(cited), say, key=f"{scope}-citation-{cited.number}", first=first)
        if view == "picture":
            text, page = place.columns(2, gap="medium")
            text.html(markup.citation(cited, say, short=short))
            with page:
                _picture(cited, say)
        else:
            place.html(markup.citation(cited, say, matches if view == "why" else (), short))
            _show_view(base, view, cited, found, say)


def show_point(
    base: KnowledgeBase,
    sentence: AnswerSentence,
    cited: Citation,
    found: Hit | None,
    say: Messages,
    *,
    scope: str,
    titled: bool,
) -> None:
    """Show one point of a broad answer, its quote alone; the passage around it and the page are one click away."""
    with st.container(border=True):
        st.html(quotes.point(sentence, cited, say, titled=titled))
        view = _view(_views(cited), say, key=f"{scope}-citation-{cited.number}", first=None)
        if view == "picture":
            _picture(cited, say)
        else:
            _show_view(base, view, cited, found, say)


def _views(cited: Citation) -> list[str]:
    return [*(["picture"] if cited.document.media_type == _PDF else []), "context", "why", "copy"]


def _show_view(base: KnowledgeBase, view: str | None, cited: Citation, found: Hit | None, say: Messages) -> None:
    if view == "copy":
        st.code(citation_text(cited, say), language=None, wrap_lines=True)
    elif view == "why":
        legs, matches = ((), ()) if found is None else (found.legs, found.matches)
        st.html(markup.why(legs, say, matches, cited.passage.text))
    elif view == "context":
        marks = markup.marks_of(cited.passage, cited.spans, cited.quote)
        _show_context(base, cited.passage, marks, say)


def show_hit(base: KnowledgeBase, found: Hit, say: Messages, *, scope: str) -> None:
    """Show one search hit."""
    with st.container(border=True):
        place = st.container()
        view = _view(["context", "why"], say, key=f"{scope}-hit-{found.passage.id}", first=None)
        place.html(markup.hit(found, say, found.matches if view == "why" else ()))
        if view == "why":
            st.html(markup.why(found.legs, say, found.matches, found.passage.text))
        elif view == "context":
            _show_context(base, found.passage, [], say)


def _view(views: list[str], say: Messages, *, key: str, first: str | None) -> str | None:
    """Let one of several views be opened; drawing only what is open keeps a page of citations quick."""
    return st.pills(
        say("card.views"),
        views,
        default=first,
        format_func=lambda view: say(f"card.{view}"),
        key=key,
        label_visibility="collapsed",
    )


def _show_context(base: KnowledgeBase, passage: Passage, marks: markup.Marks, say: Messages) -> None:
    try:
        before, after = base.context(passage.id)
    except KBError as error:
        st.html(markup.notice("error", say("error"), str(error)))
        return
    st.html(markup.context(before, passage, after, marks))


def _picture(cited: Citation, say: Messages) -> None:
    document = cited.document
    try:
        with st.spinner(say("card.picture.busy")):
            image = _page_picture(document.path, cited.page_index, cited.quote, document.sha256)
    except KBError as error:
        st.html(markup.notice("warning", say("error"), str(error)))
        return
    st.image(image, width="stretch")
    st.html(markup.note(say("card.picture.caption", label=cited.page_label)))


@st.cache_data(show_spinner=False, max_entries=64)
def _page_picture(path: str, page_index: int, quote: str, sha256: str) -> bytes:
    from kb.readers.picture import page_picture  # noqa: PLC0415 - pdfium is not needed until a page is shown

    return page_picture(path, page_index, [quote], sha256=sha256)
