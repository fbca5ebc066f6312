import numpy as np

from kb.ingest.passages import CutPassage, cut
from kb.ingest.representation import represent
from kb.records import Block, Page, ReadDocument, Span
from kb.settings import PassageSettings
from kb.text.words import terms

RUSSIAN = "Кластер объединяет двенадцать предприятий. Фонд возмещает половину затрат на сертификацию продукции."
UZBEK = "Кластер ўн иккита корхонани бирлаштиради. Жамғарма сертификатлаш харажатларининг ярмини қоплаб беради."
ENGLISH = "The cluster unites twelve enterprises. The fund pays back one half of what certification costs."


def document(title, *texts):
    pages = tuple(
        Page(index, str(index), text, (Block("paragraph", 0, len(text)),)) for index, text in enumerate(texts, start=1)
    )
    return ReadDocument(title, "text/plain", None, pages)


def piece(read, ordinal, headings=()):
    """The whole page after `ordinal` others as one passage."""
    page = read.pages[ordinal]
    (made,) = cut([page], "", PassageSettings())
    return CutPassage(ordinal, made.text, made.spans, headings, made.sentences)


def labels(read, encoder):
    made = represent(read, [piece(read, number) for number in range(len(read.pages))], encoder)
    return [(passage.language, passage.spelling) for passage in made]


def test_title_and_headings_stand_in_front_of_text_and_sentences_when_encoded(encoder):
    read = document("Silk programme", ENGLISH)
    (passage,) = represent(read, [piece(read, 0, ("2. Support",))], encoder)
    assert passage.text == ENGLISH
    assert passage.spans == (Span(1, 0, len(ENGLISH)),)
    front = "Silk programme. 2. Support."
    np.testing.assert_array_equal(passage.vector, encoder.encode_passages([f"{front}\n{ENGLISH}"])[0])
    sentences = [ENGLISH[start:end] for start, end in passage.sentences]
    assert len(sentences) == 2
    np.testing.assert_array_equal(
        passage.sentence_vectors, encoder.encode_passages([f"{front} {sentence}" for sentence in sentences])
    )


def test_each_passage_gets_its_own_rows_of_the_common_batch(encoder):
    read = document("", RUSSIAN, ENGLISH, UZBEK)
    together = represent(read, [piece(read, number) for number in range(3)], encoder)
    for number, passage in enumerate(together):
        (alone,) = represent(read, [piece(read, number)], encoder)
        np.testing.assert_array_equal(passage.vector, alone.vector)
        np.testing.assert_array_equal(passage.sentence_vectors, alone.sentence_vectors)
        assert passage.sentence_vectors.shape == (len(passage.sentences), encoder.dimension)


def test_terms_count_the_words_of_title_headings_and_text(encoder):
    read = document("Certification of silk", ENGLISH)
    (passage,) = represent(read, [piece(read, 0, ("Enterprises of the valley",))], encoder)
    (silk,), (certification,), (enterprise,) = (terms(word, "en") for word in ("silk", "certification", "enterprises"))
    assert (passage.terms[silk], passage.terms[certification], passage.terms[enterprise]) == (1, 2, 2)


def test_a_title_in_another_language_is_stemmed_in_its_own(encoder):
    read = document("Положение о поддержке текстильных предприятий района", ENGLISH)
    (passage,) = represent(read, [piece(read, 0)], encoder)
    assert passage.language == "en"
    assert set(terms("текстильных предприятий", "ru")) <= set(passage.terms)


def test_passages_keep_their_own_language_in_a_mixed_document(encoder):
    assert labels(document("", RUSSIAN, ENGLISH, UZBEK), encoder) == [
        ("ru", ""),
        ("en", ""),
        ("uz", "cyrillic"),
    ]


def test_a_passage_too_short_to_tell_takes_the_language_of_its_document(encoder):
    assert labels(document("", UZBEK, "Кластер 12"), encoder)[1] == ("uz", "cyrillic")
    assert labels(document("", RUSSIAN, "Кластер 12"), encoder)[1] == ("ru", "")


def test_a_short_passage_in_the_other_script_does_not(encoder):
    assert labels(document("", RUSSIAN, "Yes, of course"), encoder)[1][0] != "ru"
    assert labels(document("", RUSSIAN, "2025 31 45"), encoder)[1] == ("und", "")
