"""A broad answer on the screen: a section a group, or the sides of a comparison side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from kb.app import markup, quotes
from kb.app.cards import show_point

if TYPE_CHECKING:
    from kb.app.messages import Messages
    from kb.knowledge_base import KnowledgeBase
    from kb.records import Answer, AnswerGroup


def show_groups(base: KnowledgeBase, found: Answer, say: Messages, *, scope: str) -> None:
    """Show the groups of an answer: under one another, those of a comparison in columns."""
    documents = len({cited.document.id for cited in found.citations})
    st.html(markup.note(quotes.counted(len(found.sentences), documents, say)))
    if found.form == "comparison":
        for place, group in zip(st.columns(len(found.groups), gap="medium"), found.groups, strict=True):
            with place:
                _show_group(base, found, group, say, scope=scope)
    else:
        for group in found.groups:
            _show_group(base, found, group, say, scope=scope)


def _show_group(base: KnowledgeBase, found: Answer, group: AnswerGroup, say: Messages, *, scope: str) -> None:
    title = group.document.title if group.document else ""
    st.html(quotes.heading(group.heading, title if title != group.heading else ""))
    if group.note:
        st.html(markup.notice("info", group.note))
    cited = {one.number: one for one in found.citations}
    hits = {hit.passage.id: hit for hit in found.hits}
    for sentence in group.sentences:
        one = cited[sentence.citation]
        show_point(base, sentence, one, hits.get(one.passage.id), say, scope=scope, titled=group.document is None)
