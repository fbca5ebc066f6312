"""An evaluation as one HTML file that needs nothing else: tables, what changed, and the worst questions with reasons.

Everything that comes from a document, a file name or a question is escaped, and the page's own policy forbids scripts
and requests, so that a report may be opened and passed on whatever the documents hold.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from kb.evaluation.html_cases import cases_section
from kb.evaluation.outcomes import ALL
from kb.evaluation.report import HALVES, KINDS, LANGUAGES, MATRICES, head, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kb.evaluation.cases import Case
    from kb.evaluation.comparison import Comparison, QuestionChange
    from kb.evaluation.outcomes import Kind, Row
    from kb.evaluation.run import Evaluation

_CHANGES_SHOWN = 50

# What HTML forbids in a text: control characters but tab and newline, and halves of surrogate pairs.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #1c1c1c; background: #fff; max-width: 70rem; margin: 2rem auto;
  padding: 0 1rem; }
table { border-collapse: collapse; margin: .6rem 0 1.2rem; }
th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #ddd; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child, td.text { text-align: left; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; white-space: nowrap; }
tr.interval td { color: #6a6a6a; font-size: .85em; }
details { border: 1px solid #ddd; border-radius: 6px; margin: .5rem 0; padding: .4rem .8rem; }
summary { cursor: pointer; }
blockquote { margin: .3rem 0 .8rem; padding: .3rem .8rem; border-left: 3px solid #bbb; white-space: pre-wrap; }
blockquote.gold { border-color: #2f7d3b; }
mark { background: #fff1a8; }
.quiet { color: #6a6a6a; }
.low { color: #a3261b; font-weight: 600; }
"""


def html_report(evaluation: Evaluation, cases: Sequence[Case] = (), comparison: Comparison | None = None) -> str:
    """Return the page. `cases` are from `worst_cases`, `comparison` from `compare`."""
    parts = [f"<p>{escape(line)}</p>" for line in head(evaluation)]
    if comparison is not None:
        parts += _comparison(comparison)
    for half in dict.fromkeys(row.half for row in evaluation.rows):
        parts.append(f"<h2>{escape(HALVES[half].capitalize())}</h2>")
        for kind in KINDS:
            group = [row for row in evaluation.rows if row.half == half and row.kind == kind]
            if group and group[0].measures:
                parts += _section(kind, group, evaluation.depth)
    parts += cases_section(cases)
    body = _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", "\n".join(parts))
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>Evaluation</title>\n<style>{_STYLE}</style>\n'
        f"</head>\n<body>\n<h1>Evaluation</h1>\n{body}\n</body>\n</html>\n"
    )


def table(caption: str, names: Iterable[str], rows: Iterable[tuple[str, Sequence[str]]]) -> str:
    """Return a table; rows are (class, cells), and everything in them is escaped."""
    lines = ["<table>", f"<caption>{escape(caption)}</caption>" if caption else ""]
    lines.append("<tr>" + "".join(f"<th>{escape(name)}</th>" for name in names) + "</tr>")
    for kind, cells in rows:
        opening = f'<tr class="{escape(kind)}">' if kind else "<tr>"
        lines.append(opening + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    return "\n".join([*(line for line in lines if line), "</table>"])


def _section(kind: Kind, group: Sequence[Row], depth: int) -> list[str]:
    names = list(group[0].measures)
    rows: list[tuple[str, list[str]]] = []
    for row in group:
        if row.language == ALL:
            rows.append(("", [row.form, *(share(row.measures.get(name)) for name in names)]))
            if row.intervals:
                spans = [row.intervals.get(name) for name in names]
                cells = ["" if span is None else f"{share(span[0])}–{share(span[1])}" for span in spans]
                rows.append(("interval", ["95 %", *cells]))
    parts = [table(f"{KINDS[kind]} ({group[0].questions})", ["form", *names], rows)]
    narrowed = {(row.form, row.language): row for row in group if row.language != ALL}
    if narrowed:
        matrices = (name.format(depth=depth) for name in MATRICES[kind])
        parts += [_matrix(name, narrowed) for name in matrices if name in names]
    return parts


def _matrix(name: str, rows: Mapping[tuple[str, str], Row]) -> str:
    languages = [one for one in LANGUAGES if any(language == one for _, language in rows)]
    lines = [
        ("", [form, *(_cell(rows.get((form, language)), name) for language in languages)])
        for form in dict.fromkeys(form for form, _ in rows)
    ]
    return table(f"{name}, form of the question → language of the document", ["form", *languages], lines)


def _cell(row: Row | None, name: str) -> str:
    return share(row.measures.get(name) if row else None)


def _comparison(comparison: Comparison) -> list[str]:
    left_out = f"{comparison.only_before} only in the earlier run, {comparison.only_after} only in this one: left out"
    rows = [
        (
            "",
            [
                f"{KINDS[one.kind]}, {one.measure}",
                str(one.questions),
                share(one.before),
                share(one.after),
                f"{one.after - one.before:+.3f}",
                str(one.better),
                str(one.worse),
                f"{one.p:.4f}",
                f"{one.p_holm:.4f}",
            ],
        )
        for one in comparison.measures
    ]
    names = ["measure", "questions", "before", "after", "change", "better", "worse", "p", "p (Holm)"]
    lost = [one for one in comparison.questions if one.after < one.before]
    won = [one for one in reversed(comparison.questions) if one.after > one.before]
    what = (
        f"<p>{comparison.pairs} questions and forms that both asked; {escape(left_out)}. p is that of the paired "
        "randomisation test over whole questions.</p>"
    )
    return [
        "<h2>Compared with the earlier run</h2>",
        what,
        table("", names, rows),
        *_changes("Worse", lost),
        *_changes("Better", won),
    ]


def _changes(name: str, changes: Sequence[QuestionChange]) -> list[str]:
    if not changes:
        return []
    shown = changes[:_CHANGES_SHOWN]
    rows = [
        (
            "",
            [
                f"{one.question} {one.form}: {one.text}",
                one.measure,
                f"{one.before:.3f} → {one.after:.3f}",
                " → ".join("–" if rank is None else str(rank) for rank in (one.before_first, one.after_first)),
            ],
        )
        for one in shown
    ]
    title = f"{name}: {len(changes)} questions and forms" + ("" if shown == changes else f", the first {len(shown)}")
    body = table("", ["question", "measure", "value", "rank of the first gold"], rows)
    return [f"<details><summary>{escape(title)}</summary>{body}</details>"]
