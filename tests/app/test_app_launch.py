import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from kb.app import launch
from kb.errors import KBError


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_server_listens_to_this_machine_only_and_reports_to_nobody():
    command = launch.command(8501)
    assert command[:4] == [sys.executable, "-m", "streamlit", "run"]
    assert {"--server.address=127.0.0.1", "--browser.gatherUsageStats=false", "--server.port=8501"} <= set(command)
    assert launch.page_path().is_file()


def test_a_taken_port_is_refused_with_the_next_one(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(KBError, match=rf"Port {port} cannot be used .* --port \d+"):
            launch.launch(tmp_path, port, browser=False)


def test_a_server_that_ends_at_once_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(launch, "command", lambda port: [sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(KBError, match="ended with status 3 before it answered"):
        launch.launch(tmp_path, free_port(), browser=False)


def test_the_server_gets_the_index_and_the_settings_file(tmp_path, monkeypatch):
    wanted = [str(tmp_path / "index"), str(tmp_path / "kb.toml")]
    code = f"import os, sys; sys.exit(7 if [os.environ['KB_INDEX'], os.environ['KB_SETTINGS']] == {wanted!r} else 8)"
    monkeypatch.setattr(launch, "command", lambda port: [sys.executable, "-c", code])
    with pytest.raises(KBError, match="ended with status 7"):
        launch.launch(tmp_path / "index", free_port(), browser=False, settings=tmp_path / "kb.toml")


def test_it_says_where_it_is_and_ends_with_its_server(tmp_path):
    code = (
        "from pathlib import Path; from kb.app.launch import launch; "
        f"raise SystemExit(launch(Path({str(tmp_path)!r}), 0, browser=False))"
    )
    running = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=os.environ)
    try:
        said = running.stdout.readline()
        assert re.fullmatch(r"Klaster KB is at http://localhost:\d{4,5}\n", said)
        port = int(said.rsplit(":", 1)[1])
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=20) == 0
    finally:
        running.kill()
        running.wait()
        running.stdout.close()
    with socket.socket() as probe:
        probe.settimeout(2)
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "the server went with it"


def test_streamlit_run_app_py_is_as_private_as_kb_app():
    root = Path(__file__).parents[2]
    config = tomllib.loads((root / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config == {"browser": {"gatherUsageStats": False}, "server": {"address": "127.0.0.1"}}
    assert {"--browser.gatherUsageStats=false", "--server.address=127.0.0.1"} <= set(launch.command(8501))


def test_app_py_and_the_page_of_the_package_are_the_same_page():
    scripts = (Path(__file__).parents[2] / "app.py", launch.page_path())
    bodies = {script.read_text(encoding="utf-8").split('"""')[2] for script in scripts}
    assert bodies == {"\n\nfrom kb.app.main import main\n\nmain()\n"}
