"""The reading leg: the best hits in the order of their best sentences, and everything else as it was."""

import pytest

from kb import KnowledgeBase
from kb.settings import Settings

QUESTIONS = (
    "Kengash majlislarida kvorum uchun nechta aʼzo kerak?",
    "Какой была доля сырья, переработанного внутри региона в 2024 году?",
    "How many firms does the yearly survey cover?",
)


def passages(hits):
    return [hit.passage.id for hit in hits]


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_changes_the_order_of_hits_and_nothing_else(small_base, small_index, question):
    with KnowledgeBase.open(small_index, settings=Settings.of({"retrieval": {"reading": 0.0}})) as without:
        plain = without.search(question, k=15)
    read = small_base.search(question, k=15)
    assert sorted(passages(read[:10])) == sorted(passages(plain[:10]))
    assert passages(read[10:]) == passages(plain[10:])
    assert not any(leg.leg == "reading" for hit in plain for leg in hit.legs)


@pytest.mark.parametrize("question", QUESTIONS)
def test_hits_stay_ordered_numbered_and_explained(small_base, question):
    hits = small_base.search(question, k=15)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert sum(leg.share for leg in hit.legs) == pytest.approx(1, abs=1e-5)
    assert any(leg.leg == "reading" and leg.rank == 1 for leg in hits[0].legs + hits[1].legs + hits[2].legs)


@pytest.mark.parametrize("question", QUESTIONS)
def test_fewer_hits_are_the_first_of_more(small_base, question):
    assert passages(small_base.search(question, k=3)) == passages(small_base.search(question, k=10))[:3]
    assert passages(small_base.ask(question, k=3).hits) == passages(small_base.search(question, k=3))


def test_a_question_for_a_list_is_not_read(corpus_base):
    hits = corpus_base.search("Which measures raise the export potential?")
    assert not any(leg.leg == "reading" for hit in hits for leg in hit.legs)


def test_marked_words_stand_in_their_sentence_and_quote(corpus_base):
    answer = corpus_base.ask("What percentage of the raw material did the food clusters process inside the region?")
    marked = [one for one in answer.sentences if one.short]
    assert marked
    for sentence in marked:
        start, end = sentence.short
        quote = answer.citations[sentence.citation - 1].quote
        assert sentence.text[start:end].strip()
        assert sentence.text[start:end] in quote
