"""Starting the app on this machine only, without telemetry, and saying so once it answers.

The server is a child process: Streamlit wants the main thread and its own command line, and an end of this process by
Ctrl-C or SIGTERM takes the child with it.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import KBError

if TYPE_CHECKING:
    from types import FrameType

_log = logging.getLogger(__name__)
_HOST = "127.0.0.1"
_START_SECONDS = 90.0
_FLAGS = {
    "server.address": _HOST,
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "server.maxUploadSize": "200",
    "server.enableStaticServing": "false",
    "browser.gatherUsageStats": "false",
    "browser.serverAddress": "localhost",
    "client.showErrorDetails": "none",
    "client.toolbarMode": "minimal",
    "logger.level": "warning",
    "logger.hideWelcomeMessage": "true",
    "theme.primaryColor": "#1f5f5b",
    "theme.linkColor": "#1f5f5b",
    "theme.baseRadius": "small",
}


def page_path() -> Path:
    """Return the script that Streamlit runs."""
    return Path(__file__).with_name("page.py")


def command(port: int) -> list[str]:
    """Return the command line that serves the app on `port` of this machine."""
    flags = [f"--{name}={value}" for name, value in _FLAGS.items()]
    return [sys.executable, "-m", "streamlit", "run", str(page_path()), f"--server.port={port}", *flags]


def launch(index: Path, port: int, *, browser: bool, settings: Path | None = None) -> int:
    """Serve the app over the index folder until it is stopped; return the server's exit status. Port 0 is any free one.

    Writes "Klaster KB is at http://localhost:<port>" to stdout once the server answers, and opens it in the web
    browser when `browser` is set. Raises KBError when the port is taken or the server does not start.
    """
    port = _usable_port(port)
    environment = {**os.environ, "KB_INDEX": str(index.absolute())}
    if settings is not None:
        environment["KB_SETTINGS"] = str(settings.absolute())
    # The command line is built here from our own interpreter, script and flags; no shell is involved.
    server = subprocess.Popen(command(port), env=environment)  # noqa: S603
    previous = signal.signal(signal.SIGTERM, _end)
    try:
        _wait_until_healthy(server, port)
        address = f"http://localhost:{port}"
        sys.stdout.write(f"Klaster KB is at {address}\n")
        sys.stdout.flush()
        if browser and not webbrowser.open(address):
            _log.warning("No web browser could be opened: open %s yourself", address)
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGTERM, previous)
        _stop(server)


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _usable_port(port: int) -> int:
    """Return the port, or a free one for 0. Raises KBError when it is taken or not ours to use."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
            return int(probe.getsockname()[1])
        except (OSError, OverflowError) as error:
            raise KBError(
                f"Port {port} cannot be used ({error}). Choose another one: kb app --port {port % 60000 + 1}"
            ) from error


def _wait_until_healthy(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if (status := server.poll()) is not None:
            raise KBError(f"The app's server ended with status {status} before it answered; its messages are above.")
        with (
            suppress(urllib.error.URLError, ConnectionError, TimeoutError),
            urllib.request.urlopen(f"http://{_HOST}:{port}/_stcore/health", timeout=2) as reply,
        ):
            if reply.status == 200:
                return
        time.sleep(0.2)
    raise KBError(f"The app's server did not answer on port {port} within {_START_SECONDS:.0f} s.")


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is not None:
        return
    server.terminate()
    try:
        server.wait(timeout=5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
