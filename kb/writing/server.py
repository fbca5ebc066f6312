"""Speaking to a language model's server: one question, one streamed answer, one deadline, one kind of error.

The server is whatever the user named; what it sends is not trusted. Its answer may come late, drip, never end, or be no
answer at all, so bytes and seconds are limited where they arrive, below everything that interprets them.
"""

from __future__ import annotations

import ipaddress
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kb.errors import LanguageModelError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai import OpenAI

    from kb.settings import LanguageModel

KEY_VARIABLE = "KB_LLM_KEY"
INSTALL = 'pip install "openai>=3.57,<4"'
MAX_BYTES = 8 * 1024 * 1024
"""Of one answer on the wire, some thousand times what a good one needs."""

_CONNECT_SECONDS = 10.0
_NO_KEY = "none"
"""Sent where the user has no key: the protocol wants one, local servers ignore it."""

_SEED = 20_260_101
_SHOWN_DETAIL = 300


class Completion:
    """The pieces of one answer in order; `cut_short` once they are over, when the server stopped at the token limit."""

    def __init__(self, pieces: Iterator[tuple[str, bool]]) -> None:
        self._pieces = pieces
        self.cut_short = False

    def __iter__(self) -> Iterator[str]:
        for piece, cut in self._pieces:
            self.cut_short |= cut
            if piece:
                yield piece


def require_package() -> None:
    """Raise LanguageModelError with the command that installs it when the openai package is missing."""
    try:
        import openai  # noqa: F401, PLC0415 - optional, and half a second to import
    except ImportError as error:
        message = f"A language model needs the package openai, which is not installed. Run: {INSTALL}"
        raise LanguageModelError(message) from error


def complete(model: LanguageModel, messages: list[dict[str, str]]) -> Completion:
    """Ask the model and return what it says, piece by piece as it arrives.

    Temperature 0 and a fixed seed: the same question gets the same answer from a server that honours them. Raises
    LanguageModelError, here or from the iterator: refused, too slow, an HTTP error, no answer of the protocol.
    """
    require_package()
    return Completion(_pieces(model, messages))


def _pieces(model: LanguageModel, messages: list[dict[str, str]]) -> Iterator[tuple[str, bool]]:
    with _explained(model), _client(model) as client:
        wanted: Any = {
            "model": model.name,
            "messages": messages,
            "temperature": 0.0,
            "seed": _SEED,
            "max_tokens": model.tokens,
            "stream": True,
        }
        with client.chat.completions.with_streaming_response.create(**wanted) as response:
            kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
            if kind == "text/event-stream":
                yield from map(_piece, response.parse())
            elif kind == "application/json":
                # A server that cannot stream sends the whole answer at once.
                yield _whole(response.json())
            else:
                message = f"sent {kind or 'something without a type'} where the protocol has JSON or an event stream"
                raise _NotOfTheProtocolError(message)


class _NotOfTheProtocolError(ValueError):
    """The server answered, but not as an OpenAI-compatible one does."""


class _TooMuchError(ValueError):
    """The server sent more bytes than any answer has."""


def _piece(chunk: Any) -> tuple[str, bool]:
    choices = getattr(chunk, "choices", None)
    if not choices:
        return "", False  # a chunk of usage figures, or a keep-alive
    delta = getattr(choices[0], "delta", None)
    content = getattr(delta, "content", None)
    if content is not None and not isinstance(content, str):
        raise _NotOfTheProtocolError("sent a piece of an answer that is no text")
    return content or "", getattr(choices[0], "finish_reason", None) == "length"


def _whole(body: Any) -> tuple[str, bool]:
    try:
        choice = body["choices"][0]
        content = choice["message"]["content"]
        cut = choice.get("finish_reason") == "length"
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise _NotOfTheProtocolError("sent JSON without choices[0].message.content") from error
    if content is not None and not isinstance(content, str):
        raise _NotOfTheProtocolError("sent an answer that is no text")
    return content or "", cut


