"""The tab for the corpus: what is indexed, adding files, removing a document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from kb.app import handle, markup, uploads
from kb.app.filters import titles
from kb.errors import KBError
from kb.readers import SUPPORTED_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from kb.app.messages import Messages
    from kb.knowledge_base import KnowledgeBase
    from kb.records import Document
    from kb.reports import Failure, Progress


def show(base: KnowledgeBase, listed: Sequence[Document], say: Messages) -> None:
    """Show the tab."""
    for kind, text, detail in st.session_state.pop("flash", []):
        st.html(markup.notice(kind, text, detail))
    if listed:
        _overview(base, listed, say)
    _add(base, say)
    if listed:
        _remove(base, listed, say)


def _overview(base: KnowledgeBase, listed: Sequence[Document], say: Messages) -> None:
    statistics = base.statistics()
    counts = {name: statistics[name] for name in ("documents", "pages", "passages")}
    st.html(markup.counts(say("documents.count", **counts), statistics["by_language"], say))
    rows = [
        {
            say("column.title"): document.title,
            say("column.languages"): ", ".join(say(f"language.{language}") for language in document.languages),
            say("column.date"): document.date or "",
            say("column.status"): "" if document.status == "unknown" else say(f"status.{document.status}"),
            say("column.pages"): document.page_count,
            say("column.passages"): document.passage_count,
            say("column.path"): document.path,
        }
        for document in listed
    ]
    st.dataframe(rows, hide_index=True, alt=say("documents.table"))


def _uploads_folder() -> Path:
    return handle.folder() / "uploads"


def _add(base: KnowledgeBase, say: Messages) -> None:
    st.subheader(say("add.title"), anchor=False)
    turn = st.session_state.setdefault("upload-turn", 0)
    with st.form("add", border=False):
        files = st.file_uploader(
            say("add.label", size=uploads.MAX_UPLOAD_MEGABYTES),
            type=sorted(SUPPORTED_SUFFIXES),
            accept_multiple_files=True,
            max_upload_size=uploads.MAX_UPLOAD_MEGABYTES,
            key=f"upload-{turn}",
        )
        if not st.form_submit_button(say("add.button")) or not files:
            return
    st.session_state["flash"] = _index(base, files, say)
    st.session_state["upload-turn"] = turn + 1
    st.rerun()


def _index(base: KnowledgeBase, files: Sequence[UploadedFile], say: Messages) -> list[tuple[str, str, str]]:
    """Store and index the files one after another and return the messages about them; one failure costs one file."""
    bar = st.progress(0.0, text=say("add.progress", done=0, total=len(files)))
    indexed = unchanged = 0
    failed: list[tuple[str, str]] = []
    warnings: list[Failure] = []
    for done, file in enumerate(files):

        def progress(made: Progress, done: int = done) -> None:
            part = made.done / max(made.total, 1)
            bar.progress((done + part) / len(files), text=say("add.progress", done=done, total=len(files)))

        try:
            path = uploads.store_upload(_uploads_folder(), file.name, file.getvalue(), SUPPORTED_SUFFIXES)
            report = base.add(path, progress)
        except KBError as error:
            failed.append((file.name, str(error)))
            continue
        indexed, unchanged = indexed + report.indexed, unchanged + report.unchanged
        failed += [(file.name, failure.reason) for failure in report.failed]
        warnings += report.warnings
    bar.empty()
    done_text = say("add.done", indexed=indexed, unchanged=unchanged, failed=len(failed))
    return [
        ("info", done_text, ""),
        *(("error", name, reason) for name, reason in failed),
        *(("warning", say("warning"), warning.reason) for warning in warnings),
    ]


def _remove(base: KnowledgeBase, listed: Sequence[Document], say: Messages) -> None:
    st.subheader(say("remove.title"), anchor=False)
    names = titles(listed)
    chosen = st.selectbox(
        say("remove.choose"),
        list(names),
        index=None,
        format_func=lambda document_id: names.get(document_id, ""),
        placeholder="",
        key="remove-choice",
    )
    if chosen is None:
        return
    if st.button(say("remove.button"), key="remove"):
        st.session_state["removing"] = chosen
    if st.session_state.get("removing") != chosen:
        return
    st.html(markup.notice("warning", say("remove.confirm"), names[chosen]))
    with st.container(horizontal=True):
        yes = st.button(say("remove.yes"), type="primary", key="remove-yes")
        no = st.button(say("remove.no"), key="remove-no")
    if yes or no:
        del st.session_state["removing"], st.session_state["remove-choice"]
    if yes:
        removed = base.remove(chosen)
        uploads.discard_upload(_uploads_folder(), Path(removed.path))
        st.session_state["flash"] = [("info", say("remove.done"), removed.title)]
    if yes or no:
        st.rerun()
