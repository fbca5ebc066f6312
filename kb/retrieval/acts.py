"""Numbers of legal acts: one act is cited as PQ-123, ПҚ-123 and, in Russian, ПП-123.

Folding joins the Uzbek spellings; which Russian abbreviation an Uzbek one corresponds to has to be known.
"""

from __future__ import annotations

_SAME_KIND = (
    ("pq", "pp"),  # qaror of the President: ПҚ, ПП
    ("pf", "up"),  # farmon of the President: ПФ, УП
    ("vmq", "pkm"),  # qaror of the Cabinet of Ministers: ВМҚ, ПКМ
    ("orq", "zru"),  # law of the Republic: ЎРҚ, ЗРУ
)
_OTHERS = {one: tuple(other for other in kind if other != one) for kind in _SAME_KIND for one in kind}


def same_act(term: str) -> tuple[str, ...]:
    """Return the other terms of the legal act whose term this is ("pq-123" gives "pp-123"); empty for other terms."""
    kind, hyphen, number = term.partition("-")
    return tuple(f"{other}-{number}" for other in _OTHERS.get(kind, ())) if hyphen and number.isdigit() else ()
