"""Rounds a linear layer to 8-bit arithmetic with fixed scales, so that what a token gets depends on itself alone.

Weights take 7 bits, one scale an output: processors that lack a dot-product instruction add pairs of products in 16
bits, and 255 * 64 * 2 fits. Activations take 8 bits with one scale, found on sample texts (`Seen`). Three exact
rewritings make that one scale enough:

- inputs are divided by a number each, and the weights that meet them multiplied: SmoothQuant, Xiao et al. 2023;
- an input far greater than the others (BERT's begin and end marks have one in most layers) is taken several times, each
  time a part of it: outlier channel splitting, Zhao et al. 2019;
- what rounded weights shift an output by on the mean is taken off its bias: Nagel et al. 2019.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

STEPS = 64
"""Weights lie between -STEPS and STEPS."""


@dataclass(frozen=True)
class Seen:
    """Each input's least, greatest and mean value over sample texts, three arrays (inputs,)."""

    least: np.ndarray
    greatest: np.ndarray
    mean: np.ndarray

    @property
    def furthest(self) -> np.ndarray:
        """The greatest distance from zero."""
        return np.maximum(self.greatest, -self.least)

    def divided(self, divisor: np.ndarray) -> Seen:
        """Return the same after a division by `divisor` (inputs,)."""
        return Seen(self.least / divisor, self.greatest / divisor, self.mean / divisor)

    def chosen(self, numbers: np.ndarray) -> Seen:
        """Return the inputs with these numbers."""
        return Seen(self.least[numbers], self.greatest[numbers], self.mean[numbers])


@dataclass(frozen=True)
class Rounded:
    """A layer's int8 `weight` (inputs, outputs), `scales` and `bias` (outputs,), and its inputs' `step` and `zero`."""

    weight: np.ndarray
    scales: np.ndarray
    bias: np.ndarray
    step: np.float32
    zero: np.uint8


def rounded(weight: np.ndarray, bias: np.ndarray, seen: Seen) -> Rounded:
    """Return the layer for inputs that lie where `seen` says; what lies beyond is cut off."""
    scales = np.abs(weight).max(axis=0) / STEPS
    scales[scales == 0] = 1
    whole = np.rint(weight / scales)
    least, greatest = min(seen.least.min(), 0), max(seen.greatest.max(), 0)
    step = np.float32(max(greatest - least, 1e-8) / 255)
    return Rounded(
        weight=whole.astype(np.int8),
        scales=scales.astype(np.float32),
        bias=(bias + seen.mean @ (weight - whole * scales)).astype(np.float32),
        step=step,
        zero=np.uint8(np.rint(-least / step)),
    )


def divisors(seen: Seen, weight: np.ndarray, power: float) -> np.ndarray:
    """Return what to divide each input by: its range to the `power`, over its weights' range to the rest of one."""
    weights = np.abs(weight).max(axis=1)
    found = np.maximum(seen.furthest, 1e-4) ** power / np.maximum(weights, 1e-4) ** (1 - power)
    return (found / np.exp(np.log(found).mean())).astype(np.float32)


def parts(seen: Seen, extra: int) -> np.ndarray:
    """Return into how many parts (inputs,) to split each input, `extra` more than inputs, so that none is far out."""
    found = np.ones(len(seen.furthest), np.int64)
    for _ in range(extra):
        found[np.argmax(seen.furthest / found)] += 1
    return found
