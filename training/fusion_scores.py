"""Every question of the fusion's fit scored once by every leg, and ranked by any weights as the search would.

The search itself scores; here its scores are kept as columns, so that hundreds of ways to fuse them take a minute.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.directions.scoring import Directions
from kb.directions.taxonomy import load_taxonomy
from kb.evaluation import measures
from kb.evaluation.judging import judge
from kb.evaluation.questions import Question, half
from kb.ingest.pipeline import ingest
from kb.models.encoder import load_encoder
from kb.models.translation import load_tables
from kb.retrieval.detail import detail_leg
from kb.retrieval.directions import direction_leg
from kb.retrieval.fusion import Fused
from kb.retrieval.headings import heading_leg
from kb.retrieval.levels import level
from kb.retrieval.names import held
from kb.retrieval.query import understand
from kb.retrieval.search import WITH_DETAIL, WITH_HEADINGS, Searcher
from kb.retrieval.spread import spread
from kb.settings import LegWeights, RetrievalSettings, Settings
from kb.store.database import Database
from kb.store.snapshot import open_snapshot
from kb.store.units import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.records import Document, Passage

PASSAGE_STEP = 6
FIRST = ("dense", "sentence", "lexical", "title")
TRIED = ("cover", "rare", "same_language", "length", "document", "rank_dense", "rank_sentence", "rank_lexical")
"""Further features: idf-weighted share of the question's terms that a passage holds; of their rarest third; whether
question and passage are of one language; log of its length; the best score in its document; 10 / (10 + rank)."""
SINGLE = (*FIRST, "name", "detail")
FORMER = LegWeights(dense=0.7, sentence=1.3, lexical=1.2, title=0.4, name=0.0, detail=0.0)
"""The sum of standardised scores without any later leg."""
READ = 40
"""Sentences are read of that many passages a question."""


class Bench:
    """An index in a temporary folder, with what judging asks of a knowledge base."""

    def __init__(self, folder: Path, documents: Path, model: str) -> None:
        settings = Settings(model=model)
        self.encoder = load_encoder(model)
        self.database = Database.open(folder)
        with self.database.writer():
            ingest(self.database, self.encoder, documents, settings, None, prune=False)
            snapshot = open_snapshot(self.database, folder)
        self.directions = Directions(load_taxonomy(), self.encoder)
        self.searcher = Searcher(self.database, snapshot, load_tables(), lambda: self.directions.agreement)

    def documents(self) -> list[Document]:
        """Return all documents."""
        return self.database.documents()

    def passages(self, document_id: int) -> list[Passage]:
        """Return the passages of a document."""
        return list(self.database.passages_of(document_id))


@dataclass(frozen=True, eq=False)
class Asked:
    """One question in one form: a column a feature for every passage of its index, and the gold by row.

    `gold` holds of each quote its document, grade and rows. `kind` is "single", "lists", "comparisons" or "passages".
    """

    question: str
    kind: str
    fit: bool
    bench: Bench
    features: dict[str, np.ndarray]
    gold: tuple[tuple[str, int, frozenset[int]], ...]

    @property
    def grades(self) -> np.ndarray:
        """The best grade of each row."""
        grades = np.zeros(len(self.features["dense"]))
        for _, grade, rows in self.gold:
            for row in rows:
                grades[row] = max(grades[row], grade)
        return grades


Ranker = Callable[[Asked], np.ndarray]
"""Gives the rows of a question, best first."""


def features_of(bench: Bench, text: str) -> dict[str, np.ndarray]:
    """Score every passage of a small index by every leg."""
    searcher, snapshot = bench.searcher, bench.searcher.snapshot
    query = understand(text, bench.encoder)
    terms = searcher.lexical.terms_of(query)
    rows = np.arange(snapshot.n, dtype=np.int32)
    limit = RetrievalSettings().candidates
    legs = [
        searcher.dense.passage_leg(query, None, limit),
        searcher.dense.sentence_leg(query, None, limit),
        searcher.lexical.leg(query, None, limit),
    ]
    found = [leg.rows for leg in legs if leg]
    legs += [searcher.titles.leg(terms, found, limit), searcher.names.leg(query, terms, found)]
    columns = {
        name: np.zeros(snapshot.n, np.float32) if leg is None else leg.standardised(rows)
        for name, leg in zip((*FIRST, "name"), legs, strict=True)
    }
    score = sum(getattr(FORMER, name) * columns[name] for name in FIRST)
    order = np.argsort(-score, kind="stable").astype(np.int32)
    later = {
        "detail": (order[:READ], partial(detail_leg, query, terms, order[:READ], snapshot, bench.database)),
        "heading": (rows, partial(heading_leg, terms, rows, snapshot, bench.database)),
        "direction": (rows, partial(direction_leg, query, rows, snapshot, bench.directions.agreement)),
    }
    for name, (seen, make) in later.items():
        leg = make()
        columns[name] = np.zeros(snapshot.n, np.float32)
        if leg is not None:
            columns[name][seen] = leg.standardised(seen)
    return columns | _tried(bench, query, terms, columns, score)


def _tried(bench: Bench, query, terms, columns: dict[str, np.ndarray], score: np.ndarray) -> dict[str, np.ndarray]:
    snapshot = bench.searcher.snapshot
    rows = np.arange(snapshot.n, dtype=np.int32)
    idf = np.asarray([term.idf for term in terms])
    holds = np.stack([held(snapshot, term, rows) for term in terms]) if terms else np.zeros((1, snapshot.n))
    rarest = np.argsort(-idf, kind="stable")[: max(1, len(idf) // 3)]
    best = {document: score[snapshot.document_ids == document].max() for document in set(snapshot.document_ids)}
    ranks = {name: np.argsort(np.argsort(-columns[name], kind="stable")) for name in ("dense", "sentence", "lexical")}
    return {
        "cover": idf @ holds / idf.sum() if terms else holds[0],
        "rare": holds[rarest].mean(axis=0) if terms else holds[0],
        "same_language": (snapshot.languages == LANGUAGES.index(query.language)).astype(np.float32),
        "length": np.log(np.maximum(snapshot.word_counts, 1) / 80),
        "document": np.asarray([best[document] for document in snapshot.document_ids]),
        **{f"rank_{name}": 10 / (10 + places) for name, places in ranks.items()},
    }


def corpus_questions(bench: Bench, questions: Sequence[Question]) -> list[Asked]:
    """Ask every answerable question of the corpus in every form."""
    judged = judge(bench, (gold for one in questions for gold in one.gold))
    row_of = {int(number): row for row, number in enumerate(bench.searcher.snapshot.ids)}
    asked = []
    for one in questions:
        gold = tuple((g.document, g.grade, frozenset(row_of[i] for i in judged[g].passage_ids)) for g in one.gold)
        kind = "single" if not one.broad else "comparisons" if one.kind == "compare" else "lists"
        for _, text in one.forms if gold else ():
            asked.append(Asked(one.id, kind, half(one.id) == "fit", bench, features_of(bench, text), gold))
    return asked


def passage_questions(bench: Bench, lines: Sequence[dict[str, str]]) -> list[Asked]:
    """Ask the questions of every sixth passage over an index of all of them."""
    ids = {Path(document.path).stem: document.id for document in bench.documents()}
    asked = []
    for number in range(0, len(lines), PASSAGE_STEP):
        rows = np.flatnonzero(bench.searcher.snapshot.document_ids == ids[f"p{number:04}"])
        gold = ((f"p{number:04}", 2, frozenset(rows.tolist())),)
        texts = [text for language in ("uz", "ru", "en") if (text := lines[number].get(f"q_{language}"))]
        asked += [Asked(f"p{number}", "passages", True, bench, features_of(bench, text), gold) for text in texts]
    return asked


def ranked(asked: Asked, weights: LegWeights) -> np.ndarray:
    """Return the rows as the search ranks them with some weights (`Searcher.rank`, without operators)."""
    columns = asked.features
    score = sum(getattr(weights, name) * columns[name] for name in (*FIRST, "name"))
    order = np.argsort(-score, kind="stable")
    for names, first in ((("heading", "direction"), WITH_HEADINGS), (("detail",), WITH_DETAIL)):
        for name in names:
            part = getattr(weights, name) * columns[name]
            seen = order[:first]
            least = part[seen].min() if len(seen) else 0.0
            more = np.full(len(score), least)
            more[seen] = part[seen]
            score = score + more
        order = np.argsort(-score, kind="stable")
    fused = Fused(order.astype(np.int32), score[order].astype(np.float32), np.zeros((1, len(order)), np.float32), ())
    snapshot = asked.bench.searcher.snapshot
    return spread(level(fused, snapshot, weights.level, WITH_HEADINGS), snapshot, weights.spread).rows


def measured(asked: Asked, order: np.ndarray) -> np.ndarray:
    """Return nDCG@10, recall@10, recall@20, Success@1 and α-nDCG@10 of a ranking."""
    seen: set[int] = set()
    found = []
    for row in order[:20].tolist():
        held_here = {number for number, (_, _, rows) in enumerate(asked.gold) if row in rows} - seen
        seen |= held_here
        found.append(held_here)
    gains = [max((asked.gold[number][1] for number in one), default=0) for one in found]
    nuggets = [frozenset(asked.gold[number][0] for number in one) for one in found]
    return np.asarray(
        [
            measures.ndcg(gains, [grade for _, grade, _ in asked.gold], 10),
            measures.recall(found, len(asked.gold), 10),
            measures.recall(found, len(asked.gold), 20),
            measures.success(gains, 1),
            measures.alpha_ndcg(nuggets, [frozenset([document]) for document, _, _ in asked.gold], 10),
        ]
    )


def by_features(asked: Asked, names: Sequence[str], weights: np.ndarray) -> np.ndarray:
    """Return the rows by a weighted sum of features."""
    score = sum(weight * asked.features[name] for name, weight in zip(names, weights, strict=True))
    return np.argsort(-score, kind="stable")


def reciprocal_ranks(asked: Asked, names: Sequence[str] = FIRST) -> np.ndarray:
    """Return the rows by the sum of 1 / (60 + rank) over legs (Cormack, Clarke and Büttcher 2009)."""
    ranks = [np.argsort(np.argsort(-asked.features[name], kind="stable")) + 1 for name in names]
    return np.argsort(-sum(1 / (60 + rank) for rank in ranks), kind="stable")
