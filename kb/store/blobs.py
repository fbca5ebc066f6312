"""How values are packed into SQLite's cells, and the seals by which a changed byte is noticed.

A seal is the first eight bytes of BLAKE2b over a row's values. SQLite checks the structure of its file, not what the
cells hold: without seals a flipped byte in a page's text would be quoted as if it had been read so.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from kb.records import Block, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from kb.models.encoder import FloatArray

Pairs = tuple[tuple[int, int], ...]

_PACKER = msgspec.msgpack.Encoder(order="sorted")
_SPANS = msgspec.json.Decoder(tuple[tuple[int, int, int], ...])
_BLOCKS = msgspec.json.Decoder(tuple[tuple[str, int, int, int], ...])
_STRINGS = msgspec.json.Decoder(tuple[str, ...])
_TERMS = msgspec.msgpack.Decoder(dict[str, int])


def seal(*values: object) -> bytes:
    """Return the eight bytes that change when any of the values (None, numbers, text, bytes) does."""
    return hashlib.blake2b(_PACKER.encode(values), digest_size=8).digest()


def document_seal(*values: object) -> bytes:
    """Return the seal of a document's values, of which the last is its status.

    "unknown" does not count: so were documents sealed before they had one.
    """
    return seal(*(values[:-1] if values[-1] == "unknown" else values))


def content_key(text: str) -> int:
    """Return a signed 64-bit key that is equal for texts that differ in white space only."""
    folded = " ".join(text.split()).encode("utf-8")
    return int.from_bytes(hashlib.blake2b(folded, digest_size=8).digest(), "little", signed=True)


def pack_spans(spans: tuple[Span, ...]) -> str:
    """Return JSON [[page_index, start, end], ...]."""
    return _json([(span.page_index, span.start, span.end) for span in spans])


def unpack_spans(packed: str) -> tuple[Span, ...]:
    """Return what `pack_spans` packed. Raises msgspec.MsgspecError."""
    return tuple(Span(*span) for span in _SPANS.decode(packed))


def pack_blocks(blocks: tuple[Block, ...]) -> str:
    """Return JSON [[kind, start, end, level], ...]."""
    return _json([(block.kind, block.start, block.end, block.level) for block in blocks])


def unpack_blocks(packed: str) -> tuple[Block, ...]:
    """Return what `pack_blocks` packed. Raises msgspec.MsgspecError."""
    return tuple(
        Block(kind, start, end, level)  # type: ignore[arg-type]
        for kind, start, end, level in _BLOCKS.decode(packed)
    )


def pack_strings(strings: tuple[str, ...]) -> str:
    """Return a JSON list of strings."""
    return _json(strings)


def unpack_strings(packed: str) -> tuple[str, ...]:
    """Return what `pack_strings` packed. Raises msgspec.MsgspecError."""
    return _STRINGS.decode(packed)


def pack_terms(terms: Mapping[str, int]) -> bytes:
    """Return the counts as a MessagePack map with sorted keys."""
    return _PACKER.encode(dict(terms))


def unpack_terms(packed: bytes) -> dict[str, int]:
    """Return what `pack_terms` packed. Raises msgspec.MsgspecError."""
    return _TERMS.decode(packed)


def pack_vectors(vectors: FloatArray) -> bytes:
    """Return the vectors (d,) or (s, d) as little-endian float16."""
    return np.ascontiguousarray(vectors, dtype="<f2").tobytes()


def unpack_vectors(packed: bytes, dimension: int) -> FloatArray:
    """Return float32 vectors of shape (s, dimension). Raises ValueError when the bytes do not fit."""
    return np.frombuffer(packed, dtype="<f2").astype(np.float32).reshape(-1, dimension)


def pack_pairs(pairs: Pairs) -> bytes:
    """Return the pairs of offsets as little-endian uint32."""
    return np.asarray(pairs, dtype="<u4").tobytes()


def unpack_pairs(packed: bytes) -> Pairs:
    """Return what `pack_pairs` packed. Raises ValueError when the bytes do not fit."""
    flat: NDArray[np.uint32] = np.frombuffer(packed, dtype="<u4")
    return tuple((int(start), int(end)) for start, end in flat.reshape(-1, 2))


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode("utf-8")
