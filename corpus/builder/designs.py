"""How each PDF looks: engine, type, running heads, page numbers. Together they show what readers must cope with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Design:
    """One PDF's design.

    `header` is (left, right), `even_header` replaces it on even pages, `footer` may hold {label} and {total}.
    `contents` names a contents page: the document then has Roman front matter and /PageLabels. Printed numbers begin
    at `first_number`, without /PageLabels. `starts` are the headings (from 1) that begin a page, for an engine that
    does not tell where it broke. `metadata_title` replaces the title in the file's metadata, as careless exports do.
    """

    engine: Literal["reportlab", "weasyprint", "chromium"]
    family: str
    header: tuple[str, str]
    footer: str
    even_header: tuple[str, str] | None = None
    footer_side: Literal["left", "center", "right", "outer"] = "center"
    bare_first: bool = False
    size: float = 11
    leading: float = 16
    margin_mm: float = 25
    columns: int = 1
    hyphens: bool = False
    first_number: int = 1
    contents: str = ""
    starts: tuple[int, ...] = ()
    metadata_title: str | None = None
    author: str = ""


DESIGNS: dict[str, Design] = {
    "uz01_toqimachilik_strategiya": Design(
        engine="reportlab",
        family="DejaVu Serif",
        header=("Zarbuloq viloyati", "Strategiya, 2025–2030"),
        footer="– {label} –",
        contents="Mundarija",
        author="Zarbuloq viloyati Investitsiyalar va sanoat boshqarmasi",
    ),
    "uz03_tarmoqlararo_maqola": Design(
        engine="reportlab",
        family="Noto Serif",
        header=("", "Klaster iqtisodiyoti: konferensiya toʻplami"),
        even_header=("Tarmoqlararo hamkorlik shoʻbasi", ""),
        footer="{label}",
        columns=2,
        size=12,
        leading=19.5,
        margin_mm=32,
        hyphens=True,
        first_number=37,
    ),
    "uz08_chorvachilik_baholash": Design(
        engine="weasyprint",
        family="Noto Sans",
        header=("Qumtepa tumani", "«Agrotahlil» markazi hisoboti"),
        footer="{label} / {total}",
        footer_side="right",
    ),
    "uz09_kulolchilik_bayonnoma": Design(
        engine="chromium",
        family="DejaVu Serif",
        header=("6-сонли баённома", "Олтинқир керамика кластери"),
        footer="{label}",
        starts=(2, 3, 5),
    ),
    "uz10_farmatsevtika_konsepsiya": Design(
        engine="reportlab",
        family="DejaVu Serif",
        header=("", "Фармацевтика агентлиги лойиҳаси"),
        even_header=("Концепция, 2032", ""),
        footer="{label}",
        footer_side="outer",
        contents="Мундарижа",
        author="Фармацевтика агентлиги",
    ),
    "uz12_elektrotexnika_investor": Design(
        engine="weasyprint",
        family="Noto Sans",
        header=("Kökdaryo Elektr", "investor uçun"),
        footer="{label}-bet",
        footer_side="right",
        bare_first=True,
    ),
    "ru01_mashinostroenie_strategiya": Design(
        engine="reportlab",
        family="Liberation Serif",
        header=("Олтинкирская область", "Стратегия до 2031 года"),
        footer="Страница {label} из {total}",
        footer_side="right",
        size=12,
        leading=18,
        hyphens=True,
    ),
    "ru02_gornyi_ekologiya_koncepciya": Design(
        engine="weasyprint",
        family="Noto Serif",
        header=("Кумушсайский район", "Концепция экологизации: официальный текст"),
        footer="стр. {label}",
        metadata_title="Microsoft Word - Концепция_финал_испр.doc",
    ),
    "ru06_strateg_upravlenie_statya": Design(
        engine="weasyprint",
        family="Liberation Serif",
        header=("", "Материалы конференции. Выпуск 4"),
        even_header=("Управление кластерами", ""),
        footer="{label}",
        footer_side="outer",
        columns=2,
        size=12.5,
        leading=20.5,
        margin_mm=32,
        hyphens=True,
        first_number=112,
    ),
    "mix01_trilingual_article": Design(
        engine="weasyprint",
        family="DejaVu Serif",
        header=("Hudud iqtisodiyoti, 2025, № 4", "{label}"),
        footer="Агросаноат · Агропром · Agro-industry",
        columns=2,
        size=10,
        leading=14.5,
        margin_mm=22,
        hyphens=True,
    ),
    "en01_agrofood_strategy": Design(
        engine="chromium",
        family="Liberation Sans",
        header=("Kukdaryo Region", "Agro-food strategy"),
        footer="Page {label}",
        footer_side="right",
        starts=(3, 5, 7),
    ),
    "en03_financial_stability_note": Design(
        engine="reportlab",
        family="Noto Sans",
        header=("Finance Department", "Policy note 3/2026"),
        footer="Page {label} of {total}",
        bare_first=True,
        size=10.5,
    ),
    "en05_technology_transfer_evaluation": Design(
        engine="weasyprint",
        family="Liberation Serif",
        header=("Open Bench evaluation, 2021–2025", ""),
        footer="Bureau of Economic Research | {label}",
        footer_side="left",
        size=12,
        leading=18,
        hyphens=True,
    ),
    "en07_intersectoral_comparative_study": Design(
        engine="reportlab",
        family="Liberation Serif",
        header=("Comparative Studies, No. 3", "{label}"),
        even_header=("{label}", "Comparative Studies, No. 3"),
        footer="Sarvisoy, September 2025",
        columns=2,
        size=12.5,
        leading=20.5,
        margin_mm=32,
        hyphens=True,
        first_number=5,
        metadata_title="",
    ),
}


def number_labels(design: Design, count: int, front: int = 0) -> list[str]:
    """Return the printed label of each of `count` pages, the first `front` of which are Roman."""
    from builder.pages import roman  # noqa: PLC0415

    body = [str(design.first_number + place) for place in range(count - front)]
    return [roman(place + 1) for place in range(front)] + body


def page_furniture(design: Design, index: int, label: str, total: int) -> tuple[str, str, str]:
    """Return header left, header right and footer of page `index` (from 1); empty strings where nothing stands."""
    if design.bare_first and index == 1:
        return "", "", design.footer.format(label=label, total=total)
    left, right = design.even_header if design.even_header and index % 2 == 0 else design.header
    return left.format(label=label), right.format(label=label), design.footer.format(label=label, total=total)
