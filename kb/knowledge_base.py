"""The façade: one class whose verbs are the same in Python, on the command line and in the app.

    with KnowledgeBase.open("index") as base:
        base.add("corpus")
        for hit in base.search("export potential of clusters"):
            print(hit.document.title, hit.page_label, hit.passage.text)
        print(base.ask("Qaysi choralar eksportni oshiradi?").text)

It holds no rule of its own: it opens the rooms, passes calls on, and keeps the snapshot that searches run over current.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from kb.errors import IndexLockedError, IndexMismatchError, NotFoundError
from kb.ingest.index_model import FINGERPRINT, matching_encoder
from kb.models.blas import one_thread
from kb.models.translation import load_tables
from kb.reports import Verification
from kb.retrieval.filters import Filters
from kb.retrieval.finding import Finder
from kb.retrieval.glossary import GlossaryFile
from kb.retrieval.search import Searcher, weights_for
from kb.settings import Settings
from kb.store.database import Database
from kb.store.snapshot import open_snapshot, verify_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from kb.answering.reading import Reading
    from kb.directions.scoring import Directions
    from kb.models.encoder import Encoder
    from kb.records import Answer, Citation, DirectionMatrix, Document, Hit, Passage, WrittenAnswer
    from kb.reports import Progress, Report
    from kb.retrieval.finding import Found
    from kb.settings import LanguageModel


class KnowledgeBase:
    """An index of documents that can be searched and asked. Safe to share between threads; use `open`."""

    def __init__(self, database: Database, encoder: Encoder, settings: Settings) -> None:
        self._database = database
        self._encoder = encoder
        self._settings = settings
        self._fingerprint = settings.index_fingerprint(encoder.fingerprint)
        self._searcher: Searcher | None = None
        self._refreshing = threading.Lock()
        self._glossary = GlossaryFile(database.folder)

    @classmethod
    def open(
        cls,
        path: str | Path = "index",
        *,
        model: str | None = None,
        settings: Settings | None = None,
        create: bool = True,
    ) -> KnowledgeBase:
        """Open the index in a folder; make it when absent, unless `create` is False.

        `model` (or else `settings.model`) counts for a new index. An existing index keeps the model that it was
        made with; asking for another raises IndexMismatchError.
        """
        settings = settings or Settings()
        database = Database.open(Path(path), create=create)
        try:
            return cls(database, matching_encoder(database, model, settings), settings)
        except BaseException:
            database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the files. What was returned before stays usable."""
        self._searcher = None
        self._database.close()

    @property
    def model(self) -> str:
        """Name of the encoder."""
        return self._encoder.name

    def add(
        self, path: str | Path, progress: Callable[[Progress], None] | None = None, *, prune: bool = False
    ) -> Report:
        """Index a file or a folder: new and changed documents are read, unchanged ones left alone.

        A document that fails is in `Report.failed`, with its former version, if any, kept. Files that are gone stay
        indexed unless `prune` is set. Raises NotFoundError when there is no such path, IndexLockedError when another
        process is indexing.
        """
        from kb.ingest.pipeline import ingest  # noqa: PLC0415 - reading files is not needed to ask

        with self._database.writer():
            self._refuse_another_model()
            report = ingest(self._database, self._encoder, Path(path), self._settings, progress, prune=prune)
            self._refresh()
        return report

    def search(
        self,
        question: str,
        k: int = 10,
        *,
        languages: Iterable[str] | None = None,
        spellings: Iterable[str] | None = None,
        documents: Iterable[int] | None = None,
        since: str | None = None,
        until: str | None = None,
        directions: Iterable[str] | None = None,
    ) -> list[Hit]:
        """Return the k best passages in any language, best first.

        "Words in quotes" move the passages that hold them up, -word leaves out those that hold it (docs/search.md).
        Raises QueryError for an empty question or a filter that makes no sense, GlossaryError for a glossary that
        cannot be read.
        """
        filters = self._about(Filters.of(languages, spellings, documents, since, until), directions)
        from kb.answering.reading import READ_HITS  # noqa: PLC0415 - opening an index needs none

        with one_thread():
            finder = self._finder()
            found, _ = self._read(finder.found(finder.understood(question), max(k, READ_HITS), filters))
        return found.hits[: max(k, 0)]

    def ask(
        self,
        question: str,
        k: int = 10,
        *,
        languages: Iterable[str] | None = None,
        spellings: Iterable[str] | None = None,
        documents: Iterable[int] | None = None,
        since: str | None = None,
        until: str | None = None,
        directions: Iterable[str] | None = None,
        llm: LanguageModel | None = None,
    ) -> Answer:
        """Answer with exact, cited sentences, or say that the documents do not answer.

        The k best passages come along as `Answer.hits`. With `llm` the answer is also written out (`write`); without,
        nothing leaves this process. Raises QueryError like `search`.
        """
        from kb.answering.answer import answer, hits_read  # noqa: PLC0415 - only answers need it
        from kb.answering.phrases import OTHER_LANGUAGE  # noqa: PLC0415 - likewise
        from kb.models.extractive import open_early  # noqa: PLC0415 - likewise
        from kb.text.other_languages import in_another_language  # noqa: PLC0415 - likewise

        open_early()
        filters = self._about(Filters.of(languages, spellings, documents, since, until), directions)
        with one_thread():
            finder = self._finder()
            query = finder.understood(question)
            found, reading = self._read(finder.found(query, max(k, hits_read(query)), filters))
            quoted = answer(found, reading, finder, filters, self._database, k=k, taxonomy=self._directions.taxonomy)
        if in_another_language(query.text):
            quoted = replace(quoted, notice=OTHER_LANGUAGE, text=f"{OTHER_LANGUAGE} {quoted.text}")
        return quoted if llm is None else self.write(quoted, llm)

    def write(
        self, answer: Answer, llm: LanguageModel, progress: Callable[[WrittenAnswer], None] | None = None
    ) -> Answer:
        """Return an answer of `ask` with `written` by a language model from its passages (docs/language-model.md).

        An answer that says that nothing answers comes back as it is, and nothing is sent. What goes wrong at the server
        is said in `written.problem_text`; `progress` gets what there is after each sentence. Raises LanguageModelError
        when the package openai is missing.
        """
        from kb.writing.writer import write  # noqa: PLC0415 - only those who have a language model need it

        if answer.status == "not_found":
            return answer
        written = write(
            answer,
            llm,
            database=self._database,
            searcher=self._current(),
            encoder=self._encoder,
            given=self._glossary.current().given,
            progress=progress,
        )
        return replace(answer, written=written)

    def boxes(self, citation: Citation) -> Citation:
        """Return a citation with `boxes`: where its quote is printed, one box a line, in points.

        Empty for documents that are no PDF, and where the page's text layer does not hold the quote. Words that stand
        twice on the page are boxed twice. The file is opened in a child process, once a page.

        Raises VanishedDocumentError when the file is gone or has changed since it was indexed, DamagedDocumentError and
        DocumentLimitError when its page cannot be measured.
        """
        from kb.answering.printed import boxed  # noqa: PLC0415 - only who wants boxes opens files

        return boxed(citation)

    def directions(
        self,
        *,
        documents: Iterable[int] | None = None,
        directions: Iterable[str] | None = None,
        best: int = 3,
    ) -> DirectionMatrix:
        """Return documents × strategic directions, each cell with its `best` surest passages (docs/directions.md).

        Raises QueryError for an unknown direction, NotFoundError for an unknown document, SettingsError for a
        directions file of the settings that cannot be read.
        """
        from kb.directions.matrix import matrix  # noqa: PLC0415 - a question needs no matrix

        snapshot = self._current().snapshot
        return matrix(self._directions, snapshot, self._database, documents=documents, names=directions, best=best)

    def documents(self) -> list[Document]:
        """Return all documents without their pages, ordered by path."""
        return self._database.documents()

    def document(self, document_id: int) -> Document:
        """Return one document with its pages. Raises NotFoundError."""
        return self._database.document(document_id)

    def passages(self, document_id: int) -> list[Passage]:
        """Return the passages of a document in reading order. Raises NotFoundError."""
        passages = self._database.passages_of(document_id)
        if not passages:
            self._database.pages(document_id)
        return list(passages)

    def context(self, passage_id: int) -> tuple[Passage | None, Passage | None]:
        """Return the passages before and after one. Raises NotFoundError."""
        around = self._database.neighbours(passage_id)
        before = [passage for passage in around if passage.id < passage_id]
        after = [passage for passage in around if passage.id > passage_id]
        return (before[-1] if before else None, after[0] if after else None)

    def remove(self, document_id: int) -> Document:
        """Remove a document from the index (never the file) and return it. Raises NotFoundError."""
        with self._database.writer():
            document = next((one for one in self.documents() if one.id == document_id), None)
            if document is None:
                raise NotFoundError(f"No document has id {document_id}. List them with: kb documents")
            self._database.remove_document(document_id)
            self._refresh()
        return document

    def set_glossary(self, path: str | Path) -> int:
        """Make a CSV file with the columns uz, ru, en the glossary of this index and return how many entries it has.

        It is copied into the index folder and used from the next question on. Raises GlossaryError naming the line that
        is wrong; the former glossary then stands.
        """
        return len(self._glossary.install(Path(path)))

    def verify(self) -> Verification:
        """Check every stored page, passage, vector and derived file against each other."""
        documents = self.documents()
        snapshot = self._current().snapshot
        problems = [*self._database.check(deep=True), *verify_snapshot(self._database, snapshot)]
        return Verification(
            documents=len(documents),
            pages=sum(document.page_count for document in documents),
            passages=sum(document.passage_count for document in documents),
            problems=tuple(problems),
        )

    def statistics(self) -> dict[str, Any]:
        """Return counts of documents, pages and passages, the latter by language and spelling, and the model."""
        documents = self.documents()
        return {
            "documents": len(documents),
            "pages": sum(document.page_count for document in documents),
            "passages": sum(document.passage_count for document in documents),
            "by_language": self._database.passage_counts(),
            "model": self.model,
            "revision": self._database.revision,
        }

    def _read(self, found: Found) -> tuple[Found, Reading | None]:
        """Return what was found with its best hits put in order by their sentences, and what was read of them."""
        from kb.answering.reading import reread  # noqa: PLC0415 - opening an index needs none

        return reread(found, self._database, weights_for(found.query, self._settings.retrieval).reading)

    def _finder(self) -> Finder:
        """Return what finds passages in the newest snapshot."""
        glossary, searcher = self._glossary.current(), self._current()
        return Finder(self._encoder, glossary, searcher, self._settings.retrieval, self._directions.annotated)

    @cached_property
    def _directions(self) -> Directions:
        from kb.directions.scoring import Directions  # noqa: PLC0415 - opening an index needs none
        from kb.directions.taxonomy import load_taxonomy  # noqa: PLC0415

        return Directions(load_taxonomy(self._settings.directions), self._encoder, self._database.folder)

    def _about(self, filters: Filters, directions: Iterable[str] | None) -> Filters:
        """Return the filters narrowed to passages of some directions. Raises QueryError for an unknown one."""
        if directions is None:
            return filters
        wanted = self._directions.checked(directions)
        return replace(filters, directions=wanted, about=self._directions.allowed)

    def _current(self) -> Searcher:
        """Return the searcher of the newest snapshot, renewed when the index has changed.

        While another process is writing, the last snapshot goes on serving.
        """
        searcher = self._searcher
        if searcher is not None and searcher.snapshot.revision == self._database.revision:
            return searcher
        if searcher is None:
            return self._refresh()
        try:
            with self._database.writer(0.0):
                return self._refresh()
        except IndexLockedError:
            return searcher

    def _refresh(self) -> Searcher:
        with self._refreshing:
            self._refuse_another_model()
            if self._searcher is None or self._searcher.snapshot.revision != self._database.revision:
                snapshot = open_snapshot(self._database, self._database.folder)
                tables = load_tables()
                self._searcher = Searcher(self._database, snapshot, tables, lambda: self._directions.agreement)
            return self._searcher

    def _refuse_another_model(self) -> None:
        """Raise IndexMismatchError when the index was rebuilt with another model since it was opened."""
        if self._database.meta(FINGERPRINT) != self._fingerprint:
            message = f"The index in {self._database.folder} was rebuilt with another model: open it again"
            raise IndexMismatchError(message)