def _client(model: LanguageModel) -> OpenAI:
    """Return a client that sends passages to the named host only: no redirects, and no proxy to this machine itself."""
    from httpx2 import Timeout, TimeoutException  # noqa: PLC0415 - comes with openai
    from openai import DefaultHttpxClient, OpenAI  # noqa: PLC0415 - optional

    timeout = Timeout(model.seconds, connect=min(_CONNECT_SECONDS, model.seconds))
    deadline = time.monotonic() + model.seconds

    def limit(response: Any) -> None:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise _NotOfTheProtocolError("compressed its answer though asked not to")
        response.stream = _limited(response.stream, deadline, TimeoutException)

    return OpenAI(
        api_key=os.environ.get(KEY_VARIABLE) or _NO_KEY,
        base_url=model.url,
        organization="",
        project="",
        max_retries=0,
        default_headers={"Accept-Encoding": "identity"},
        timeout=timeout,
        http_client=DefaultHttpxClient(
            timeout=timeout,
            follow_redirects=False,
            trust_env=not _is_this_machine(model.url),
            event_hooks={"response": [limit]},
        ),
    )


def _limited(stream: Any, deadline: float, too_late: type[Exception]) -> Any:
    """Return the byte stream with its limits: `MAX_BYTES`, and the deadline even where bytes keep dripping."""
    from httpx2 import SyncByteStream  # noqa: PLC0415 - comes with openai

    class Limited(SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for part in stream:
                size += len(part)
                if size > MAX_BYTES:
                    raise _TooMuchError(f"sent more than {MAX_BYTES:,} bytes")
                if time.monotonic() > deadline:
                    raise too_late("the answer was not complete in time")
                yield part

        def close(self) -> None:
            stream.close()

    return Limited()


def _is_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@contextmanager
def _explained(model: LanguageModel) -> Iterator[None]:
    """Turn everything that can go wrong on the way into a LanguageModelError that says what to do."""
    import openai  # noqa: PLC0415 - optional
    from httpx2 import ConnectError, HTTPError, InvalidURL, TimeoutException, UnsupportedProtocol  # noqa: PLC0415 - comes with openai

    place = f"The language model at {model.url}"
    try:
        yield
    except (openai.APITimeoutError, TimeoutException) as error:
        message = (
            f"{place} did not finish within {model.seconds:g} s. Try a smaller model, or give it more time "
            "(seconds under [llm] in the settings file)."
        )
        raise LanguageModelError(message) from error
    except openai.APIStatusError as error:
        raise LanguageModelError(f"{place} answered with HTTP {error.status_code}{_advice(error, model)}") from error
    except openai.APIConnectionError as error:
        cause = error.__cause__
        detail = _short(str(cause or error))
        if isinstance(cause, (_NotOfTheProtocolError, _TooMuchError)):
            message = f"{place} {detail}."
        elif isinstance(cause, (ConnectError, InvalidURL, UnsupportedProtocol)):
            message = f"{place} cannot be reached ({detail}). Start its server, or correct the address."
        else:
            message = f"{place} broke off: {detail}"
        raise LanguageModelError(message) from error
    except (openai.APIError, HTTPError) as error:
        raise LanguageModelError(f"{place} broke off: {_short(str(error))}") from error
    except ValueError as error:
        # JSON that does not parse is a ValueError too.
        detail = (
            _short(str(error)) if isinstance(error, (_NotOfTheProtocolError, _TooMuchError)) else "sent broken JSON"
        )
        message = f"{place} {detail}. Is the address the base of an OpenAI-compatible server, ending in /v1?"
        raise LanguageModelError(message) from error


def _advice(error: Any, model: LanguageModel) -> str:
    status = int(error.status_code)
    if status in {401, 403}:
        return f": the key in {KEY_VARIABLE} is missing or not accepted."
    if status == 404:
        return f": there is no such address, or no model called {model.name!r}."
    if 300 <= status < 400:
        return ": it redirects elsewhere, where nothing is sent. Name that address if you trust it."
    body = error.body
    detail = _short(body["message"]) if isinstance(body, dict) and isinstance(body.get("message"), str) else ""
    return f": {detail}" if detail else "."


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN_DETAIL else text[:_SHOWN_DETAIL] + " …"
