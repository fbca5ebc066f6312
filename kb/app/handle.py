"""The one knowledge base that all browser sessions of this server share."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def index_folder(arguments: Sequence[str], environment: Mapping[str, str]) -> Path:
    """Return the index folder: KB_INDEX, else the argument after `--` on Streamlit's command line, else "index"."""
    return Path(environment.get("KB_INDEX") or next(iter(arguments), "") or "index").absolute()


@st.cache_resource(show_spinner=False)
def _opened(folder: str) -> KnowledgeBase:
    return KnowledgeBase.open(folder, settings=settings())


@st.cache_resource(show_spinner=False)
def _loaded(path: str) -> Settings:
    return Settings.load(path) if path else Settings()


def settings() -> Settings:
    """Return the settings of the file that KB_SETTINGS names, or the defaults. Raises SettingsError."""
    return _loaded(os.environ.get("KB_SETTINGS", ""))


def folder() -> Path:
    """Return the absolute folder of this server's index."""
    return index_folder(sys.argv[1:], os.environ)


def knowledge_base() -> KnowledgeBase:
    """Return the shared knowledge base, opened on first use. Raises KBError when it cannot be opened."""
    return _opened(str(folder()))
