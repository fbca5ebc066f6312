"""Arrows point one way, rooms stay small, and what is heavy is loaded only where it is used."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "kb"
FILES = sorted(PACKAGE.rglob("*.py"))

# A module may import from its own room and from rooms of lower rank.
RANKS = {
    "records": 0,
    "reports": 0,
    "errors": 0,
    "settings": 0,
    "resources": 0,
    "text": 1,
    "models": 2,
    "readers": 2,
    "store": 3,
    "ingest": 4,
    "retrieval": 4,
    "directions": 4,
    "answering": 5,
    "writing": 6,
    "knowledge_base": 7,
    "cli": 8,
    "app": 8,
    "evaluation": 8,
    "__main__": 9,
}
# The root may be imported as the façade by those above it; the command line starts the evaluation and the app.
ALLOWED = {("cli", "evaluation"), ("cli", "app"), ("settings", "errors"), ("reports", "records")}
HEAVY = ("torch", "transformers", "sentence_transformers", "streamlit", "faiss", "pypdf", "pypdfium2", "lxml", "openai")
LONGEST = 350


def room(module):
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def module_name(file):
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(file):
    """Every module that a file imports, wherever in it, as written out in full."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            if node.module == "kb":
                yield from (f"kb.{alias.name}" if alias.name in RANKS else "kb" for alias in node.names)
            else:
                yield node.module


def broken_arrows(name, imported):
    source = room(name)
    for target in imported:
        if target != "kb" and not target.startswith("kb."):
            continue
        goal = room(target) or "knowledge_base"
        allowed = source in {"", goal} or RANKS[goal] < RANKS[source] or (source, goal) in ALLOWED
        if not allowed:
            yield f"{name} imports {target}"


def test_every_room_has_a_rank():
    assert {room(module_name(file)) for file in FILES} - {""} <= set(RANKS)


def test_imports_point_one_way():
    wrong = [line for file in FILES for line in broken_arrows(module_name(file), imports(file))]
    assert wrong == []


def test_a_wrong_arrow_would_be_seen():
    assert list(broken_arrows("kb.text.words", ["kb.store.database"])) == ["kb.text.words imports kb.store.database"]
    assert list(broken_arrows("kb.ingest.scan", ["kb.retrieval.search"])) != []
    assert list(broken_arrows("kb.answering.answer", ["kb"])) != []
    assert list(broken_arrows("kb.answering.answer", ["kb.text.words", "numpy"])) == []


@pytest.mark.parametrize("file", FILES, ids=module_name)
def test_a_file_holds_one_idea_that_fits_on_a_few_screens(file):
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("file", FILES, ids=module_name)
def test_a_module_says_why_it_exists(file):
    assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", FILES, ids=module_name)
def test_nothing_is_pickled(file):
    text = file.read_text(encoding="utf-8")
    forbidden = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal", "cloudpickle"}
    assert not {name.split(".")[0] for name in imports(file)} & forbidden
    assert "allow_pickle=True" not in text


@pytest.mark.parametrize("module", ["kb", "kb.records", "kb.errors", "kb.settings"])
def test_importing_the_package_loads_nothing_heavy(module):
    code = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in json.loads(result.stdout)}
    assert loaded.isdisjoint(HEAVY)
