"""Klaster KB: cited answers from cluster-policy documents in Uzbek, Russian and English.

Start with `KnowledgeBase`. Names are loaded when first used, so that `import kb` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.errors import KBError
    from kb.ingest.rebuild_index import rebuild_index
    from kb.knowledge_base import KnowledgeBase
    from kb.records import (
        Answer,
        AnswerGroup,
        AnswerSentence,
        Block,
        Box,
        Citation,
        DirectionCell,
        DirectionInfo,
        DirectionMatrix,
        DirectionScore,
        Document,
        DroppedSentence,
        Hit,
        LegScore,
        Match,
        Page,
        Passage,
        Span,
        WrittenAnswer,
        WrittenSentence,
    )
    from kb.reports import Failure, Progress, Report, Verification
    from kb.settings import LanguageModel, Settings

__all__ = [
    "Answer",
    "AnswerGroup",
    "AnswerSentence",
    "Block",
    "Box",
    "Citation",
    "DirectionCell",
    "DirectionInfo",
    "DirectionMatrix",
    "DirectionScore",
    "Document",
    "DroppedSentence",
    "Failure",
    "Hit",
    "KBError",
    "KnowledgeBase",
    "LanguageModel",
    "LegScore",
    "Match",
    "Page",
    "Passage",
    "Progress",
    "Report",
    "Settings",
    "Span",
    "Verification",
    "WrittenAnswer",
    "WrittenSentence",
    "rebuild_index",
]

_ELSEWHERE = {
    "Failure": "kb.reports",
    "KBError": "kb.errors",
    "KnowledgeBase": "kb.knowledge_base",
    "LanguageModel": "kb.settings",
    "Progress": "kb.reports",
    "Report": "kb.reports",
    "Settings": "kb.settings",
    "Verification": "kb.reports",
    "rebuild_index": "kb.ingest.rebuild_index",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module. Raises AttributeError for any other."""
    if name not in __all__:
        message = f"module 'kb' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_ELSEWHERE.get(name, "kb.records")), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
