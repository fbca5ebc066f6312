"""Reading in child processes: what kills a child, fills its memory or takes its time costs one document."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from reader_files import LIMITS, PdfPage, pdf
from test_bad_files import CASES

from kb import errors
from kb.readers import ReaderPool, read
from kb.settings import ReadingSettings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.pdf"
    path.write_bytes(pdf([PdfPage().text(70, 100, "Klaster haqida")]))
    return path


def children(pool):
    return [child._process.pid for child in pool._children]


def test_a_child_gives_what_read_gives(good):
    with ReaderPool(LIMITS) as pool:
        assert pool.read(good) == read(good, LIMITS)


def test_errors_arrive_as_they_were_raised(tmp_path, good):
    with ReaderPool(LIMITS) as pool:
        futures = []
        for name, (data, kind, _) in CASES.items():
            path = tmp_path / name
            path.write_bytes(data)
            futures.append((pool.submit(path), path, kind))
        for future, path, kind in futures:
            error = future.exception()
            with pytest.raises(kind) as here:
                read(path, LIMITS)
            assert (type(error), str(error)) == (kind, str(here.value))
        assert pool.read(good).pages


def test_children_are_kept_and_end_with_the_pool(good):
    with ReaderPool(ReadingSettings(processes=1)) as pool:
        pool.read(good)
        before = children(pool)
        for _ in range(3):
            pool.read(good)
        assert children(pool) == before
    assert len(before) == 1
    assert not Path(f"/proc/{before[0]}").exists()


def test_time_is_bounded(good):
    with ReaderPool(ReadingSettings(seconds=0.000_1, processes=1)) as pool:
        with pytest.raises(errors.DocumentLimitError, match=r"good.pdf: not read after 0.0001 seconds"):
            pool.read(good)
        assert not any(child.alive for child in pool._children)


def test_memory_that_the_pdf_library_takes_is_bounded(tmp_path, good):
    padded = pdf([PdfPage().text(70, 100, "Klaster")], to_unicode_padding=600)
    path = tmp_path / "hungry.pdf"
    path.write_bytes(padded)
    with ReaderPool(ReadingSettings(processes=1, memory_bytes=500_000_000)) as pool:
        with pytest.raises(errors.DocumentLimitError, match=r"hungry.pdf: .* memory"):
            pool.read(path)
        assert pool.read(good).pages[0].text == "Klaster haqida"


@pytest.mark.parametrize(
    ("number", "kind"), [(signal.SIGSEGV, errors.DamagedDocumentError), (signal.SIGABRT, errors.DocumentLimitError)]
)
def test_a_child_that_dies_costs_its_document(good, number, kind):
    slow = ReadingSettings(processes=1)
    with ReaderPool(slow) as pool:
        pool.read(good)
        [child] = pool._children
        os.kill(child._process.pid, signal.SIGSTOP)
        future = pool.submit(good)
        time.sleep(0.3)
        os.kill(child._process.pid, number)
        os.kill(child._process.pid, signal.SIGCONT)
        assert future.result(30).pages, "an older child's death is tried again in a fresh one"
        [fresh] = pool._children
        fresh._fresh = True
        os.kill(fresh._process.pid, signal.SIGSTOP)
        future = pool.submit(good)
        time.sleep(0.3)
        os.kill(fresh._process.pid, number)
        os.kill(fresh._process.pid, signal.SIGCONT)
        assert type(future.exception(30)) is kind
        assert pool.read(good).pages


def test_children_end_when_their_parent_is_killed(good):
    script = (
        "import os, pathlib, sys; from kb.readers import ReaderPool; from kb.settings import ReadingSettings\n"
        "pool = ReaderPool(ReadingSettings(processes=1)); pool.read(pathlib.Path(sys.argv[1]))\n"
        "[child] = pool._children; print(child._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(good)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == -signal.SIGKILL
    pid = int(done.stdout)
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.05)
    pytest.fail(f"process {pid} outlived its parent")


def test_a_script_without_a_main_guard_can_read(good, tmp_path):
    script = tmp_path / "plain.py"
    script.write_text(
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path; from kb.readers import ReaderPool; from kb.settings import ReadingSettings\n"
        f"with ReaderPool(ReadingSettings()) as pool: print(pool.read(Path({str(good)!r})).pages[0].text)\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("Klaster haqida\n", "")


def test_a_name_that_is_no_unicode(good):
    path = Path(os.fsdecode(os.fsencode(good.parent) + b"/\xff.pdf"))
    path.write_bytes(good.read_bytes()[:50])
    with ReaderPool(LIMITS) as pool, pytest.raises(errors.DamagedDocumentError, match=r"\\udcff\.pdf"):
        pool.read(path)


def test_children_load_nothing_heavy(good):
    script = (
        "import sys, pathlib; import kb.readers.worker; from kb.readers.registry import read\n"
        "from kb.settings import ReadingSettings; read(pathlib.Path(sys.argv[1]), ReadingSettings())\n"
        "print(sorted({'torch', 'numpy', 'faiss', 'sentence_transformers', 'streamlit'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(good)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[]\n"
