"""What the bundled terms of several words add to the translations of their words.

Word by word "customs post" is a letter, and Russian «валовой» hardly anything. Where such a term stands in a question,
the stems of its translation count for those of its own that the tables give them to, even if faintly. Stems that the
tables give to none are taken for the words that are left over on the question's side. Nothing is taken away, so that
a passage that has one of the words alone is found as before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.models.phrases import Phrase
    from kb.models.translation import TranslationTables
    from kb.records import Language
    from kb.retrieval.glossary import Given

GIVEN_WEIGHT = 1.0
PHRASE_WEIGHT = 0.7
SHARED_WEIGHT = 0.3
"""A stem of the translation that answers to no word of the term counts so much for each, when none is left over."""

Standing = dict[tuple[str, "Language"], dict[str, float]]
"""What stands for a stem of the question in a language, and how much it counts."""


def standing_for(stems: Sequence[str], source: Language, given: Given, tables: TranslationTables) -> Standing:
    """Return what the user's glossary and the phrases in a question's stems give these.

    Where a word of a phrase is one of the glossary's, the glossary alone counts.
    """
    standing: Standing = {(stem, target): dict.fromkeys(others, GIVEN_WEIGHT) for stem, target, others in given}
    own = frozenset(standing)
    for phrase in tables.phrases(stems, source):
        for target in phrase.translations:
            if own.isdisjoint((stem, target) for stem in phrase.stems):
                for stem, word, weight in added_by(phrase, source, target, tables):
                    members = standing.setdefault((stem, target), {})
                    members[word] = max(weight, members.get(word, 0.0))
    return standing


def added_by(
    phrase: Phrase, source: Language, target: Language, tables: TranslationTables
) -> Iterator[tuple[str, str, float]]:
    """Yield what a phrase of language `source` adds: its stem, a stem of language `target`, the weight of the two."""
    own = tuple(dict.fromkeys(phrase.stems))
    weights = {stem: dict(tables.translate(stem, source, target)) for stem in own}
    words = phrase.translations[target]
    best = {word: max(weights[stem].get(word, 0.0) for stem in own) for word in words}
    answered = [(stem, word) for word in words for stem in own if best[word] and weights[stem].get(word) == best[word]]
    alone = set(own).difference(stem for stem, _ in answered)
    for stem, word in answered:
        yield stem, word, PHRASE_WEIGHT
    for stem in own:
        if stem in alone or not alone:
            for word in words:
                if not best[word]:
                    yield stem, word, PHRASE_WEIGHT if alone else SHARED_WEIGHT
