"""The legs that look at what others found: names, headings, directions, single sentences; and spreading."""

import numpy as np
import pytest

from kb.retrieval.detail import detail_leg
from kb.retrieval.directions import direction_leg
from kb.retrieval.filters import Filters
from kb.retrieval.fusion import Fused, fuse, refine
from kb.retrieval.headings import heading_leg
from kb.retrieval.legs import scored_leg
from kb.retrieval.levels import level
from kb.retrieval.query import understand
from kb.retrieval.search import weights_for
from kb.retrieval.spread import MOST_COUNTED, REPEAT_COST, spread
from kb.settings import RetrievalSettings, Settings


@pytest.fixture(scope="module")
def searcher(small_base):
    return small_base._current()


@pytest.fixture(scope="module")
def every(searcher):
    return np.arange(searcher.snapshot.n, dtype=np.int32)


def asked(small_base, searcher, text):
    query = understand(text, small_base._encoder)
    return query, searcher.lexical.terms_of(query)


def names_of(small_base, searcher, text):
    query, terms = asked(small_base, searcher, text)
    written = dict(zip(query.terms, query.written, strict=True))
    return {written[term.stem] for term in searcher.names.names(query, terms)}


def passages(searcher, leg, small_base):
    found = searcher._database
    with found.view() as view:
        return [view.passages([int(searcher.snapshot.ids[row])])[int(searcher.snapshot.ids[row])] for row in leg.rows]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What does a Kukdaryo farmer forfeit?", {"Kukdaryo"}),
        ("Кукдарьинские кластеры в 2024 году", {"Кукдарьинские", "2024"}),
        ("Koʻkdaryo klasterlari haqida nima deyilgan?", {"Koʻkdaryo"}),
        ("Clusters: what are they? Farmers need to know.", set()),
        ("who pays for the laboratory of tolzor charm", set()),
        ("WHO PAYS IN 2026", {"2026"}),
    ],
)
def test_names_are_capitals_inside_sentences_numbers_and_unknown_words_at_the_beginning(
    small_base, searcher, text, names
):
    assert names_of(small_base, searcher, text) == names


@pytest.mark.parametrize(
    "text", ["What is said of Tolzor?", "Что сказано про Толзор?", "Bu yerda Tolzor haqida nima deyilgan?"]
)
def test_the_name_leg_finds_a_name_in_the_passages_of_every_language(small_base, searcher, every, text):
    leg = searcher.names.leg(*asked(small_base, searcher, text), [every])
    found = passages(searcher, leg, small_base)
    assert found
    holding = [one for one in found if "olzor" in one.text or "олзор" in one.text or "olzor" in one.headings]
    titles = {one.id: one.title for one in searcher.documents}
    assert all(one in holding or "olzor" in titles[one.document_id] for one in found)


def test_a_question_without_a_name_or_rows_has_no_name_leg(small_base, searcher, every):
    assert searcher.names.leg(*asked(small_base, searcher, "who pays for the laboratory"), [every]) is None
    assert searcher.names.leg(*asked(small_base, searcher, "What is said of Tolzor?"), []) is None
    assert searcher.names.leg(*asked(small_base, searcher, "in 1871"), [every]) is None


def test_a_name_in_another_script_counts_as_much_as_in_the_questions_own(small_base, searcher, every):
    query, terms = asked(small_base, searcher, "What is said of Oltinkir?")
    leg = searcher.names.leg(query, terms, [every])
    by_language = {
        one.language: leg.score(leg.rows[place : place + 1])[0]
        for place, one in enumerate(passages(searcher, leg, small_base))
    }
    assert by_language["ru"] == pytest.approx(1.0)


def test_a_passage_with_more_of_the_names_scores_more(small_base, searcher, every):
    query, terms = asked(small_base, searcher, "What happens in Kukdaryo in 2030?")
    leg = searcher.names.leg(query, terms, [every])
    scores = leg.score(every)
    assert scores.max() == pytest.approx(1.0)
    assert ((scores > 0) & (scores < 0.99)).any()
    assert leg.score(leg.rows)[0] == scores.max()


