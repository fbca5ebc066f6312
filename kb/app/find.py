"""The tab for searching: passages without an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from kb.app import markup
from kb.app.cards import show_hit

if TYPE_CHECKING:
    from kb.app.filters import Chosen
    from kb.app.messages import Messages
    from kb.knowledge_base import KnowledgeBase
    from kb.records import Hit

_HITS = 20
_LONGEST_QUERY = 1000


def show(base: KnowledgeBase, chosen: Chosen, revision: object, say: Messages) -> None:
    """Show the tab."""
    with st.form("search", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(say("search.label"), key="query", max_chars=_LONGEST_QUERY)
        st.form_submit_button(say("search.button"), type="primary")
    query = st.session_state["query"].strip()
    if not query:
        return
    hits = _hits(base, query, chosen, revision)
    if not hits:
        st.html(markup.notice("info", say("search.none")))
        return
    st.html(markup.note(say("search.count", count=len(hits))))
    for hit in hits:
        show_hit(base, hit, say, scope=f"search-{query}")


def _hits(base: KnowledgeBase, query: str, chosen: Chosen, revision: object) -> list[Hit]:
    key = (query, chosen, revision)
    kept: tuple[object, list[Hit]] | None = st.session_state.get("hits")
    if kept is None or kept[0] != key:
        kept = (key, base.search(query, _HITS, **chosen.arguments()))
        st.session_state["hits"] = kept
    return kept[1]
