"""Measures how opening and searching grow with the index, up to a million passages.

    make bench-scale
    python tools/bench_scale.py [--sizes 1000,10000,100000] [--folder DIR] [--model fast] [--out docs] [--json]

First `corpus/` is indexed as it is. Then, for each size, synthetic documents recombined from the sentences of that
corpus (see bench_scale_material.py) are written through the store, the snapshot is made, and a new process opens the
index and searches it with questions of `corpus/questions.jsonl`, drawn with a fixed seed over all six forms. Each
question is searched once to warm up and once for the clock, one after another, ten hits, no filters, hits with their
texts and pages included.

What was written and measured stays in the folder: a run that was interrupted goes on, sizes that are done are not
measured again unless `--again` is given, which keeps the indexes. 300,000 passages took 5 GB of disk, and 6 GB of
memory while the snapshot was made; a million take about three times as much.

    open s     opening the database, mapping the snapshot, preparing the searcher; without loading the encoder
    first ms   the first search after that, which makes what is made on first use
    p50, p95   milliseconds of a warm search; "CPU" is the processor's share of them, all that counts on a busy machine
    RSS MiB    resident memory after the searches: all of it, and without the pages of mapped files ("own")
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))

from bench_scale_material import PASSAGES_A_DOCUMENT, pools_of, write
from bench_scale_picture import growth_curve

from kb.evaluation.measures import percentile
from kb.evaluation.questions import load_questions
from kb.knowledge_base import KnowledgeBase
from kb.models.encoder import load_encoder
from kb.store.database import Database
from kb.store.snapshot import open_snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parent.parent
SEED = 20_261
QUESTIONS = 150
DEPTH = 10
TARGETS = {"corpus": 15.0, "100000": 40.0, "1000000": 150.0}
"""Milliseconds that the median of a warm search should not exceed, by the name of the row."""

Row = dict[str, float]


def measure(folder: Path) -> Row:
    """Open the index in this process, search it, and return what was measured."""
    asked = [text for question in load_questions(ROOT / "corpus" / "questions.jsonl") for _, text in question.forms]
    asked = random.Random(SEED).sample(asked, QUESTIONS)  # noqa: S311 - a sample, not a secret
    base = KnowledgeBase.open(folder, create=False)
    base.close()  # the encoder is loaded and its files are in the system's cache now
    started = time.perf_counter()
    with Database.open(folder, create=False) as database:
        snapshot = open_snapshot(database, folder)
        opened = time.perf_counter() - started
        passages = snapshot.n
    with KnowledgeBase.open(folder, create=False) as base:
        started = time.perf_counter()
        base.search(asked[0], k=DEPTH)
        first = time.perf_counter() - started
        times, busy = [], []
        for turn in range(2):
            for text in asked:
                started, worked = time.perf_counter(), time.process_time()
                base.search(text, k=DEPTH)
                if turn:
                    times.append(1000 * (time.perf_counter() - started))
                    busy.append(1000 * (time.process_time() - worked))
    whole, own = resident()
    return {
        "passages": passages,
        "open_s": opened,
        "first_ms": 1000 * first,
        "p50_ms": percentile(times, 0.5),
        "p95_ms": percentile(times, 0.95),
        "cpu_p50_ms": percentile(busy, 0.5),
        "cpu_p95_ms": percentile(busy, 0.95),
        "rss_mib": whole,
        "own_mib": own,
    }


def resident() -> tuple[float, float]:
    """Return MiB of resident memory, all of it and without mapped files; zeros where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0, 0.0
    sizes = dict(line.split(":", 1) for line in status.read_text(encoding="ascii").splitlines())
    return tuple(int(sizes[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon"))  # type: ignore[return-value]


class Bench:
    """The folder of a run: the index of `corpus/`, one index a size, and the rows measured so far."""

    def __init__(self, folder: Path, model: str, *, again: bool = False) -> None:
        self._folder = folder / Path(model).name
        self._model = model
        self._notes = self._folder / "rows.json"
        self._corpus = self._folder / "corpus"
        self._folder.mkdir(parents=True, exist_ok=True)
        kept = self._notes.exists() and not again
        self.rows: dict[str, Row] = json.loads(self._notes.read_text("utf-8")) if kept else {}

    def corpus(self) -> None:
        """Index `corpus/` and measure it."""
        if "corpus" not in self.rows:
            with KnowledgeBase.open(self._corpus, model=self._model) as base:
                base.add(ROOT / "corpus")
            self._measured("corpus", self._corpus)

    def size(self, passages: int) -> None:
        """Make the index of this many passages, or what of it is missing, and measure it."""
        name = str(passages)
        if name in self.rows:
            return
        index = self._folder / name
        KnowledgeBase.open(index, model=self._model).close()
        with Database.open(index, create=False) as database:
            started = time.perf_counter()
            fresh = not database.file_states()
            with Database.open(self._corpus, create=False) as corpus:
                pools = pools_of(corpus, load_encoder(self._model))
            write(database, range(passages // PASSAGES_A_DOCUMENT), pools, SEED)
            written = time.perf_counter()
            open_snapshot(database, index)
            made = time.perf_counter()
        _say(f"{passages:,} passages: {written - started:.0f} s to write, {made - written:.0f} s to make the snapshot")
        took = {"write_s": written - started, "snapshot_s": made - written} if fresh else {}
        self._measured(name, index, took)

    def _measured(self, name: str, index: Path, more: Row | None = None) -> None:
        """Measure in a process of its own, whose memory holds nothing else, and note the row."""
        done = subprocess.run(  # noqa: S603 - this very file
            [sys.executable, __file__, "--measure", str(index)], check=True, capture_output=True, text=True
        )
        self.rows[name] = json.loads(done.stdout) | (more or {})
        self.rows[name]["disk_mib"] = sum(one.stat().st_size for one in index.rglob("*") if one.is_file()) / 1024**2
        self._notes.write_text(json.dumps(self.rows, indent=1), encoding="utf-8")
        _say(f"{name}: p50 {self.rows[name]['p50_ms']:.1f} ms, p95 {self.rows[name]['p95_ms']:.1f} ms")


def table(rows: dict[str, Row]) -> str:
    """Return the rows as a Markdown table."""
    names = ["index", "passages", "open s", "first ms", "p50 ms", "p95 ms", "CPU p50, p95 ms", "RSS MiB (own)"]
    names += ["disk MiB", "written + snapshot, s"]
    lines = [_cells(names), _cells(["---", *["--:"] * (len(names) - 1)])]
    for name, row in sorted(rows.items(), key=lambda item: item[1]["passages"]):
        lines.append(
            _cells(
                (
                    "`corpus/`" if name == "corpus" else "synthetic",
                    f"{row['passages']:,.0f}",
                    f"{row['open_s']:.3f}",
                    f"{row['first_ms']:.0f}",
                    f"{row['p50_ms']:.1f}",
                    f"{row['p95_ms']:.1f}",
                    f"{row['cpu_p50_ms']:.1f}, {row['cpu_p95_ms']:.1f}",
                    f"{row['rss_mib']:.0f} ({row['own_mib']:.0f})",
                    f"{row['disk_mib']:.0f}",
                    f"{row['write_s']:.0f} + {row['snapshot_s']:.0f}" if "write_s" in row else "",
                )
            )
        )
    return "\n".join(lines)


def _cells(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def picture(rows: dict[str, Row]) -> str:
    """Return the growth curve as SVG."""
    ordered = sorted(rows.values(), key=lambda row: row["passages"])
    return growth_curve(
        "Warm search",
        "passages",
        "milliseconds",
        {
            "median": [(row["passages"], row["p50_ms"]) for row in ordered],
            "95th percentile": [(row["passages"], row["p95_ms"]) for row in ordered],
            "median, CPU": [(row["passages"], row["cpu_p50_ms"]) for row in ordered],
        },
        [(rows[name]["passages"], target) for name, target in TARGETS.items() if name in rows],
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _sizes(text: str) -> Sequence[int]:
    sizes = [int(one.replace("_", "")) for one in text.split(",")]
    if any(one < PASSAGES_A_DOCUMENT or one % PASSAGES_A_DOCUMENT for one in sizes):
        raise argparse.ArgumentTypeError(f"sizes are multiples of {PASSAGES_A_DOCUMENT}, not {text}")
    return sorted(sizes)


def main() -> None:
    """Measure the sizes; print the table, write it and the picture into a folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=_sizes, default="1000,10000,100000,1000000", help="passages, comma-separated")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "scale", help="where the indexes are kept")
    parser.add_argument("--model", default="fast", help='"fast", "best", a folder or a model name')
    parser.add_argument("--again", action="store_true", help="measure anew the indexes that are there")
    parser.add_argument("--out", type=Path, help="write scale.md and scale.svg into this folder")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.measure)))
        return
    bench = Bench(arguments.folder, arguments.model, again=arguments.again)
    bench.corpus()
    for size in arguments.sizes:
        bench.size(size)
    if arguments.out:
        (arguments.out / "scale.svg").write_text(picture(bench.rows), encoding="utf-8")
        (arguments.out / "scale.md").write_text(page(bench.rows, arguments.model), encoding="utf-8")
    print(json.dumps(bench.rows) if arguments.json else table(bench.rows))


def page(rows: dict[str, Row], model: str) -> str:
    """Return the page of the documentation that shows the table and the picture."""
    head = (
        "# How search grows with the index\n"
        f"Written by `make bench-scale` (model `{model}`, one process, one thread for search). `corpus/` is indexed\n"
        "as it is; the others are synthetic: its sentences recombined into new passages, so that every word is a\n"
        "frequent one. What each column means stands at the beginning of `tools/bench_scale.py`; where other work\n"
        "runs beside the bench, go by the CPU column.\n"
    )
    return f"{head}\n{table(rows)}\n\n![Milliseconds of a warm search by number of passages](scale.svg)\n"


if __name__ == "__main__":
    main()
