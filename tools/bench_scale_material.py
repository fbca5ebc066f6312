"""Synthetic documents of any number: sentences of real passages, recombined within one language and spelling.

Document i is a function of the seed and i alone, so that an interrupted run goes on where it stopped and a larger
size begins like a smaller one. A passage has as many sentences as some real passage; its words, lengths and languages
are thus those of real text. What is not real: a sentence comes back in many passages and the vocabulary does not grow,
so every word of a question is a frequent one and the lexical leg works harder than on real text of that size.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from kb.records import Page, ReadDocument, Span
from kb.store.units import NewPassage
from kb.text.words import terms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.models.encoder import Encoder, FloatArray
    from kb.records import Language, Spelling
    from kb.store.database import Database

PASSAGES_A_DOCUMENT = 100
PASSAGES_A_PAGE = 5


@dataclass(frozen=True, slots=True)
class Pool:
    """Sentences of one language and spelling with their vectors (s, d), words and stems; `lengths` of real passages."""

    language: Language
    spelling: Spelling
    sentences: tuple[str, ...]
    words: FloatArray
    terms: tuple[Counter[str], ...]
    vectors: FloatArray
    lengths: tuple[int, ...]


def pools_of(database: Database, encoder: Encoder) -> list[Pool]:
    """Return the pools of an index, each once for every ten passages it holds, so that drawing one is fair."""
    grouped: dict[tuple[Language, Spelling], list[list[str]]] = {}
    for document in database.documents():
        passages = database.passages_of(document.id)
        spans = database.passage_sentences([passage.id for passage in passages])
        for passage in passages:
            sentences = [passage.text[start:end] for start, end in spans[passage.id]]
            if sentences:
                grouped.setdefault((passage.language, passage.spelling), []).append(sentences)
    return [
        pool
        for (language, spelling), passages in sorted(grouped.items())
        for pool in [_pool(language, spelling, passages, encoder)] * max(1, len(passages) // 10)
    ]


def _pool(language: Language, spelling: Spelling, passages: list[list[str]], encoder: Encoder) -> Pool:
    sentences = tuple(sorted({one for passage in passages for one in passage}))
    return Pool(
        language=language,
        spelling=spelling,
        sentences=sentences,
        words=np.asarray([len(one.split()) for one in sentences], dtype=np.float32),
        terms=tuple(Counter(terms(one, language)) for one in sentences),
        vectors=encoder.encode_passages(list(sentences)),
        lengths=tuple(len(passage) for passage in passages),
    )


def document(number: int, pools: list[Pool], seed: int) -> tuple[ReadDocument, list[NewPassage]]:
    """Return synthetic document `number` and its passages, 100 of them on 20 pages.

    A passage's vector is the sum of its sentences' vectors weighted by their words, scaled to unit length: for an
    encoder that averages word vectors nearly what it gives for the joined text, and a thousand times faster.
    """
    random = np.random.default_rng((seed, number))
    pool = pools[int(random.integers(len(pools)))]
    pages: list[Page] = []
    passages: list[NewPassage] = []
    texts: list[str] = []
    place = 0
    for ordinal in range(PASSAGES_A_DOCUMENT):
        chosen = random.integers(len(pool.sentences), size=pool.lengths[int(random.integers(len(pool.lengths)))])
        text = " ".join(pool.sentences[one] for one in chosen)
        passages.append(_passage(ordinal, pool, chosen.tolist(), Span(len(pages) + 1, place, place + len(text))))
        texts.append(text)
        place += len(text) + 2
        if len(texts) == PASSAGES_A_PAGE:
            pages.append(Page(len(pages) + 1, str(len(pages) + 1), "\n\n".join(texts)))
            texts, place = [], 0
    return ReadDocument(f"Synthetic document {number}", "text/plain", None, tuple(pages)), passages


def _passage(ordinal: int, pool: Pool, chosen: list[int], span: Span) -> NewPassage:
    sentences = [pool.sentences[one] for one in chosen]
    starts = np.cumsum([0, *(len(one) + 1 for one in sentences)]).tolist()
    counts: Counter[str] = Counter()
    for one in chosen:
        counts.update(pool.terms[one])
    vectors = pool.vectors[chosen]
    whole = pool.words[chosen] @ vectors
    return NewPassage(
        ordinal=ordinal,
        text=" ".join(sentences),
        spans=(span,),
        headings=(),
        language=pool.language,
        spelling=pool.spelling,
        terms=counts,
        vector=whole / max(float(np.linalg.norm(whole)), 1e-9),
        sentences=tuple((start, after - 1) for start, after in pairwise(starts)),
        sentence_vectors=vectors,
    )


def write(database: Database, numbers: Iterable[int], pools: list[Pool], seed: int) -> None:
    """Store the documents with these numbers, one transaction each; those that are there stay."""
    present = database.file_states().keys()
    for number in numbers:
        path = f"synthetic-{number:07d}"
        if path in present:
            continue
        read, passages = document(number, pools, seed)
        text = "".join(page.text for page in read.pages).encode()
        database.write_document(
            read,
            path=path,
            sha256=sha256(text).hexdigest(),
            file_size=len(text),
            modified_ns=0,
            passages=passages,
        )
