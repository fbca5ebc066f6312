"""Every error a caller can meet, under one root, so that `except KBError` is enough.

    KBError
    ├── SettingsError            a setting is unknown, of the wrong type or out of range
    ├── ReadError                one document cannot be read; the batch goes on
    │   ├── UnsupportedFormatError   neither suffix nor content names a format we read
    │   ├── EmptyDocumentError       zero bytes, or no text on any page (a scan)
    │   ├── DamagedDocumentError     truncated, not what its suffix says, or not decodable
    │   ├── EncryptedDocumentError   needs a password
    │   ├── DocumentLimitError       over a limit: size, pages, memory or time
    │   └── VanishedDocumentError    disappeared or became unreadable while being read
    ├── ModelError               an encoder or table is missing, damaged or cannot be loaded
    ├── IndexStoreError          something about the index folder
    │   ├── IndexMismatchError       made with another encoder, settings or a newer version
    │   ├── IndexLockedError         another process is writing
    │   ├── IndexDamagedError        the truth itself (SQLite) fails its checks
    │   └── IndexFullError           no space left; the last committed state stands
    ├── QueryError               a question or filter that cannot be used
    ├── GlossaryError            a user's glossary cannot be read
    ├── LanguageModelError       a language model's server, or the package that speaks to it, cannot be used
    └── NotFoundError            no such document, page or passage

A message says what happened, to which file, with the numbers, and the command that repairs it.
"""


class KBError(Exception):
    """Root of everything this package raises on purpose."""


class SettingsError(KBError):
    """A setting is unknown, of the wrong type or out of range."""


class ReadError(KBError):
    """One document cannot be read; it costs that document, never the batch."""


class UnsupportedFormatError(ReadError):
    """Neither the suffix nor the content names a format that we read."""


class EmptyDocumentError(ReadError):
    """Zero bytes, or no text on any page."""


class DamagedDocumentError(ReadError):
    """Truncated, not what its suffix says, or not decodable."""


class EncryptedDocumentError(ReadError):
    """Needs a password that the empty one does not replace."""


class DocumentLimitError(ReadError):
    """Over a limit of size, pages, memory or time."""


class VanishedDocumentError(ReadError):
    """Disappeared or became unreadable while being read."""


class ModelError(KBError):
    """An encoder or table is missing, damaged or cannot be loaded."""


class IndexStoreError(KBError):
    """Something about the index folder."""


class IndexMismatchError(IndexStoreError):
    """The index was made with another encoder, other settings or a newer version."""


class IndexLockedError(IndexStoreError):
    """Another process is writing to the index."""


class IndexDamagedError(IndexStoreError):
    """The SQLite file itself fails its checks."""


class IndexFullError(IndexStoreError):
    """No space left on the device; the last committed state stands."""


class QueryError(KBError):
    """A question or filter that cannot be used."""


class GlossaryError(KBError):
    """A user's glossary cannot be read; the message names the file and the line."""


class LanguageModelError(KBError):
    """A language model's server, or the package that speaks to it, cannot be used."""


class NotFoundError(KBError):
    """No such document, page or passage."""
