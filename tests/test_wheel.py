"""What is installed from a wheel works alone: another folder, no checkout in sight, everything it needs inside."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "corpus" / "sources" / "en06_monitoring_methodology.md"


def run(*command, cwd, **environment):
    kept = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "KB_INDEX"}}
    done = subprocess.run(
        [str(one) for one in command],
        cwd=cwd,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel built from a copy, so that the checkout gets no build folder."""
    copy, made = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    shutil.copytree(ROOT / "kb", copy / "kb", ignore=shutil.ignore_patterns("__pycache__"))
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", made, "."]
    run(*build, cwd=copy, PIP_DISABLE_PIP_VERSION_CHECK="1")
    (path,) = made.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The scripts folder of a fresh environment: the wheel is installed, the dependencies are seen by a .pth file.

    A .pth file adds this environment's folder to the path without running the .pth files in it, so that the checkout,
    installed here for development, stays out of sight.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / Path(sys.executable).name
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", "--quiet", wheel]
    run(*install, cwd=folder, PIP_DISABLE_PIP_VERSION_CHECK="1")
    purelib = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    Path(purelib, "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return scripts


def test_the_wheel_holds_every_module_and_resource(wheel):
    files = (one.relative_to(ROOT) for one in (ROOT / "kb").rglob("*") if one.is_file())
    expected = {one.as_posix() for one in files if "__pycache__" not in one.parts}
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if name.startswith("kb/")}
    assert held == expected
    assert any(name.startswith("kb/resources/") and not name.endswith(".py") for name in held)


def test_an_installed_wheel_indexes_and_answers_from_another_folder(installed, tmp_path):
    shutil.copy(DOCUMENT, tmp_path)
    kb = installed / "kb"
    report = json.loads(run(kb, "index", DOCUMENT.name, "--index", "base", "--json", cwd=tmp_path))
    assert (report["indexed"], report["failed"]) == (1, [])
    question = "How many days after the end of the quarter are quarterly data submitted?"
    answer = json.loads(run(kb, "ask", question, "--index", "base", "--json", cwd=tmp_path))
    assert answer["status"] == "answered"
    text = " ".join(DOCUMENT.read_text(encoding="utf-8").split())
    assert all(" ".join(one["quote"].split()) in text for one in answer["citations"])


def test_code_and_resources_come_from_the_wheel(installed, tmp_path):
    program = "import kb, kb.resources, kb.cli, sys; print(kb.__path__[0], *kb.resources.__path__, sep='\\n')"
    places = run(installed / Path(sys.executable).name, "-c", program, cwd=tmp_path).splitlines()
    assert len(places) == 2
    assert all(Path(place).is_relative_to(installed.parent) for place in places)


def test_the_version_is_that_of_the_wheel(installed, wheel, tmp_path):
    version = json.loads(run(installed / "kb", "version", "--json", cwd=tmp_path))["version"]
    assert wheel.name.startswith(f"klaster_kb-{version}-")
