"""What changed between two runs: per measure with a test of significance, and per question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum
from typing import TYPE_CHECKING, Any

import msgspec

from kb.errors import QueryError
from kb.evaluation.significance import holm, randomisation_test

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.evaluation.outcomes import Kind
    from kb.evaluation.runs import Run, RunQuestion

_KINDS: tuple[Kind, ...] = ("single", "broad", "unanswerable")
_DECISIVE = ("ndcg@10", "refused", "cites-gold")
_SHOWN = 10
_SAME = 1e-9
_MEASURE_HEAD = ("", "measure", "questions", "before", "after", "change", "better", "worse", "p", "p (Holm)")
_MEASURE_LINE = "{:13}{:15}{:>9}{:>8}{:>8}{:>8}{:>8}{:>7}{:>8}{:>10}"


@dataclass(frozen=True, slots=True)
class MeasureChange:
    """One measure over the questions of one kind that both runs asked; means over all forms.

    `better` and `worse` count whole questions by the mean of their forms. `p` is that of the paired randomisation
    test over whole questions, `p_holm` the same adjusted for the number of measures in the comparison.
    """

    kind: Kind
    measure: str
    questions: int
    before: float
    after: float
    better: int
    worse: int
    p: float
    p_holm: float


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """One question in one form that came out differently. `before_first` and `after_first` are ranks of first gold."""

    question: str
    form: str
    text: str
    kind: Kind
    measure: str
    before: float
    after: float
    before_first: int | None
    after_first: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side. `only_before` and `only_after` count questions and forms that one run alone asked."""

    pairs: int
    only_before: int
    only_after: int
    measures: tuple[MeasureChange, ...]
    questions: tuple[QuestionChange, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain built-in types, ready for JSON."""
        built: dict[str, Any] = msgspec.to_builtins(self)
        return built


def compare(before: Run, after: Run) -> Comparison:
    """Return what changed from one run to the other, over the questions that both asked in the same words.

    Raises QueryError when there is none.
    """
    earlier = {_key(one): one for one in before.questions}
    later = {_key(one): one for one in after.questions}
    pairs = [(earlier[key], one) for key, one in later.items() if key in earlier]
    if not pairs:
        raise QueryError(
            f"The runs share no question: {len(earlier)} questions and forms in the earlier one, {len(later)} in this; "
            "compare runs of the same question file"
        )
    changes = [
        change for kind in _KINDS for change in _measure_changes(kind, [pair for pair in pairs if pair[1].kind == kind])
    ]
    adjusted = holm([change.p for change in changes])
    questions = [change for pair in pairs if (change := _question_change(*pair))]
    return Comparison(
        pairs=len(pairs),
        only_before=len(earlier) - len(pairs),
        only_after=len(later) - len(pairs),
        measures=tuple(replace(change, p_holm=p) for change, p in zip(changes, adjusted, strict=True)),
        questions=tuple(sorted(questions, key=lambda one: (one.after - one.before, one.question, one.form))),
    )


def text_comparison(comparison: Comparison) -> str:
    """Return the comparison as plain text: the measures, then the questions that lost and won most."""
    head = f"COMPARED WITH THE EARLIER RUN: {comparison.pairs} questions and forms that both asked"
    if comparison.only_before or comparison.only_after:
        head += f" ({comparison.only_before} only then, {comparison.only_after} only now: left out)"
    lines = [head, "", _MEASURE_LINE.format(*_MEASURE_HEAD)]
    for one in comparison.measures:
        cells = (one.kind, one.measure, one.questions, f"{one.before:.3f}", f"{one.after:.3f}")
        change = (f"{one.after - one.before:+.3f}", one.better, one.worse, f"{one.p:.4f}", f"{one.p_holm:.4f}")
        lines.append(_MEASURE_LINE.format(*cells, *change))
    lost = [one for one in comparison.questions if one.after < one.before]
    won = [one for one in reversed(comparison.questions) if one.after > one.before]
    for name, changed in (("worse", lost), ("better", won)):
        lines += ["", f"{len(changed)} questions and forms are {name}" + (", the most changed:" if changed else "")]
        lines += [_question_line(one) for one in changed[:_SHOWN]]
    return "\n".join([*lines, ""])


def _question_line(change: QuestionChange) -> str:
    ranks = " → ".join("–" if rank is None else str(rank) for rank in (change.before_first, change.after_first))
    values = f"{change.measure} {change.before:.3f} → {change.after:.3f}"
    text = " ".join(change.text.split())
    return f"  {values}  rank {ranks}  {change.question} {change.form}: {text}"


def _key(one: RunQuestion) -> tuple[str, str, str]:
    return one.question, one.form, one.text


def _measure_changes(kind: Kind, pairs: Sequence[tuple[RunQuestion, RunQuestion]]) -> list[MeasureChange]:
    names = [name for name in (pairs[0][1].measures if pairs else ()) if all(name in one.measures for one in pairs[0])]
    return [_measure_change(kind, name, pairs) for name in names]


def _measure_change(kind: Kind, name: str, pairs: Sequence[tuple[RunQuestion, RunQuestion]]) -> MeasureChange:
    by_question: dict[str, list[tuple[float, float]]] = {}
    for before, after in pairs:
        if name in before.measures and name in after.measures:
            by_question.setdefault(after.question, []).append((before.measures[name], after.measures[name]))
    values = [value for group in by_question.values() for value in group]
    differences = [fsum(after - before for before, after in group) / len(group) for group in by_question.values()]
    return MeasureChange(
        kind=kind,
        measure=name,
        questions=len(by_question),
        before=fsum(before for before, _ in values) / len(values),
        after=fsum(after for _, after in values) / len(values),
        better=sum(one > _SAME for one in differences),
        worse=sum(one < -_SAME for one in differences),
        p=randomisation_test([one if abs(one) > _SAME else 0.0 for one in differences]),
        p_holm=1.0,
    )


def _question_change(before: RunQuestion, after: RunQuestion) -> QuestionChange | None:
    for name in _DECISIVE:
        values = before.measures.get(name), after.measures.get(name)
        if values[0] is not None and values[1] is not None and abs(values[0] - values[1]) > _SAME:
            return QuestionChange(
                question=after.question,
                form=after.form,
                text=after.text,
                kind=after.kind,
                measure=name,
                before=values[0],
                after=values[1],
                before_first=before.first,
                after_first=after.first,
            )
    return None
