"""Documents made up from a number: the same number gives the same document."""

from __future__ import annotations

import numpy as np

from kb.records import Block, Page, ReadDocument, Span
from kb.store.units import NewPassage

DIMENSION = 8
WORDS = [
    *(
        "klaster",
        "siyosati",
        "o‘zbek",
        "oʻzbekiston",
        "ta’lim",
        "soliq",
        "öğüt",
        "çiftçi",
        "2026",
        "12,5",
        "%",
        "—",
        "№",
        "7",
    ),
    *("ўзбекистон", "кластер", "саноат", "экспорт", "рынок", "промышленность", "йўл", "хўжалик"),
    *("policy", "export", "cluster", "industry"),
]
LANGUAGES = ("uz", "ru", "en", "und")
SPELLINGS = ("latin", "cyrillic", "latin-2026", "")


def unit_rows(rng: np.random.Generator, count: int, dimension: int) -> np.ndarray:
    vectors = rng.standard_normal((count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def document(seed: int, *, passages: int = 3, dimension: int = DIMENSION, words: int = 30):
    """A document with one page a passage; every second passage runs on over the break to the next page."""
    rng = np.random.default_rng(seed)
    paragraphs = [" ".join(rng.choice(WORDS, words)) for _ in range(passages + 1)]
    pages = tuple(
        Page(
            index=number,
            label=f"{number}-бет",
            text=f"{text}\n\nSarlavha {seed}",
            blocks=(Block("paragraph", 0, len(text)), Block("heading", len(text) + 2, len(text) + 10, 2)),
        )
        for number, text in enumerate(paragraphs, start=1)
    )
    new = []
    for place in range(passages):
        spans = (Span(place + 1, 0, len(paragraphs[place])),)
        if place % 2:
            spans += (Span(place + 2, 0, len(paragraphs[place + 1]) // 2),)
        text = "\n".join(pages[span.page_index - 1].text[span.start : span.end] for span in spans)
        sentences = tuple((start, min(start + 40, len(text))) for start in range(0, len(text), 40))[: place + 1]
        vectors = unit_rows(rng, len(sentences) + 1, dimension)
        kept = text.split()
        new.append(
            NewPassage(
                ordinal=place,
                text=text,
                spans=spans,
                headings=("I bob", f"Sarlavha {seed}"),
                language=LANGUAGES[(seed + place) % 4],
                spelling=SPELLINGS[(seed + place) % 4],
                terms={word: kept.count(word) for word in kept},
                vector=vectors[0],
                sentences=sentences,
                sentence_vectors=vectors[1:],
            )
        )
    read = ReadDocument(
        title=f"Hujjat № {seed}",
        media_type="text/plain",
        date="2026-01-31" if seed % 2 else None,
        pages=pages,
        warnings=(f"Page {seed} has no text",) if seed % 3 == 0 else (),
    )
    return read, new


def put(database, path: str, seed: int, **shape) -> int:
    read, passages = document(seed, **shape)
    return database.write_document(
        read, path=path, sha256=f"{seed:064x}", file_size=100 + seed, modified_ns=10**18 + seed, passages=passages
    )


def everything(database) -> tuple:
    """All that can be read of an index, to compare one state with another."""
    documents = [database.document(each.id) for each in database.documents()]
    passages = [database.passages_of(each.id) for each in documents]
    sentences = [database.passage_sentences([one.id for one in each]) for each in passages]
    units = [
        (
            unit.passage_id,
            unit.document_id,
            unit.language,
            unit.spelling,
            unit.content_key,
            unit.word_count,
            dict(unit.terms),
            unit.vector.tobytes(),
            unit.sentence_vectors.tobytes(),
        )
        for unit in database.units()
    ]
    return documents, passages, sentences, units
