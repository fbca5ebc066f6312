"""Draws how the threshold of answering trades answers for right ones: docs/abstention.svg."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

WIDTH, HEIGHT, LEFT, TOP, SIDE = 640, 380, 64, 24, 300
COLOURS = ("#1b6ca8", "#c2571a")


def points(logits: NDArray[np.float64], answerable: NDArray[np.bool_]) -> list[tuple[float, float, float]]:
    """Return (threshold, share of answerable questions answered, share of the answered that are answerable)."""
    found = []
    for threshold in np.unique(logits):
        answered = logits >= threshold
        found.append((float(threshold), float(answered[answerable].mean()), float(answerable[answered].mean())))
    return found


def draw(
    curves: Mapping[str, tuple[NDArray[np.float64], NDArray[np.bool_]]],
    threshold: float,
    path: Path,
    least: float = 0.4,
) -> None:
    """Write the picture of some named curves; a dot marks the threshold. The vertical axis begins at `least`."""

    def at(across: float, up: float) -> str:
        return f"{LEFT + SIDE * across:.1f},{TOP + SIDE * (1 - (up - least) / (1 - least)):.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        '<g font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<rect x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>',
    ]
    for share in np.linspace(0, 1, 6):
        up = least + share * (1 - least)
        x, y = at(share, least).split(",")[0], float(at(0, up).split(",")[1]) + 4
        parts.append(f'<text x="{x}" y="{TOP + SIDE + 16}" text-anchor="middle">{share:.1f}</text>')
        parts.append(f'<text x="{LEFT - 6}" y="{y:.1f}" text-anchor="end">{up:.2f}</text>')
    parts.append(
        f'<text x="{LEFT + SIDE / 2}" y="{HEIGHT - 20}" text-anchor="middle">answerable questions answered</text>'
        f'<text x="{LEFT + SIDE + 24}" y="{TOP + 12}">answers to questions that have one</text>'
    )
    for place, (name, (logits, answerable)) in enumerate(curves.items()):
        colour, curve = COLOURS[place % len(COLOURS)], points(logits, answerable)
        line = " ".join(at(across, max(up, least)) for _, across, up in curve)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        _, across, up = min(curve, key=lambda one: abs(one[0] - threshold))
        x, y = at(across, up).split(",")
        parts.append(f'<circle cx="{x}" cy="{y}" r="5" fill="{colour}"/>')
        label = f"{name}: {across:.2f} answered, {up:.2f} of them rightly"
        parts.append(f'<text x="{LEFT + SIDE + 24}" y="{TOP + 40 + 20 * place}" fill="{colour}">{label}</text>')
    path.write_text("\n".join([*parts, "</g></svg>"]) + "\n", encoding="utf-8")
