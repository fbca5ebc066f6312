"""The façade as users meet it: add, search, ask, filter, remove, verify, rebuild, share between threads."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from kb import KnowledgeBase, Settings, rebuild_index
from kb.errors import IndexMismatchError, IndexStoreError, NotFoundError, QueryError, SettingsError
from kb.models.encoder import bundled_folder

SAME_QUESTION = (
    "Klaster kengashida kvorum uchun necha aʼzo qatnashishi kerak?",
    "Klaster kengashida kvorum uchun necha azo qatnashishi kerak?",
    "Klaster kengashida kvorum uchun neça aʼzo qatnaşişi kerak?",
    "Кластер кенгашида кворум учун неча аъзо қатнашиши керак?",
)


@pytest.fixture
def base(small_index, tmp_path):
    """A copy of the small index that a test may change."""
    shutil.copytree(small_index, tmp_path / "index")
    with KnowledgeBase.open(tmp_path / "index") as opened:
        yield opened


def test_a_question_finds_passages_in_all_three_languages(small_base):
    hits = small_base.search("Как поддерживается экспорт продукции кластеров?", k=30)
    assert {hit.passage.language for hit in hits} >= {"uz", "ru", "en"}
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_the_four_spellings_of_a_question_find_the_same_passages(small_base):
    found = [[hit.passage.id for hit in small_base.search(question, k=5)] for question in SAME_QUESTION]
    assert found[0] == found[1] == found[2] == found[3]


def test_the_same_question_gives_the_same_hits_and_scores(small_base):
    one, other = (small_base.search("energy audit of kilns") for _ in range(2))
    assert one == other


def test_a_hit_is_its_spans_of_the_stored_pages(small_base):
    for hit in small_base.search("raw material", k=10):
        pages = {page.index: page for page in small_base.document(hit.document.id).pages}
        parts = [pages[span.page_index].text[span.start : span.end] for span in hit.passage.spans]
        assert "\n".join(parts) == hit.passage.text
        assert pages[hit.page_index].label == hit.page_label


def test_each_hit_says_which_legs_found_it(small_base):
    hit = small_base.search("monitoring indicators of cluster programmes", k=1)[0]
    assert {leg.leg for leg in hit.legs} >= {"dense", "sentence", "lexical"}
    assert sum(leg.share for leg in hit.legs) == pytest.approx(1.0)


def test_language_filter(small_base):
    hits = small_base.search("кластер", k=20, languages=("en",))
    assert hits
    assert {hit.passage.language for hit in hits} == {"en"}


def test_spelling_filter(small_base):
    hits = small_base.search("klaster", k=20, spellings=["cyrillic"])
    assert hits
    assert {hit.passage.spelling for hit in hits} == {"cyrillic"}


def test_document_filter(small_base):
    wanted = small_base.documents()[0].id
    assert {hit.document.id for hit in small_base.search("klaster", documents=[wanted])} == {wanted}


def test_date_filter_is_inclusive_and_leaves_out_undated_documents(small_base):
    dated = [document for document in small_base.documents() if document.date]
    day = min(document.date for document in dated)
    found = {hit.document.date for hit in small_base.search("klaster", k=50, until=day)}
    assert found == {day}
    year = {hit.document.date[:4] for hit in small_base.search("klaster", k=50, since="2025", until="2025")}
    assert year == {"2025"}


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"languages": ["de"]}, "Unknown language 'de'. Use one of 'uz', 'ru', 'en', 'und'"),
        ({"spellings": ["arabic"]}, "Unknown spelling 'arabic'"),
        ({"since": "14.03.2025"}, "'14.03.2025' is no date"),
        ({"until": "2025-02-31"}, "'2025-02-31' is no date"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(small_base, filters, message):
    with pytest.raises(QueryError, match=message):
        small_base.search("klaster", **filters)


@pytest.mark.parametrize("question", ["", "  \n "])
def test_an_empty_question_is_refused(small_base, question):
    with pytest.raises(QueryError, match="empty"):
        small_base.ask(question)


def test_a_very_long_question_is_refused_with_the_numbers(small_base):
    with pytest.raises(QueryError, match=r"2,001 characters; at most 2,000"):
        small_base.search("к" * 2001)


ODD = ["12345", "???", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "\u0000", "a" * 1999, "'; DROP TABLE passage; --", "🙂"]


@pytest.mark.parametrize("question", ODD)
def test_odd_questions_are_answered_without_an_error(small_base, question):
    assert small_base.ask(question).status in {"answered", "not_found"}


def test_a_new_index_is_empty_and_usable(tmp_path):
    with KnowledgeBase.open(tmp_path / "new") as base:
        assert base.search("klaster") == []
        assert base.ask("klaster").status == "not_found"
        assert base.documents() == []
        assert base.verify().ok


def test_opening_without_create_makes_nothing(tmp_path):
    with pytest.raises(IndexStoreError):
        KnowledgeBase.open(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_adding_twice_changes_nothing(base, small_folder):
    report = base.add(small_folder)
    first = base.statistics()
    again = base.add(small_folder)
    assert (again.indexed, again.unchanged) == (0, report.unchanged + report.indexed)
    assert base.statistics() == first


def test_adding_what_is_not_there_is_an_error(base, tmp_path):
    with pytest.raises(NotFoundError):
        base.add(tmp_path / "nowhere")


def test_a_removed_document_is_found_no_more_and_the_rest_stays(base):
    before = base.documents()
    removed = base.remove(before[0].id)
    assert removed == before[0]
    assert [document.id for document in base.documents()] == [document.id for document in before[1:]]
    assert removed.id not in {hit.document.id for hit in base.search("cluster", k=100)}
    assert base.verify().ok
    with pytest.raises(NotFoundError, match="kb documents"):
        base.remove(removed.id)


def test_a_document_added_while_open_is_found_at_once(base, tmp_path):
    note = tmp_path / "note.md"
    note.write_text("# Beekeeping cluster\n\nThe honey cooperative of Tolzor pays beekeepers within nine days.\n")
    base.add(note)
    assert base.search("how soon are beekeepers paid for honey", k=1)[0].document.title == "Beekeeping cluster"


def test_equal_passages_are_one_hit_that_names_the_other(base, tmp_path):
    text = "# Note {}\n\nThe honey cooperative of Tolzor pays beekeepers within nine days of delivery.\n"
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text(text.format(name))
        base.add(tmp_path / f"{name}.md")
    hits = base.search("how soon are beekeepers paid for honey", k=100)
    honey = [hit for hit in hits if "honey" in hit.passage.text]
    assert len(honey) == 1
    assert len(honey[0].duplicates) == 1


def test_another_process_s_change_is_seen(base, tmp_path):
    base.search("honey")
    note = tmp_path / "note.md"
    note.write_text("# Beekeeping cluster\n\nThe honey cooperative of Tolzor pays beekeepers within nine days.\n")
    with KnowledgeBase.open(tmp_path / "index") as other:
        other.add(note)
    assert base.search("honey cooperative of beekeepers", k=1)[0].document.title == "Beekeeping cluster"


def test_threads_share_one_base(small_base):
    questions = ["экспорт", "kvorum", "energy audit", "xomashyo narxi"] * 8
    alone = [small_base.ask(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(small_base.ask, questions)) == alone


def test_searching_while_documents_come_and_go(base, tmp_path):
    notes = []
    for number in range(6):
        notes.append(tmp_path / f"n{number}.md")
        notes[-1].write_text(f"# Note {number}\n\nThe council of cluster {number} meets in month {number + 1}.\n")

    def change():
        for note in notes:
            base.add(note)
        for document in base.documents():
            if document.title.startswith("Note"):
                base.remove(document.id)

    with ThreadPoolExecutor(4) as pool:
        changing = pool.submit(change)
        searches = [pool.submit(base.search, "council of the cluster", 5) for _ in range(40)]
        changing.result()
        assert all(len(search.result()) == 5 for search in searches)
    assert base.verify().ok


def test_records_are_frozen_and_become_plain_json(small_base):
    answer = small_base.ask("energy audit of kilns")
    with pytest.raises(FrozenInstanceError):
        answer.text = "other"
    for record in (answer, *small_base.search("klaster", k=1), *small_base.documents()):
        assert json.loads(json.dumps(record.to_dict()))


def test_context_gives_the_passages_around(small_base):
    passages = small_base.passages(small_base.documents()[0].id)
    assert small_base.context(passages[0].id) == (None, passages[1])
    assert small_base.context(passages[1].id) == (passages[0], passages[2])
    assert small_base.context(passages[-1].id) == (passages[-2], None)
    with pytest.raises(NotFoundError):
        small_base.context(10**9)


def test_an_unknown_document_is_an_error(small_base):
    for verb in (small_base.document, small_base.passages):
        with pytest.raises(NotFoundError):
            verb(10**9)


def test_other_passage_settings_are_refused_with_the_command_that_repairs(small_index):
    settings = Settings.of({"passages": {"max_words": 150}})
    with pytest.raises(IndexMismatchError, match=r"kb rebuild --index .* --model fast"):
        KnowledgeBase.open(small_index, settings=settings)


def test_retrieval_settings_may_change_without_a_new_index(small_index):
    settings = Settings.of({"retrieval": {"lexical": 0.0}})
    with KnowledgeBase.open(small_index, settings=settings) as base:
        assert "lexical" not in {leg.leg for leg in base.search("Klaster nima?", k=1)[0].legs}


def test_unknown_settings_are_refused():
    with pytest.raises(SettingsError, match="lexicla"):
        Settings.of({"retrieval": {"lexicla": 1.0}})


def test_rebuilding_with_other_settings_keeps_documents_and_needs_no_files(base, tmp_path):
    before = base.documents()
    base.close()
    settings = Settings.of({"passages": {"min_words": 30, "target_words": 50, "max_words": 90}})
    report = rebuild_index(tmp_path / "index", settings=settings)
    assert report.indexed == len(before)
    with KnowledgeBase.open(tmp_path / "index", settings=settings) as rebuilt:
        after = rebuilt.documents()
        assert [(d.id, d.sha256) for d in after] == [(d.id, d.sha256) for d in before]
        assert sum(d.passage_count for d in after) > sum(d.passage_count for d in before)
        assert rebuilt.verify().ok
    with pytest.raises(IndexMismatchError):
        KnowledgeBase.open(tmp_path / "index")


def test_an_open_base_notices_that_its_index_was_rebuilt_for_another_model(base, tmp_path):
    base.search("klaster")
    settings = Settings.of({"passages": {"min_words": 30, "target_words": 50, "max_words": 90}})
    rebuild_index(tmp_path / "index", settings=settings)
    with pytest.raises(IndexMismatchError, match="open it again"):
        base.search("klaster")


def test_an_open_base_adds_nothing_to_an_index_that_was_rebuilt_for_another_model(base, tmp_path):
    before = base.documents()
    settings = Settings.of({"passages": {"min_words": 30, "target_words": 50, "max_words": 90}})
    rebuild_index(tmp_path / "index", settings=settings)
    note = tmp_path / "note.md"
    note.write_text("# Beekeeping cluster\n\nThe honey cooperative of Tolzor pays beekeepers within nine days.\n")
    with pytest.raises(IndexMismatchError, match="open it again"):
        base.add(note)
    assert [document.id for document in base.documents()] == [document.id for document in before]


def test_an_index_made_with_a_model_folder_opens_from_another_working_directory(tmp_path, monkeypatch):
    shutil.copytree(bundled_folder("static"), tmp_path / "model")
    note = tmp_path / "note.md"
    note.write_text("# Beekeeping cluster\n\nThe honey cooperative of Tolzor pays beekeepers within nine days.\n")
    monkeypatch.chdir(tmp_path)
    with KnowledgeBase.open("index", model="model") as made:
        made.add(note)
    monkeypatch.chdir(tmp_path.parent)
    with KnowledgeBase.open(tmp_path / "index") as opened:
        assert opened.search("honey", k=1)[0].document.title == "Beekeeping cluster"


def test_an_interrupted_rebuild_leaves_the_old_index(base, tmp_path):
    before = base.search("klaster", k=5)
    base.close()

    def interrupt(progress):
        if progress.done == 3:
            raise KeyboardInterrupt

    settings = Settings.of({"passages": {"min_words": 30, "target_words": 50, "max_words": 90}})
    with pytest.raises(KeyboardInterrupt):
        rebuild_index(tmp_path / "index", settings=settings, progress=interrupt)
    with KnowledgeBase.open(tmp_path / "index") as kept:
        assert kept.search("klaster", k=5) == before
        assert kept.verify().ok


def test_documents_say_where_they_are_and_what_they_are(small_base):
    documents = small_base.documents()
    assert [document.path for document in documents] == sorted(document.path for document in documents)
    for document in documents:
        assert Path(document.path).is_file()
        assert document.title
        assert document.page_count >= 1
        assert document.passage_count >= 1
        assert document.pages == ()
