"""Terms of several words find passages that have nothing but their translation, whoever names the term."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import KnowledgeBase
from kb.models.translation import LANGUAGES, load_tables
from kb.retrieval.phrases import GIVEN_WEIGHT, PHRASE_WEIGHT, SHARED_WEIGHT, standing_for
from kb.text.words import terms

PAPERS = {
    "strike.txt": "Забастовка на комбинате длилась девять дней, пока профсоюз не подписал соглашение с дирекцией.",
    "insolvency.txt": "Insolvency of the mill was declared in March, and its creditors met twice before the auction.",
    "essay.txt": "Kurs ishi himoyasi may oyida boshlanadi, talabalar mavzuni kafedra mudiri bilan tanlaydi.",
    "counter.txt": "Sales assistants greet visitors at the door and wrap every gift until nine in the evening.",
    "other.txt": "Деревья вдоль канала поливают ночью, чтобы вода не испарялась на солнце.",
}


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("papers")
    for name, text in PAPERS.items():
        (folder / name).write_text(text, encoding="utf-8")
    with KnowledgeBase.open(tmp_path_factory.mktemp("papers") / "index") as base:
        assert base.add(folder).indexed == len(PAPERS)
        yield base


def by_words(base, question, name):
    hits = {hit.document.path.rsplit("/")[-1]: hit for hit in base.search(question, k=10)}
    return next((leg.score for leg in hits[name].legs if leg.leg == "lexical"), 0.0)


@pytest.mark.parametrize(
    ("question", "turned", "name"),
    [
        ("Fabrikada ish tashlash qachon tugadi?", "Fabrikada tashlash qachon tugadi, ish?", "strike.txt"),
        ("Фабрикада иш ташлаш қачон тугади?", "Фабрикада ташлаш қачон тугади, иш?", "strike.txt"),
        ("Toʻlovga qobiliyatsizlik nima?", "Qobiliyatsizlik toʻlovga nima?", "insolvency.txt"),
        ("When is a term paper due?", "When is paper due this term?", "essay.txt"),
        ("Где нужен работник торговли?", "Где торговли нужен работник?", "counter.txt"),
    ],
)
def test_a_term_finds_a_passage_that_has_only_its_translation(papers, question, turned, name):
    assert by_words(papers, question, name) > 0
    assert by_words(papers, turned, name) == 0, "its words one by one do not"


def test_the_words_of_a_term_go_on_finding_what_they_find_alone(papers):
    synonyms = papers._current().lexical.synonyms
    together = {term.stem: term for term in synonyms.query_terms(terms("sales assistant", "en"), "en")}
    for stem, whole in together.items():
        (alone,) = synonyms.query_terms([stem], "en")
        for language, members in alone.members.items():
            found = dict(whole.members[language])
            assert all(found[word] >= weight for word, weight in members)


def test_a_glossary_of_ones_own_overrules_the_bundled_terms():
    tables = load_tables()
    stems = terms("sales assistant", "en")
    bundled = standing_for(stems, "en", (), tables)
    assert set(bundled["sale", "ru"]) | set(bundled["assist", "ru"]) == set(terms("работник торговли", "ru"))
    own = standing_for(stems, "en", (("assist", "ru", ("prodavet",)),), tables)
    assert own.pop(("assist", "ru")) == {"prodavet": GIVEN_WEIGHT}
    assert {target for _, target in own} == {"uz"}, "what it does not say stays"
    assert own == {key: members for key, members in bundled.items() if key[1] == "uz"}


STEMS = {language: load_tables().terms(language) for language in LANGUAGES}


@given(st.sampled_from(LANGUAGES), st.lists(st.integers(0, 10**6), max_size=12))
def test_only_stems_of_the_question_get_weights_of_phrases(language, numbers):
    stems = [STEMS[language][number % len(STEMS[language])] for number in numbers]
    for (stem, target), members in standing_for(stems, language, (), load_tables()).items():
        assert stem in stems
        assert target != language
        assert members
        assert set(members.values()) <= {PHRASE_WEIGHT, SHARED_WEIGHT}
