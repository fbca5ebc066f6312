"""A user's glossary: what is read, what is refused and by which words, and what it gives a question."""

import os

import pytest

from kb import KBError
from kb.errors import GlossaryError
from kb.retrieval.glossary import FILE_NAME, MAX_BYTES, MAX_CHARACTERS, Glossary, GlossaryFile, read_glossary
from kb.text.words import terms

ROWS = "uz,ru,en\nerkin iqtisodiy zona,свободная экономическая зона,special economic zone\nEIZ,СЭЗ,SEZ\n"


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "terms.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_separators_marks_and_line_ends_make_no_difference(written, delimiter, mark, ending):
    path = written(mark + ROWS.replace(",", delimiter).replace("\n", ending))
    assert read_glossary(path).entries == read_glossary(written(ROWS)).entries
    assert len(read_glossary(path)) == 2


def test_columns_may_stand_in_any_order_beside_others(written):
    glossary = read_glossary(written("en;note;RU;uz\nSEZ;x;СЭЗ;EIZ\n\n;;;\nfoo;;бар\n"))
    assert len(glossary) == 2
    assert glossary.entries[0] == {"uz": ("eiz",), "ru": ("sez",), "en": ("sez",)}
    assert set(glossary.entries[1]) == {"ru", "en"}


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        ("", 1, "empty"),
        ("uz,ru\na,b\n", 1, "columns"),
        ("uz,ru,ru,en\n", 1, "columns"),
        (ROWS + "yolgʻiz,,\n", 4, "two languages"),
        (ROWS + "\n\nva,СЭЗ,SEZ\n", 6, "'va'"),
        (ROWS + f"{'a' * (MAX_CHARACTERS + 1)},б,c\n", 4, "characters"),
        (ROWS.encode() + b"\xff\xfe,b,c\n", 4, "UTF-8"),
        (ROWS + '"never closed,б,c\n', 4, "unexpected end"),
        (ROWS + '"a"b,б,c\n', 4, "expected after"),
    ],
)
def test_a_broken_line_is_named(written, content, line, what):
    path = written(content)
    with pytest.raises(GlossaryError, match=rf"line {line}: .*{what}") as caught:
        read_glossary(path)
    assert str(path) in str(caught.value)
    assert isinstance(caught.value, KBError)


def test_a_missing_a_huge_and_an_unreadable_file_are_refused(tmp_path):
    with pytest.raises(GlossaryError, match="cannot be read"):
        read_glossary(tmp_path / "absent.csv")
    with pytest.raises(GlossaryError, match="cannot be read"):
        read_glossary(tmp_path)
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(GlossaryError, match="bytes"):
        read_glossary(huge)


@pytest.mark.parametrize(
    "question",
    [
        "Erkin iqtisodiy zonalar qanday boshqariladi?",
        "Эркин иқтисодий зоналар қандай бошқарилади?",
        "erkin iqtisodiy zonalarni qurish",
    ],
)
def test_a_term_of_several_words_gives_its_words_to_each_of_the_questions(written, question):
    given = read_glossary(written(ROWS)).given(question, "uz")
    by_stem = {(stem, language): words for stem, language, words in given}
    for stem in terms("erkin iqtisodiy zona", "uz"):
        assert by_stem[stem, "en"] == tuple(terms("special economic zone", "en"))
        assert by_stem[stem, "ru"] == tuple(terms("свободная экономическая зона", "ru"))


def test_words_that_do_not_stand_together_are_not_the_term(written):
    glossary = read_glossary(written(ROWS))
    assert glossary.given("Erkin zonalar iqtisodiy foydasi", "uz") == ()
    assert glossary.given("iqtisodiy zona", "uz") == ()


def test_a_term_is_known_in_whatever_language_the_question_is_taken_for(written):
    glossary = read_glossary(written(ROWS))
    assert {stem for stem, _, _ in glossary.given("СЭЗ", "uz")} == set(terms("СЭЗ", "uz"))
    assert {stem for stem, _, _ in glossary.given("SEZ", "und")} == {"sez"}


def test_the_file_is_read_again_when_it_has_changed(tmp_path):
    file = GlossaryFile(tmp_path)
    assert file.current() == Glossary()
    path = tmp_path / FILE_NAME
    path.write_text(ROWS, encoding="utf-8")
    first = file.current()
    assert len(first) == 2
    assert file.current() is first
    path.write_text(ROWS.replace("EIZ", "EIX"), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert file.current() != first
    path.write_text("broken", encoding="utf-8")
    with pytest.raises(GlossaryError, match="line 1"):
        file.current()
    path.unlink()
    assert file.current() == Glossary()


def test_installing_copies_the_file_as_it_is(tmp_path, written):
    file = GlossaryFile(tmp_path)
    source = written("\ufeff" + ROWS)
    assert len(file.install(source)) == 2
    assert file.path.read_bytes() == source.read_bytes()
    assert len(file.install(file.path)) == 2
    assert len(file.current()) == 2


def test_a_broken_file_leaves_the_former_glossary(tmp_path, written):
    file = GlossaryFile(tmp_path)
    file.install(written(ROWS))
    with pytest.raises(GlossaryError, match="line 2"):
        file.install(written("uz,ru,en\nfoo,,\n"))
    assert file.path.read_text(encoding="utf-8") == ROWS
    assert {path.name for path in tmp_path.iterdir()} == {FILE_NAME, "terms.csv"}


def test_a_folder_that_cannot_be_written_is_named(tmp_path, written):
    file = GlossaryFile(tmp_path / "absent")
    with pytest.raises(GlossaryError, match="cannot be stored"):
        file.install(written(ROWS))
