"""A light suffix stripper for Uzbek, on folded and unmarked words."""

from __future__ import annotations


def uzbek_stem(word: str) -> str:
    """Return the first six letters of a folded, unmarked Uzbek word."""
    return word[:6]
