"""An evaluation as a plain text table: overall with intervals, then question form × document language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.evaluation.outcomes import ALL, Kind, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kb.evaluation.run import Evaluation

HALVES = {
    "all": "ALL QUESTIONS",
    "fit": "FIT HALF (weights and thresholds may be fitted on it)",
    "report": "REPORT HALF (nothing is fitted on it)",
}
KINDS: dict[Kind, str] = {
    "single": "Single-answer questions",
    "broad": "Broad questions",
    "unanswerable": "Questions the documents do not answer",
}
LANGUAGES = ("uz", "ru", "en", "und")
MATRICES: dict[Kind, tuple[str, ...]] = {
    "single": ("ndcg@10", "recall@10", "success@1", "cites-gold"),
    "broad": ("recall@{depth}",),
    "unanswerable": (),
}


def text_report(evaluation: Evaluation) -> str:
    """Return the whole report, shares written as .123, ending with a newline."""
    lines = head(evaluation)
    for half in dict.fromkeys(row.half for row in evaluation.rows):
        lines += ["", HALVES[half]]
        for kind in KINDS:
            group = [row for row in evaluation.rows if row.half == half and row.kind == kind]
            if group and group[0].measures:
                lines += ["", *_section(kind, group, evaluation.depth)]
    return "\n".join([*lines, ""])


def head(evaluation: Evaluation) -> list[str]:
    """Return the lines that say what was measured, on what, and how fast it was."""
    index = " · ".join(f"{key} {value}" for key, value in evaluation.index.items() if isinstance(value, str | int))
    speed = evaluation.speed
    times = f"search p50 {speed.search_p50:.1f} ms, p95 {speed.search_p95:.1f} ms"
    if speed.ask_p50:
        times += f" · ask p50 {speed.ask_p50:.1f} ms, p95 {speed.ask_p95:.1f} ms"
    memory = "" if evaluation.peak_rss_mib is None else f" · peak RSS {evaluation.peak_rss_mib:.0f} MiB"
    size = f"{evaluation.questions} questions in {len(evaluation.forms)} forms"
    return [
        f"{size}, depth {evaluation.depth}, {evaluation.seconds:.1f} s",
        f"index: {index}",
        f"gold quotes found in its passages: {evaluation.gold_found} of {evaluation.gold_total}",
        times + memory,
    ]


def _section(kind: Kind, group: Sequence[Row], depth: int) -> list[str]:
    overall = group[0]
    names = list(overall.measures)
    width = max(len(name) for name in names) + 1
    form_width = max(len(row.form) for row in group) + 2
    lines = [f"{KINDS[kind]} ({overall.questions})"]
    lines.append(" " * form_width + "".join(name.rjust(width) for name in names))
    for row in group:
        if row.language == ALL:
            cells = (share(row.measures.get(name)) for name in names)
            lines.append(row.form.ljust(form_width) + "".join(cell.rjust(width) for cell in cells))
            if row.intervals:
                spans = [row.intervals.get(name) for name in names]
                cells = ("" if span is None else f"{share(span[0])}-{share(span[1])}" for span in spans)
                lines.append("95 %".ljust(form_width) + "".join(cell.rjust(width) for cell in cells))
    matrices = [name.format(depth=depth) for name in MATRICES[kind]]
    return lines + _matrices([name for name in matrices if name in names], group, form_width)


def _matrices(names: Sequence[str], group: Sequence[Row], form_width: int) -> list[str]:
    """Return the matrices side by side: one line a question form, one column a document language."""
    cells = {(row.form, row.language): row for row in group if row.language != ALL}
    languages = [one for one in LANGUAGES if any(language == one for _, language in cells)]
    if not languages or not names:
        return []
    block = 7 * len(languages)
    lines = [" " * form_width + "".join(f"  {name} → document".ljust(block + 3) for name in names).rstrip()]
    lines.append(" " * form_width + "   ".join("".join(one.rjust(7) for one in languages) for _ in names))
    for form in dict.fromkeys(form for form, _ in cells):
        shares = (_line(form, name, languages, cells) for name in names)
        lines.append(form.ljust(form_width) + "   ".join(shares))
    return lines


def _line(form: str, name: str, languages: Iterable[str], cells: dict[tuple[str, str], Row]) -> str:
    rows = (cells.get((form, language)) for language in languages)
    return "".join(share(row.measures.get(name) if row else None).rjust(7) for row in rows)


def share(value: float | None) -> str:
    """Return a share as .123; a dash for None."""
    return "–" if value is None else "1" if value == 1 else f"{value:.3f}".removeprefix("0")
