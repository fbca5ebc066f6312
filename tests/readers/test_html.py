"""Web pages: their own text, without the site around it."""

import pytest
from reader_files import block_texts, read_file

from kb.errors import DamagedDocumentError

PAGE = """<!DOCTYPE html><html lang="uz"><head><title>Sayt | Dastur</title>
<meta property="article:published_time" content="2025-02-03T10:00:00+05:00">
{meta}<style>p {{ color: red }}</style></head>
<body><header><a href="/">Bosh sahifa</a></header><nav><ul><li>Aloqa</li></ul></nav>
<div class="cookie-banner">Biz cookie ishlatamiz</div>
<main><h1>Klaster dasturi</h1>
<p>Birinchi&nbsp;xatboshi <b>qalin</b> va <a href="#">havola</a>li,<br>davomi oʻsha yerda.</p>
<h2>Maqsad</h2><ol start="3"><li>uchinchi</li><li>toʻrtinchi<ul><li>ichki</li></ul></li></ol>
<table><caption>1-jadval</caption><tr><th>Manba</th><th>Foiz</th></tr>
<tr><td>Bank<br>krediti</td><td>58</td></tr></table>
<script>alert("yoʻq")</script><form><input value="q"><button>Qidirish</button></form>
<p hidden>Yashirin</p><p style="display:none">Koʻrinmas</p></main>
<aside>Yangiliklar</aside><footer>© 2025</footer></body></html>"""


def test_only_the_pages_own_text_is_read(tmp_path):
    found = read_file(tmp_path, "a.html", PAGE.format(meta=""))
    assert (found.title, found.date, len(found.pages)) == ("Klaster dasturi", "2025-02-03", 1)
    assert found.pages[0].text == (
        "Klaster dasturi\n\nBirinchi xatboshi qalin va havolali, davomi oʻsha yerda.\n\nMaqsad\n\n"
        "3. uchinchi\n4. toʻrtinchi\nichki\n\nManba | Foiz\nBank krediti | 58"
    )


def test_a_page_without_main_is_read_from_its_body(tmp_path):
    found = read_file(tmp_path, "a.htm", "<header><h1>Sarlavha</h1></header><div>Bir</div>ikki<p>uch<p>toʻrt")
    assert found.title == "Sarlavha"
    assert block_texts(found.pages[0]) == ["Sarlavha", "Bir", "ikki", "uch", "toʻrt"]


@pytest.mark.parametrize(
    ("meta", "encoding"),
    [
        ('<meta charset="windows-1251">', "cp1251"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', "koi8-r"),
        ('<meta charset="utf-8">', "cp1251"),
        ("", "cp1251"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
    ],
)
def test_encodings_declared_rightly_wrongly_and_not_at_all(tmp_path, meta, encoding):
    text = f"<html><head>{meta}</head><body><p>Положение о порядке предоставления субсидий кластерам</p></body></html>"
    [page] = read_file(tmp_path, "a.html", text.encode(encoding)).pages
    assert page.text == "Положение о порядке предоставления субсидий кластерам"


def test_tables_that_only_arrange_the_page_are_running_text(tmp_path):
    layout = (
        "<table><tr><td><p>Bir</p><p>ikki</p><table><tr><td>a</td><td>b</td></tr></table></td><td>uch</td></tr></table>"
    )
    found = read_file(tmp_path, "a.html", f"<body>{layout}</body>")
    assert block_texts(found.pages[0]) == ["Bir", "ikki", "a | b", "uch"]


def test_markup_nested_without_end_still_gives_its_text(tmp_path):
    assert read_file(tmp_path, "a.html", "<div>" * 500 + "chuqur").pages[0].text == "chuqur"


def test_text_is_never_lost_in_silence(tmp_path):
    with pytest.raises(DamagedDocumentError, match="cannot be read to the end"):
        read_file(tmp_path, "a.html", "<p>yuza" + "<div>" * 3000 + "chuqur")
