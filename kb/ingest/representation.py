"""What the index keeps of a passage beside its text: language, terms, a vector and a vector a sentence.

Title and headings stand in front of the text in all three (contextual passages): a paragraph about "the fund" is
found by the name of the fund, which only the heading says.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kb.ingest.passages import context
from kb.store.units import NewPassage
from kb.text.language import identify
from kb.text.words import terms, tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.ingest.passages import CutPassage
    from kb.models.encoder import Encoder
    from kb.records import Language, ReadDocument, Spelling

_SURE = 0.9
_FEW_WORDS = 8


def represent(read: ReadDocument, cuts: Sequence[CutPassage], encoder: Encoder) -> list[NewPassage]:
    """Return the passages of one document, ready for the index."""
    contexts = [context(read.title, one.headings) for one in cuts]
    labels = _labels([one.text for one in cuts])
    own = {part: _own_language(part) for part in {read.title}.union(*(one.headings for one in cuts))}
    sentences = [
        f"{front} {one.text[start:end]}"
        for front, one in zip(contexts, cuts, strict=True)
        for start, end in one.sentences
    ]
    vectors = encoder.encode_passages([f"{front}\n{one.text}" for front, one in zip(contexts, cuts, strict=True)])
    sentence_vectors = encoder.encode_passages(sentences)
    passages = []
    row = 0
    for number, one in enumerate(cuts):
        language, spelling = labels[number]
        counts = Counter(terms(one.text, language))
        for part in (read.title, *one.headings):
            counts.update(terms(part, own[part] or language))
        passages.append(
            NewPassage(
                ordinal=one.ordinal,
                text=one.text,
                spans=one.spans,
                headings=one.headings,
                language=language,
                spelling=spelling,
                terms=counts,
                vector=vectors[number],
                sentences=one.sentences,
                sentence_vectors=sentence_vectors[row : row + len(one.sentences)],
            )
        )
        row += len(one.sentences)
    return passages


def _labels(texts: list[str]) -> list[tuple[Language, Spelling]]:
    """Return each passage's language and spelling; a short or doubtful one takes what most of the document is in.

    Only within one script: a doubtful Latin passage of a Cyrillic document keeps its own label.
    """
    found = [identify(text) for text in texts]
    weights: Counter[tuple[Language, Spelling]] = Counter()
    for text, one in zip(texts, found, strict=True):
        if one.confidence >= _SURE and one.language != "und":
            weights[one.language, one.spelling] += len(text)
    labels: list[tuple[Language, Spelling]] = []
    for text, one in zip(texts, found, strict=True):
        doubtful = one.confidence < _SURE or len(tokenize(text)) < _FEW_WORDS
        cyrillic = _is_cyrillic(text)
        alike = [label for label in weights if (label[0] == "ru" or label[1] == "cyrillic") == cyrillic]
        if doubtful and alike and cyrillic is not None:
            labels.append(max(alike, key=lambda label: (weights[label], label)))
        else:
            labels.append((one.language, one.spelling))
    return labels


def _is_cyrillic(text: str) -> bool | None:
    """Return whether Cyrillic letters outnumber Latin ones; None where there are neither."""
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in text)
    latin = sum(letter.isalpha() and letter < "\u0250" for letter in text)
    return cyrillic > latin if cyrillic or latin else None


def _own_language(part: str) -> Language | None:
    """Return the language of a title or heading when it is long enough to be sure of it."""
    if len(tokenize(part)) < _FEW_WORDS // 2:
        return None
    found = identify(part)
    return found.language if found.confidence >= _SURE and found.language != "und" else None
