"""The growth curve as an SVG picture, written by hand: both axes logarithmic, one line a series."""

from __future__ import annotations

from html import escape
from math import ceil, floor, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 44, 52
COLOURS = ("#1f5fa8", "#c2571a", "#3c7d3c", "#7a4a9e")
GREY = "#767676"


def growth_curve(title: str, x_name: str, y_name: str, series: Mapping[str, Points], targets: Points = ()) -> str:
    """Return an SVG of (x, y) points, all above zero, joined by lines; `targets` are drawn as grey bars.

    Raises ValueError when there is no point.
    """
    points = [point for line in series.values() for point in line] + list(targets)
    if not points:
        raise ValueError("a growth curve needs at least one point")
    low_x, high_x = _decades(x for x, _ in points)
    low_y, high_y = _decades(y for _, y in points)

    def place(x: float, y: float) -> tuple[float, float]:
        across = (log10(x) - low_x) / (high_x - low_x)
        up = (log10(y) - low_y) / (high_y - low_y)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="12" role="img" aria-label="{escape(title)}">'
    )
    parts = [
        head,
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(LEFT, 22, title, size=15),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x_name, anchor="middle"),
        _text(LEFT, TOP - 8, y_name, colour=GREY),
    ]
    for power in range(low_x, high_x + 1):
        x, bottom = place(10**power, 10**low_y)
        parts += [_line(x, TOP, x, bottom), _text(x, bottom + 18, f"{10**power:,}", anchor="middle")]
    for power in range(low_y, high_y + 1):
        left, y = place(10**low_x, 10**power)
        parts += [_line(left, y, WIDTH - RIGHT, y), _text(left - 8, y + 4, f"{10**power:g}", anchor="end")]
    for x_value, y_value in targets:
        x, y = place(x_value, y_value)
        parts += [
            _line(x - 26, y, x + 26, y, colour=GREY, width=3),
            _text(x, y - 6, f"target {y_value:g}", colour=GREY, anchor="middle", size=10),
        ]
    for number, (name, line) in enumerate(series.items()):
        parts += _series(name, [place(x, y) for x, y in line], COLOURS[number % len(COLOURS)])
    return "\n".join([*parts, "</svg>", ""])


def _series(name: str, places: Sequence[tuple[float, float]], colour: str) -> list[str]:
    if not places:
        return []
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    last_x, last_y = places[-1]
    return [
        f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places),
        _text(last_x + 10, last_y + 4, name, colour=colour),
    ]


def _decades(values: Iterable[float]) -> tuple[int, int]:
    powers = [log10(value) for value in values]
    low, high = floor(min(powers)), ceil(max(powers))
    return low, max(high, low + 1)


def _line(x1: float, y1: float, x2: float, y2: float, *, colour: str = "#e4e4e4", width: float = 1) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width:g}"/>'


def _text(x: float, y: float, words: str, *, colour: str = "#222222", anchor: str = "start", size: float = 12) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}" font-size="{size:g}">'
        f"{escape(words)}</text>"
    )
