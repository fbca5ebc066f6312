"""The child that draws one page with its quotes boxed: `python -m kb.readers.drawing`, a Task in, a Drawing out.

The text that a quote was taken from and the characters that pdfium draws differ in spaces, line-end hyphens, ligatures
and sometimes order. Both are therefore reduced to keys of letters, digits and punctuation before they are compared;
a quote that no longer runs in one piece (a page break, a column in between) is boxed piece by piece.
"""

from __future__ import annotations

import io
import sys
import unicodedata
from contextlib import contextmanager, suppress
from ctypes import byref, c_int
from typing import TYPE_CHECKING, Any

import msgspec
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageChops, ImageDraw

from kb.errors import DamagedDocumentError, DocumentLimitError, KBError, NotFoundError
from kb.readers.picture import Drawing, Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the picture."""

_MAX_PIXELS = 8_000_000
_STEPS = 10
"""Parts of a point that boxes are measured to."""
_SHORTEST_PIECE = 12
_PAPER, _MARKER, _FRAME = (255, 255, 255), (255, 236, 150), (196, 120, 0)


def main() -> None:
    """Draw what standard input asks for."""
    task = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Task)
    _bound_memory(task.memory_bytes)
    try:
        if task.scale:
            made = Drawing(png=draw(task.data, task.name, task.page_index, task.quotes, task.scale))
        else:
            made = Drawing(boxes=measure(task.data, task.name, task.page_index, task.quotes))
    except KBError as error:
        made = Drawing(error=type(error).__name__, message=str(error))
    except MemoryError:
        limit = f"{task.memory_bytes / 1024**2:.0f} MiB"
        message = f"{task.name}: drawing page {task.page_index} takes more than {limit} of memory."
        made = Drawing(error=DocumentLimitError.__name__, message=message)
    sys.stdout.buffer.write(msgspec.msgpack.encode(made))


def _bound_memory(memory_bytes: int) -> None:
    """Limit this process's address space, where the system can."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def draw(data: bytes, name: str, page_index: int, quotes: Sequence[str], scale: float) -> bytes:
    """Return page `page_index` as PNG bytes. Raises DamagedDocumentError or NotFoundError."""
    with _page(data, name, page_index) as page:
        width, height = page.get_size()
        scale = min(scale, (_MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
        image = page.render(scale=scale).to_pil().convert("RGB")
        boxes = _quote_boxes(page, quotes, image.width, image.height)
    return _png(_marked(image, boxes))


def measure(data: bytes, name: str, page_index: int, quotes: Sequence[str]) -> tuple[Box, ...]:
    """Return the boxes of the quotes in points, to a tenth. Raises DamagedDocumentError or NotFoundError."""
    with _page(data, name, page_index) as page:
        width, height = page.get_size()
        boxes = _quote_boxes(page, quotes, round(width * _STEPS), round(height * _STEPS))
    return tuple((left / _STEPS, top / _STEPS, right / _STEPS, bottom / _STEPS) for left, top, right, bottom in boxes)


@contextmanager
def _page(data: bytes, name: str, page_index: int) -> Iterator[Any]:
    """Lend one page. Raises DamagedDocumentError, for what happens to it meanwhile too, or NotFoundError."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise DamagedDocumentError(f"{name}: pdfium cannot open it ({error}).") from error
    try:
        if not 1 <= page_index <= len(document):
            raise NotFoundError(f"{name}: has no page {page_index}, it has {len(document)}.")
        yield document[page_index - 1]
    except pypdfium2.PdfiumError as error:
        raise DamagedDocumentError(f"{name}: pdfium cannot draw page {page_index} ({error}).") from error
    finally:
        document.close()


def _quote_boxes(page: Any, quotes: Sequence[str], width: int, height: int) -> list[Box]:
    text_page = page.get_textpage()
    try:
        characters = [chr(pdfium.FPDFText_GetUnicode(text_page, i)) for i in range(text_page.count_chars())]
        boxes: list[Box] = []
        for first, last in find_quotes(characters, quotes):
            drawn = (_character_box(page, text_page, i, width, height) for i in range(first, last + 1))
            boxes += merge_lines([box for box in drawn if box is not None])
        return boxes
    finally:
        text_page.close()


def _character_box(page: Any, text_page: Any, index: int, width: int, height: int) -> Box | None:
    """Return the place of one character in the picture, whatever the page's rotation and crop; None if it has none."""
    loose = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(text_page, index, byref(loose)) or loose.left >= loose.right:
        return None
    corners = []
    for x, y in ((loose.left, loose.top), (loose.right, loose.bottom)):
        pixel_x, pixel_y = c_int(), c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, byref(pixel_x), byref(pixel_y))
        corners.append((pixel_x.value, pixel_y.value))
    (x0, y0), (x1, y1) = corners
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def find_quotes(characters: Sequence[str], quotes: Sequence[str]) -> list[tuple[int, int]]:
    """Return the first and last character (inclusive) of each place of each quote, sorted, without repeats.

    `characters` are those of the page in pdfium's order. White space, hyphens, marks and compatibility forms do not
    count. Where a quote is nowhere whole, its longest pieces of at least 12 counted characters are returned.
    """
    key, owners = _key(characters)
    found: set[tuple[int, int]] = set()
    for quote in quotes:
        wanted, _ = _key(quote)
        if not wanted:
            continue
        pieces = [wanted] if wanted in key else _pieces(wanted, key)
        for piece in pieces:
            at = key.find(piece)
            while at >= 0:
                found.add((owners[at], owners[at + len(piece) - 1]))
                at = key.find(piece, at + len(piece))
    return sorted(found)


def _key(characters: Sequence[str]) -> tuple[str, list[int]]:
    """Return the counted characters and, for each, the position that it comes from."""
    key: list[str] = []
    owners: list[int] = []
    for position, character in enumerate(characters):
        for part in unicodedata.normalize("NFKD", character):
            if unicodedata.category(part) not in {"Zs", "Zl", "Zp", "Cc", "Cf", "Cn", "Cs", "Mn", "Pd"}:
                key.append(part)
                owners.append(position)
    return "".join(key), owners


def _pieces(wanted: str, key: str) -> list[str]:
    """Cut `wanted` greedily into the longest pieces that occur in `key`; what does not occur is left out."""
    pieces, start = [], 0
    while start + _SHORTEST_PIECE <= len(wanted):
        if wanted[start : start + _SHORTEST_PIECE] not in key:
            start += 1
            continue
        low, high = start + _SHORTEST_PIECE, len(wanted)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if wanted[start:middle] in key else (low, middle - 1)
        pieces.append(wanted[start:low])
        start = low
    return pieces


def merge_lines(boxes: Sequence[Box]) -> list[Box]:
    """Join boxes of consecutive characters into one box a line."""
    lines: list[Box] = []
    for box in boxes:
        if lines and _same_line(lines[-1], box):
            last = lines[-1]
            lines[-1] = (min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        else:
            lines.append(box)
    return lines


def _same_line(line: Box, box: Box) -> bool:
    overlap = min(line[3], box[3]) - max(line[1], box[1])
    smaller = min(line[3] - line[1], box[3] - box[1])
    reach = 2 * max(line[3] - line[1], box[3] - box[1])
    return overlap > 0.5 * smaller and line[0] - reach < box[0] < line[2] + reach


def _marked(image: Image.Image, boxes: Sequence[Box]) -> Image.Image:
    """Tint the boxes like a marker pen, which leaves the print readable, and frame them."""
    if not boxes:
        return image
    pad = max(2, round(image.width / 500))
    grown = [(left - pad, top - pad, right + pad, bottom + pad) for left, top, right, bottom in boxes]
    tint = Image.new("RGB", image.size, _PAPER)
    pen = ImageDraw.Draw(tint)
    for box in grown:
        pen.rectangle(box, fill=_MARKER)
    marked = ImageChops.multiply(image, tint)
    frame = ImageDraw.Draw(marked)
    for box in grown:
        frame.rectangle(box, outline=_FRAME, width=max(1, pad // 2))
    return marked


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", optimize=False)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
