"""The first answer comes soon: `kb` imports what a command needs and no more."""

import json
import subprocess
import sys

import pytest

HEAVY = {
    "torch",
    "sentence_transformers",
    "transformers",
    "streamlit",
    "rich",
    "pypdf",
    "pypdfium2",
    "scipy",
    "sklearn",
}


def modules_after(*arguments):
    """Run `kb` in a fresh interpreter; return its status and the top-level modules that it imported."""
    program = (
        "import json, sys\n"
        "from kb.cli import main\n"
        "status = 0\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as end:\n"
        "    status = end.code\n"
        "json.dump([status, sorted({name.partition('.')[0] for name in sys.modules})], sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)], capture_output=True, text=True, check=True, timeout=120
    )
    status, modules = json.loads(done.stderr.splitlines()[-1])
    return status, set(modules)


def test_help_needs_neither_numpy_nor_the_index():
    status, modules = modules_after("--help")
    assert status == 0
    assert not modules & (HEAVY | {"numpy", "faiss", "tokenizers", "sqlite3"})


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_is_answered_without_torch_readers_or_the_app(index, command):
    question = "How many days after the end of the quarter are quarterly data submitted?"
    status, modules = modules_after(command, question, "--index", index)
    assert status == 0
    assert "numpy" in modules
    assert not modules & HEAVY
