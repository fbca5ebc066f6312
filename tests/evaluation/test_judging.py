"""Gold is found in passages however they are cut, and a citation counts only when it quotes gold."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from kb.evaluation.judging import is_verbatim, judge, overlaps, quotes_gold
from kb.evaluation.outcomes import rank
from kb.evaluation.questions import Gold
from kb.records import Citation, Document, Hit, Page, Passage, Span

QUOTE = "Клиенты сообщили о 38 случаях задержки, а перевозчики назвали другие причины."


def document(number, path, languages=("ru",)):
    return Document(number, f"Title {number}", path, "0" * 64, "text/plain", None, languages, 1, 1)


def passage(number, document_id, text, language="ru"):
    return Passage(number, document_id, number, text, (Span(1, 0, len(text)),), (), language, "")


def base_of(documents, passages):
    return SimpleNamespace(
        documents=lambda: documents,
        passages=lambda document_id: [one for one in passages if one.document_id == document_id],
    )


def hit(position, held, document_, duplicates=()):
    return Hit(position, 1.0 / position, held, document_, 1, "1", (), duplicates)


def test_a_quote_is_found_across_line_breaks_in_the_named_document_only():
    broken = QUOTE.replace(" ", "\n", 3).replace(" о ", "  о ")
    base = base_of(
        [document(1, "corpus/Plan.PDF"), document(2, "corpus/other.pdf")],
        [passage(10, 1, f"До. {broken} После."), passage(11, 1, "Иное."), passage(20, 2, QUOTE)],
    )
    for name in ("plan", "Plan.pdf", "elsewhere/plan.pdf"):
        judged = judge(base, [Gold(name, QUOTE)])
        assert judged[Gold(name, QUOTE)].passage_ids == {10}
        assert judged[Gold(name, QUOTE)].document_ids == {1}


def test_every_copy_of_a_document_counts():
    base = base_of([document(1, "plan.pdf"), document(2, "plan.docx")], [passage(1, 1, QUOTE), passage(2, 2, QUOTE)])
    assert judge(base, [Gold("plan", QUOTE)])[Gold("plan", QUOTE)].passage_ids == {1, 2}


def test_the_language_of_gold_is_that_of_its_passage_not_of_its_document():
    base = base_of(
        [document(1, "mix.pdf", ("uz", "ru", "en"))],
        [passage(1, 1, "Birinchi.", "uz"), passage(2, 1, QUOTE, "ru"), passage(3, 1, "Third.", "en")],
    )
    assert judge(base, [Gold("mix", "Third.")])[Gold("mix", "Third.")].language == "en"
    assert judge(base, [Gold("mix", "lost")])[Gold("mix", "lost")].language == "uz"
    assert judge(base, [Gold("absent", "lost")])[Gold("absent", "lost")].language == "und"


def test_without_a_quote_every_passage_of_the_document_counts():
    base = base_of([document(1, "plan.pdf")], [passage(1, 1, "A"), passage(2, 1, "B")])
    assert judge(base, [Gold("plan")])[Gold("plan")].passage_ids == {1, 2}


@pytest.mark.parametrize(("kept", "counts"), [(0.65, True), (0.55, False)])
def test_a_passage_with_a_cut_quote_counts_from_sixty_percent_on(kept, counts):
    length = int(len(QUOTE) * kept)
    assert overlaps(QUOTE, "До этого. " + QUOTE[:length]) is counts
    assert overlaps(QUOTE, QUOTE[-length:] + " Дальше.") is counts


def test_pieces_that_only_add_up_to_sixty_percent_do_not_count():
    assert not overlaps(QUOTE, QUOTE[:30] + " … " + QUOTE[-30:])


def test_ranking_follows_hand_computed_values():
    plan, other = document(1, "plan.pdf"), document(2, "other.pdf")
    passages = [passage(1, 1, "Alpha beta."), passage(2, 1, "Gamma delta. Epsilon zeta."), passage(3, 2, "Eta theta.")]
    golds = [Gold("plan", "Gamma delta.", 1), Gold("plan", "Epsilon zeta.", 2), Gold("other", "Eta theta.", 2)]
    judged = judge(base_of([plan, other], passages), golds)
    hits = [hit(1, passages[0], plan), hit(2, passages[1], plan)]
    ranking = rank(hits, judged, 20)
    log3 = 1.5849625007211562
    assert ranking.ndcg_10 == pytest.approx((2 / log3) / (2 + 2 / log3 + 1 / 2))
    assert ranking.alpha_ndcg_10 == pytest.approx((1 / log3) / (1 + 1 / log3 + 0.5 / 2))
    assert ranking.recall_10 == pytest.approx(2 / 3)
    assert (ranking.rr_10, ranking.success_1) == (0.5, 0.0)
    assert ranking.found == (("ru", 2, 3),)


def test_gold_seen_before_brings_no_second_gain():
    plan = document(1, "plan.pdf")
    passages = [passage(1, 1, "Alpha beta gamma."), passage(2, 1, "Alpha beta gamma. More.")]
    judged = judge(base_of([plan], passages), [Gold("plan", "Alpha beta gamma."), Gold("plan", "Not there at all")])
    once = rank([hit(1, passages[0], plan)], judged, 20)
    twice = rank([hit(1, passages[0], plan), hit(2, passages[1], plan)], judged, 20)
    assert once == twice
    assert once.recall_10 == 0.5


def test_a_hit_stands_for_the_copies_that_were_collapsed_into_it():
    documents = [document(1, "copy.pdf"), document(2, "plan.pdf")]
    passages = [passage(1, 1, QUOTE), passage(2, 2, QUOTE)]
    judged = judge(base_of(documents, passages), [Gold("plan", QUOTE)])
    assert rank([hit(1, passages[0], documents[0])], judged, 20).success_1 == 0.0
    assert rank([hit(1, passages[0], documents[0], duplicates=(2,))], judged, 20).success_1 == 1.0


def test_a_citation_counts_when_one_quote_holds_the_other_in_the_same_document():
    plan = document(1, "plan.pdf")
    gold = Gold("plan", QUOTE)
    judgement = judge(base_of([plan], [passage(1, 1, QUOTE)]), [gold])[gold]
    held = passage(1, 1, QUOTE)
    cited = Citation(1, QUOTE[:40], plan, "1", 1, "ru", "", held, (Span(1, 0, 40),))
    assert quotes_gold(cited, gold, judgement)
    assert quotes_gold(replace(cited, quote=f"Раньше.\n{QUOTE} Позже."), gold, judgement)
    assert not quotes_gold(replace(cited, quote="Клиенты и перевозчики"), gold, judgement)
    assert not quotes_gold(replace(cited, document=document(2, "b.pdf")), gold, judgement)
    assert not quotes_gold(replace(cited, quote=" "), gold, judgement)


def test_verbatim_means_that_the_pages_spell_the_quote():
    pages = {1: Page(1, "i", "One two"), 2: Page(2, "ii", "three four.")}
    whole = document(1, "plan.pdf")
    held = passage(1, 1, "two\nthree")
    cited = Citation(1, "two\nthree", whole, "i", 1, "en", "", held, (Span(1, 4, 7), Span(2, 0, 5)))
    assert is_verbatim(cited, pages)
    assert not is_verbatim(replace(cited, quote="two  three"), pages)
    assert not is_verbatim(replace(cited, quote="Two\nthree"), pages)
    assert not is_verbatim(replace(cited, spans=(Span(1, 4, 7), Span(3, 0, 5))), pages)
    assert not is_verbatim(replace(cited, spans=()), pages)
