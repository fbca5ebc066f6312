"""The tab for questions: a box, an answer with numbered quotes, and what to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from kb.app import exports, markup, quotes
from kb.app.cards import show_citation, show_hit
from kb.app.messages import EXAMPLES
from kb.app.points import show_groups
from kb.app.writing import written_answer

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from kb.app.filters import Chosen
    from kb.app.messages import Messages
    from kb.knowledge_base import KnowledgeBase
    from kb.records import Answer
    from kb.settings import LanguageModel

_NEAREST = 3
_OTHERS = 10
_EXPLAINED = 40
"""Hits asked for, so that every quote of a broad answer comes with the reasons why it was found."""

_LONGEST_QUESTION = 1000


def show(base: KnowledgeBase, chosen: Chosen, revision: object, model: LanguageModel | None, say: Messages) -> None:
    """Show the tab. With a `model` the answer is also written out."""
    with st.form("ask", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(say("ask.label"), key="question", placeholder=say("ask.placeholder"), max_chars=_LONGEST_QUESTION)
        asked = st.form_submit_button(say("ask.button"), type="primary")
    if asked:
        st.session_state["asked"] = st.session_state["question"].strip()
    question = st.session_state.get("asked", "")
    if not question:
        _examples(say)
        return
    found = _answer(base, question, chosen, revision, say)
    if found.notice:
        st.html(markup.notice("info", say("answer.other_language")))
    if found.status != "not_found":
        _answered(base, found, model, (question, chosen, revision), say)
    else:
        _not_found(base, found, say)


def _examples(say: Messages) -> None:
    st.caption(say("ask.examples"))
    for number, example in enumerate(EXAMPLES):
        st.button(example, key=f"example-{number}", on_click=_ask_example, args=(example,))


def _ask_example(example: str) -> None:
    st.session_state["question"] = example
    st.session_state["asked"] = example


def _answer(base: KnowledgeBase, question: str, chosen: Chosen, revision: object, say: Messages) -> Answer:
    """Return the answer, asked again only when question, filters or index have changed."""
    key = (question, chosen, revision)
    kept: tuple[object, Answer] | None = st.session_state.get("answer")
    if kept is None or kept[0] != key:
        with st.spinner(say("ask.busy")):
            kept = (key, base.ask(question, _EXPLAINED, **chosen.arguments()))
        st.session_state["answer"] = kept
    return kept[1]


def _answered(base: KnowledgeBase, found: Answer, model: LanguageModel | None, key: object, say: Messages) -> None:
    """Show the quotes at once; what a model writes fills its own place while it comes."""
    scope = f"ask-{found.question}"
    if found.status == "partly":
        st.html(markup.notice("info", say("answer.partly")))
    text = _direct(base, found, model, say, scope) if found.form == "direct" else _broad(base, found, model, say, scope)
    further, downloads = st.container(), st.container()
    _others(base, found, scope, say)
    if model is not None and text is not None:
        found = written_answer(base, found, model, say, place=text, key=key)
    hits = {hit.passage.id: hit for hit in found.hits}
    with further:
        for cited in found.written.citations if found.written else ():
            show_citation(base, cited, hits.get(cited.passage.id), say, scope=scope, opened=False)
    with downloads:
        _downloads(found, say)


def _direct(
    base: KnowledgeBase, found: Answer, model: LanguageModel | None, say: Messages, scope: str
) -> DeltaGenerator | None:
    """Show the sentences and their citations; return the place beside them for what a model writes."""
    text = None
    if model is None:
        st.subheader(say("answer.title"), anchor=False)
        st.html(quotes.answer(found))
    else:
        left, right = st.columns(2, gap="medium")
        left.subheader(say("written.title"), anchor=False)
        text = left.empty()
        right.subheader(say("answer.verbatim"), anchor=False)
        right.html(quotes.answer(found))
    st.subheader(say("answer.citations"), anchor=False)
    hits = {hit.passage.id: hit for hit in found.hits}
    short = {sentence.citation: sentence.short for sentence in found.sentences}
    for place, cited in enumerate(found.citations):
        hit = hits.get(cited.passage.id)
        show_citation(base, cited, hit, say, scope=scope, opened=place == 0, short=short.get(cited.number))
    return text


def _broad(
    base: KnowledgeBase, found: Answer, model: LanguageModel | None, say: Messages, scope: str
) -> DeltaGenerator | None:
    """Show the groups; return the place above them for what a model writes."""
    text = None
    if model is not None:
        st.subheader(say("written.title"), anchor=False)
        text = st.empty()
    st.subheader(say("answer.verbatim" if model else "answer.title"), anchor=False)
    show_groups(base, found, say, scope=scope)
    return text


def _others(base: KnowledgeBase, found: Answer, scope: str, say: Messages) -> None:
    quoted = {cited.passage.id for cited in found.citations}
    others = [hit for hit in found.hits[:_OTHERS] if hit.passage.id not in quoted]
    if others:
        with st.expander(say("answer.more")):
            for hit in others:
                show_hit(base, hit, say, scope=scope)


def _not_found(base: KnowledgeBase, found: Answer, say: Messages) -> None:
    st.html(markup.notice("info", say("answer.not_found")))
    if found.hits:
        st.subheader(say("answer.nearest"), anchor=False)
        for hit in found.hits[:_NEAREST]:
            show_hit(base, hit, say, scope=f"ask-{found.question}")


def _downloads(found: Answer, say: Messages) -> None:
    citations = (*found.citations, *(found.written.citations if found.written else ()))
    files = (
        ("CSV", "text/csv", exports.as_csv(citations, found.groups)),
        ("Markdown", "text/markdown", exports.as_markdown(found.question, citations, say, found.groups)),
        ("JSON", "application/json", exports.as_json(found.question, citations, found.groups)),
    )
    st.caption(say("export.title"))
    with st.container(horizontal=True):
        for (name, media_type, content), suffix in zip(files, ("csv", "md", "json"), strict=True):
            st.download_button(
                name, content, f"klaster-kb.{suffix}", media_type, key=f"export-{suffix}", on_click="ignore"
            )
