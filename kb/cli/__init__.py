"""The command line: parse, call the façade, print.

Only what a command needs is imported, so that `kb ask` is answered in about the time that loading the index takes.
"""

from kb.cli.program import main

__all__ = ["main"]
