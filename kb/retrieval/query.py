"""A question, understood once: every leg reads the same language, stems and vector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.errors import QueryError
from kb.text.language import identify
from kb.text.words import terms

if TYPE_CHECKING:
    from kb.models.encoder import Encoder, FloatArray
    from kb.records import Language, Spelling

MAX_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Query:
    """A question with its language, its folded stems (stop words left out, repeats kept) and its unit vector."""

    text: str
    language: Language
    spelling: Spelling
    terms: tuple[str, ...]
    vector: FloatArray


def understand(text: str, encoder: Encoder) -> Query:
    """Return the question as the legs want it.

    Raises QueryError when it is empty or longer than 2,000 characters.
    """
    stripped = text.strip()
    if not stripped:
        raise QueryError("The question is empty. Type a few words or a sentence in Uzbek, Russian or English.")
    if len(stripped) > MAX_CHARACTERS:
        message = f"The question has {len(stripped):,} characters; at most {MAX_CHARACTERS:,} are used. Shorten it."
        raise QueryError(message)
    identified = identify(stripped)
    return Query(
        text=stripped,
        language=identified.language,
        spelling=identified.spelling,
        terms=tuple(terms(stripped, identified.language)),
        vector=encoder.encode_queries([stripped])[0],
    )
