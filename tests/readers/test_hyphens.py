"""Words broken at line ends: soft hyphens go, the author's own stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reader_files import PdfPage, pdf, read_file

from kb.readers.hyphens import HyphenJoiner


@pytest.mark.parametrize(
    ("known", "lines", "joined"),
    [
        ("oziq-ovqat sanoati", ["mahalliy oziq-", "ovqat bozori"], "mahalliy oziq-ovqat bozori"),
        ("oziq-ovqat sanoati", ["mahalliy oziq-", "ovqatlar bozori"], "mahalliy oziq-ovqatlar bozori"),
        ("elektrlashtirish rejasi", ["toʻliq elektr-", "lashtirish"], "toʻliq elektrlashtirish"),
        ("социально-экономический", ["социально-", "экономическое развитие"], "социально-экономическое развитие"),
        ("meva va sabzavot", ["quritilgan meva-", "sabzavot"], "quritilgan meva-sabzavot"),
        ("", ["кластерлаш\u00ad", "тириш"], "кластерлаштириш"),
        ("", ["кластерлаш\u2010", "тириш"], "кластерлаштириш"),
        ("қўллаб-қувватлаш", ["қўллаб\u2010", "қувватлаш"], "қўллаб-қувватлаш"),
        ("", ["2025-", "yilda"], "2025-yilda"),
        ("", ["2021–", "2024"], "2021–2024"),
        ("", ["bozor –", "2024 yilda"], "bozor – 2024 yilda"),
        ("", ["IT-", "Park rezidenti"], "IT-Park rezidenti"),
        ("", ["oʻn-", "oʻn besh"], "oʻnoʻn besh"),
        ("", ["bir qator", "ikkinchi"], "bir qator ikkinchi"),
    ],
)
def test_joined(known, lines, joined):
    assert HyphenJoiner(known.split()).join(lines) == joined


def test_without_hyphenation_in_the_document_a_hyphen_is_the_authors():
    assert HyphenJoiner([], hyphenates=False).join(["bosqichma-", "bosqich"]) == "bosqichma-bosqich"


@given(st.lists(st.text("абв -ʻ'", min_size=1, max_size=12).map(str.strip).filter(bool), min_size=1, max_size=6))
def test_joining_changes_nothing_but_spaces_and_hyphens(lines):
    joined = HyphenJoiner([]).join(lines)
    assert joined.translate({32: "", 45: ""}) == "".join(lines).translate({32: "", 45: ""})


def test_a_hyphenated_pdf(tmp_path):
    lines = [
        "Ishlab chiqarish korxonalari oʻrtasidagi hamkor-",
        "lik meva-sabzavot va oziq-ovqat tarmogʻida kuch-",
        "li boʻlib, hamkorlik shartnomalari kuchli natija-",
        "lar beradi. Bunday natijalar meva-",
        "sabzavot klasterlarida kuzatilgan.",
    ]
    page = PdfPage()
    page.lines(70, 100, lines)
    [found] = read_file(tmp_path, "broken.pdf", pdf([page])).pages
    assert found.text == (
        "Ishlab chiqarish korxonalari oʻrtasidagi hamkorlik meva-sabzavot va oziq-ovqat tarmogʻida kuchli boʻlib, "
        "hamkorlik shartnomalari kuchli natijalar beradi. Bunday natijalar meva-sabzavot klasterlarida kuzatilgan."
    )
