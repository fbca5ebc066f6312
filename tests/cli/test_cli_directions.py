"""`kb directions` and the filter `--direction`."""

import json

import pytest


def test_the_table_has_a_row_for_each_document_and_a_legend(kb):
    lines = kb("directions").stdout.splitlines()
    assert lines[4].split(maxsplit=1) == ["5", "Export (export)"]
    rows = lines[13:]
    assert len(rows) == 3
    monitoring = next(row for row in rows if "Methodology for monitoring" in row)
    assert int(monitoring.split()[10]) >= 70


@pytest.mark.parametrize(("lang", "label"), [("uz", "Eksport"), ("ru", "Экспорт"), ("en", "Export")])
def test_labels_are_in_the_asked_language(kb, lang, label):
    assert f"{label} (export)" in kb("directions", "--lang", lang).stdout


def test_json_holds_labels_cells_and_quotes(kb):
    found = json.loads(kb("directions", "--json", "--best", 1).stdout)
    assert len(found["cells"]) == 33
    assert found["directions"][0]["label"]["uz"] == "Tarmoqlararo hamkorlik"
    cell = max(found["cells"], key=lambda cell: cell["share"])
    assert cell["best"][0]["passage"]["text"]
    assert cell["best"][0]["document"]["id"] == cell["document_id"]


def test_a_direction_is_shown_with_its_passages(kb):
    shown = kb("directions", "--direction", "jobs_skills", "--best", 1, "--lang", "ru").stdout
    assert shown.startswith("Занятость и навыки: ")
    assert "«Живое ремесло»" in shown
    assert " p. " in shown


def test_search_is_narrowed(kb):
    hits = json.loads(kb("search", "results", "--direction", "monitoring_evaluation", "--json").stdout)
    assert hits
    assert all("monitoring_evaluation" in {one["name"] for one in hit["directions"]} for hit in hits)


def test_an_unknown_direction_is_an_error_that_names_the_known_ones(kb):
    result = kb("search", "results", "--direction", "exports")
    assert result.exit_code == 1
    assert "'exports'" in result.stderr
    assert "'export'" in result.stderr
