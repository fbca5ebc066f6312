"""Signs, typos, acts and a user's glossary in real searches, and what a hit says of its words."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb import KnowledgeBase
from kb.errors import GlossaryError, QueryError
from kb.models.encoder import load_encoder
from kb.retrieval.glossary import FILE_NAME
from kb.retrieval.keys import placed_keys
from kb.retrieval.query import understand
from kb.retrieval.sequences import holds, wanted_keys
from kb.retrieval.syntax import take_apart
from kb.text.words import stem, terms, tokenize

PAPERS = {
    "akt_uz.txt": "Klasterlarni moliyalashtirish tartibi Prezidentning PQ-4702-son qarori bilan belgilangan. Qaror "
    "asosida hududlarda yangi korxonalar tashkil etiladi va ularga imtiyozlar beriladi.",
    "akt_kir.txt": "Кластерларга ер ажратиш ПҚ–4702-сон қарорда кўзда тутилган. Ҳоким ер участкасини ўттиз кун ичида "
    "ажратади ва бу ҳақда вазирликка хабар беради.",
    "akt_ru.txt": "Порядок отбора участников кластера утверждён постановлением ПП-4702 и действует до конца года. "
    "Комиссия рассматривает заявки в течение десяти дней и сообщает о решении заявителю.",
    "other_ru.txt": "Порядок отчётности участников утверждён постановлением ПП-4703. Отчёт подаётся ежеквартально "
    "через личный кабинет, а сведения о выручке проверяет аудитор.",
    "trellis.txt": "The trellis fund pays for cold storage in mountain villages. Growers apply to the council in "
    "spring, and the council publishes the list of winners before the harvest begins.",
    "sopa.txt": "Омборларни совитиш харажатларини «Сўпа» жамғармаси қоплайди. Деҳқонлар баҳорда кенгашга ариза беради, "
    "ғолиблар рўйхати эса ҳосилдан олдин эълон қилинади.",
}


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("papers")
    for name, text in PAPERS.items():
        (folder / name).write_text(text, encoding="utf-8")
    with KnowledgeBase.open(tmp_path_factory.mktemp("papers") / "index") as base:
        assert base.add(folder).indexed == len(PAPERS)
        yield base


@pytest.fixture(scope="module")
def encoder():
    return load_encoder("fast")


def names(hits):
    return [hit.document.path.rsplit("/")[-1] for hit in hits]


def has(hit, words, asked):
    keys = [key.key for key in placed_keys(hit.passage.text, hit.passage.language)]
    return holds(keys, wanted_keys(words, asked, hit.passage.language))


def test_the_encoder_gets_the_question_without_its_signs(encoder):
    signed = understand("Nima «Tolzor Charm» haqida -eksport", encoder)
    plain = understand("Nima Tolzor Charm haqida", encoder)
    assert (signed.vector == plain.vector).all()
    assert (signed.terms, signed.language) == (plain.terms, plain.language)
    assert (signed.phrases, signed.excluded, signed.demanding) == (("Tolzor Charm",), ("eksport",), False)
    assert signed.text == "Nima «Tolzor Charm» haqida -eksport"


@pytest.mark.parametrize("text", ["-eksport", "-eksport -«yangi bozor»"])
def test_a_question_that_only_leaves_out_is_refused(encoder, text):
    with pytest.raises(QueryError, match="leave out"):
        understand(text, encoder)


@pytest.mark.parametrize("excluded", ["koʻrsatkich", "ko'rsatkich", "korsatkich", "кўрсаткич", "körsatkiç"])
def test_an_excluded_word_is_the_same_in_all_spellings(corpus_base, excluded):
    word = "korsatkich"
    before = corpus_base.search("klaster koʻrsatkichlari", k=200)
    after = corpus_base.search(f"klaster koʻrsatkichlari -{excluded}", k=200)
    assert any(word in terms(hit.passage.text, "uz") for hit in before if hit.passage.language == "uz")
    assert not any(word in terms(hit.passage.text, "uz") for hit in after if hit.passage.language == "uz")
    assert after


def test_only_passages_that_hold_an_excluded_word_are_left_out(corpus_base):
    before = {hit.passage.id: hit for hit in corpus_base.search("кластер", k=500)}
    after = {hit.passage.id for hit in corpus_base.search("кластер -экспорт", k=500)}
    left_out = [hit for number, hit in before.items() if number not in after]
    assert {hit.passage.language for hit in left_out} >= {"uz", "ru"}
    assert after <= set(before)
    for number, hit in before.items():
        assert has(hit, "экспорт", "ru") == (number not in after), "a word of the title alone leaves nothing out"


def test_an_excluded_phrase_leaves_out_only_what_holds_it_word_for_word(corpus_base):
    before = corpus_base.search("export consortium", k=500)
    after = corpus_base.search('export consortium -"export consortium"', k=500)
    kept = {hit.passage.id for hit in after}
    assert 0 < len(after) < len(before)
    for hit in before:
        assert has(hit, "export consortium", "en") == (hit.passage.id not in kept)


@pytest.mark.parametrize("question", ["«Tolzor Charm»", '"Толзор Чарм"', "“Tolzor Çarm”", '"Tolzor Charm" -eksport'])
def test_a_question_of_nothing_but_phrases_demands_them(corpus_base, question):
    hits = corpus_base.search(question, k=100)
    assert hits
    assert all(has(hit, "Tolzor Charm", "uz") for hit in hits)
    assert not any("eksport" in terms(hit.passage.text, "uz") for hit in hits if "-eksport" in question)


@pytest.mark.parametrize("question", ['"words that nobody wrote together"', "«ва»"])
def test_a_phrase_that_stands_nowhere_finds_nothing(corpus_base, question):
    assert corpus_base.search(question) == []


def test_a_phrase_in_a_sentence_moves_passages_up_and_hides_none(corpus_base):
    question = "Кого объединяет {}Толзор Чарм{}?"
    plain = corpus_base.search(question.format("", ""), k=500)
    quoted = corpus_base.search(question.format("«", "»"), k=500)
    assert {hit.passage.id for hit in plain} <= {hit.passage.id for hit in quoted}
    ranks = {hit.passage.id: hit.rank for hit in plain}
    holders = [hit for hit in quoted if has(hit, "Толзор Чарм", "ru")]
    assert holders
    assert all(hit.rank <= ranks[hit.passage.id] for hit in holders)
    assert any(leg.leg == "phrase" and leg.share > 0 for leg in holders[0].legs)
    assert all(leg.score == 0 for hit in quoted if hit not in holders for leg in hit.legs if leg.leg == "phrase")


@pytest.mark.parametrize("number", ["PQ-4702", "ПҚ-4702", "ПП-4702", "«ПП-4702»", "PQ–4702-son qaror"])
def test_an_act_is_found_in_every_language_by_any_of_its_numbers(papers, number):
    assert set(names(papers.search(number, k=3))) == {"akt_uz.txt", "akt_kir.txt", "akt_ru.txt"}


def test_an_excluded_act_is_left_out_in_every_language(papers):
    found = names(papers.search("кластер -PQ-4702", k=10))
    assert "other_ru.txt" in found
    assert not any(name.startswith("akt") for name in found)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("trelis fund", "trellis.txt"), ("council publshes winers", "trellis.txt"), ("ежекварталньо", "other_ru.txt")],
)
def test_a_mistyped_word_finds_what_was_meant(papers, typed, meant):
    best = papers.search(typed, k=1)[0]
    assert names([best]) == [meant]
    assert best.matches
    assert not any(match.translated for match in best.matches)


def test_a_glossary_is_used_from_the_next_question_on(papers, tmp_path):
    def lexical(question):
        hit = next(hit for hit in papers.search(question, k=10) if names([hit]) == ["sopa.txt"])
        return next((leg.score for leg in hit.legs if leg.leg == "lexical"), 0.0), hit.matches

    assert lexical("trellis") == (0.0, ())
    source = tmp_path / "terms.csv"
    source.write_text("uz;ru;en\nСўпа жамғармаси;;trellis fund\n", encoding="utf-8")
    assert papers.set_glossary(source) == 1
    score, matches = lexical("Who runs the Trellis Funds?")
    assert score > 0
    assert len(matches) == 2
    assert {match.word for match in matches} <= {"Trellis", "Funds"}
    assert all(match.translated for match in matches)
    installed = papers.search("trellis fund", k=1)[0].document.path  # the copy, not the source, is in use
    source.unlink()
    assert papers.search("trellis fund", k=1)[0].document.path == installed

    copy = papers._database.folder / FILE_NAME
    copy.write_text("uz;ru;en\nбегона;;trellis\nэски\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match="line 3"):
        papers.search("trellis fund")
    copy.unlink()
    assert lexical("trellis") == (0.0, ())


QUESTIONS = (
    "Klasterlarning eksport salohiyati qanday oshiriladi?",
    "Какие меры повышают экспортный потенциал кластеров в 2024 году?",
    "How is the financial stability of clusters secured?",
    "«Толзор Чарм» қандай ташкилот?",
    "eksporrt konsorsiumi -sifat",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_matches_are_whole_words_at_their_exact_places(corpus_base, question):
    hits = corpus_base.search(question, k=50)
    asked = {question[token.start : token.end] for token in tokenize(question)}
    assert sum(len(hit.matches) for hit in hits) > 20
    for hit in hits:
        text = hit.passage.text
        tokens = {(token.start, token.end) for token in tokenize(text)}
        places = [(match.start, match.end) for match in hit.matches]
        assert set(places) <= tokens
        assert places == sorted(set(places))
        assert {match.word for match in hit.matches} <= asked


WORDS = ("кластер", "экспорт", "eksport", "sifat", "export", "mahsulot", "рынок", "2024", "PQ-1", "moliya", "fund")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(WORDS),
        min_size=1,
        max_size=4,
    )
)
def test_every_word_that_shares_a_stem_is_matched(corpus_base, words):
    question = " ".join(words)
    language = understand(question, load_encoder("fast")).language
    for hit in corpus_base.search(question, k=10):
        if hit.passage.language != language:
            continue
        wanted = set(terms(question, language))
        text = hit.passage.text
        expected = {
            (token.start, token.end)
            for token in tokenize(text)
            if wanted & set(terms(text[token.start : token.end], language))
        }
        assert expected <= {(match.start, match.end) for match in hit.matches if not match.translated}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["-", "−", '"', "«", "»", "“", "”", " ", "кластер", "eksport", "PQ-123", "va", "5"])))
def test_any_heap_of_signs_is_searched_or_refused(small_base, parts):
    question = "".join(parts)
    try:
        hits = small_base.search(question, k=300)
    except QueryError:
        assert not take_apart(question.strip()).plain
        return
    signs = take_apart(question.strip())
    language = understand(question, load_encoder("fast")).language
    for hit in hits:
        assert not any(has(hit, words, language) for words in signs.excluded)
    if signs.phrases and not tokenize(signs.outside):
        assert all(has(hit, words, language) for words in signs.phrases for hit in hits)


def test_translated_words_are_of_another_language_and_stem(corpus_base):
    found = [
        (match, hit)
        for hit in corpus_base.search("How is the financial stability of clusters secured?", k=50)
        for match in hit.matches
    ]
    assert {match.translated for match, _ in found} == {True, False}
    for match, hit in found:
        word = hit.passage.text[match.start : match.end]
        if match.translated:
            assert hit.passage.language != "en"
            assert stem(word, hit.passage.language) != stem(match.word, "en")
