"""Checks that no training text repeats the texts that models are measured on: shared runs of eight words.

    python training/check_overlap.py DATA [--corpus corpus] [--allow] [--show 3]

DATA holds `train/` and `eval/`; the files in `OWN` are training texts, too. Compared are all cells of tab-separated
files, all strings of JSON lines and all lines of plain text, folded by `kb.text.fold`, so that the spellings of Uzbek
meet; words are letters and digits. On the other side stand `eval/`, `corpus/sources/` and the questions of
`corpus/questions.jsonl`. A text of fewer than eight words shares no such run and is not checked. Exit status 1 when a
training text shares one, unless --allow is given.

The length of eight words follows Brown et al. 2020, "Language Models are Few-Shot Learners", appendix C, which takes 8
to 13.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.text.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

LENGTH = 8
ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
OWN = tuple(ROOT / "training" / name for name in ("answer_passages.jsonl", "off_topic.tsv", "unanswered.tsv"))
"""Training texts that stand beside the scripts."""
WORD = re.compile(r"[^\W_]+")
NOT_TEXT = {"id", "passage_id", "index_id", "doc", "document", "link", "group", "category", "kind", "topic"}
"""Keys and columns of identifiers; their values are no language."""


@dataclass
class Overlap:
    """What one training file shares: `found` counts texts by the measured file that they repeat."""

    texts: int = 0
    shared: int = 0
    found: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[str, str]] = field(default_factory=list)


def strings(value: Any) -> Iterator[str]:
    """Yield every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key not in NOT_TEXT:
                yield from strings(one)


def texts_of(path: Path) -> Iterator[str]:
    """Yield the texts of a file: cells of .tsv, strings of .jsonl, paragraphs of .md, lines of the rest."""
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield from re.split(r"\n\s*\n", content)
        return
    lines = [line for line in content.split("\n") if line]
    if path.suffix == ".tsv":
        names = lines[0].split("\t")
        for line in lines[1:]:
            yield from (cell for name, cell in zip(names, line.split("\t"), strict=False) if name not in NOT_TEXT)
    elif path.suffix == ".jsonl":
        for line in lines:
            yield from strings(json.loads(line))
    else:
        yield from lines


def runs(text: str) -> Iterator[str]:
    """Yield every run of LENGTH folded words."""
    words = WORD.findall(fold(text))
    for start in range(len(words) - LENGTH + 1):
        yield " ".join(words[start : start + LENGTH])


def measured_files(data: Path, corpus: Path) -> list[Path]:
    """Return the files that models are measured on."""
    return [
        *sorted(path for path in (data / "eval").iterdir() if path.suffix in {".tsv", ".jsonl", ".txt"}),
        *sorted((corpus / "sources").glob("*.md")),
        corpus / "questions.jsonl",
    ]


def runs_of(files: list[Path]) -> dict[str, str]:
    """Return each run of the files with the name of the first file that holds it."""
    known: dict[str, str] = {}
    for path in files:
        for text in texts_of(path):
            for run in runs(text):
                known.setdefault(run, path.name)
    return known


def overlap(path: Path, known: dict[str, str], keep: int = 3) -> Overlap:
    """Compare one training file with the known runs; keep a few examples as (run, measured file)."""
    seen = Overlap()
    for text in texts_of(path):
        seen.texts += 1
        hits = {known[run]: run for run in runs(text) if run in known}
        seen.shared += bool(hits)
        seen.found.update(hits.keys())
        if hits and len(seen.examples) < keep:
            seen.examples += [(run, name) for name, run in hits.items()][:1]
    return seen


def main() -> None:
    """Print a line a training file; exit with 1 when one shares a run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--allow", action="store_true", help="exit with 0 whatever is found")
    parser.add_argument("--show", type=int, default=3, metavar="N", help="examples a file")
    options = parser.parse_args()
    known = runs_of(measured_files(options.data, options.corpus))
    print(f"{len(known)} runs of {LENGTH} words are measured on", flush=True)
    total = 0
    for path in [*sorted((options.data / "train").iterdir()), *OWN]:
        found = overlap(path, known, options.show)
        total += found.shared
        where = ", ".join(f"{name} {count}" for name, count in found.found.most_common())
        print(f"{path.name:26}{found.texts:9} texts{found.shared:7} share a run  {where}".rstrip(), flush=True)
        for run, name in found.examples:
            print(f"    {name}: {run}")
    print(f"{total} training texts share a run with a measured text")
    if total and not options.allow:
        sys.exit(1)


if __name__ == "__main__":
    main()
