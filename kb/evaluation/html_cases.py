"""The worst questions of an evaluation in HTML: each with its gold, what every leg made of it, and what stood above."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from kb.evaluation.cases import REACH, leg_losses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.evaluation.cases import Case, GoldPlace
    from kb.records import Hit, LegScore, Match, Passage

_GOLDS_SHOWN = 6


def cases_section(cases: Sequence[Case]) -> list[str]:
    """Return the section as pieces of HTML; none without cases."""
    if not cases:
        return []
    method = (
        "<p>Each was searched again to a depth of "
        f"{REACH}. A leg is one way of scoring passages; it <em>lost</em> a gold when it ranks it lowest of all legs "
        "(a leg that does not rank it among its candidates counts as lowest). A share is the leg's part of the "
        "passage's score. Marked are the gold quote and, in what stood above, the words that answer to those of the "
        "question.</p>"
    )
    parts = ["<h2>The worst questions, and why</h2>", method]
    losses = leg_losses(cases)
    if losses:
        rows = "".join(
            f"<tr><td>{escape(one.leg)}</td><td>{one.lost}</td><td>{one.ranked}</td><td>{one.median_rank:g}</td></tr>"
            for one in losses
        )
        parts.append(
            "<table><caption>Gold of these questions by leg</caption><tr><th>leg</th><th>ranked it lowest</th>"
            f"<th>ranked it at all</th><th>median rank</th></tr>{rows}</table>"
        )
    return [*parts, *(_case(case) for case in cases)]


def _case(case: Case) -> str:
    best = case.golds[0]
    where = _where(best)
    lost = f"; lost by {', '.join(best.lost_by)}" if best.lost_by else ""
    facts = f"{case.question} · {case.form} · nDCG@10 {case.ndcg_10:.3f} · best gold {where}{lost}"
    parts = [f"<details><summary><b>{escape(case.text)}</b> <span class='quiet'>{escape(facts)}</span></summary>"]
    for place in case.golds[:_GOLDS_SHOWN]:
        parts += _gold(place)
    if len(case.golds) > _GOLDS_SHOWN:
        ranks = ", ".join("–" if one.rank is None else str(one.rank) for one in case.golds[_GOLDS_SHOWN:])
        parts.append(f"<p>{len(case.golds) - _GOLDS_SHOWN} more gold passages at rank {ranks}.</p>")
    if case.above:
        title = "What stood above" if best.rank is not None and best.rank > 1 else "What stood first"
        parts.append(f"<h4>{title}</h4>")
        for hit, holds in zip(case.above, case.holding, strict=True):
            parts += _hit(hit, holds=holds)
    return "\n".join([*parts, "</details>"])


def _gold(place: GoldPlace) -> list[str]:
    gold = place.gold
    lines = [f"<h4>Gold, grade {gold.grade}: {escape(gold.document)} — {escape(_where(place))}</h4>"]
    if place.legs:
        lines.append(_legs(place.legs, place.lost_by))
    if place.passage is None:
        lines.append(f"<blockquote class='gold'>{escape(gold.quote)}</blockquote>")
    else:
        lines.append(_passage(place.passage, gold.quote, "gold"))
    return lines


def _where(place: GoldPlace) -> str:
    if place.rank is not None:
        return f"rank {place.rank}"
    return f"not among the first {REACH}" if place.passage else "not in the index"


def _hit(hit: Hit, *, holds: bool) -> list[str]:
    place = f"{hit.rank}. {hit.document.title or hit.document.path}, p. {hit.page_label} ({hit.passage.language})"
    gold = " — holds gold" if holds else ""
    return [f"<p>{escape(place)}{gold}</p>", _legs(hit.legs, ()), _passage(hit.passage, "", "", hit.matches)]


def _legs(legs: Sequence[LegScore], low: Sequence[str]) -> str:
    cells = []
    for leg in legs:
        rank = "not ranked" if leg.rank is None else f"rank {leg.rank}"
        cell = f"{escape(leg.leg)} {rank}, share {leg.share:.0%}"
        cells.append(f"<span class='low'>{cell}</span>" if leg.leg in low else cell)
    return f"<p class='quiet'>{' · '.join(cells)}</p>"


def _passage(passage: Passage, quote: str, kind: str, matches: Sequence[Match] = ()) -> str:
    """Return a passage with its headings; the quote is marked, or else what answers to words of the question."""
    head = f"<span class='quiet'>{escape(' › '.join(passage.headings))}</span>\n" if passage.headings else ""
    found = re.search(r"\s+".join(map(re.escape, quote.split())), passage.text) if quote.split() else None
    spans = [(one.start, one.end) for one in matches] if found is None else [found.span()]
    pieces, place = [], 0
    for start, end in spans:
        pieces += [escape(passage.text[place:start]), f"<mark>{escape(passage.text[start:end])}</mark>"]
        place = end
    opening = f"<blockquote class='{kind}'>" if kind else "<blockquote>"
    return f"{opening}{head}{''.join(pieces)}{escape(passage.text[place:])}</blockquote>"