def test_the_detail_leg_prefers_the_passage_with_the_words_in_one_sentence(small_base, searcher, every):
    sentence = "A grower who sells more than 15 percent of the agreed volume elsewhere loses the bonus"
    query, terms = asked(small_base, searcher, sentence)
    leg = detail_leg(query, terms, every, searcher.snapshot, searcher._database)
    assert sentence in " ".join(passages(searcher, leg, small_base)[0].text.split())
    scores = leg.score(every)
    assert scores.max() == pytest.approx(1.0, abs=1e-3)
    assert scores.min() >= 0


@pytest.mark.parametrize("text", ["the of and", "«»?"])
def test_a_question_without_terms_has_no_detail_leg(small_base, searcher, every, text):
    query, terms = asked(small_base, searcher, text)
    assert detail_leg(query, terms, every, searcher.snapshot, searcher._database) is None


def test_the_detail_leg_does_not_depend_on_the_other_rows(small_base, searcher, every):
    query, terms = asked(small_base, searcher, "Кто платит за лабораторию и сколько голосов у члена?")
    together = detail_leg(query, terms, every, searcher.snapshot, searcher._database).score(every)
    alone = [
        leg.score(every[row : row + 1])[0]
        if (leg := detail_leg(query, terms, every[row : row + 1], searcher.snapshot, searcher._database))
        else 0.0
        for row in every
    ]
    assert together == pytest.approx(np.asarray(alone), abs=1e-6)


@pytest.mark.parametrize("text", ["Which risks are named?", "Какие риски названы?", "Qanday xavflar aytilgan?"])
def test_the_heading_leg_finds_sections_by_their_names_in_any_language(small_base, searcher, every, text):
    _, terms = asked(small_base, searcher, text)
    leg = heading_leg(terms, every, searcher.snapshot, searcher._database)
    first = passages(searcher, leg, small_base)[0]
    assert any(word in " ".join(first.headings).lower() for word in ("risk", "риск", "xavf", "хавф"))


def test_headings_without_any_word_of_the_question_leave_the_leg_out(small_base, searcher, every):
    _, terms = asked(small_base, searcher, "in 1871")
    assert heading_leg(terms, every, searcher.snapshot, searcher._database) is None


def test_the_direction_leg_prefers_passages_of_the_questions_direction(small_base, searcher, every):
    query, _ = asked(small_base, searcher, "How is water saved and effluent treated?")
    leg = direction_leg(query, every, searcher.snapshot, small_base._directions.agreement)
    scores = small_base._directions.of(searcher.snapshot)
    column = scores.names.index("ecology_resources")
    best = scores.probabilities[leg.rows[:5], column].mean()
    assert best > scores.probabilities[:, column].mean() + 0.2
    assert abs(float(leg.standardised(every).mean())) < 1e-4


def test_directions_that_all_agree_alike_leave_the_leg_out(small_base, searcher, every):
    query, _ = asked(small_base, searcher, "How is water saved?")
    alike = direction_leg(query, every, searcher.snapshot, lambda *_: np.full(len(every), 0.4, dtype=np.float32))
    assert alike is None
    assert direction_leg(query, every[:0], searcher.snapshot, small_base._directions.agreement) is None


def test_agreement_of_a_few_rows_is_that_of_all(small_base, searcher, every):
    query, _ = asked(small_base, searcher, "Qaysi choralar eksportni oshiradi?")
    of = small_base._directions.agreement
    whole = of(searcher.snapshot, every, query.terms, query.language, query.vector)
    some = every[::3]
    assert of(searcher.snapshot, some, query.terms, query.language, query.vector) == pytest.approx(whole[::3])


def test_the_spellings_of_uzbek_agree_in_their_directions(small_base, searcher, every):
    texts = ("Suvni tejash boʻyicha qanday choralar bor?", "Сувни тежаш бўйича қандай чоралар бор?")
    vectors = [
        small_base._directions.agreement(searcher.snapshot, every, query.terms, query.language, query.vector)
        for query in (understand(text, small_base._encoder) for text in texts)
    ]
    assert vectors[0] == pytest.approx(vectors[1], abs=1e-5)


def fused_of(scores):
    values = np.asarray(scores, dtype=np.float32)
    return fuse([scored_leg("a", np.arange(len(values), dtype=np.int32), values)], {"a": 1.0})


