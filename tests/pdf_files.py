"""PDF files written by hand: lines of text at given places, in a font that every PDF program has."""


def pdf_of(*pages, rotate=0, media_box=(0, 0, 400, 300)):
    """Return a PDF; each page is a list of (x, y, text) with ASCII text in 12 point Helvetica, y from below."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        content = "".join(f"BT /F1 12 Tf {x} {y} Td ({text}) Tj ET\n" for x, y, text in lines)
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}endstream")
        box = " ".join(map(str, media_box))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Rotate {rotate} "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    built, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(built))
        built += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(built)
    size = len(objects) + 1
    built += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n"
    return (built + "%%EOF\n").encode("ascii")
