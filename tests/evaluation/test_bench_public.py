"""The bench on public sets searches as a user would and prints our row under the published ones."""

import importlib
import json
import runpy
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"
EN = ("The harbour of the lake town was rebuilt in stone.", "A violin has four strings tuned in fifths.")
RU = ("Гавань озёрного города перестроили из камня.", "У скрипки четыре струны, настроенные по квинтам.")
QUESTIONS = {
    "en": ("What was the harbour rebuilt in?", "How many strings has a violin?"),
    "ru": ("Из чего перестроили гавань?", "Сколько струн у скрипки?"),
}


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(TOOLS), *sys.path])
    return importlib.import_module("bench_public")


@pytest.fixture
def data(tmp_path):
    """A folder with sets of two passages, in the form of the public ones."""
    folder = tmp_path / "data" / "eval"
    folder.mkdir(parents=True)
    for language, passages in (("ru", RU), ("en", EN)):
        rows = [
            {"passage_id": number, "passage": text, "question": QUESTIONS[language][number]}
            for number, text in enumerate(passages)
        ]
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n"
        (folder / f"belebele_{language}.jsonl").write_text(lines, encoding="utf-8")
    uzbek = {"passage_id": 1, "passage": "Skripkaning toʻrtta tori bor."}
    (folder / "belebele_uz_passages_from_flores.jsonl").write_text(json.dumps(uzbek) + "\n", encoding="utf-8")
    rows = [f"{number}\t{ru}\t{en}" for number, (ru, en) in enumerate(zip(RU, EN, strict=True))]
    (folder / "xquad_passages.tsv").write_text("\n".join(["passage_id\tru\ten", *rows, ""]), encoding="utf-8")
    rows = [f"{number}\t{QUESTIONS['ru'][number]}\t{QUESTIONS['en'][number]}\t0\t0" for number in range(2)]
    head = "passage_id\tru\ten\tanswer_ru\tanswer_en"
    (folder / "xquad_questions.tsv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return folder.parent


def test_each_passage_of_a_set_is_one_passage_of_the_index(bench, tmp_path):
    long = " ".join(f"Sentence number {number} speaks about the harbour." for number in range(80))
    bench.fill(tmp_path, {"7": long, "8": EN[1]}, "fast")
    with bench.KnowledgeBase.open(tmp_path, create=False) as base:
        assert [(one.path, one.passage_count, one.title) for one in base.documents()] == [("7", 1, ""), ("8", 1, "")]
        assert base.search("the harbour", k=1)[0].passage.text == long
        assert base.verify().ok


def test_only_questions_with_a_passage_in_the_index_count(bench, tmp_path):
    bench.fill(tmp_path, {"1": EN[1]}, "fast")
    questions = {"How many strings has a violin?": {"1", "9"}, "What was the harbour rebuilt in?": {"0"}}
    with bench.KnowledgeBase.open(tmp_path, create=False) as base:
        figure = bench.ask(base, {"1": EN[1]}, questions)
    assert (figure.questions, figure.passages, figure.ndcg_10) == (1, 1, 1.0)
    assert figure.queries_per_second > 0


def test_the_tables_hold_all_pairs_under_the_published_rows(bench, data, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bench_public.py", str(data)])
    bench.main()
    belebele, xquad = capsys.readouterr().out.split("\n\n")
    head = belebele.splitlines()[1].split()
    assert set(head) == {f"{asked}>{pool}" for asked in ("ru", "en") for pool in ("ru", "en", "uz", "uz-cyrillic")}
    ours = next(line for line in belebele.splitlines() if line.startswith("Klaster KB, model fast"))
    values = dict(zip(head, map(float, ours.removeprefix("Klaster KB, model fast").split()), strict=True))
    assert values["ru>ru"] == values["en>en"] == 1.0
    assert "bge-m3 (568 M)" in belebele
    assert xquad.splitlines()[1].split()[:2] == ["ru>ru", "en>en"]


def test_json_holds_every_figure(bench, data, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bench_public.py", str(data), "--json", "--only", "xquad"])
    bench.main()
    figures = json.loads(capsys.readouterr().out)
    assert list(figures) == ["xquad"]
    assert set(figures["xquad"]) == {"ru>ru", "en>ru", "ru>en", "en>en"}
    assert figures["xquad"]["en>en"]["questions"] == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [((), "make bench-public DATA="), (("nowhere",), "belebele_ru.jsonl"), (("x", "--only", "squad"), "squad")],
)
def test_missing_data_is_said_clearly(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["bench_public.py", *arguments])
    monkeypatch.setattr(sys, "path", list(sys.path))
    with pytest.raises(SystemExit, match="2"):
        runpy.run_path(str(TOOLS / "bench_public.py"), run_name="__main__")
    assert said in capsys.readouterr().err
