"""Reads safetensors files as memory maps, so that opening a model costs milliseconds and processes share the pages."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from kb.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_TYPES = {"F32": "<f4", "F16": "<f2", "I8": "i1", "U8": "u1", "U16": "<u2", "I32": "<i4", "I64": "<i8"}
_MAX_HEADER_BYTES = 100_000_000


class _Tensor(msgspec.Struct):
    dtype: str
    shape: list[int]
    data_offsets: tuple[int, int]


def map_tensors(path: Path) -> dict[str, NDArray[Any]]:
    """Return the file's tensors by name, read-only and memory-mapped.

    The layout is that of safetensors: eight bytes with the header's length, a JSON header, then the data.
    Raises ModelError when the file is missing, cut short or of another format.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if size < 8 or length > min(size - 8, _MAX_HEADER_BYTES):
                raise ModelError(_damaged(path, f"its {size} bytes do not hold the header"))
            header = msgspec.json.decode(file.read(length), type=dict[str, Any])
        header.pop("__metadata__", None)
        entries = msgspec.convert(header, dict[str, _Tensor])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ModelError(_damaged(path, str(error))) from error
    return {name: _map(path, 8 + length, size, name, entry) for name, entry in entries.items()}


def _map(path: Path, base: int, size: int, name: str, entry: _Tensor) -> NDArray[Any]:
    start, end = entry.data_offsets
    if entry.dtype not in _TYPES:
        raise ModelError(_damaged(path, f"tensor {name!r} has the unsupported type {entry.dtype}"))
    dtype = np.dtype(_TYPES[entry.dtype])
    if start < 0 or end - start != math.prod(entry.shape) * dtype.itemsize or base + end > size:
        raise ModelError(_damaged(path, f"tensor {name!r} wants bytes {start}-{end} of {size - base}"))
    return np.memmap(path, dtype, "r", base + start, tuple(entry.shape))


def _damaged(path: Path, reason: str) -> str:
    return f"Model file {path} cannot be used: {reason}; restore it or reinstall the package"
