"""Documents that are alike but for their year or sector: the one that the question names comes first."""

from pathlib import Path

import pytest

from kb import KnowledgeBase
from kb.retrieval.names import years_of

REPORT = "The export volume of the region came to {} million dollars and {} jobs were created.\n"
SECTORS = {
    "textile": ("Toʻqimachilik", "текстильного", "textile"),
    "fruit": ("Meva-sabzavot", "плодоовощного", "fruit and vegetable"),
}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    for place, year in enumerate((2022, 2023, 2024)):
        text = f"---\ndate: {year}-11-03\n---\n# Report on clusters\n\n{REPORT.format(80 + place, 320 + place)}"
        (folder / f"dated_{year}.md").write_text(text, encoding="utf-8")
        text = (
            f"Klasterlar boʻyicha {year}-yilgi hisobot\n\nHudud eksporti {40 + place} million dollarni tashkil etdi.\n"
        )
        (folder / f"titled_{year}.txt").write_text(text, encoding="utf-8")
    for name, (uzbek, russian, english) in SECTORS.items():
        texts = {
            "uz": f"{uzbek} klasterini rivojlantirish dasturi\n\nDavlat xarajatlarning yarmini qoplaydi.\n",
            "ru": f"Программа развития {russian} кластера\n\nГосударство покрывает треть расходов.\n",
            "en": f"Development programme of the {english} cluster\n\nThe state covers a quarter of the costs.\n",
        }
        for language, text in texts.items():
            (folder / f"sector_{name}_{language}.txt").write_text(text, encoding="utf-8")
    with KnowledgeBase.open(tmp_path_factory.mktemp("base") / "index") as made:
        assert not made.add(folder).failed
        yield made


def first_of(base, question, kind):
    names = [Path(hit.document.path).stem for hit in base.search(question, 12)]
    return next(name for name in names if name.startswith(kind))


@pytest.mark.parametrize("year", ["2022", "2023", "2024"])
@pytest.mark.parametrize(
    "question",
    [
        "{}-yilgi hisobotda eksport hajmi qancha?",
        "{} йилги ҳисоботда экспорт ҳажми қанча?",
        "Каков объём экспорта в отчёте за {} год?",
        "What was the export volume in the {} report?",
    ],
)
def test_a_year_prefers_documents_titled_or_dated_so(base, question, year):
    assert first_of(base, question.format(year), "dated") == f"dated_{year}"
    assert first_of(base, question.format(year), "titled") == f"titled_{year}"


@pytest.mark.parametrize(
    ("question", "sector"),
    [
        ("Toʻqimachilik klasteri dasturida xarajatlar qanday qoplanadi?", "textile"),
        ("Какую часть расходов покрывает государство в программе плодоовощного кластера?", "fruit"),
        ("What share of costs does the state cover in the textile cluster programme?", "textile"),
    ],
)
@pytest.mark.parametrize("language", ["uz", "ru", "en"])
def test_a_sector_prefers_its_documents_in_all_languages(base, question, sector, language):
    names = [Path(hit.document.path).stem for hit in base.search(question, 12)]
    assert next(name for name in names if name.startswith("sector") and name.endswith(language)).split("_")[1] == sector


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2024-yilgi hisobot", {"2024"}),
        ("в отчёте за 2023 год", {"2023"}),
        ("strategy 2022–2025", {"2022", "2023", "2024", "2025"}),
        ("2 024 tonnes, 12024, 2024.5, 3.2024 and 1800", set()),
        ("In 2024.", {"2024"}),
    ],
)
def test_years_are_read_from_questions(text, years):
    assert years_of(text) == years
