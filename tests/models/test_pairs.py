"""Questions and passages in pieces: offsets must lead back to the passage as given, in every spelling."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.models.encoder import bundled_folder
from kb.models.pairs import LONGEST, pair_of, side_of
from kb.models.static import read_tokenizer
from kb.models.words import load_word_vectors
from kb.text.spellings import drop_apostrophes, to_cyrillic, to_latin_2026
from kb.text.words import tokenize

UZBEK = "Qoʻshma korxonalarning gʻalla eksporti 2025-yilda 45 foizga oshdi, maʼmuriy xarajatlar esa kamaydi."
TOKENIZER = read_tokenizer(bundled_folder("transformer") / "tokenizer.json")
MIXED = st.text(alphabet=st.one_of(st.sampled_from("oʻgʻʼ'ўқғҳчшё 5%.,-«»\n"), st.characters()), max_size=120)


def side(text, language="uz", most=LONGEST):
    return side_of(text, language, TOKENIZER, load_word_vectors(), most)


@pytest.mark.parametrize("respelled", [to_cyrillic, to_latin_2026, drop_apostrophes, str.upper])
def test_pieces_stand_in_the_same_words_in_every_spelling(respelled):
    text = respelled(UZBEK)
    found = side(text)
    words = [text[token.start : token.end] for token in tokenize(text)]
    assert len(words) == len(tokenize(UZBEK))
    for start, end, word in zip(found.starts, found.ends, found.word_of, strict=True):
        if word >= 0:
            assert text[start:end].strip() in words[word]


def test_cyrillic_and_the_latin_of_2026_are_the_same_pieces():
    latin, cyrillic, newer = (side(text).ids for text in (UZBEK, to_cyrillic(UZBEK), to_latin_2026(UZBEK)))
    assert (latin == cyrillic).all()
    assert (latin == newer).all()


@given(MIXED, st.sampled_from(["uz", "ru", "en"]))
@settings(deadline=None)
def test_offsets_of_pieces_are_places_of_the_text_in_order(text, language):
    found = side(text, language)
    assert (found.starts <= found.ends).all()
    assert (np.diff(found.starts) >= 0).all()
    assert not len(found.ids) or (found.starts[0] >= 0 and found.ends[-1] <= len(text))
    assert ((found.word_of >= -1) & (found.word_of < len(tokenize(text)))).all()


def test_a_word_is_near_its_translation_and_not_to_others():
    question = side("Какой экспорт ожидается в кластере?", "ru")
    passage = side("The export of the cluster will double, they said on a sunny day.", "en")
    pair = pair_of(question, side("", "en"), passage)
    text = "The export of the cluster will double, they said on a sunny day."
    alike = {
        text[start:end].strip(): value
        for start, end, value in zip(pair.starts, pair.ends, pair.alike[pair.first :], strict=False)
    }
    assert alike["export"] > 0.7
    assert alike["cluster"] > 0.7
    assert alike["day"] < 0.3


def test_a_long_passage_is_cut_and_what_remains_keeps_its_places():
    text = "klaster " * 1000
    pair = pair_of(side("Nima?"), side("Sarlavha"), side(text, most=10_000))
    assert len(pair.ids) == LONGEST == len(pair.alike)
    assert text[pair.starts[-1] : pair.ends[-1]].strip() == "klaster"


def test_empty_texts_make_a_pair_without_places():
    pair = pair_of(side(""), side(""), side(""))
    assert len(pair.starts) == 0
    assert len(pair.ids) == len(pair.alike) == 4
