"""A real Chromium against the running app: what a person would do, and what must not happen meanwhile."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from app_records import HOSTILE
from model_server import event, running, start
from playwright.sync_api import TimeoutError as NotShown
from playwright.sync_api import expect, sync_playwright

from kb.knowledge_base import KnowledgeBase

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed: apt-get install chromium"),
]
ROOT = Path(__file__).parents[2]
FILES = (
    "en01_agrofood_strategy.pdf",
    "en02_export_consortia_guidelines.docx",
    "en03_financial_stability_note.pdf",
    "ru05_remesla_ocenka.html",
    "uz01_toqimachilik_strategiya.pdf",
    "uz04_ipak_monitoring.txt",
)
expect.set_options(timeout=20_000)
QUESTION = "Зарбулоқдаги кафолат компанияси кредитнинг қанча қисмига кафил бўлади ва кимлар учун бу улуш юқорироқ?"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where `kb app` runs over a fresh index of a few documents of the corpus and a hostile one."""
    folder = tmp_path_factory.mktemp("browser")
    documents = folder / "documents"
    documents.mkdir()
    for name in FILES:
        shutil.copy(ROOT / "corpus" / name, documents)
    hostile = f"{HOSTILE}\n\nThe zebra warehouse opens at dawn {HOSTILE} and it closes at dusk every day."
    (documents / "hostile.txt").write_text(hostile, encoding="utf-8")
    with KnowledgeBase.open(folder / "index") as base:
        assert not base.add(documents).failed
    command = [sys.executable, "-m", "kb", "app", "--index", str(folder / "index"), "--port", "0", "--no-browser"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder)
    try:
        line = running.stdout.readline()
        assert line.startswith("Klaster KB is at http://localhost:")
        yield line.rsplit(" ", 1)[1].strip()
    finally:
        running.terminate()
        running.wait(timeout=20)
        running.stdout.close()


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, address):
    """A fresh page of the app in English; leaving this machine, a script's dialog and a page error fail the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(90_000)
    hosts, accidents = set(), []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.on("dialog", lambda dialog: (accidents.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: accidents.append(str(error)))
    page.goto(address)
    yield page
    context.close()
    assert hosts - {None} <= {"localhost", "127.0.0.1"}
    assert not accidents


def ask(page, question):
    box = page.get_by_label("Ask in Uzbek, Russian or English")
    box.fill(question)
    box.press("Enter")


def test_a_question_in_uzbek_cyrillic_is_answered_from_an_english_page(page):
    ask(page, QUESTION)
    card = page.locator("article.kb-card").first
    expect(card.locator("h3")).to_contain_text("Financial Stability")
    expect(card.locator(".kb-facts")).to_contain_text("p. ")
    expect(card.locator(".kb-badge")).to_have_text("English")
    expect(card.locator("mark").first).to_contain_text("covers up to 60 percent of the principal of a loan")
    expect(page.locator(".kb-answer .kb-ref").first).to_have_attribute("href", "#kb-citation-1")
    picture = page.locator('[data-testid="stImage"] img').first
    expect(picture).to_be_visible()
    page.wait_for_function("Array.from(document.images).every(image => image.complete && image.naturalWidth > 0)")
    page.mouse.move(0, 0)
    screenshots = ROOT / "screenshots"
    screenshots.mkdir(exist_ok=True)
    wanted = [screenshots / "app.png", *filter(None, [os.environ.get("KB_SCREENSHOT")])]
    for path in wanted:
        page.screenshot(path=path)
        assert Path(path).stat().st_size > 20_000


def test_a_language_model_writes_beside_the_quotes_sentence_by_sentence(page):
    seen = threading.Event()

    def behave(handler):
        number = server.number_of("covers up to 60 percent")
        start(handler, "text/event-stream")
        handler.wfile.write(event(f"Компания кредит асосий суммасининг 60 фоизигача кафил бўлади [{number}]. Улуш"))
        handler.wfile.flush()
        seen.wait(20)
        rest = " аёллар бошқарадиган қарз олувчилар учун 95 фоизга етади <script>alert(3)</script>"
        handler.wfile.write(event(f"{rest} [{number}]."))

    with running() as server:
        server.behave = behave
        sidebar = page.locator("[data-testid=stSidebar]")
        sidebar.get_by_text("Language model", exact=True).click()
        for label, value in (("Address of the server", server.url), ("Name of the model", "test-model")):
            sidebar.get_by_label(label).fill(value)
            sidebar.get_by_label(label).press("Enter")
        sidebar.get_by_text("Let a language model write the answer too").click()
        ask(page, QUESTION)
        expect(page.locator(".kb-written")).to_contain_text("60 фоизигача")
        expect(page.locator("article.kb-card mark").first).to_contain_text("covers up to 60 percent")
        expect(page.locator(".kb-dropped")).to_have_count(0)
        seen.set()
        page.locator(".kb-dropped summary").click()
        expect(page.locator(".kb-dropped li")).to_contain_text("95 фоизга етади <script>")
        expect(page.locator(".kb-dropped li em")).to_contain_text("95")
        assert page.evaluate("document.querySelectorAll('.kb-dropped script').length") == 0


def test_a_number_in_the_answer_leads_to_its_citation(page):
    ask(page, QUESTION)
    last = page.locator(".kb-answer .kb-ref").last
    number = last.inner_text().strip("[]")
    card = page.locator(f"#kb-citation-{number}")
    expect(card).to_be_attached()
    last.click()
    expect(card).to_be_in_viewport()
    assert len(page.context.pages) == 1


def test_a_hostile_document_is_shown_as_text(page):
    page.locator("[data-testid=stSidebar]").get_by_label("Documents").click()
    page.get_by_role("option", name="onerror").click()
    chosen = page.locator("[data-testid=stSidebar] [data-testid=stMultiSelectTagsContainer]", has_text="onerror")
    expect(chosen).to_contain_text(HOSTILE)
    page.keyboard.press("Escape")
    ask(page, "When does the zebra warehouse open?")
    expect(page.locator("article.kb-card .kb-passage").first).to_contain_text(HOSTILE)
    expect(page.locator("article.kb-card h3").first).to_contain_text(HOSTILE)
    assert page.evaluate("document.querySelectorAll('.kb-card script, .kb-card img, .kb-card a').length") == 0
    page.get_by_role("tab", name="Documents").click()
    expect(page.get_by_text("Add documents")).to_be_visible()
    assert page.evaluate("document.querySelectorAll('img[src=x], a[href*=\"example.org\"], .katex').length") == 0


def test_the_keyboard_is_enough(page):
    box = page.get_by_label("Ask in Uzbek, Russian or English")
    box.focus()
    page.keyboard.type("How is the export manager paid?")
    page.keyboard.press("Enter")
    expect(page.locator("article.kb-card").first).to_be_visible()
    page.get_by_role("radio", name="Why this?").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".kb-why").first).to_contain_text("rank 1")


def test_nothing_runs_over_the_edge_of_a_phone(page):
    page.set_viewport_size({"width": 390, "height": 844})
    ask(page, QUESTION)
    expect(page.locator("article.kb-card mark").first).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    edges = page.evaluate("Array.from(document.querySelectorAll('.kb-card'), one => one.getBoundingClientRect().right)")
    assert max(edges) <= 390
    screenshots = ROOT / "screenshots"
    screenshots.mkdir(exist_ok=True)
    page.screenshot(path=screenshots / "phone.png")


def choose(page, label, option):
    """Choose from a list; a rerun of the page may close the list before the option is clicked, so open it again."""
    for _ in range(5):
        page.get_by_label(label, exact=True).filter(visible=True).click()
        wanted = page.get_by_role("option", name=option)
        try:
            wanted.click(timeout=6_000)
        except NotShown:
            page.keyboard.press("Escape")
        else:
            return
    pytest.fail(f"the list {label!r} never showed {option!r}")


def test_an_uploaded_file_can_be_asked_about_and_removed(page):
    page.get_by_role("tab", name="Documents").click()
    page.locator('input[type="file"]').set_input_files(
        {
            "name": "lantern.txt",
            "mimeType": "text/plain",
            "buffer": b"Lantern rules\n\nThe violet lantern is lit by the harbour master at nine every evening.",
        }
    )
    page.get_by_role("button", name="Add to the base").click()
    expect(page.locator(".kb-notice")).to_contain_text("Added: 1 ")
    page.get_by_role("tab", name="Ask").click()
    ask(page, "Who lights the violet lantern?")
    expect(page.locator("article.kb-card").first).to_contain_text("harbour master at nine every evening")
    page.get_by_role("tab", name="Documents").click()
    choose(page, "Document", "Lantern rules")
    page.get_by_role("button", name="Remove …").click()
    page.get_by_role("button", name="Yes, remove it").click()
    expect(page.locator(".kb-notice").first).to_contain_text("Lantern rules")
