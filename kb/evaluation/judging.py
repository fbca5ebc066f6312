"""Which passages and citations of an index are the gold of a question file.

Gold is written down as a document and a quote, independent of how the index cuts its passages, so that the same file
measures every version of the cutter. Whitespace is folded on both sides of a comparison; nothing else is.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kb.evaluation.questions import Gold
    from kb.knowledge_base import KnowledgeBase
    from kb.records import Citation, Document, Language, Page, Passage

# A quote cut in two by a passage's end still counts for the passage that holds this share of it in one piece.
OVERLAP = 0.6


@dataclass(frozen=True, slots=True)
class Judgement:
    """Where one gold stands in an index: ids of its documents and passages, and the language of the first of them."""

    document_ids: frozenset[int]
    passage_ids: frozenset[int]
    language: Language


def judge(base: KnowledgeBase, golds: Iterable[Gold]) -> dict[Gold, Judgement]:
    """Return where each gold stands in the index; empty sets for what the index does not hold."""
    documents: dict[str, list[Document]] = {}
    for document in base.documents():
        for name in _names(document.path):
            documents.setdefault(name, []).append(document)
    cut: dict[int, list[tuple[Passage, str]]] = {}
    judged: dict[Gold, Judgement] = {}
    for gold in dict.fromkeys(golds):
        holders = documents.get(_key(gold.document), [])
        for document in holders:
            if document.id not in cut:
                cut[document.id] = [(passage, fold_spaces(passage.text)) for passage in base.passages(document.id)]
        quote = fold_spaces(gold.quote)
        passages = [passage for document in holders for passage, text in cut[document.id] if overlaps(quote, text)]
        spoken = [passage.language for passage in passages] + [one for held in holders for one in held.languages]
        judged[gold] = Judgement(
            document_ids=frozenset(document.id for document in holders),
            passage_ids=frozenset(passage.id for passage in passages),
            language=spoken[0] if spoken else "und",
        )
    return judged


def fold_spaces(text: str) -> str:
    """Return the text with every run of whitespace as one space, none at the ends."""
    return " ".join(text.split())


def overlaps(quote: str, text: str, share: float = OVERLAP) -> bool:
    """Return whether `text` holds one piece of `quote` that is at least `share` of it long. Both are folded."""
    if quote in text:
        return True
    length = math.ceil(share * len(quote))
    return any(quote[start : start + length] in text for start in range(len(quote) - length + 1))


def quotes_gold(citation: Citation, gold: Gold, judgement: Judgement) -> bool:
    """Return whether a citation quotes the gold: same document, one quote inside the other."""
    if citation.document.id not in judgement.document_ids:
        return False
    ours, theirs = fold_spaces(citation.quote), fold_spaces(gold.quote)
    return bool(ours) and (ours in theirs or theirs in ours)


def is_verbatim(citation: Citation, pages: Mapping[int, Page]) -> bool:
    """Return whether a citation's spans of the stored pages spell its quote, character for character.

    `pages` are those of the citation's document by index. Pieces across a page break may be joined by a space or a
    newline, which no page holds.
    """
    if not citation.spans or any(span.page_index not in pages for span in citation.spans):
        return False
    pieces = [pages[span.page_index].text[span.start : span.end] for span in citation.spans]
    return all(pieces) and citation.quote in {"\n".join(pieces), " ".join(pieces)}


def _names(path: str) -> set[str]:
    name = PurePath(path)
    return {_key(name.name), _key(name.stem)}


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", PurePath(name).name).casefold()
