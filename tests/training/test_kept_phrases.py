"""Which terms of several words are kept beside the word tables."""

from phrases import forms_of, kept, terms_in

TABLES = {
    ("uz", "ru"): {"sof": [("chist", 1.0)], "foyda": [("pribil", 1.0), ("polz", 0.9)]},
    ("uz", "en"): {"sof": [("pure", 1.0), ("net", 0.1)], "foyda": [("profit", 1.0)]},
    ("ru", "uz"): {"chist": [("sof", 1.0)], "pribil": [("foyda", 1.0)]},
    ("ru", "en"): {"chist": [("net", 0.9)], "pribil": [("profit", 1.0)]},
    ("en", "uz"): {"net": [("sof", 1.0)], "profit": [("foyda", 1.0)]},
    ("en", "ru"): {"net": [("chist", 1.0)], "profit": [("pribil", 1.0)]},
}


def test_a_cell_gives_its_alternatives_without_remarks():
    assert forms_of("net profit / profits (after taxes) / net profits", "en") == (("net", "profit"), ("profit",))


def test_a_term_is_kept_with_the_forms_that_add_to_the_tables():
    term = {"uz": (("sof", "foyda"),), "ru": (("chist", "pribil"),), "en": (("net", "profit"),)}
    assert kept([term, term], TABLES) == [{"uz": (("sof", "foyda"),), "ru": (), "en": (("net", "profit"),)}]


def test_a_term_that_the_tables_give_word_by_word_is_left_out():
    assert kept([{"uz": (("sof", "foyda"),), "ru": (("chist", "pribil"),), "en": ()}], TABLES) == []


def test_a_single_word_is_no_phrase():
    assert kept([{"uz": (("sof",),), "ru": (("drug",),), "en": ()}], TABLES) == []


def test_terms_are_read_by_the_names_of_the_columns(tmp_path):
    path = tmp_path / "terms.tsv"
    path.write_text("en\tuz\tru\nnet profit\tsof foyda\t\n", encoding="utf-8")
    assert terms_in(path) == [{"uz": (("sof", "foyda"),), "ru": (), "en": (("net", "profit"),)}]
