"""Files made by hand, byte by byte, so that a test says exactly what stands where on a page.

Every character is half its type size wide, so a line of n characters in 10 points is 5n points wide.
"""

import io
import zipfile
import zlib

from kb.readers.registry import read
from kb.settings import ReadingSettings

LIMITS = ReadingSettings()
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def read_file(folder, name, data, limits=LIMITS):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return read(path, limits)


def block_texts(page, kind=None):
    return [page.text[block.start : block.end] for block in page.blocks if kind in {None, block.kind}]


class PdfPage:
    """Draws onto one A4 page; `y` counts down from the top."""

    def __init__(self):
        self.content = []
        self.filter = "/Filter/FlateDecode"

    def text(self, x, y, text, size=10, *, bold=False, other_font=False, matrix="1 0 0 1"):
        font = "B" if bold else "O" if other_font else "R"
        codes = text.encode("utf-16-be").hex()
        self.content.append(f"BT /{font} {size} Tf {matrix} {x} {842 - y} Tm <{codes}> Tj ET")
        return self

    def lines(self, x, y, lines, size=10, leading=12, *, bold=False):
        """Text lines one below the other; returns the y of the line that would come next."""
        for number, line in enumerate(lines):
            self.text(x, y + number * leading, line, size, bold=bold)
        return y + len(lines) * leading

    def rule(self, x0, y0, x1, y1):
        self.content.append(f"0.5 w {x0} {842 - y0} m {x1} {842 - y1} l S")
        return self


def pdf(pages, *, info="", catalog="", to_unicode_padding=0):
    """Bytes of a PDF of `pages`; fonts R, B (bold) and O map every code to the same code point."""
    ranges = "".join(
        f"{len(block)} beginbfrange\n"
        + "".join(f"<{at:02x}00> <{at:02x}ff> <{at:02x}00>\n" for at in block)
        + "endbfrange\n"
        for block in (range(100), range(100, 200), range(200, 216))
    )
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{ranges}endcmap end end"
    ).encode()
    objects = [b"", b"", stream(cmap, spaces=to_unicode_padding)]
    names = []
    for letter, name in (("R", "Plain"), ("B", "Plain-Bold"), ("O", "Fallback")):
        objects.append(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            f"/Supplement 0>>/DW 500/FontDescriptor<</Type/FontDescriptor/FontName/{name}/Flags 4/Ascent 800"
            "/Descent -200/CapHeight 700/ItalicAngle 0/StemV 80/FontBBox[0 -200 1000 800]>>>>".encode()
        )
        objects.append(
            f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/DescendantFonts[{len(objects)} 0 R]"
            "/ToUnicode 3 0 R>>".encode()
        )
        names.append(f"/{letter} {len(objects)} 0 R")
    kids = []
    for page in pages:
        objects.append(stream("\n".join(page.content).encode(), page.filter))
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R"
            f"/Resources<</Font<<{''.join(names)}>>>>>>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = f"<</Type/Catalog/Pages 2 0 R{catalog}>>".encode()
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    objects.append(f"<<{info}>>".encode())
    return assemble(objects)


def stream(data, dictionary="/Filter/FlateDecode", spaces=0):
    """A packed stream object of `data` and then so many million spaces."""
    packer = zlib.compressobj(1)
    parts = [packer.compress(data), *(packer.compress(b" " * 1_000_000) for _ in range(spaces)), packer.flush()]
    packed = b"".join(parts)
    return f"<</Length {len(packed)}{dictionary}>>stream\n".encode() + packed + b"\nendstream"


def assemble(objects):
    """A PDF of numbered objects, the first its catalog, the last its properties."""
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<</Size {len(objects) + 1}/Root 1 0 R"
    return data + f"{end}/Info {len(objects)} 0 R>>\nstartxref\n{len(data)}\n%%EOF\n".encode()


def wrapped(text, width):
    """Text broken into lines of at most `width` characters, each filled as far as it goes."""
    lines = [""]
    for word in text.split(" "):
        if len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] = f"{lines[-1]} {word}".strip()
        else:
            lines.append(word)
    return lines


def docx(body, **parts):
    """Bytes of a Word file; `parts` are XML contents by name, such as styles or numbering."""
    opening = f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {opening}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            place = "docProps/core.xml" if name == "core" else f"word/{name}.xml"
            archive.writestr(place, content if name == "core" else content.replace("XMLNS", opening))
    return packed.getvalue()


def paragraph(text, properties="", run=""):
    return (
        f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )
