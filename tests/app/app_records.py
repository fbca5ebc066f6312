"""A knowledge base of records made by hand, so that the pages' own logic can be tested without reading a file."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from kb.errors import NotFoundError, QueryError
from kb.records import (
    Answer,
    AnswerGroup,
    AnswerSentence,
    Citation,
    DirectionCell,
    DirectionInfo,
    DirectionMatrix,
    DirectionScore,
    Document,
    Hit,
    LegScore,
    Passage,
    Span,
)
from kb.reports import Report

DIRECTIONS = (("export", "Eksport", "Экспорт", "Export"), ("jobs", "Bandlik", "Занятость", "Jobs"))
HOSTILE = (
    "<script>alert(1)</script> **bold** [link](https://example.org) ![picture](https://example.org/a.png) "
    "$x^2$ :material/home: :red[red] `code` <img src=x onerror=alert(2)> &lt; </mark>"
)


def make_document(**changes):
    document = Document(
        id=1,
        title="Export consortia",
        path="/corpus/export.txt",
        sha256="0" * 64,
        media_type="text/plain",
        date="2024-05-06",
        languages=("en",),
        page_count=9,
        passage_count=2,
    )
    return replace(document, **changes)


def make_passage(text, **changes):
    passage = Passage(
        id=1,
        document_id=1,
        ordinal=0,
        text=text,
        spans=(Span(4, 100, 100 + len(text)),),
        headings=("Purpose", "Scope"),
        language="en",
        spelling="",
    )
    return replace(passage, **changes)


def make_citation(passage, quote, *, at=None, number=1, document=None, label="ii"):
    start = passage.text.index(quote) if at is None else at
    span = passage.spans[0]
    return Citation(
        number=number,
        quote=quote,
        document=document or make_document(),
        page_label=label,
        page_index=span.page_index,
        language=passage.language,
        spelling=passage.spelling,
        passage=passage,
        spans=(Span(span.page_index, span.start + start, span.start + start + len(quote)),),
    )


def make_hit(passage, document=None, **changes):
    legs = (LegScore("dense", 1, 0.9, 0.625), LegScore("lexical", None, 0.0, 0.375))
    hit = Hit(1, 1.0, passage, document or make_document(), 4, "ii", legs, ())
    return replace(hit, **changes)


def broad_answer(form, cited, hits):
    """A list of one group, or a comparison whose second side has nothing."""
    sentence = AnswerSentence(cited.quote, 1, short=(0, 3), lead="The rules:")
    group = AnswerGroup(cited.document.title, cited.document, None, (sentence,))
    if form == "list":
        return Answer(form, "answered", "-", "en", "", (sentence,), (cited,), tuple(hits), form="list", groups=(group,))
    missing = AnswerGroup("<b>Narnia</b>", note="Nothing on <b>Narnia</b>.")
    groups = (replace(group, heading="Tolzor", document=None), missing)
    return Answer(form, "partly", "-", "en", "", (sentence,), (cited,), tuple(hits), form="comparison", groups=groups)


@dataclass
class FakeBase:
    """Answers every question but "nothing" from its one passage; records what it was asked to do."""

    passage: Passage = field(default_factory=lambda: make_passage("One member, one vote. The rest follows."))
    quote: str = "One member, one vote."
    listed: list[Document] = field(default_factory=lambda: [make_document()])
    calls: list[tuple] = field(default_factory=list)
    reports: dict[str, Report] = field(default_factory=dict)
    revision: int = 1

    def documents(self):
        return list(self.listed)

    def statistics(self):
        return {
            "documents": len(self.listed),
            "pages": sum(one.page_count for one in self.listed),
            "passages": 2,
            "by_language": {"en": {"": 1}, "uz": {"cyrillic": 1}},
            "revision": self.revision,
        }

    def _hits(self):
        return [make_hit(self.passage, document) for document in self.listed[:1]]

    def directions(self, *, documents=None, directions=None, best=3):
        infos = tuple(
            DirectionInfo(name, {"uz": uz, "ru": ru, "en": en}, {"uz": uz, "ru": ru, "en": f"All about {en}"})
            for name, uz, ru, en in DIRECTIONS
            if directions is None or name in directions
        )
        listed = [one for one in self.listed if documents is None or one.id in documents]
        best_hits = tuple(replace(hit, directions=(DirectionScore("export", 0.9),)) for hit in self._hits()[:best])
        cells = tuple(
            DirectionCell(document.id, info.name, 1, 0.5, best_hits)
            if info.name == "export"
            else DirectionCell(document.id, info.name, 0, 0.0)
            for document in listed
            for info in infos
        )
        return DirectionMatrix(infos, tuple(listed), cells)

    def search(self, question, k=10, **filters):
        self.calls.append(("search", question, filters))
        return self._hits()

    def ask(self, question, k=10, **filters):
        self.calls.append(("ask", question, filters))
        if question == "bad":
            raise QueryError("The question has no words: type one.")
        if question == "nothing":
            return Answer(question, "not_found", "-", "en", "", hits=tuple(self._hits()))
        cited = make_citation(self.passage, self.quote, document=self.listed[0])
        if question in {"list", "compare"}:
            return broad_answer(question, cited, self._hits())
        return Answer(
            question,
            "answered",
            f"{self.quote} [1]",
            "en",
            "",
            (AnswerSentence(self.quote, 1),),
            (cited,),
            tuple(self._hits()),
        )

    def context(self, passage_id):
        return None, make_passage("What comes after.", id=2)

    def add(self, path, progress=None, *, prune=False):
        self.calls.append(("add", path))
        self.revision += 1
        return self.reports.get(Path(path).name, Report(indexed=1, passages=3))

    def remove(self, document_id):
        found = [one for one in self.listed if one.id == document_id]
        if not found:
            raise NotFoundError(f"No document has id {document_id}.")
        self.calls.append(("remove", document_id))
        self.listed.remove(found[0])
        self.revision += 1
        return found[0]


def html_of(page):
    """All that the page shows through `st.html`, in order."""
    return "\n".join(element.proto.body for element in page.get("html"))
