"""The part of a language model: its settings in the sidebar, and what it writes, shown as it passes the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from kb.app import handle, markup
from kb.errors import KBError, SettingsError
from kb.settings import LanguageModel

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from kb.app.messages import Messages
    from kb.knowledge_base import KnowledgeBase
    from kb.records import Answer, WrittenAnswer

_EXAMPLE = "http://localhost:11434/v1"
_LONGEST = 500


def chosen_model(say: Messages) -> LanguageModel | None:
    """Show the settings and return the model that is to write; None, the default, sends nothing anywhere."""
    kept = handle.settings().llm
    with st.sidebar, st.expander(say("llm.title")):
        wanted = st.toggle(say("llm.use"), key="llm-use")
        url = st.text_input(
            say("llm.url"), kept.url if kept else "", key="llm-url", placeholder=_EXAMPLE, max_chars=_LONGEST
        )
        name = st.text_input(say("llm.name"), kept.name if kept else "", key="llm-name", max_chars=_LONGEST)
        st.html(markup.note(say("llm.note")))
        if not wanted:
            return None
        try:
            if kept is None:
                return LanguageModel(url.strip(), name.strip())
            return LanguageModel(url.strip(), name.strip(), kept.seconds, kept.tokens, kept.passages)
        except SettingsError as error:
            st.html(markup.notice("error", say("error"), str(error)))
            return None


def written_answer(
    base: KnowledgeBase, found: Answer, model: LanguageModel, say: Messages, *, place: DeltaGenerator, key: object
) -> Answer:
    """Return the answer with what the model wrote, and show that in `place`, sentence by sentence as it comes.

    It is written anew only when `key` or the model has changed. An error is shown in place of the text; the answer then
    comes back as it was.
    """
    kept: tuple[object, Answer] | None = st.session_state.get("written")
    if kept is None or kept[0] != (key, model):

        def progress(written: WrittenAnswer) -> None:
            place.html(markup.written(written, found, say, busy=True))

        place.html(markup.note(say("written.busy")))
        try:
            kept = ((key, model), base.write(found, model, progress))
        except KBError as error:
            place.html(markup.notice("error", say("error"), str(error)))
            return found
        st.session_state["written"] = kept
    answer = kept[1]
    if answer.written is not None:
        place.html(markup.written(answer.written, found, say))
    return answer
