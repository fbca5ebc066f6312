"""The questions that the models of the answers are fitted on and measured on, asked of indexes made for them.

Three kinds, each with a half that is fitted on and one that is only reported: the questions of `corpus/` (their own
marks say which half), questions about other things altogether (`off_topic.tsv`, every third row reported), and those of
`DATA/train/qa_passages.jsonl` over an index of its 769 passages (every fifth row reported). Of the last,
`passage_answers.tsv` says which sentences answer and which words are the short answer, and `unanswered.tsv` has for
every passage a question on its subject that it does not answer. Every fourth is also asked with its passage taken away.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.answering.candidates import Candidates, gather
from kb.answering.reading import READ_HITS
from kb.evaluation.questions import half, load_questions
from kb.ingest.pipeline import ingest
from kb.models.encoder import load_encoder
from kb.models.translation import load_tables
from kb.retrieval.filters import Filters
from kb.retrieval.query import understand
from kb.retrieval.search import Searcher
from kb.settings import Settings
from kb.store.database import Database
from kb.store.snapshot import open_snapshot
from kb.text.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.evaluation.questions import Question

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().parent
FORMS = ("uz-latin", "ru", "en")
TAKEN_AWAY_STEP = 4
REPORT_STEP = 5


@dataclass(frozen=True)
class Asked:
    """One question asked of one index: its candidates, which of them are right, and its short answer if it has one.

    `group` is where it is from: "corpus", "broad" (of the corpus, with many answers), "other things", "passages",
    "on the subject" or "taken away".
    """

    candidates: Candidates
    right: np.ndarray
    answerable: bool
    fit: bool
    group: str
    kind: str = ""
    short: str = ""


class Bench:
    """An index in a temporary folder over some documents."""

    def __init__(self, folder: Path, documents: Path) -> None:
        self.settings = Settings()
        self.encoder = load_encoder(self.settings.model)
        self.database = Database.open(folder)
        with self.database.writer():
            ingest(self.database, self.encoder, documents, self.settings, None, prune=False)
            self.searcher = Searcher(self.database, open_snapshot(self.database, folder), load_tables())

    def ask(self, text: str, documents: list[int] | None = None) -> Candidates:
        """Return the candidate sentences for a question."""
        query = understand(text, self.encoder)
        fused = self.searcher.rank(query, Filters.of(documents=documents), self.settings.retrieval)
        return gather(query, self.searcher.hits(fused, READ_HITS), fused, self.database, self.searcher)


def folded(text: str) -> str:
    """Return the text without white space, for comparing quotes."""
    return "".join(text.split())


def _right(candidates: Candidates, gold: list[tuple[str, str]]) -> np.ndarray:
    """Return which sentences are of a gold's document and hold its quote, or stand in it."""
    texts = [(Path(one.hit.document.path).stem, folded(one.text)) for one in candidates.sentences]
    return np.array(
        [
            any(name == document and (text in quote or quote in text) for document, quote in gold)
            for name, text in texts
        ],
        dtype=bool,
    )


def of_corpus(folder: Path) -> Iterator[Asked]:
    """Ask every question of the corpus, and those about other things.

    In three forms: the other Uzbek spellings find the same.
    """
    bench = Bench(folder, ROOT / "corpus")
    for question in load_questions(ROOT / "corpus" / "questions.jsonl"):
        yield from _of_question(bench, question)
    with (HERE / "off_topic.tsv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t")):
            for text in row.values():
                yield _unanswered(bench.ask(text), fit=number % 3 != 0, group="other things")


def _of_question(bench: Bench, question: Question) -> Iterator[Asked]:
    gold = [(one.document, folded(one.quote)) for one in question.gold]
    for text in (text for name, text in question.forms if name in FORMS):
        candidates = bench.ask(text)
        fit = half(question.id) == "fit"
        group = "broad" if question.broad else "corpus"
        yield Asked(
            candidates, _right(candidates, gold), question.answerable, fit, group, question.kind, question.short
        )


def _unanswered(candidates: Candidates, *, fit: bool, group: str) -> Asked:
    return Asked(candidates, np.zeros(len(candidates.sentences), bool), answerable=False, fit=fit, group=group)


def of_passages(folder: Path, data: Path) -> Iterator[Asked]:
    """Ask the questions on the passages of DATA: those that they answer, those that they do not."""
    rows = [json.loads(line) for line in (data / "train" / "qa_passages.jsonl").read_text("utf-8").splitlines()]
    texts = folder / "texts"
    texts.mkdir(parents=True)
    for number, row in enumerate(rows):
        (texts / f"p{number:04}.md").write_text(f"# {row['topic']}\n\n{row['passage']}\n", encoding="utf-8")
    bench = Bench(folder / "index", texts)
    ids = {Path(document.path).stem: document.id for document in bench.database.documents()}
    for answer in _table("passage_answers.tsv"):
        number, text = int(answer["row"]), rows[int(answer["row"])][f"q_{answer['language']}"]
        passage, name = rows[number]["passage"], f"p{number:04}"
        spans = sentence_spans(passage)
        numbers = [int(one) for one in answer["sentences"].split(",")]
        gold = [(name, folded(passage[slice(*spans[one - 1])])) for one in numbers]
        short = passage[int(answer["start"]) : int(answer["end"])] if answer["start"] else ""
        candidates, fit = bench.ask(text), number % REPORT_STEP != 0
        right = _right(candidates, gold)
        yield Asked(candidates, right, answerable=True, fit=fit, group="passages", kind=answer["kind"], short=short)
        if number % TAKEN_AWAY_STEP == 0:
            others = [other for stem, other in ids.items() if stem != name]
            yield _unanswered(bench.ask(text, others), fit=fit, group="taken away")
    for row in _table("unanswered.tsv"):
        fit = int(row["row"]) % REPORT_STEP != 0
        for language in ("uz", "ru", "en"):
            yield _unanswered(bench.ask(row[language]), fit=fit, group="on the subject")


def _table(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))
