"""What a Word file's styles and numbering say about a paragraph: heading level, list label, numbers counted along."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from kb.readers.numerals import numeral

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING_NAME = re.compile(r"^(?:heading|заголовок|sarlavha|сарлавҳа|überschrift|titre|başlık)\s*(\d)$", re.IGNORECASE)
_TITLE_NAMES = frozenset({"title", "название", "nomi", "заглавие"})
_LIST_NAMES = re.compile(r"^(?:list|список|roʻyxat)\b", re.IGNORECASE)
_LEVEL_PLACE = re.compile(r"%(\d)")
_DEEPEST_STYLE = 20
_BODY_LEVEL = 9


def value(element: Any, name: str) -> str | None:
    """Return the w:val of a child element, None without one."""
    child = element.find(W + name) if element is not None else None
    found: str | None = child.get(W + "val") if child is not None else None
    return found


def is_on(element: Any, name: str) -> bool | None:
    """Return a switch such as w:b: None when it is not there."""
    child = element.find(W + name) if element is not None else None
    if child is None:
        return None
    return child.get(W + "val", "1") not in {"0", "false", "off", "none"}


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style with what it inherits. `heading` is 0 for body text, 1-6 for headings, -1 for the title."""

    heading: int = 0
    bold: bool = False
    listed: bool = False
    number: tuple[str, int] | None = None
    page_break: bool = False


class Styles:
    """The styles of one file by their id."""

    def __init__(self, root: Any) -> None:
        self._elements = {} if root is None else {style.get(W + "styleId"): style for style in root.iter(W + "style")}
        self._styles: dict[str, Style] = {}
        self.default = next(
            (
                name
                for name, style in self._elements.items()
                if style.get(W + "type") == "paragraph" and style.get(W + "default") in {"1", "true"}
            ),
            "",
        )

    def of(self, name: str | None) -> Style:
        """Return the style with this id; unknown ones are plain."""
        return self._resolve(name or self.default, 0)

    def _resolve(self, name: str, depth: int) -> Style:
        element = self._elements.get(name)
        if element is None or depth > _DEEPEST_STYLE:
            return Style(_heading_of_name(name))
        if name not in self._styles:
            parent_name = value(element, "basedOn")
            parent = self._resolve(parent_name, depth + 1) if parent_name else Style()
            self._styles[name] = _inherit(element, parent)
        return self._styles[name]


def _inherit(element: Any, parent: Style) -> Style:
    properties, run = element.find(W + "pPr"), element.find(W + "rPr")
    name = value(element, "name") or ""
    heading = _heading_of_name(name) or outline_level(properties)
    bold = is_on(run, "b")
    return Style(
        heading=parent.heading if heading is None or (heading == 0 and not _is_outlined(properties)) else heading,
        bold=parent.bold if bold is None else bold,
        listed=parent.listed or bool(_LIST_NAMES.match(name)),
        number=number_of(properties) or parent.number,
        page_break=bool(is_on(properties, "pageBreakBefore")) or parent.page_break,
    )


def _is_outlined(properties: Any) -> bool:
    return value(properties, "outlineLvl") is not None


def _heading_of_name(name: str) -> int:
    match = _HEADING_NAME.match(name.strip())
    if match:
        return min(max(int(match.group(1)), 1), 6)
    return -1 if name.strip().lower() in _TITLE_NAMES else 0


def outline_level(properties: Any) -> int:
    """Return the heading level (1-6) that a paragraph's properties give it, 0 for none."""
    level = value(properties, "outlineLvl")
    if level is None or not level.isdigit() or int(level) >= _BODY_LEVEL:
        return 0
    return min(int(level) + 1, 6)


def number_of(properties: Any) -> tuple[str, int] | None:
    """Return (numbering id, level from 0) of a paragraph in a list."""
    numbering = properties.find(W + "numPr") if properties is not None else None
    if numbering is None:
        return None
    level = value(numbering, "ilvl") or "0"
    return value(numbering, "numId") or "", int(level) if level.isdigit() else 0


@dataclass(slots=True)
class _Level:
    style: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class Numbering:
    """The lists of one file; `label` counts along, so paragraphs must be asked for in their order."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Any) -> Numbering:
        """Return the numbering of a file from the root of its numbering part (None without one)."""
        made = cls()
        if root is None:
            return made
        for abstract in root.iterchildren(W + "abstractNum"):
            made.levels[abstract.get(W + "abstractNumId")] = _levels(abstract)
        for number in root.iterchildren(W + "num"):
            own = number.get(W + "numId")
            made.lists[own] = value(number, "abstractNumId") or ""
            overridden = number.findall(W + "lvlOverride")
            if overridden:
                levels = {
                    at: _Level(lv.style, lv.text, lv.start) for at, lv in made.levels.get(made.lists[own], {}).items()
                }
                for override in overridden:
                    at = int(override.get(W + "ilvl") or 0)
                    levels.update(_levels(override))
                    start = value(override, "startOverride")
                    if start and start.isdigit():
                        levels.setdefault(at, _Level()).start = int(start)
                made.lists[own] = f"num {own}"
                made.levels[made.lists[own]] = levels
        return made

    def label(self, number: tuple[str, int]) -> str | None:
        """Return the label of the next paragraph of a list: "3.2." for a number, "" for a bullet, None for no list."""
        name, level = number
        key = self.lists.get(name)
        if key is None or name == "0":
            return None
        levels = self.levels.get(key, {})
        own = levels.get(level, _Level())
        counts = self._counts.setdefault(key, {})
        counts[level] = counts.get(level, own.start - 1) + 1
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]
        if own.style in {"bullet", "none"}:
            return ""

        def place(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            shown = levels.get(at, _Level())
            return numeral(counts.get(at, shown.start), shown.style)

        return _LEVEL_PLACE.sub(place, own.text)


def _levels(parent: Any) -> dict[int, _Level]:
    levels: dict[int, _Level] = {}
    for element in parent.iterchildren(W + "lvl"):
        start = value(element, "start") or "1"
        levels[int(element.get(W + "ilvl") or 0)] = _Level(
            value(element, "numFmt") or "decimal",
            value(element, "lvlText") or "",
            int(start) if start.isdigit() else 1,
        )
    return levels
