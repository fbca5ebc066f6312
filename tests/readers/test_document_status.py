import pytest
from reader_files import PdfPage, docx, pdf, read_file

BODY = "Klasterlarni rivojlantirish choralari quyida bayon etiladi va har yili yangilanadi. "
STAMPS = [
    ("LOYIHA", "draft"), ("Лойиҳа", "draft"), ("ПРОЕКТ", "draft"), ("DRAFT", "draft"),
    ("TASDIQLANGAN", "in_force"), ("Тасдиқланган", "in_force"), ("УТВЕРЖДЕНО", "in_force"), ("APPROVED", "in_force"),
    ("Oʻz kuchini yoʻqotgan", "repealed"), ("Oz kuchini yoqotgan", "repealed"), ("Öz kuchini yöqotgan", "repealed"),
    ("Ўз кучини йўқотган", "repealed"), ("Утратил силу", "repealed"), ("Repealed", "repealed"),
    ("Draft animals", "unknown"), ("Loyiha qiymati 5 mlrd", "unknown"), ("Проект стоимостью 5 млрд", "unknown"),
]  # fmt: skip
every_stamp = pytest.mark.parametrize(("stamp", "status"), STAMPS)


def paragraph(text):
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


@every_stamp
def test_pdf(tmp_path, stamp, status):
    page = PdfPage().text(450, 50, stamp)
    page.text(60, 90, "Klasterlarni rivojlantirish strategiyasi", 18, bold=True)
    page.lines(60, 130, [BODY] * 8)
    read = read_file(tmp_path, "a.pdf", pdf([page]))
    assert (read.status, read.title) == (status, "Klasterlarni rivojlantirish strategiyasi")


@every_stamp
def test_word(tmp_path, stamp, status):
    read = read_file(tmp_path, "a.docx", docx(paragraph(stamp) + paragraph("Strategiya") + paragraph(BODY * 5)))
    assert read.status == status
    assert status == "unknown" or read.title == "Strategiya", "the stamp is not the title"


@every_stamp
def test_web_page(tmp_path, stamp, status):
    html = f"<meta charset=utf-8><body><p>{stamp}</p><h1>Strategiya</h1><p>{BODY * 5}</p></body>"
    assert read_file(tmp_path, "a.html", html).status == status


@every_stamp
def test_plain_text(tmp_path, stamp, status):
    read = read_file(tmp_path, "a.txt", f"{stamp}\n\nStrategiya 2030\n\n{BODY * 5}\n")
    assert read.status == status
    assert status == "unknown" or read.title == "Strategiya 2030"


@pytest.mark.parametrize(
    ("stamp", "status"), [("ПРОЕКТ", "draft"), ("УТВЕРЖДЕНО", "in_force"), ("Документ утратил силу", "repealed")]
)
def test_plain_text_in_cp1251(tmp_path, stamp, status):
    text = f"{stamp}\n\nСтратегия развития кластеров\n\n{'Меры поддержки кластеров изложены ниже по разделам. ' * 9}\n"
    read = read_file(tmp_path, "a.txt", text.encode("cp1251"))
    assert (read.status, read.title) == (status, "Стратегия развития кластеров")


def test_properties_of_files_say_it_where_the_text_does_not(tmp_path):
    markdown = f"---\ntitle: Strategiya\nstatus: draft\n---\n# Strategiya\n\n{BODY}\n"
    assert read_file(tmp_path, "a.md", markdown).status == "draft"
    html = f'<meta charset=utf-8><meta name="DCTERMS.status" content="Утратил силу"><h1>Закон</h1><p>{BODY}</p>'
    assert read_file(tmp_path, "a.html", html).status == "repealed"
