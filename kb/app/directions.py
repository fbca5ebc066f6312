"""The tab for strategic directions: documents × directions as a heat table, and the passages behind a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from kb.app import markup
from kb.app.cards import show_hit
from kb.app.filters import titles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.app.messages import Messages
    from kb.knowledge_base import KnowledgeBase
    from kb.records import DirectionInfo, DirectionMatrix

_PASSAGES = 5
_MOST_CARDS = 20
_MOST_ROWS = 24
_ROW_PIXELS = 32
_TITLE_PIXELS = 260
_SHARE_PIXELS = 62  # eleven of them fit beside the title on a laptop; the whole label is in the tip
_TABLE, _DIRECTION, _DOCUMENT = "directions-table", "directions-direction", "directions-document"


def show(base: KnowledgeBase, revision: object, say: Messages) -> None:
    """Show the tab."""
    found = matrix(base, revision)
    names = labels(found.directions, say)
    documents = titles(found.documents)
    st.html(markup.note(say("directions.hint")))
    st.dataframe(
        _coloured(found, names, documents, say),
        key=_TABLE,
        on_select=lambda: _take_over(list(documents), {text: name for name, text in names.items()}),
        selection_mode="single-cell",
        column_config={
            "_index": st.column_config.TextColumn(width=_TITLE_PIXELS),
            **{
                names[one.name]: st.column_config.NumberColumn(width=_SHARE_PIXELS, help=say.of(one.definition))
                for one in found.directions
            },
        },
        height=_ROW_PIXELS * (1 + min(len(documents), _MOST_ROWS)) + 2,
        row_height=_ROW_PIXELS,
        alt=say("directions.table"),
    )
    left, right = st.columns(2)
    direction = left.selectbox(
        say("directions.direction"),
        list(names),
        index=None,
        format_func=lambda name: names.get(name, ""),
        placeholder="",
        key=_DIRECTION,
    )
    document = right.selectbox(
        say("directions.document"),
        list(documents),
        index=None,
        format_func=lambda number: documents.get(number, ""),
        placeholder=say("filters.all"),
        key=_DOCUMENT,
    )
    if direction is not None:
        _passages(base, direction, document, say)


def matrix(base: KnowledgeBase, revision: object) -> DirectionMatrix:
    """Return all cells without passages, computed again only when the index has changed."""
    kept: tuple[object, DirectionMatrix] | None = st.session_state.get("directions")
    if kept is None or kept[0] != revision:
        kept = (revision, base.directions(best=0))
        st.session_state["directions"] = kept
    return kept[1]


def labels(directions: Sequence[DirectionInfo], say: Messages) -> dict[str, str]:
    """Return what each direction is called in the interface's language, equal labels told apart by their names."""
    called = {one.name: say.of(one.label) for one in directions}
    texts = list(called.values())
    return {name: text if texts.count(text) == 1 else f"{text} ({name})" for name, text in called.items()}


def _coloured(found: DirectionMatrix, names: Mapping[str, str], documents: Mapping[int, str], say: Messages) -> Any:
    """Return the share of each document's passages in percent, each cell the darker the greater."""
    count = len(found.directions)
    shares = [
        [round(100 * cell.share) for cell in found.cells[place * count : (place + 1) * count]]
        for place in range(len(found.documents))
    ]
    table = pd.DataFrame(
        shares,
        index=pd.Index([documents[document.id] for document in found.documents], name=say("column.title")),
        columns=[names[one.name] for one in found.directions],
    )
    return table.style.map(lambda share: f"background-color: rgba(31, 95, 91, {0.7 * share / 100:.2f})").format("{}")


def _take_over(documents: Sequence[int], names: Mapping[str, str]) -> None:
    """Choose the document and direction of the cell that was clicked."""
    for row, column in st.session_state[_TABLE]["selection"]["cells"]:
        if column in names:
            st.session_state[_DIRECTION] = names[column]
            st.session_state[_DOCUMENT] = documents[row]


def _passages(base: KnowledgeBase, direction: str, document: int | None, say: Messages) -> None:
    """Show the definition of a direction and its surest passages, of one document or of each."""
    chosen = None if document is None else [document]
    best = _PASSAGES if document is not None else 1
    found = base.directions(documents=chosen, directions=[direction], best=best)
    st.html(markup.note(say.of(found.directions[0].definition)))
    hits = sorted((hit for cell in found.cells for hit in cell.best), key=lambda hit: (-hit.score, hit.passage.id))
    if not hits:
        st.html(markup.notice("info", say("directions.none")))
    for hit in hits[:_MOST_CARDS]:
        show_hit(base, hit, say, scope=f"directions-{direction}-{document}")
