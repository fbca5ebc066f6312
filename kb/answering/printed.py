"""Where a quote is printed: its boxes on the pages of the PDF, measured when somebody wants them.

The index keeps text, not places, and reading a place means opening the file: a third of a second a page, in a child
process. So `ask` leaves them out, and whoever draws over a page asks for those of the citations that are shown.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kb.readers.formats import PDF
from kb.readers.picture import quote_boxes

if TYPE_CHECKING:
    from kb.records import Box, Citation


def boxed(citation: Citation) -> Citation:
    """Return the citation with its boxes; as it is when its document is no PDF.

    Raises VanishedDocumentError when the file is gone or has changed, DamagedDocumentError, DocumentLimitError.
    """
    document = citation.document
    if document.media_type != PDF:
        return citation
    found: list[Box] = []
    start = 0
    for span in citation.spans:
        end = start + span.end - span.start
        part = citation.quote[start:end]
        found += quote_boxes(document.path, span.page_index, [part], sha256=document.sha256)
        start = end + 1
    return replace(citation, boxes=tuple(found))
