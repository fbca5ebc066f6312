"""What a long training has reached, on disk: tensors and facts in one safetensors file, of one run only.

A run is named by a key of its inputs and settings, so that a state is never taken up by a training of something else.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from safetensors import safe_open
from safetensors.torch import save_file

if TYPE_CHECKING:
    from pathlib import Path

    import torch


def key_of(*paths: Path, settings: object = "") -> str:
    """Return a key of the files' content and of the settings. Raises OSError for a file that cannot be read."""
    digest = hashlib.sha256(str(settings).encode())
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def write(path: Path, run: str, tensors: dict[str, torch.Tensor], facts: dict[str, Any]) -> None:
    """Write the tensors and `facts`, which JSON can hold; an earlier file stays whole until the new one is."""
    part = path.with_suffix(".part")
    held = {name: one.detach().cpu().contiguous() for name, one in tensors.items()}
    save_file(held, part, metadata={"run": run, "facts": json.dumps(facts)})
    part.replace(path)


def read(path: Path, run: str) -> tuple[dict[str, torch.Tensor], dict[str, Any]] | None:
    """Return what `write` wrote for this run; None when there is no file, or one of another run."""
    if not path.exists():
        return None
    with safe_open(path, "pt") as file:
        held = file.metadata() or {}
        if held.get("run") != run:
            return None
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
        return tensors, json.loads(held["facts"])