def test_a_leg_over_some_rows_ranks_those_above_nothing_and_knows_no_others():
    leg = scored_leg("a", np.asarray([7, 2, 5], dtype=np.int32), np.asarray([0.5, 0.9, 0.0], dtype=np.float32))
    assert leg.rows.tolist() == [2, 7]
    assert leg.score(np.asarray([5, 7, 2, 100, 0], dtype=np.int32)).tolist() == pytest.approx([0, 0.5, 0.9, 0, 0])
    assert scored_leg("a", np.asarray([1], dtype=np.int32), np.zeros(1, dtype=np.float32)) is None


def test_a_later_leg_lets_no_row_rise_for_not_being_looked_at():
    fused = fused_of([5.0, 4.0, 3.0, 2.9])
    later = scored_leg("b", fused.rows[:3], np.asarray([2.0, 1.0, 3.0], dtype=np.float32))
    refined = refine(fused, later, 1.0, 3)
    assert refined.rows.tolist() == [0, 2, 1, 3]
    assert refined.scores.tolist() == pytest.approx([7.0, 6.0, 5.0, 3.9])
    assert [leg.name for leg in refined.legs] == ["a", "b"]
    assert refined.parts.sum(axis=0) == pytest.approx(refined.scores)


def test_shares_of_a_refined_ranking_sum_to_one_and_name_the_later_leg():
    fused = fused_of([5.0, 4.0])
    refined = refine(fused, scored_leg("b", fused.rows, np.asarray([0.0, 4.0], dtype=np.float32)), 1.0, 2)
    first = refined.explain(0)
    assert [(one.leg, one.rank) for one in first] == [("a", 2), ("b", 1)]
    assert [one.share for one in first] == pytest.approx([0.5, 0.5])
    assert refined.explain(1)[1].rank is None


def test_no_leg_no_weight_and_no_rows_change_nothing():
    fused = fused_of([2.0, 1.0])
    leg = scored_leg("b", fused.rows, np.asarray([0.0, 4.0], dtype=np.float32))
    empty = fuse([], {})
    assert refine(fused, None, 1.0, 2) is fused
    assert refine(fused, leg, 0.0, 2) is fused
    assert refine(empty, leg, 1.0, 2) is empty


class Shelf:
    """What spreading reads of a snapshot: the document and the vector of each row."""

    def __init__(self, documents, vectors=None):
        self.document_ids = np.asarray(documents)
        self._vectors = np.eye(len(documents), dtype=np.float32) if vectors is None else vectors

    def vectors(self, rows):
        return self._vectors[rows]


def test_spreading_moves_the_passages_of_a_document_that_was_shown_down():
    spread_out = spread(fused_of([5.0, 4.9, 4.8, 4.7]), Shelf([1, 1, 2, 2]), 0.3)
    assert spread_out.rows.tolist() == [0, 2, 1, 3]
    assert (np.diff(spread_out.scores) <= 0).all()
    assert spread_out.parts[0].tolist() == pytest.approx([5.0, 4.8, 4.9, 4.7])


def test_spreading_counts_a_document_at_most_so_often():
    scores = [9.0, 8.9, 8.8, 8.7, 8.6, 8.0 - 0.1]
    order = spread(fused_of(scores), Shelf([1, 1, 1, 1, 1, 2]), 0.2).rows.tolist()
    assert MOST_COUNTED == 3
    assert order.index(5) == 5
    assert spread(fused_of([*scores[:5], 8.2]), Shelf([1, 1, 1, 1, 1, 2]), 0.2).rows.tolist().index(5) < 5


