"""Whether a document says at its head that it is a draft, in force or repealed.

A plan that was only proposed, or an act that no longer counts, must not be quoted as if it did. The mark is looked for
where offices put it: on a line of its own above or below the title ("LOYIHA", «Проект», "DRAFT"), in the stamp of
approval ("Vazirlar Mahkamasining … qarori bilan TASDIQLANGAN", «УТВЕРЖДЕНО постановлением …»), in a label
(«Статус: утратил силу»), in a title that says so ("Qaror loyihasi", «… (проект)», "Draft law on …"), or among the
file's properties. Running text is never searched: «проект стоимостью», "draft animals" and "loyiha qiymati" are
no marks. Lines are compared as loose search keys, so that one pattern holds for all spellings.

Repealed goes before draft, and draft before in force: drafts carry the empty stamp that their approval will fill.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.text.fold import fold, loose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.records import DocumentStatus, Page

HEAD_LINES = 12
"""Lines of the first page that may hold a mark; a longer paragraph ends the head."""
_LONGEST = 300
_LONGEST_NAME = 120
_SHORT = 5
"""Of so many words a mark may end in a full stop; longer lines that do are sentences."""

_PROJECT = r"(?:loyi[hx]a(?:si)?|proyekt)"
_WORD_DRAFT = rf"(?:{_PROJECT}|(?:final |first |second |revised |working |consultation |zero )?draft)"
_VERSION = r"(?:(?: |, )?(?:version|versiya|versiyasi|v|no|n|№)?\.? ?\d{1,2}(?:\.\d{1,2}){0,2})?"
_ACTS = (
    r"(?:zakona|postanovleniya|ukaza|prikaza|rasporyajeniya|resheniya|polojeniya|strategii|programmi|kontsepsii"
    r"|kontseptsii|reglamenta|doklada|otcheta|otchyota|plana|dorojnoy karti)"
)
_UZBEK_ACTS = (
    r"(?:qonun|qaror|farmon|farmoyish|buyruq|nizom|strategiya|dastur|konsepsiya|kontseptsiya|reglament|hujjat|reja)"
)
_ENGLISH_ACTS = (
    r"(?:law|bill|resolution|decree|order|act|regulation|regulations|strategy|programme|program|policy|plan|report"
    r"|concept|guidelines|roadmap|document)"
)
_DRAFT = re.compile(
    rf"{_WORD_DRAFT}{_VERSION}"
    rf"|{_UZBEK_ACTS} loyi[hx]asi|proyekt {_ACTS}"
    rf"|draft(?: document)? for (?:public )?(?:discussion|consultation|comment|comments|review)"
    rf"|draft {_ENGLISH_ACTS}|muhokama uchun loyiha|proyekt dlya obsujdeniya"
)
_DRAFT_TITLE = re.compile(
    rf".+[(\[] ?{_WORD_DRAFT}{_VERSION} ?[)\]]|proyekt {_ACTS}\b.*|draft {_ENGLISH_ACTS}\b.*"
    rf"|.+\b{_UZBEK_ACTS}i? loyi[hx]asi"
)
_DATE = r"(?:[\d./-]+(?: ?(?:yil|y|g|goda)\.?)?(?:da|dan)?,? ?)?"
_REPEALED = re.compile(
    rf"(?:(?:ushbu |mazkur )?(?:hujjat|qaror|farmon|qonun|nizom)i? )?{_DATE}(?:dan boshlab |yildan )?"
    rf"oz kuchini yoqotgan"
    rf"|(?:(?:nastoyashiy |danniy )?(?:dokument|akt|ukaz|zakon|postanovleniye|polojeniye) )?{_DATE}"
    rf"utratil[aoi]?(?: yuridicheskuyu)? silu(?: (?:s )?[\d./-]+(?: ?g\.?| ?goda)?)?"
    rf"(?:,? (?:v sootvetstvii s|na osnovanii|soglasno) .+)?"
    rf"|(?:this (?:document|act|law|decree|resolution|order) (?:is|was|has been) )?repealed"
    rf"(?: (?:on|by|with effect from|as of|under|from) .+)?"
    rf"|(?:this (?:document|act|law|decree|resolution|order) is )?no longer in force|not in force"
    rf"|kuchini yoqotgan|amal qilmaydi|ne deystvuyet|nedeystvuyushiy(?: dokument)?"
)
_BODIES = (
    r"(?:postanovleni|ukaz|prikaz|resheni|rasporyajeni|zakon|protokol|sovet|kabinet|pravitelstv|ministerstv|ministr"
    r"|prezident|qaror|farmon|farmoyish|buyruq|buyrug|qonun|bayon|kengash|vazir|hokim|xokim|resolution|decree|order|decision"
    r"|law|cabinet|president|minist|council|board|government|parliament|assembly|governor|commission|committee)"
)
_IN_FORCE = re.compile(
    rf"(?:.*\b{_BODIES}.* bilan )?tasdiqlangan|tasdiqlayman"
    rf"|utverjd(?:en[aoi]?|yon|ayu)(?: .*\b{_BODIES}.*| {_DATE})?"
    rf"|approved(?: (?:by|on|under|with) .*\b{_BODIES}.*| (?:on )?[\d./-]+)?"
    rf"|kuchda|amalda|amal qiladi|deystvuyet|deystvuyushiy(?: dokument| akt)?|v sile|in force"
)
_SENTENCE = re.compile(r"\S+ .*[^.\s]{3,}\.\s*")
_LABEL = re.compile(r"(?:hujjat(?:ning)? )?(?:holati|statusi|status)(?: dokumenta| of the document)?|document status")
_AROUND = " \t.,;:!*•–—_-\"'«»“”„()[]<>|"
_NOT_FILLED = re.compile(r"_{3,}|\.{5,}|…{2,}")
_MARK_BEFORE_A_NAME = re.compile(r"proyekt|loyi[hx]a(?:si)?")


def status_of(title: str, pages: Sequence[Page], claimed: str = "") -> DocumentStatus:
    """Return what the head of the first page with text, the title, or a property of the file (`claimed`) says."""
    lines = list(_head(pages))
    found: set[DocumentStatus] = {mark for line in (*lines, claimed) if (mark := _labelled(line)) != "unknown"}
    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else ""
        mark = mark_of(line)
        if (mark == "draft" and _names_a_project(line, following)) or (
            mark == "in_force" and any(_NOT_FILLED.search(one) for one in (line, following))
        ):
            continue
        found.add(mark)
    found.add(mark_of(claimed))
    if _DRAFT_TITLE.fullmatch(_key(title, keep=")]")):
        found.add("draft")
    ranked: tuple[DocumentStatus, ...] = ("repealed", "draft", "in_force")
    return next((status for status in ranked if status in found), "unknown")


def mark_of(line: str) -> DocumentStatus:
    """Return what a line says when it is a mark and nothing else, "unknown" for any other."""
    if len(line) > _LONGEST:
        return "unknown"
    key = _key(line)
    if len(key.split()) > _SHORT and _SENTENCE.fullmatch(line.strip()):
        return "unknown"
    if _REPEALED.fullmatch(key):
        return "repealed"
    if _DRAFT.fullmatch(key):
        return "draft"
    return "in_force" if _IN_FORCE.fullmatch(key) else "unknown"


def _labelled(line: str) -> DocumentStatus:
    """Return what stands after "Status:"."""
    label, colon, value = line.partition(":")
    if not colon or len(line) > _LONGEST_NAME or not _LABEL.fullmatch(_key(label)):
        return "unknown"
    return mark_of(value)


def _head(pages: Sequence[Page]) -> Iterator[str]:
    """Yield the lines of the first page with text up to its first long paragraph; no list items, no table rows."""
    page = next((page for page in pages if page.text.strip()), None)
    if page is None:
        return
    for block in page.blocks[:HEAD_LINES]:
        text = page.text[block.start : block.end]
        if len(text) > _LONGEST:
            return
        if block.kind not in {"list_item", "table_row"}:
            yield text


def _names_a_project(line: str, following: str) -> bool:
    """Return whether the line is the first of a project's name: «Проект», below it «Чистая вода»."""
    first = following.strip()[:1]
    return bool(_MARK_BEFORE_A_NAME.fullmatch(_key(line))) and bool(first) and (first in "«“\"„'" or first.islower())


def _key(text: str, keep: str = "") -> str:
    around = "".join(character for character in _AROUND if character not in keep)
    return " ".join(loose(fold(text)).strip(around).split())
