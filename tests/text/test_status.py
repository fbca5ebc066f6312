import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.records import Block, Page
from kb.text.status import mark_of, status_of

BODY = "Ushbu strategiya klasterlarni rivojlantirish yoʻllarini belgilaydi. " * 6
MARKS = {
    "draft": (
        "Loyiha", "LOYIHA", "Лойиҳа", "ЛОЙИХА", "(Проект)", "ПРОЕКТ", "Проект.", "Draft", "[DRAFT]", "Draft v2",
        "Проект, версия 2.1", "Draft for discussion", "Qaror loyihasi", "Қонун лойиҳаси", "Проект постановления",
        "Draft law",
    ),
    "in_force": (
        "TASDIQLANGAN", "Tasdiqlayman", "Тасдиқланган", "Утверждено", "УТВЕРЖДЁН", "«УТВЕРЖДАЮ»", "Approved",
        "In force",
        "Утверждена постановлением Кабинета Министров Республики Узбекистан от 12 марта 2024 г. № 145",
        "УТВЕРЖДЕНО Указом Президента Республики Узбекистан от 28 января 2022 года № УП-60",
        "Vazirlar Mahkamasining 2024-yil 12-martdagi 145-son qarori bilan TASDIQLANGAN",
        "Вазирлар Маҳкамасининг 2024 йил 12 мартдаги 145-сон қарори билан тасдиқланган",
        "Approved by Resolution No. 145 of the Cabinet of Ministers",
    ),
    "repealed": (
        "Oʻz kuchini yoʻqotgan", "O'z kuchini yo'qotgan", "Oz kuchini yoqotgan", "Ўз кучини йўқотган",
        "Öz kuchini yöqotgan", "Hujjat 01.01.2023 yildan oʻz kuchini yoʻqotgan", "Утратил силу", "УТРАТИЛО СИЛУ",
        "Документ утратил силу 01.01.2023", "Утратил силу в соответствии с постановлением от 12.03.2024 № 145",
        "Repealed", "Repealed by Decree No. 5 of 2023", "No longer in force",
    ),
    "unknown": (
        "Draft animals", "draft animals carried the cotton", "Draft beer production", "Drafting", "loyiha qiymati",
        "Loyiha qiymati 5 mlrd soʻm", "Лойиҳа қиймати", "Loyihalar", "Loyiha boshqaruvi", "проект стоимостью 5 млн",
        "Проект стоимостью 5 млрд сумов", "Проект развития туризма", "Проекты", "Отчёт о проекте", "Approved budget",
        "Approved by farmers, the scheme spread.", "Not approved", "Не утверждено", "Tasdiqlanmagan",
        "Approved by the Ministry of Finance, the programme will run until 2030.", "Утверждено 12 проектов",
        "Tasdiqlangan byudjet", "Утратили силу 12 постановлений", "Признать утратившими силу", "Repealed laws",
        "Действует с 2020 года льгота по налогу", "In force since 2020 the tax applies to all",
    ),
}  # fmt: skip


def pages_of(*lines, kinds=()):
    text, blocks = "", []
    for place, line in enumerate(lines):
        start = len(text) + (2 if text else 0)
        text += ("\n\n" if text else "") + line
        blocks.append(Block(kinds[place] if place < len(kinds) else "paragraph", start, start + len(line)))
    return (Page(1, "1", text, tuple(blocks)),)


@pytest.mark.parametrize(("status", "line"), [(status, line) for status, lines in MARKS.items() for line in lines])
def test_a_line_is_a_mark_only_when_it_is_nothing_else(status, line):
    assert mark_of(line) == status
    assert status_of("Strategiya", pages_of("Strategiya", line, BODY)) == status


def test_a_mark_counts_at_the_head_only():
    assert status_of("Strategiya", pages_of("Strategiya", BODY, "LOYIHA")) == "unknown"
    assert status_of("Strategiya", pages_of(*["Bir qator"] * 12, "LOYIHA")) == "unknown"


def test_cells_and_items_are_no_marks():
    assert (
        status_of("Jadval", pages_of("Jadval", "Проект", "Draft", kinds=("title", "table_row", "list_item")))
        == "unknown"
    )


def test_the_name_of_a_project_is_no_draft():
    assert status_of("«Чистая вода»", pages_of("ПРОЕКТ", "«Чистая вода»", BODY)) == "unknown"
    assert status_of("x", pages_of("Проект", "развития туризма", BODY)) == "unknown"
    assert status_of("x", pages_of("Проект", "Концепция развития туризма", BODY)) == "draft"


@pytest.mark.parametrize(
    "title",
    [
        "Klasterlar toʻgʻrisidagi qonun loyihasi", "Кластерлар тўғрисидаги қарор лойиҳаси",
        "Концепция туризма (проект)",
        "Проект постановления о мерах поддержки", "Draft strategy for tourism", "Tourism concept [draft 2]",
    ],
)  # fmt: skip
def test_a_title_may_say_that_it_is_of_a_draft(title):
    assert status_of(title, pages_of(title, BODY)) == "draft"


def test_the_stamp_that_a_draft_leaves_to_be_filled_is_no_approval():
    stamp = "УТВЕРЖДЕНО постановлением Кабинета Министров от «___» ________ 2026 г. № ____"
    assert status_of("Положение", pages_of(stamp, "Положение", BODY)) == "unknown"
    assert status_of("Положение", pages_of("Проект", "УТВЕРЖДЕНО", "Положение", BODY)) == "draft"


def test_what_was_repealed_counts_no_longer_though_it_was_approved():
    assert status_of("Nizom", pages_of("TASDIQLANGAN", "Oʻz kuchini yoʻqotgan", "Nizom", BODY)) == "repealed"


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("Статус: утратил силу", "repealed"), ("Hujjat holati: amalda", "in_force"), ("Status: Draft", "draft"),
        ("Ҳужжатнинг ҳолати: лойиҳа", "draft"), ("Status: open", "unknown"), ("Marital status: draft", "unknown"),
    ],
)  # fmt: skip
def test_a_label_says_it_too(line, status):
    assert status_of("Title", pages_of("Title", line, BODY)) == status


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=5))
def test_any_text_has_a_status(title, lines):
    assert status_of(title, pages_of(*lines)) in {"draft", "in_force", "repealed", "unknown"}
