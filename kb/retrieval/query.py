"""A question, understood once: every leg reads the same language, stems and vector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.errors import QueryError
from kb.retrieval.keys import placed_keys
from kb.retrieval.syntax import take_apart
from kb.text.language import identify
from kb.text.words import tokenize

if TYPE_CHECKING:
    from kb.models.encoder import Encoder, FloatArray
    from kb.records import Language, Spelling
    from kb.retrieval.glossary import Given, Glossary

MAX_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Query:
    """A question with its language, its folded stems (stop words left out, repeats kept) and its unit vector.

    `text` is the question as asked. `written` is parallel to `terms`: the word that each comes from, as written.
    `phrases` and `excluded` are the words of its signs (`syntax`); `demanding` when it holds nothing but these, so that
    the phrases are required. `given` is what the user's glossary adds.
    """

    text: str
    language: Language
    spelling: Spelling
    terms: tuple[str, ...]
    vector: FloatArray
    written: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    demanding: bool = False
    given: Given = ()


def understand(text: str, encoder: Encoder, glossary: Glossary | None = None) -> Query:
    """Return the question as the legs want it; the encoder gets it without its signs.

    Raises QueryError when it is empty, longer than 2,000 characters, or only says what to leave out.
    """
    stripped = text.strip()
    if not stripped:
        raise QueryError("The question is empty. Type a few words or a sentence in Uzbek, Russian or English.")
    if len(stripped) > MAX_CHARACTERS:
        message = f"The question has {len(stripped):,} characters; at most {MAX_CHARACTERS:,} are used. Shorten it."
        raise QueryError(message)
    signs = take_apart(stripped)
    if not signs.plain:
        raise QueryError(f"The question {stripped!r} only says what to leave out. Add a word without a minus.")
    identified = identify(signs.plain)
    words = placed_keys(signs.plain, identified.language)
    placed = [(term, signs.plain[word.start : word.end]) for word in words for term in word.terms]
    return Query(
        text=stripped,
        language=identified.language,
        spelling=identified.spelling,
        terms=tuple(term for term, _ in placed),
        vector=encoder.encode_queries([signs.plain])[0],
        written=tuple(word for _, word in placed),
        phrases=signs.phrases,
        excluded=signs.excluded,
        demanding=bool(signs.phrases) and not tokenize(signs.outside),
        given=glossary.given(signs.plain, identified.language) if glossary else (),
    )
