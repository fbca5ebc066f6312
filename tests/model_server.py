"""A server on this machine that speaks the OpenAI protocol, and misbehaves on demand."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from kb.settings import LanguageModel


class ModelServer:
    """Answers each request with `text` as an event stream; `behave(handler)` replaces that; `requests` are kept."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}/v1"
        self.text = ""
        self.behave = None
        self.requests = []
        self.headers = []

    @property
    def model(self):
        return LanguageModel(self.url, "test-model", seconds=20)

    @property
    def prompt(self):
        """All that the last request says."""
        return "\n".join(message["content"] for message in self.requests[-1]["messages"])

    def number_of(self, words):
        """The number of the passage of the last request that holds the words."""
        for number, part in enumerate(self.prompt.split("--- passage ")[1:], start=1):
            if words in part:
                return number
        raise LookupError(words)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Clients that hang up are part of the tests."""


@contextmanager
def running():
    """A running `ModelServer`."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.requests.append(body)
            state.headers.append(dict(self.headers))
            (state.behave or stream)(self)

    def stream(handler):
        text = state.text(state) if callable(state.text) else state.text
        start(handler, "text/event-stream")
        for at in range(0, len(text), 7):
            handler.wfile.write(event(text[at : at + 7]))
        handler.wfile.write(b"data: [DONE]\n\n")

    server = _Server(("127.0.0.1", 0), Handler)
    state = ModelServer(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def start(handler, kind, status=200, **headers):
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def event(text, finish=None):
    chunk = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def sends(kind, body, status=200, **headers):
    """A behaviour that sends one body."""

    def behave(handler):
        start(handler, kind, status, **headers)
        handler.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

    return behave


def whole(text):
    """A behaviour that does not stream."""
    return sends("application/json", {"choices": [{"message": {"role": "assistant", "content": text}}]})


def drips(handler):
    """Never ends, and never says anything."""
    start(handler, "text/event-stream")
    for _ in range(200):
        handler.wfile.write(b": wait\n\n")
        time.sleep(0.05)


def hangs(handler):
    """Says nothing for a while."""
    time.sleep(1.5)


def breaks_off(handler):
    """Promises more than it sends."""
    start(handler, "text/event-stream", Content_Length="5000")
    handler.wfile.write(event("The annual survey "))


def floods(handler):
    """Sends megabytes without a word in them."""
    start(handler, "text/event-stream")
    for _ in range(2000):
        handler.wfile.write(b": " + b"x" * 10_000 + b"\n\n")
