"""`kb search` and `kb ask`."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from kb.answering.phrases import counted, partly
from kb.cli.exits import ExitCode
from kb.cli.options import Filters, Target, Writer, spread
from kb.cli.terminal import bold, indented, note, one_line, say, say_json, status_words, visible
from kb.errors import ReadError

if TYPE_CHECKING:
    from kb.knowledge_base import KnowledgeBase
    from kb.records import Answer, AnswerSentence, Citation, Document, Hit, WrittenAnswer

_SHOWN_CHARACTERS = 400
_NEAREST = 3
"""Passages shown where nothing answers."""

DROPPED = {
    "uncited": "it cites no passage",
    "wrong_number": "it cites {detail}, a passage that does not exist",
    "other_language": "it is not in the language of the question",
    "number": "the number {detail} does not stand so in the cited passage",
    "date": "the date {detail} does not stand in the cited passage",
    "name": "the name {detail} does not stand in the cited passage",
    "negation": "it says the opposite of the cited passage, or denies what that does not deny",
    "unsupported": "the cited passage does not bear it out",
    "too_long": "it is too long to be checked",
}
"""Why a sentence was dropped, by `DroppedSentence.reason`."""

Question = Annotated[
    str, typer.Argument(metavar="QUESTION", help="In Uzbek (any spelling), Russian or English.", show_default=False)
]
Count = Annotated[int, typer.Option("-k", metavar="N", min=1, max=1000, help="How many passages.")]
ShowLegs = Annotated[
    bool, typer.Option("--show-legs", help="Show why a passage was found: each leg's part, and the matched words.")
]


@spread
def search(
    question: Question,
    *,
    target: Target,
    filters: Filters,
    k: Count = 10,
    show_legs: ShowLegs = False,
    full: Annotated[bool, typer.Option("--full", help="Print whole passages.")] = False,
) -> None:
    """Find the passages nearest to a question, in all languages."""
    with target.open() as base:
        hits = base.search(question, k=k, **filters.arguments())
    if target.as_json:
        say_json([hit.to_dict() for hit in hits])
    else:
        for hit in hits:
            _say_hit(hit, show_legs=show_legs, full=full)
    if not hits:
        raise typer.Exit(ExitCode.NOTHING_FOUND)


@spread
def ask(
    question: Question,
    *,
    target: Target,
    filters: Filters,
    writer: Writer,
    k: Count = 10,
    show_legs: ShowLegs = False,
    boxes: Annotated[
        bool, typer.Option("--boxes", help="With --json: where each quote is printed on its page of a PDF.")
    ] = False,
) -> None:
    """Answer a question with exact quotes, or say that the documents do not answer it."""
    if boxes and not target.as_json:
        raise typer.BadParameter("goes with --json.", param_hint="--boxes")
    llm = writer.model(target.load_settings())
    with target.open() as base:
        answer = base.ask(question, k=k, llm=llm, **filters.arguments())
        if boxes:
            answer = _boxed(base, answer)
    if answer.written is not None and answer.written.problem_text:
        note(answer.written.problem_text)
    if target.as_json:
        say_json(answer.to_dict())
    else:
        _say_answer(answer)
        if show_legs:
            for hit in answer.hits:
                _say_hit(hit, show_legs=True, full=False)
    if answer.status == "not_found":
        raise typer.Exit(ExitCode.NOTHING_FOUND)


def _boxed(base: "KnowledgeBase", answer: "Answer") -> "Answer":
    """Return the answer with the boxes of its citations; a file that is gone costs its own, with a line on stderr."""

    def boxed(citation: "Citation") -> "Citation":
        try:
            return base.boxes(citation)
        except ReadError as error:
            note(str(error))
            return citation

    written = answer.written
    if written is not None:
        written = replace(written, citations=tuple(map(boxed, written.citations)))
    return replace(answer, citations=tuple(map(boxed, answer.citations)), written=written)


def _say_answer(answer: "Answer") -> None:
    written = answer.written
    if written is not None:
        _say_written(written)
    if answer.form == "direct":
        say(indented(answer.text, ""))
        sentences = {one.citation: one for one in answer.sentences}
        for citation in answer.citations:
            _say_citation(citation, sentences.get(citation.number))
    else:
        _say_groups(answer)
    for citation in written.citations if written is not None else ():
        _say_citation(citation, None)
    if answer.status == "not_found":
        say("")
        for hit in answer.hits[:_NEAREST]:
            _say_hit(hit, show_legs=False, full=False)


def _say_groups(answer: "Answer") -> None:
    """Print the points under their headings, numbered like the citations."""
    if answer.notice:
        say(answer.notice)
    cited = {one.number: one for one in answer.citations}
    documents = len({one.document.id for one in answer.citations})
    if answer.status == "partly":
        say(partly(answer.language, answer.spelling))
    say(counted(len(answer.sentences), documents, answer.language, answer.spelling))
    for group in answer.groups:
        say(f"\n{bold(one_line(group.heading))}")
        if group.document is not None:
            if group.heading != group.document.title:
                say(f"  {one_line(group.document.title)}")
            say(f"  {one_line(group.document.path)} ({_of_document(group.document)})")
        if group.note:
            say(f"  {one_line(group.note)}")
        for sentence in group.sentences:
            _say_point(sentence, cited[sentence.citation], titled=group.document is None)


def _of_document(document: "Document") -> str:
    """Return "document 3, 2025-03-14, draft"; date and status where they are known."""
    return ", ".join([f"document {document.id}", *([document.date] if document.date else []), *status_words(document)])


def _say_point(sentence: "AnswerSentence", citation: "Citation", *, titled: bool) -> None:
    title = f"{one_line(citation.document.title)}, " if titled else ""
    say(f"  [{citation.number}] {title}p. {one_line(citation.page_label)}")
    if sentence.lead:
        say(indented(sentence.lead, "      "))
    say(_indented_quote(sentence.text, sentence, "      "))


def _say_citation(citation: "Citation", sentence: "AnswerSentence | None") -> None:
    document = citation.document
    say(f"\n[{citation.number}] {one_line(document.title)}, p. {one_line(citation.page_label)}")
    if sentence is not None and sentence.lead:
        say(indented(sentence.lead, "    "))
    say(_indented_quote(citation.quote, sentence, "    "))
    say(f"    {one_line(document.path)} ({_of_document(document)})")


def _indented_quote(quote: str, sentence: "AnswerSentence | None", indent: str) -> str:
    """Return a quote, safe for a terminal, with the short answer in it in bold."""
    short = None if sentence is None or sentence.text != quote else sentence.short
    if short is None:
        return indented(f"«{quote}»", indent)
    start, end = short
    inner = "\n".join(bold(line) for line in visible(quote[start:end]).split("\n"))
    lines = f"«{visible(quote[:start])}{inner}{visible(quote[end:])}»".split("\n")
    return "\n".join(indent + line for line in lines)


def _say_written(written: "WrittenAnswer") -> None:
    """Print what a language model wrote above the quotes, and what of it was dropped."""
    if written.text:
        say(f"Written by {one_line(written.model)} from the quoted passages; check it against them:")
        say(indented(written.text, "  "))
    if written.dropped:
        say(f"Dropped, {len(written.dropped)}:")
    for dropped in written.dropped:
        say(f"  - {one_line(dropped.text)}")
        say(f"    ({one_line(DROPPED[dropped.reason].format(detail=dropped.detail))})")
    if written.withheld:
        say(f"Passages not shown to the model because they hold orders to one: {written.withheld}")
    say("\nIn the documents' own words:")


def _say_hit(hit: "Hit", *, show_legs: bool, full: bool) -> None:
    passage = hit.passage
    spoken = "-".join(part for part in (passage.language, passage.spelling) if part)
    say(f"{hit.rank}. {one_line(hit.document.title)}, p. {one_line(hit.page_label)} · {spoken}")
    say(f"   {one_line(hit.document.path)} ({_of_document(hit.document)})")
    if show_legs:
        legs = (f"{leg.leg} {'–' if leg.rank is None else f'#{leg.rank}'} {leg.share:.0%}" for leg in hit.legs)
        say("   " + " · ".join(legs))
        if hit.matches:
            say("   " + " · ".join(_matched(hit)))
    say(indented(passage.text if full else _cut(passage.text), "   ") + "\n")


def _matched(hit: "Hit") -> list[str]:
    """Return each matched word of the question with the distinct words of the passage that answer to it."""
    words: dict[str, dict[str, None]] = {}
    for match in hit.matches:
        sign = "≈" if match.translated else "="
        found = f"{sign} {one_line(hit.passage.text[match.start : match.end])}"
        words.setdefault(one_line(match.word), {}).setdefault(found)
    return [f"{word} {', '.join(found)}" for word, found in words.items()]


def _cut(text: str) -> str:
    """Return the start of a passage, ended with … at a word's end where it goes on."""
    if len(text) <= _SHOWN_CHARACTERS:
        return text
    return text[:_SHOWN_CHARACTERS].rpartition(" ")[0] + " …"
