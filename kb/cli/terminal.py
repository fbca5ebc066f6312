r"""Printing that a document cannot abuse: results go to stdout, everything else to stderr.

Text of documents and file names may hold escape sequences that move the cursor, change the window's title or reverse
the reading direction. For people such characters are shown as escapes (`\x1b`); JSON carries them as they are.
"""

import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.records import Document
    from kb.reports import Failure

# Control characters but newline and tab, line separators, direction controls, and surrogates of undecodable names.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """Return the text with every character that could steer a terminal written as an escape."""
    return _UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def one_line(text: str) -> str:
    """Return the text, safe for a terminal, on a single line."""
    return visible(" ".join(text.split()))


def indented(text: str, indent: str) -> str:
    """Return the text, safe for a terminal, each line after `indent`."""
    return "\n".join(indent + line for line in visible(text).split("\n"))


def bold(text: str) -> str:
    """Return a text that is safe for a terminal in bold where stdout is one; NO_COLOR switches that off."""
    if not text or not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    return f"\x1b[1m{text}\x1b[0m"


def say(text: str) -> None:
    """Write one result for people to stdout; a character that its encoding lacks becomes an escape."""
    _write(sys.stdout, text)


def note(text: str) -> None:
    """Write one remark to stderr, on one line."""
    _write(sys.stderr, f"kb: {one_line(text)}")


def note_failures(word: str, failures: "Iterable[Failure]") -> None:
    """Write one remark a document to stderr; its path comes first unless the reason names it."""
    for failure in failures:
        place = "" if failure.path in failure.reason else f"{failure.path}: "
        note(f"{word}: {place}{failure.reason}")


def say_json(value: Any) -> None:
    """Write one result to stdout as indented JSON, always in UTF-8."""
    written = json.dumps(value, ensure_ascii=False, indent=2)
    # An undecodable file name holds lone surrogates; as \udcXX they are valid JSON.
    payload = (written + "\n").encode("utf-8", "backslashreplace")
    sys.stdout.flush()
    sys.stdout.buffer.write(payload)
    sys.stdout.buffer.flush()


def _write(stream: Any, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    stream.flush()


def status_words(document: "Document") -> list[str]:
    """Return what a document says of itself ("draft"), nothing when it says nothing."""
    return [] if document.status == "unknown" else [document.status.replace("_", " ")]
