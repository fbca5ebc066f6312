"""Reads paragraphs and messages out of the files that documentation, dictionaries and games are shipped in.

Each reader takes a path inside a package and the file's bytes and yields what it finds by language; `READERS` says
which files it reads. Text comes as it stands in the file: white space and unfit lines are the caller's concern.
"""

from __future__ import annotations

import gzip
import html
import re
import struct
from collections.abc import Callable, Iterator

Found = tuple[str, str, list[str]]
"""What a reader finds in a file: language, key shared with translations ("" for none), paragraphs."""
Reader = Callable[[str, bytes], Iterator[Found]]

_LANGUAGE = re.compile(r"[/._-](en|en[-_]US|C|ru|ru[-_]RU)(?=[/._])")
_OTHER = re.compile(
    r"/(?:html|HTML|help|l10n|doc/[^/]+)/(?!en|ru|C/)[a-z]{2,3}(?:[-_@][A-Za-z]+)?/|-(?:de|it|ja|pt|fr|es)/"
    r"|[._](?!en|ru)[a-z]{2}(?:[-_][A-Za-z]+)?\.html$"
)
_DROPPED = re.compile(
    r"<!--.*?-->|<!DOCTYPE.*?\]>|<(script|style|pre|screen|programlisting|table|informaltable|head|info|bookinfo|nav"
    r"|literallayout|synopsis|footer|header)\b[^>]*>.*?</\1\s*>",
    re.S,
)
_BLOCK = re.compile(
    r"</?(?:p|li|dd|dt|dl|ul|ol|div|td|th|tr|h\d|para|simpara|title|subtitle|listitem|varlistentry|term|item|list|steps"
    r"|section|sect\d|note|tip|warning|caution|important|page|body|html|blockquote|desc|terms|text|hr|img|figure"
    r"|mediaobject|indexterm|footnote|dialogue)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]*>")
_ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;|nbsp;|#|[lr][as]?quo;|[mn]dash;|[rl]?aquo;)([A-Za-z][\w.-]*);")


def text_of(data: bytes) -> str:
    """Decode a file, unpacked first when it is compressed."""
    return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8", errors="replace")


def language_of(path: str) -> str:
    """Return the language that a path names last; English where it names none, "" for a language not wanted."""
    named = _LANGUAGE.findall(path)
    if named:
        return "ru" if named[-1].startswith("ru") else "en"
    return "" if _OTHER.search(path) else "en"


def page_key(path: str) -> str:
    """Return what the path of a page shares with the path of its translation."""
    return re.sub(r"-(?:en-us|en|ru)(?=/)", "", _LANGUAGE.sub(lambda found: found[0][0], path))


def read_markup(path: str, data: bytes) -> Iterator[Found]:
    """Yield the paragraphs of HTML, DocBook or Mallard; code and tables are left out."""
    if language := language_of(path):
        body = _ENTITY.sub(lambda found: found[1].capitalize(), _DROPPED.sub(" ", text_of(data)))
        parts = [html.unescape(_TAG.sub("", part)) for part in _BLOCK.split(body)]
        yield language, page_key(path), [part for part in parts if part.strip()]


