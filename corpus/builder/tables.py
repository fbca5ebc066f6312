"""Summary tables added to some documents: every number in them stands in the paragraph that they follow.

`after` is a piece of that paragraph; the builder refuses a table with a number that the paragraph does not have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.source import BuildError

if TYPE_CHECKING:
    from builder.source import Block, Source


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption above it; the first row is the header."""

    after: str
    caption: str
    rows: tuple[tuple[str, ...], ...]


TABLES: dict[str, Table] = {
    "uz01_toqimachilik_strategiya": Table(
        "jami 3,4 trillion soʻm",
        "1-jadval. Moliyalashtirish manbalari",
        (
            ("Manba", "Ulushi, foiz"),
            ("Klasterlar mablagʻi va bank krediti", "58"),
            ("Toʻgʻridan-toʻgʻri xorijiy investitsiya", "27"),
            ("Byudjet va jamgʻarmalar", "15"),
        ),
    ),
    "uz03_tarmoqlararo_maqola": Table(
        "oʻzaro ishonchsizlikni",
        "1-jadval. Toʻsiqlar",
        (
            ("Toʻsiq", "Foiz"),
            ("Ishonchsizlik", "57"),
            ("Alohida hisobotlar", "44"),
            ("Noaniq mulk huquqi", "39"),
        ),
    ),
    "uz08_chorvachilik_baholash": Table(
        "Dasturga 74 milliard soʻm",
        "1-jadval. Dastur xarajatlari tarkibi",
        (
            ("Yoʻnalish", "Ulushi, foiz"),
            ("Naslli qoramol xaridi", "46"),
            ("Sut yigʻish punktlari", "24"),
            ("Yem-xashak ekinlari", "18"),
            ("Veterinariya va oʻqitish", "12"),
        ),
    ),
    "uz09_kulolchilik_bayonnoma": Table(
        "Еттита туннел печидан",
        "1-жадвал. Бир квадрат метр плитка учун газ сарфи",
        (("Печ", "Газ, куб метр"), ("Эски", "3,4"), ("Янги", "1,9")),
    ),
    "uz10_farmatsevtika_konsepsiya": Table(
        "Мақсадли кўрсаткичлар қуйидагича",
        "1-жадвал. Мақсадли кўрсаткичлар",
        (
            ("Кўрсаткич", "Ҳозир", "Мақсад"),
            ("Плантация майдони, гектар", "2 100", "9 000"),
            ("Экспорт, миллион доллар", "12", "70"),
            ("Маҳаллий фаол моддалар улуши, фоиз", "8", "35"),
        ),
    ),
    "uz12_elektrotexnika_investor": Table(
        "Kiritilgan mablağ 3 million",
        "1-jadval. Foyda soliğidan ozod qiliş",
        (
            ("Kiritilgan mablağ", "Muddat"),
            ("3 million dollardan ortiq", "uç yil"),
            ("10 million dollardan ortiq", "yetti yil"),
        ),
    ),
    "ru01_mashinostroenie_strategiya": Table(
        "Промежуточные значения установлены",
        "Таблица 1. Промежуточные значения на конец 2028 года",
        (
            ("Показатель", "Значение"),
            ("Локализация, процентов", "57"),
            ("Экспорт, миллионов долларов", "95"),
        ),
    ),
    "ru02_gornyi_ekologiya_koncepciya": Table(
        "К 2033 году намечено",
        "Таблица 1. Ориентиры к 2033 году",
        (
            ("Показатель", "Изменение, процентов"),
            ("Выбросы пыли", "минус 55"),
            ("Забор свежей воды на тонну руды", "минус 40"),
            ("Выбросы парниковых газов", "минус 25"),
        ),
    ),
    "en01_agrofood_strategy": Table(
        "The strategy requires 312 million",
        "Table 1. Sources of funding",
        (
            ("Source", "Percent"),
            ("Clusters and commercial lenders", "49"),
            ("Development finance institutions", "26"),
            ("Foreign partners", "17"),
            ("Regional budget", "8"),
        ),
    ),
    "en03_financial_stability_note": Table(
        "From 1 July 2026 every cluster",
        "Table 1. The four ratios",
        (
            ("Ratio", "Threshold"),
            ("Current liquidity", "at least 1.15"),
            ("Quick liquidity", "at least 0.7"),
            ("Debt to annual operating profit", "no more than 3.5"),
            ("Largest buyer's share of receivables", "no more than 35 percent"),
        ),
    ),
    "en05_technology_transfer_evaluation": Table(
        "By this definition 61 projects",
        "Table 1. How the projects ended",
        (
            ("Outcome", "Projects"),
            ("Transferred", "61"),
            ("Stopped at a prototype", "37"),
            ("Changed their aim", "29"),
            ("Abandoned", "16"),
        ),
    ),
    "en07_intersectoral_comparative_study": Table(
        "The share of contracts renewed",
        "Table 1. Contracts renewed and cost cut, percent",
        (
            ("Pair", "Renewed", "Cost cut"),
            ("Kumushsoy", "71", "8.4"),
            ("Tolzor", "66", "6.9"),
            ("Chimyonlik", "58", "2.5"),
            ("Oltinkir", "44", "3.7"),
        ),
    ),
    "mix01_trilingual_article": Table(
        "Platformadan foydalanuvchilarda indeks",
        "1-jadval. Diversifikatsiya indeksi",
        (
            ("Guruh", "2021", "2024"),
            ("Platforma", "0,41", "0,63"),
            ("Taqqoslash", "0,40", "0,46"),
        ),
    ),
    "uz02_meva_sabzavot_nizom": Table(
        "Arizalar ball tizimida",
        "1-jadval. Baholash mezonlari",
        (
            ("Mezon", "Ball"),
            ("Eksport shartnomasi mavjudligi", "25"),
            ("Doimiy ish oʻrinlari", "20"),
            ("Qayta ishlash chuqurligi", "20"),
            ("Energiya tejamkorligi", "15"),
            ("Kichik dehqonlarning ishtiroki", "20"),
        ),
    ),
    "uz11_moliyaviy_tahlil": Table(
        "Яшил гуруҳга 9 та",
        "1-жадвал. Кластерларнинг гуруҳлари",
        (("Гуруҳ", "Кластерлар"), ("Яшил", "9"), ("Сариқ", "11"), ("Қизил", "7")),
    ),
    "ru03_tekstil_polozhenie": Table(
        "При экспорте готовой одежды",
        "Таблица 1. Компенсация перевозки до границы",
        (("Товар", "Доля, процентов"), ("Готовая одежда", "30"), ("Ткани", "10"), ("Пряжа", "не предусмотрена")),
    ),
    "en02_export_consortia_guidelines": Table(
        "The Centre reimburses 50 percent",
        "Table 1. Share of entry costs reimbursed",
        (("Year", "Percent"), ("First", "50"), ("Second", "35"), ("Third", "20")),
    ),
    "en06_monitoring_methodology": Table(
        "An indicator is green at 95",
        "Table 1. Colours of an indicator",
        (
            ("Colour", "Share of the target"),
            ("Green", "95 percent or more"),
            ("Amber", "80 to 94 percent"),
            ("Red", "below 80 percent"),
        ),
    ),
    "en04_investor_guide_pharma": Table(
        "Ninety-six hectares are free",
        "Table 1. Free plots",
        (
            ("Belt", "Hectares", "Yearly rent, dollars per square metre"),
            ("A, clean production", "41", "1.4"),
            ("B, general chemistry", "35", "1.0"),
            ("C, hazardous processes", "20", "0.8"),
        ),
    ),
    "uz06_turizm_dastur": Table(
        "2027-yil oxirigacha sayyohlar soni",
        "1-jadval. 2027-yil oxiri uchun maqsadlar",
        (
            ("Koʻrsatkich", "Maqsad"),
            ("Sayyohlar, ming nafar", "150"),
            ("Oʻrtacha qolish muddati, kun", "2,5"),
            ("Bir sayyohning sarfi, dollar", "60"),
            ("Mehmon uylari", "120"),
        ),
    ),
    "ru05_remesla_ocenka": Table(
        "Программа состояла из четырёх частей",
        "Таблица 1. Распределение средств",
        (
            ("Статья", "Доля, процентов"),
            ("Гранты", "43"),
            ("Обучение", "29"),
            ("Торговля", "17"),
            ("Управление", "11"),
        ),
    ),
    "en08_workforce_programme": Table(
        "Technicians study for two years",
        "Table 1. Apprentice's pay",
        (
            ("Period", "Share of a qualified worker's wage, percent"),
            ("First six months", "50"),
            ("Next six months", "65"),
            ("Second year", "80"),
        ),
    ),
}


def table_after(source: Source, block: Block) -> Table | None:
    """Return the table that follows `block`. Raises BuildError for a number that the paragraph does not have."""
    table = TABLES.get(source.stem)
    if table is None or block.kind != "paragraph" or table.after not in block.text:
        return None
    known = set(re.findall(r"\d+(?:[., ]\d+)*", block.text))
    for row in table.rows:
        for number in re.findall(r"\d+(?:[., ]\d+)*", " | ".join(row)):
            if not any(number in have for have in known):
                raise BuildError(f"{source.stem}: the table has {number}, the paragraph does not")
    return table
