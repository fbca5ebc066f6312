"""The page: one shared knowledge base, a sidebar, four tabs. Every KBError becomes a message, never a traceback."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from kb.app import ask, directions, documents, find, handle, markup, writing
from kb.app.filters import filters, interface
from kb.app.style import CSS
from kb.errors import KBError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.app.messages import Messages

_log = logging.getLogger(__name__)


def main() -> None:
    """Draw the page; Streamlit calls this for every interaction."""
    st.set_page_config(page_title="Klaster KB", layout="wide")
    st.html(CSS)
    say = interface()
    st.html(markup.head("Klaster KB", say("tagline")))
    with _friendly(say):
        base = handle.knowledge_base()
        listed = base.documents()
        revision = base.statistics()["revision"]
        names = directions.labels(directions.matrix(base, revision).directions, say)
        chosen = filters(listed, names, say)
        model = writing.chosen_model(say)
        tabs = [say(f"tab.{name}") for name in ("ask", "search", "directions", "documents")]
        asking, finding, mapping, listing = st.tabs(tabs)
        with asking, _friendly(say):
            if listed:
                ask.show(base, chosen, revision, model, say)
            else:
                _empty(say)
        with finding, _friendly(say):
            if listed:
                find.show(base, chosen, revision, say)
            else:
                _empty(say)
        with mapping, _friendly(say):
            if listed:
                directions.show(base, revision, say)
            else:
                _empty(say)
        with listing, _friendly(say):
            documents.show(base, listed, say)


@contextmanager
def _friendly(say: Messages) -> Iterator[None]:
    try:
        yield
    except KBError as error:
        _log.warning("%s", error)
        st.html(markup.notice("error", say("error"), str(error)))


def _empty(say: Messages) -> None:
    st.html(markup.notice("info", say("empty", command=f"kb index FOLDER --index {handle.folder()}")))
