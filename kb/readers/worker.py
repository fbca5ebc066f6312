"""The child of a ReaderPool: `python -m kb.readers.worker`, one document after another over its standard streams.

It ends by itself: when the parent closes the pipe or dies, even in the middle of a document; a second after a
document's time is up, whatever C code is running; and when it is asked to after using much memory.

Frames in both directions are a length (8 bytes, big endian) and that many bytes of MessagePack. In: ReadingSettings,
then one path a frame (as bytes). Out: one `Reply` a path, and before them one empty frame when it is ready.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import threading
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from kb.errors import DocumentLimitError, KBError
from kb.records import ReadDocument  # noqa: TC001 - msgspec reads the types of Reply when it runs
from kb.settings import ReadingSettings

_GRACE_SECONDS = 1.0
_MOST_DOCUMENTS = 1000
_LENGTH_BYTES = 8
_STATISTICS = Path("/proc/self/statm")
"""Its second field is the resident memory in pages (Linux)."""


class Reply(msgspec.Struct, frozen=True):
    """One document or the error that it ended in; `last` says that the child ends after this reply."""

    document: ReadDocument | None
    error: str = ""
    message: str = ""
    last: bool = False


def write_frame(stream: BinaryIO, payload: bytes) -> None:
    """Write one frame and flush it."""
    stream.write(len(payload).to_bytes(_LENGTH_BYTES, "big"))
    stream.write(payload)
    stream.flush()


def read_frame(stream: BinaryIO) -> bytes | None:
    """Return one frame's payload, or None when the stream has ended (also in the middle of a frame)."""
    head = _read_exactly(stream, _LENGTH_BYTES)
    return None if head is None else _read_exactly(stream, int.from_bytes(head, "big"))


def _read_exactly(stream: BinaryIO, count: int) -> bytes | None:
    """Return `count` bytes of a stream that may give fewer at a time, None when it ends before."""
    chunks: list[bytes] = []
    while count:
        chunk = stream.read(count)
        if not chunk:
            return None
        chunks.append(chunk)
        count -= len(chunk)
    return b"".join(chunks)


def main() -> None:
    """Serve the parent until it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    incoming = cast("BinaryIO", os.fdopen(os.dup(0), "rb", buffering=0))
    """Without a buffer, whose lock the listening thread would hold while the interpreter ends."""
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    first = read_frame(incoming)
    if first is None:
        return
    limits = msgspec.msgpack.decode(first, type=ReadingSettings)
    _bound_memory(limits.memory_bytes)
    paths: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(incoming, paths), daemon=True).start()
    from kb.readers.registry import read  # noqa: PLC0415 - after the memory is bounded

    write_frame(outgoing, b"")
    for done in range(1, _MOST_DOCUMENTS + 1):
        path = Path(os.fsdecode(paths.get()))
        _alarm(limits.seconds + _GRACE_SECONDS)
        try:
            reply = Reply(read(path, limits))
        except KBError as error:
            reply = Reply(None, type(error).__name__, _encodable(str(error)))
        except MemoryError:
            reply = Reply(None, DocumentLimitError.__name__, _encodable(out_of_memory(path, limits)), last=True)
        _alarm(0)
        last = reply.last or done == _MOST_DOCUMENTS or _used_memory() > limits.memory_bytes // 2
        write_frame(outgoing, msgspec.msgpack.encode(msgspec.structs.replace(reply, last=last)))
        if last:
            return


def out_of_memory(path: Path, limits: ReadingSettings) -> str:
    """Return the message for a document that needed more memory than it may."""
    return (
        f"{path}: reading it takes more than {limits.memory_bytes / 1024 / 1024:,.0f} MiB of memory. "
        "Split it, or raise reading.memory_bytes in the settings."
    )


def _listen(incoming: BinaryIO, paths: queue.SimpleQueue[bytes]) -> None:
    """Hand over paths as they come; end the process with its parent, whatever the main thread is doing."""
    while (frame := read_frame(incoming)) is not None:
        paths.put(frame)
    os._exit(0)


def _encodable(message: str) -> str:
    """Return the message with what is no Unicode in a file's name written as escapes."""
    return message.encode("utf-8", "backslashreplace").decode("utf-8")


def _bound_memory(memory_bytes: int) -> None:
    """Limit this process's address space, where the system can (Linux; macOS accepts and ignores it)."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def _used_memory() -> int:
    """Return the memory this process holds, in bytes; 0 where the system does not tell."""
    try:
        resident = int(_STATISTICS.read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return resident * os.sysconf("SC_PAGE_SIZE")


def _alarm(seconds: float) -> None:
    """Let the system end this process after `seconds`; 0 calls it off."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main()
