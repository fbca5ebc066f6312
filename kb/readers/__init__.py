"""Files become pages of final text: one file a format, and processes in which a hostile file costs itself only."""

from __future__ import annotations

from kb.readers.formats import SUPPORTED_SUFFIXES, media_type
from kb.readers.isolation import ReaderPool
from kb.readers.registry import read

__all__ = ["SUPPORTED_SUFFIXES", "ReaderPool", "media_type", "read"]