def read_manual(path: str, data: bytes) -> Iterator[Found]:
    """Yield the paragraphs of a manual page in the man macros; pages in mdoc have too few translations."""
    found = re.match(r"\./usr/share/man/(ru/)?(man\d/.*)", path)
    text = text_of(data) if found else ""
    if not found or "\n.Dd" in text:
        return
    parts: list[str] = [""]
    until = ""
    for line in text.split("\n"):
        macro, _, rest = line.partition(" ")
        if until:
            until = "" if macro in until.split() else until
        elif macro in {".nf", ".EX", ".TS"}:
            until = ".fi .EE .TE"
        elif macro in {".B", ".I", ".BR", ".RB", ".IR", ".RI", ".BI", ".IB", ".SM", ".SB"}:
            words = [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|(\S+)', rest)]
            parts[-1] += ("" if len(macro) == 3 else " ").join(words) + " "
        elif line.startswith((".", "'")):
            parts.append("")
        else:
            parts[-1] += line + " "
    plain = [re.sub(r"\\f(?:\[.*?\]|\(..|.)|\\[&/,|^:%]|\\s[-+]?\d", "", part) for part in parts]
    plain = [re.sub(r"\\-", "-", re.sub(r"\\\((?:aq|cq|oq)|\\\[[aco]q\]", "'", part)) for part in plain]
    yield "ru" if found[1] else "en", found[2], [part for part in plain if part.strip()]


def read_catalogue(path: str, data: bytes) -> Iterator[Found]:
    """Yield each message of a .mo file in English and in the file's language; the key is the message."""
    found = re.search(r"/(ru|uz|uz@\w+)/LC_MESSAGES/([^/]+)\.mo$", path)
    if not found or len(data) < 20:
        return
    order = "<" if data[:4] == b"\xde\x12\x04\x95" else ">"
    count, originals, translations = struct.unpack(order + "3I", data[8:20])
    for row in range(count):
        texts = []
        for start in (originals, translations):
            length, offset = struct.unpack(order + "2I", data[start + 8 * row : start + 8 * row + 8])
            texts.append(data[offset : offset + length].decode("utf-8", errors="replace"))
        message, translation = texts
        if message and "\0" not in message and translation:
            english = re.sub(r"^[\w ,:]*\^", "", message.rpartition("\x04")[2])
            both = [re.split(r"\n+|\\n|<br ?/?>|</?para>", text) for text in (english, translation)]
            if len(both[0]) == len(both[1]):
                key = f"{found[2]} {message}"
                for language, parts in zip(("en", found[1]), both, strict=True):
                    yield language, key, [_label(part) for part in parts]


def _label(text: str) -> str:
    """Return a message without tags and without the marks of keyboard accelerators."""
    return re.sub(r"[&_~](?=\w)", "", html.unescape(_TAG.sub("", text)))


def read_fortunes(path: str, data: bytes) -> Iterator[Found]:
    """Yield sayings, without the line that names who said them."""
    for saying in re.split(r"\n%+\n", text_of(data)):
        yield "ru" if "/ru/" in path else "en", "", [re.split(r"\n\s*--|\n\s+[—-]+ ?[^\W\d]", saying)[0]]


def read_dictionary(_path: str, data: bytes) -> Iterator[Found]:
    """Yield the definitions of a dictd file, without headwords, pronunciation, sources and numbering."""
    for part in re.split(r"\n\s*\n", text_of(data)):
        lines = [line for line in part.split("\n") if line.startswith("  ")]
        text = re.sub(r"\[.*?\]|\(\w+\.\)|<[^>]*>|[{}]|\s--\s?[A-Z(].*$|\\", "", " ".join(lines), flags=re.S)
        yield "en", "", [re.sub(r"^\s*(?:\d+\.\s*|\([a-z]\)\s*|Note:\s*)+", "", text)]


def read_wordnet(_path: str, data: bytes) -> Iterator[Found]:
    """Yield each gloss as one line, `word: definition`, and each example."""
    for line in text_of(data).split("\n"):
        entry, bar, gloss = line.partition(" | ")
        if bar:
            word = entry.split()[4].replace("_", " ")
            meaning = gloss.split('; "')[0].strip("; ")
            yield "en", "", [f"{word}: {meaning}", *re.findall(r'"([^"]{40,})"', gloss)]


def read_strings(path: str, data: bytes) -> Iterator[Found]:
    """Yield the entries of FreeOrion's tables of strings, the key being the entry's name."""
    for name, long, short in re.findall(r"^([A-Z][A-Z0-9_]+)\n(?:'''([\s\S]*?)'''|(.*))$", text_of(data), re.M):
        text = re.sub(r"\[\[.*?\]\]", "%", long or short)
        yield language_of(path), name, [_TAG.sub("", part) for part in re.split(r"\n+", text)]


def read_dialogues(path: str, data: bytes) -> Iterator[Found]:
    """Yield each spoken line of Fish Fillets with its Russian."""
    pattern = r'dialogId\("([^"]*)", "[^"]*", "([^"]*)"\)\s*dialogStr\("([^"]*)"\)'
    for name, english, russian in re.findall(pattern, text_of(data)):
        for language, text in (("en", english), ("ru", russian)):
            yield language, f"{path} {name}", [text]


def read_stories(_path: str, data: bytes) -> Iterator[Found]:
    """Yield what stands between backticks in Endless Sky's missions."""
    yield "en", "", re.findall(r"`([^`<]*)`", text_of(data))


def read_descriptions(_path: str, data: bytes) -> Iterator[Found]:
    """Yield the paragraphs of Crawl's descriptions, entries apart by percent signs."""
    yield "en", "", re.split(r"\n\s*\n|%%%%", text_of(data))


READERS: tuple[tuple[str, Reader], ...] = (
    (r"\.(?:html|xhtml|page|docbook)$|/help/(?:en|C|ru)/.*\.xml$", read_markup),
    (r"/man/(?:ru/)?man\d/", read_manual),
    (r"\.mo$", read_catalogue),
    (r"/games/fortunes/(?:ru/)?(?!.*(?:\.dat|\.u8|ascii-art)$)", read_fortunes),
    (r"/dictd/.*\.dict\.dz$", read_dictionary),
    (r"/wordnet/data\.", read_wordnet),
    (r"/freeorion/.*/stringtables/(?:en|ru)\.txt$", read_strings),
    (r"/dialogs_ru\.lua$", read_dialogues),
    (r"/endless-sky/data/.*\.txt$", read_stories),
    (r"/crawl/dat/descript/[a-z]+\.txt$", read_descriptions),
)