def test_a_passage_that_repeats_another_goes_below_those_that_do_not():
    vectors = np.asarray([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    order = spread(fused_of([5.0, 4.9, 5.0 - REPEAT_COST / 2]), Shelf([1, 2, 3], vectors), 0.01).rows
    assert order.tolist() == [0, 2, 1]


def test_spreading_keeps_every_row_once_and_what_lies_beyond_its_reach():
    random = np.random.default_rng(0)
    fused = fused_of(sorted(random.random(100) + 0.1, reverse=True))
    done = spread(fused, Shelf(random.integers(0, 9, 100)), 0.5)
    assert sorted(done.rows.tolist()) == list(range(100))
    assert done.rows[60:].tolist() == fused.rows[60:].tolist()
    assert (np.diff(done.scores) <= 0).all()


def test_no_cost_and_too_few_rows_are_left_alone():
    fused = fused_of([2.0, 1.0])
    assert spread(fused, Shelf([1, 1]), 0.0) is fused
    empty = Fused(np.empty(0, np.int32), np.empty(0, np.float32), np.empty((0, 0), np.float32), ())
    assert spread(empty, Shelf([]), 1.0) is empty


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Who pays for the shared laboratory in Tolzor?", "single"),
        ("Which obstacles to joint work are named across the documents?", "lists"),
        ("Чем отличается поддержка ремесленников в Чинорли и Ташкупрыке?", "comparisons"),
    ],
)
def test_the_weights_follow_the_kind_of_question(small_base, text, kind):
    settings = RetrievalSettings()
    expected = settings if kind == "single" else getattr(settings, kind)
    assert weights_for(understand(text, small_base._encoder), settings) is expected


def test_the_legs_of_a_hit_are_those_that_weigh_for_its_question(small_base):
    single = {leg.leg for leg in small_base.search("What does a Kukdaryo farmer forfeit?", k=1)[0].legs}
    broad = {leg.leg for leg in small_base.search("Which risks do the documents name?", k=1)[0].legs}
    assert {"name", "detail"} <= single
    assert not {"heading", "direction"} & single
    assert {"heading", "direction"} <= broad
    assert not {"name", "detail"} & broad


def test_a_searcher_without_directions_leaves_that_leg_out(small_base, searcher):
    alone = type(searcher)(searcher._database, searcher.snapshot, searcher.lexical.synonyms._tables)
    query = understand("Which risks do the documents name?", small_base._encoder)
    names = {leg.name for leg in alone.rank(query, Filters(), RetrievalSettings()).legs}
    assert "heading" in names
    assert "direction" not in names


def test_weights_of_lists_can_be_set_one_by_one():
    settings = Settings.of({"retrieval": {"lists": {"heading": 0.5}, "detail": 0.0}}).retrieval
    assert settings.lists.heading == 0.5
    assert settings.lists.direction == RetrievalSettings().lists.direction
    assert settings.detail == 0.0


class Tongues:
    """What levelling reads of a snapshot: the language of each row."""

    def __init__(self, codes):
        self.languages = np.asarray(codes, dtype=np.uint8)


def test_levelling_moves_languages_towards_each_other():
    fused = fused_of([9.0, 8.0, 7.0, 6.0, 5.0, 4.0])
    shelf = Tongues([0, 0, 0, 1, 1, 1])
    whole = level(fused, shelf, 1.0, 100)
    assert whole.scores.tolist() == pytest.approx([7.5, 7.5, 6.5, 6.5, 5.5, 5.5])
    assert whole.rows.tolist() == [0, 3, 1, 4, 2, 5]
    half = level(fused, shelf, 0.5, 100)
    assert half.scores[half.rows == 0] == pytest.approx(9.0 - 0.5 * 1.5)
    assert half.parts[0].tolist() == [fused.scores[row] for row in half.rows]


def test_levelling_leaves_one_language_rare_languages_and_a_share_of_nothing_alone():
    fused = fused_of([9.0, 8.0, 7.0, 6.0, 5.0, 4.0])
    assert level(fused, Tongues([0] * 6), 0.5, 100) is fused
    assert level(fused, Tongues([0, 0, 0, 0, 1, 1]), 0.5, 100) is fused
    assert level(fused, Tongues([0, 0, 0, 1, 1, 1]), 0.0, 100) is fused
    assert level(fuse([], {}), Tongues([]), 0.5, 100).rows.tolist() == []


def test_levelling_keeps_what_lies_beyond_its_reach_below():
    fused = fused_of([9.0, 8.0, 7.0, 3.0, 2.0, 1.0, 0.9, 0.8])
    done = level(fused, Tongues([0, 0, 0, 1, 1, 1, 0, 0]), 0.5, 6)
    assert done.rows[6:].tolist() == [6, 7]
    assert (np.diff(done.scores) <= 0).all()
