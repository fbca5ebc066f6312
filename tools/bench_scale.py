"""Measures how opening and searching grow with the index, up to a million passages.

    make bench-scale
    python tools/bench_scale.py [--sizes 1000,10000,100000] [--folder DIR] [--model fast] [--out docs] [--json]

First `corpus/` is indexed as it is. Then, for each size, synthetic documents recombined from the sentences of that
corpus (see bench_scale_material.py) are written through the store, the snapshot is made, and a new process opens the
index and searches it with questions of `corpus/questions.jsonl`, drawn with a fixed seed over all six forms. Each
question is searched once to warm up and once for the clock, one after another, ten hits, no filters, hits with their
texts and pages included; then each is asked, twice as well.

What was written and measured stays in the folder: a run that was interrupted goes on, sizes that are done are not
measured again unless `--again` is given, which keeps the indexes.

    open s      opening the database and its snapshot, preparing the searcher; without loading the encoder
    first ms    the first search of a process, opening the snapshot included; without loading the encoder
    p50, p95    milliseconds of a warm search; "CPU" is the processor's share, all that counts on a busy machine
    ask         milliseconds of a warm answer
    RSS MiB     resident memory after the searches: all of it, and without the pages of mapped files ("own")
    making MiB  the greatest memory of the process that made the snapshot, without the pages of mapped files
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))

from bench_scale_material import PASSAGES_A_DOCUMENT, pools_of, write
from bench_scale_picture import growth_curve

from kb.evaluation.measures import percentile
from kb.evaluation.questions import load_questions
from kb.knowledge_base import KnowledgeBase
from kb.models.encoder import load_encoder
from kb.models.translation import load_tables
from kb.retrieval.search import Searcher
from kb.store.database import Database
from kb.store.snapshot import open_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    with KnowledgeBase.open(folder, create=False) as base:
        started = time.perf_counter()
        base.search(asked[0], k=DEPTH)
        first = time.perf_counter() - started
        times, busy = _timed(lambda text: base.search(text, k=DEPTH), asked)
        answers, _ = _timed(base.ask, asked)
        whole, own = resident()
    tables = load_tables()
    started = time.perf_counter()
    with Database.open(folder, create=False) as database:
        passages = Searcher(database, open_snapshot(database, folder), tables).snapshot.n
        opened = time.perf_counter() - started
    return {
        "passages": passages,
        "open_s": opened,
        "first_ms": 1000 * first,
        "p50_ms": percentile(times, 0.5),
        "p95_ms": percentile(times, 0.95),
        "cpu_p50_ms": percentile(busy, 0.5),
        "cpu_p95_ms": percentile(busy, 0.95),
        "ask_p50_ms": percentile(answers, 0.5),
        "ask_p95_ms": percentile(answers, 0.95),
        "rss_mib": whole,
        "own_mib": own,
    }


def _timed(what: Callable[[str], object], asked: Sequence[str]) -> tuple[list[float], list[float]]:
    """Do `what` with every question, to warm up, and again; return ms a question, by the clock and by the processor."""
    times, busy = [], []
    for turn in range(2):
        for text in asked:
            started, worked = time.perf_counter(), time.process_time()
            what(text)
            if turn:
                times.append(1000 * (time.perf_counter() - started))
                busy.append(1000 * (time.process_time() - worked))
    return times, busy


def resident() -> tuple[float, float]:
    """Return MiB of resident memory, all of it and without mapped files; zeros where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0, 0.0
    sizes = dict(line.split(":", 1) for line in status.read_text(encoding="ascii").splitlines())
    return tuple(int(sizes[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon"))  # type: ignore[return-value]


def make(index: Path, corpus: Path, passages: int, model: str) -> Row:
    """Write what is missing of the synthetic documents, make the snapshot, and return what both took."""
    started = time.perf_counter()
    with Database.open(index, create=False) as database, _Greatest() as memory:
        with Database.open(corpus, create=False) as source:
            pools = pools_of(source, load_encoder(model))
        write(database, range(passages // PASSAGES_A_DOCUMENT), pools, SEED)
        written = time.perf_counter()
        open_snapshot(database, index)
        made = time.perf_counter()
    return {"write_s": written - started, "snapshot_s": made - written, "making_mib": memory.mib}


class _Greatest:
    """The greatest memory of this process without mapped files, looked at ten times a second."""

    def __init__(self) -> None:
        self.mib = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(0.1):
            self.mib = max(self.mib, resident()[1])


class Bench:
    """The folder of a run: the index of `corpus/`, one index a size, and the rows measured so far."""

    def __init__(self, folder: Path, model: str, *, again: bool = False) -> None:
        self._folder = folder / Path(model).name
        self._model = model
        self._notes = self._folder / "rows.json"
        self._made_notes = self._folder / "made.json"
        self._corpus = self._folder / "corpus"
        self._folder.mkdir(parents=True, exist_ok=True)
        self.rows = {} if again else _noted(self._notes)
        self._made = _noted(self._made_notes)

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
        fresh = not index.exists()
        KnowledgeBase.open(index, model=self._model).close()
        took: Row = _child("--make", index, "--corpus", self._corpus, "--sizes", name, "--model", self._model)
        _say(f"{passages:,} passages: {took['write_s']:.0f} s to write, {took['snapshot_s']:.0f} s for the snapshot")
        if fresh:
            self._made[name] = took
            self._made_notes.write_text(json.dumps(self._made, indent=1), encoding="utf-8")
        self._measured(name, index)

    def _measured(self, name: str, index: Path) -> None:
        """Measure in a process of its own, whose memory holds nothing else, and note the row."""
        self.rows[name] = _child("--measure", index) | self._made.get(name, {})
        self.rows[name]["disk_mib"] = sum(one.stat().st_size for one in index.rglob("*") if one.is_file()) / 1024**2
        self._notes.write_text(json.dumps(self.rows, indent=1), encoding="utf-8")
        _say(f"{name}: p50 {self.rows[name]['p50_ms']:.1f} ms, p95 {self.rows[name]['p95_ms']:.1f} ms")


def _child(*arguments: object) -> Row:
    """Run this file in a process of its own and return what it prints."""
    command = [sys.executable, __file__, *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - this very file
    row: Row = json.loads(done.stdout)
    return row


def table(rows: dict[str, Row]) -> str:
    """Return the rows as a Markdown table."""
    names = ["index", "passages", "open s", "first ms", "p50 ms", "p95 ms", "CPU p50, p95 ms", "ask p50, p95 ms"]
    names += ["RSS MiB (own)", "disk MiB", "written + snapshot, s", "making MiB"]
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
                    f"{row['ask_p50_ms']:.1f}, {row['ask_p95_ms']:.1f}" if "ask_p50_ms" in row else "",
                    f"{row['rss_mib']:.0f} ({row['own_mib']:.0f})",
                    f"{row['disk_mib']:.0f}",
                    f"{row['write_s']:.0f} + {row['snapshot_s']:.0f}" if "write_s" in row else "",
                    f"{row['making_mib']:.0f}" if "making_mib" in row else "",
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


def _noted(path: Path) -> dict[str, Row]:
    rows: dict[str, Row] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return rows


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
    for hidden in ("--measure", "--make", "--corpus"):
        parser.add_argument(hidden, type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.measure)))
        return
    if arguments.make:
        print(json.dumps(make(arguments.make, arguments.corpus, arguments.sizes[0], arguments.model)))
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
        "frequent one, the hardest case for the lexical leg. FAISS scans up to 200,000 vectors one by one, more of\n"
        "them by inverted lists. What each column means stands at the beginning of `tools/bench_scale.py`; where\n"
        "other work runs beside the bench, go by the CPU column.\n"
    )
    return f"{head}\n{table(rows)}\n\n![Milliseconds of a warm search by number of passages](scale.svg)\n"


if __name__ == "__main__":
    main()
