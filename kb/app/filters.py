"""The sidebar: language of the interface, and what a question may find."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, get_args

import streamlit as st

from kb.app.messages import INTERFACE_LANGUAGES, Messages, interface_language
from kb.records import Language, Spelling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.records import Document


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filters as `search` and `ask` take them; None keeps everything."""

    languages: tuple[Language, ...] | None = None
    spellings: tuple[Spelling, ...] | None = None
    documents: tuple[int, ...] | None = None
    since: str | None = None
    until: str | None = None
    directions: tuple[str, ...] | None = None

    def arguments(self) -> dict[str, Any]:
        """Return the keyword arguments."""
        return asdict(self)


def interface() -> Messages:
    """Let the language of the interface be chosen, starting from `?lang=` or the browser's own language."""
    first = interface_language(st.query_params.get("lang") or st.context.locale)
    languages = list(INTERFACE_LANGUAGES)
    if "interface" not in st.session_state:
        st.session_state["interface"] = first
    chosen = st.sidebar.selectbox(
        Messages(st.session_state["interface"])("interface"),
        languages,
        format_func=INTERFACE_LANGUAGES.__getitem__,
        key="interface",
    )
    return Messages(chosen)


def filters(documents: Sequence[Document], directions: Mapping[str, str], say: Messages) -> Chosen:
    """Show the filters and return what was chosen. `directions` are labels by name."""
    everything = say("filters.all")
    names = titles(documents)
    with st.sidebar:
        st.subheader(say("filters.title"))
        languages = st.multiselect(
            say("filters.languages"),
            [language for language in get_args(Language) if language != "und"],
            format_func=lambda language: say(f"language.{language}"),
            placeholder=everything,
            key="filter-languages",
        )
        spellings = st.multiselect(
            say("filters.spellings"),
            [spelling for spelling in get_args(Spelling) if spelling],
            format_func=lambda spelling: say(f"spelling.{spelling}"),
            placeholder=everything,
            key="filter-spellings",
        )
        chosen_documents = st.multiselect(
            say("filters.documents"),
            list(names),
            format_func=lambda document_id: names.get(document_id, ""),
            placeholder=everything,
            key="filter-documents",
        )
        chosen_directions = st.multiselect(
            say("filters.directions"),
            list(directions),
            format_func=lambda name: directions.get(name, ""),
            placeholder=everything,
            key="filter-directions",
        )
        since = st.date_input(say("filters.since"), None, format="YYYY-MM-DD", key="filter-since")
        until = st.date_input(say("filters.until"), None, format="YYYY-MM-DD", key="filter-until")
    return Chosen(
        languages=tuple(languages) or None,
        spellings=tuple(spellings) or None,
        documents=tuple(chosen_documents) or None,
        since=since.isoformat() if since else None,
        until=until.isoformat() if until else None,
        directions=tuple(chosen_directions) or None,
    )


def titles(documents: Sequence[Document]) -> dict[int, str]:
    """Return what each document is called in a list of choices; equal titles are told apart by their paths."""
    counts: dict[str, int] = {}
    for document in documents:
        counts[document.title] = counts.get(document.title, 0) + 1
    return {
        document.id: document.title if counts[document.title] == 1 else f"{document.title} ({document.path})"
        for document in documents
    }
