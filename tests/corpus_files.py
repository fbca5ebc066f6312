"""The files of corpus/, as users would have them."""

from pathlib import Path

CORPUS = Path(__file__).resolve().parent.parent / "corpus"


def built(stem: str) -> Path:
    """The file that users would have of one source document."""
    [path] = [path for path in CORPUS.glob(f"{stem}.*") if path.is_file()]
    return path
