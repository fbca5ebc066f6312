"""What the exit status of `kb` says."""

from enum import IntEnum
from typing import Self


class ExitCode(IntEnum):
    """Exit status of a command; the descriptions are what `kb --help` prints."""

    description: str

    def __new__(cls, value: int, description: str) -> Self:
        """Attach the description to the number."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member

    OK = 0, "done"
    ERROR = 1, "an error, named in one line on stderr; after verify: the index has problems"
    USAGE = 2, "the command was not understood"
    SOME_FAILED = 3, "some documents could not be indexed; all others are"
    NOTHING_FOUND = 4, "ask found no answer, or search no passage, in the documents"
    INTERRUPTED = 130, "stopped with Ctrl-C; what was committed stays"
