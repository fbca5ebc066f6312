"""Documents × directions: how much of each document is about what, with the surest passages of each cell to quote."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from kb.directions.taxonomy import LANGUAGES
from kb.errors import NotFoundError
from kb.records import DirectionCell, DirectionInfo, DirectionMatrix, Hit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from kb.directions.scoring import Directions, Scores
    from kb.records import Document
    from kb.store.database import Database
    from kb.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class _Cell:
    """Which of a document's passages (rows) have the direction at `place`, surest first."""

    document: Document
    place: int
    total: int
    rows: NDArray[np.int64]


def matrix(
    directions: Directions,
    snapshot: Snapshot,
    database: Database,
    *,
    documents: Iterable[int] | None = None,
    names: Iterable[str] | None = None,
    best: int = 3,
) -> DirectionMatrix:
    """Return the cells of the chosen documents (by path) and directions (in the taxonomy's order), all by default.

    Each cell comes with its `best` surest passages, equal texts once. Raises QueryError for an unknown direction,
    NotFoundError for an unknown document.
    """
    chosen = directions.checked(names)
    scores = directions.of(snapshot)
    places = [place for place, name in enumerate(scores.names) if chosen is None or name in chosen]
    listed = _listed(database, documents)
    bounds = _rows_by_document(snapshot)
    cells = [
        _Cell(document, place, len(rows), _surest_first(scores, rows, place))
        for document in listed
        for rows in (bounds.get(document.id, np.empty(0, dtype=np.int64)),)
        for place in places
    ]
    shown = [_distinct(snapshot, cell.rows, best) for cell in cells]
    hits = _hits(database, snapshot, scores, {row for rows in shown for row in rows})
    return DirectionMatrix(
        directions=tuple(
            DirectionInfo(
                one.name,
                {language: one.label[language] for language in LANGUAGES},
                {language: one.definition[language] for language in LANGUAGES},
            )
            for one in directions.taxonomy.directions
            if chosen is None or one.name in chosen
        ),
        documents=tuple(listed),
        cells=tuple(
            DirectionCell(
                document_id=cell.document.id,
                direction=scores.names[cell.place],
                passages=len(cell.rows),
                share=round(len(cell.rows) / cell.total, 4) if cell.total else 0.0,
                best=tuple(
                    replace(hits[row], rank=rank, score=round(float(scores.probabilities[row, cell.place]), 4))
                    for rank, row in enumerate((row for row in rows if row in hits), start=1)
                ),
            )
            for cell, rows in zip(cells, shown, strict=True)
        ),
    )


def _listed(database: Database, wanted: Iterable[int] | None) -> list[Document]:
    documents = database.documents()
    if wanted is None:
        return documents
    ids = {int(one) for one in wanted}
    missing = sorted(ids - {document.id for document in documents})
    if missing:
        raise NotFoundError(f"No document has id {missing[0]}. List them with: kb documents")
    return [document for document in documents if document.id in ids]


def _rows_by_document(snapshot: Snapshot) -> dict[int, NDArray[np.int64]]:
    """Return the rows of each document, ascending."""
    order = np.argsort(snapshot.document_ids, kind="stable")
    ids, starts = np.unique(snapshot.document_ids[order], return_index=True)
    return dict(zip(ids.tolist(), np.split(order, starts[1:]), strict=True)) if snapshot.n else {}


def _surest_first(scores: Scores, rows: NDArray[np.int64], place: int) -> NDArray[np.int64]:
    """Return those of the rows that have the direction, ties by row."""
    held = rows[scores.present[rows, place]]
    ordered: NDArray[np.int64] = held[np.lexsort((held, -scores.probabilities[held, place]))]
    return ordered


def _distinct(snapshot: Snapshot, rows: NDArray[np.int64], limit: int) -> list[int]:
    """Return the first rows whose texts differ."""
    firsts: dict[int, int] = {}
    for row in rows.tolist():
        if len(firsts) == limit:
            break
        firsts.setdefault(int(snapshot.content_keys[row]), row)
    return list(firsts.values())


def _hits(database: Database, snapshot: Snapshot, scores: Scores, rows: set[int]) -> dict[int, Hit]:
    """Return the passages of the rows; one that was replaced since the snapshot was made is left out."""
    ids = {int(snapshot.ids[row]): row for row in sorted(rows)}
    hits: dict[int, Hit] = {}
    with database.view() as view:
        passages = view.passages(ids)
        documents = view.documents_of({passage.document_id for passage in passages.values()})
        for number, passage in passages.items():
            page_index = passage.spans[0].page_index
            row = ids[number]
            hits[row] = Hit(
                rank=1,
                score=0.0,
                passage=passage,
                document=documents[passage.document_id],
                page_index=page_index,
                page_label=view.page(passage.document_id, page_index).label,
                directions=scores.of_row(row),
            )
    return hits
