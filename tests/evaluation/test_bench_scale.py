"""Synthetic documents are the same every time and real for the store; a run goes on where it stopped."""

import importlib
import json
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest

from kb import KnowledgeBase
from kb.models.encoder import load_encoder
from kb.store.database import Database

TOOLS = Path(__file__).parents[2] / "tools"


@pytest.fixture(scope="module")
def tools():
    """The three modules of the bench, importable while these tests run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(TOOLS), *sys.path])
        names = ("bench_scale", "bench_scale_material", "bench_scale_picture")
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})


@pytest.fixture(scope="module")
def pools(tools, small_index):
    with Database.open(small_index, create=False) as database:
        return tools.bench_scale_material.pools_of(database, load_encoder("fast"))


def test_a_document_depends_on_the_seed_and_its_number_alone(tools, pools):
    document = tools.bench_scale_material.document
    made = [document(number, pools, seed) for number, seed in ((3, 1), (3, 1), (4, 1), (3, 2))]
    texts = [[passage.text for passage in passages] for _, passages in made]
    assert texts[0] == texts[1]
    assert texts[0] not in texts[2:]
    assert len(texts[0]) == 100


def test_a_passage_is_real_sentences_with_their_words_and_vectors(tools, pools):
    read, passages = tools.bench_scale_material.document(0, pools, 5)
    pool = next(one for one in pools if (one.language, one.spelling) == (passages[0].language, passages[0].spelling))
    for passage in passages[:20]:
        pieces = [passage.text[start:end] for start, end in passage.sentences]
        assert " ".join(pieces) == passage.text
        assert set(pieces) <= set(pool.sentences)
        [span] = passage.spans
        assert read.pages[span.page_index - 1].text[span.start : span.end] == passage.text
        assert passage.vector @ passage.vector == pytest.approx(1.0, abs=1e-5)
    joined = load_encoder("fast").encode_passages([passage.text for passage in passages])
    cosines = [float(one @ passage.vector) for one, passage in zip(joined, passages, strict=True)]
    assert min(cosines) > 0.9


def test_an_interrupted_run_goes_on_and_comes_to_the_same_index(tools, pools, tmp_path):
    write = tools.bench_scale_material.write
    for name, parts in (("whole", [range(3)]), ("twice", [range(1), range(3), range(3)])):
        KnowledgeBase.open(tmp_path / name, model="fast").close()
        with Database.open(tmp_path / name, create=False) as database:
            for part in parts:
                write(database, part, pools, 5)
    with KnowledgeBase.open(tmp_path / "whole") as whole, KnowledgeBase.open(tmp_path / "twice") as twice:
        assert whole.documents() == twice.documents()
        assert whole.statistics()["passages"] == 300
        assert twice.verify().ok
        assert whole.search("cluster export") == twice.search("cluster export")


def test_sizes_that_were_measured_are_not_measured_again(tools, small_index, tmp_path, monkeypatch):
    bench_scale = tools.bench_scale
    asked = []

    def run(command, **_):
        if command[2] == "--measure":
            asked.append(command[3])
            row = bench_scale.measure(Path(command[3]))
        else:
            row = bench_scale.make(Path(command[3]), Path(command[5]), int(command[7]), command[9])
        return SimpleNamespace(stdout=json.dumps(row))

    monkeypatch.setattr(bench_scale, "QUESTIONS", 5)
    monkeypatch.setattr(bench_scale.subprocess, "run", run)
    shutil.copytree(small_index, tmp_path / "fast" / "corpus")
    for again in (False, False, True):
        bench = bench_scale.Bench(tmp_path, "fast", again=again)
        for size in (100, 200):
            bench.size(size)
    once = [str(tmp_path / "fast" / name) for name in ("100", "200")]
    assert asked == once * 2
    assert [bench.rows[name]["passages"] for name in ("100", "200")] == [100, 200]
    assert 0 < bench.rows["200"]["p50_ms"] <= bench.rows["200"]["p95_ms"]
    assert bench.rows["200"]["snapshot_s"] > 0, "what making took is kept"
    page = bench_scale.page(bench.rows, "fast")
    assert page.count("| synthetic |") == 2
    ET.fromstring(bench_scale.picture(bench.rows))


def test_the_picture_places_points_on_logarithmic_axes_and_escapes_names(tools):
    source = tools.bench_scale_picture.growth_curve(
        "a < b", "x & y", "ms", {"<one>": [(10, 1), (100, 10), (1000, 100)]}, [(100, 50)]
    )
    svg = ET.fromstring(source)
    line = next(one for one in svg.iter() if one.tag.endswith("polyline"))
    places = [tuple(map(float, place.split(","))) for place in line.get("points").split()]
    (x1, y1), (x2, y2), (x3, y3) = places
    assert x2 - x1 == pytest.approx(x3 - x2, abs=0.2)
    assert y1 - y2 == pytest.approx(y2 - y3, abs=0.2)
    assert y1 > y3
    words = [one.text for one in svg.iter() if one.tag.endswith("text")]
    assert {"a < b", "x & y", "<one>", "target 50"} <= set(words)
    with pytest.raises(ValueError, match="at least one point"):
        tools.bench_scale_picture.growth_curve("t", "x", "y", {})
