"""The words that some encoders want in front of a question or a passage; without them they rank worse, silently.

A model's own configuration wins. Where it is silent, the family is known from its name: E5 by Wang et al. 2022
("Text Embeddings by Weakly-Supervised Contrastive Pre-training") and 2024 (multilingual, instruct), BGE by Xiao et
al. 2023. BGE-M3, LaBSE, GTE and MiniLM want none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_E5_TASK = "Given a question, retrieve passages that answer the question"


@dataclass(frozen=True, slots=True)
class Prompts:
    """Put before every question, and before every passage, as they stand."""

    query: str = ""
    passage: str = ""


_FAMILIES = (
    (re.compile(r"e5[a-z0-9.-]*-instruct"), Prompts(query=f"Instruct: {_E5_TASK}\nQuery: ")),
    (re.compile(r"(^|[^a-z0-9])e5([^a-z0-9]|$)"), Prompts(query="query: ", passage="passage: ")),
    (
        re.compile(r"bge-(small|base|large)-en"),
        Prompts(query="Represent this sentence for searching relevant passages: "),
    ),
)


def prompts_for(name: str, configured: Mapping[str, str | None]) -> Prompts:
    """Return the prompts of the model called `name` whose own configuration holds `configured` (may be empty).

    `name` may be a hub name or a path; its last two parts are looked at.
    """
    own = Prompts(
        query=configured.get("query") or "",
        passage=configured.get("document") or configured.get("passage") or configured.get("corpus") or "",
    )
    if own != Prompts():
        return own
    short = "/".join(name.lower().replace("\\", "/").rstrip("/").split("/")[-2:])
    return next((prompts for pattern, prompts in _FAMILIES if pattern.search(short)), Prompts())
