"""Keeps numpy's matrix products on one thread while a question is answered.

The products of a question are small: a second thread gains nothing, and OpenBLAS's threads go on spinning for
milliseconds after each, on the processor cores that the extractive model runs on (measured on two cores: an answer in
40 ms instead of 57).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


def one_thread() -> AbstractContextManager[Any]:
    """Return a context in which this process's matrix products use one thread; the former number comes back."""
    limits: AbstractContextManager[Any] = _controller().limit(limits=1)
    return limits


@cache
def _controller() -> Any:
    from threadpoolctl import ThreadpoolController  # noqa: PLC0415 - looks for what numpy has loaded

    return ThreadpoolController().select(user_api="blas")
