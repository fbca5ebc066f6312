"""Directions of real passages: right in three languages, stable, filterable, and quoted verbatim."""

import json
from pathlib import Path

import numpy as np
import pytest

from kb import KnowledgeBase
from kb.directions.features import FEATURES, Evidence
from kb.directions.meanings import meanings
from kb.directions.model import load_model
from kb.directions.scoring import Directions
from kb.directions.taxonomy import LANGUAGES, load_taxonomy
from kb.errors import NotFoundError, QueryError
from kb.models.encoder import load_encoder
from kb.settings import Settings

LABELS = Path(__file__).parents[2] / "corpus" / "directions.jsonl"


def squeezed(text):
    return "".join(text.replace("**", "").split())


@pytest.fixture(scope="module")
def labelled(corpus_base):
    """Each passage in which a labelled paragraph begins, by id, with the directions of its paragraphs."""
    rows = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    found = {}
    for document in corpus_base.documents():
        own = [row for row in rows if row["document"] == Path(document.path).stem]
        for passage in corpus_base.passages(document.id) if own else ():
            text = squeezed(passage.text)
            names = [row["directions"] for row in own if squeezed(row["start"]) in text]
            if names:
                found[passage.id] = (passage, set().union(*names))
    return found


@pytest.fixture(scope="module")
def scores(corpus_base):
    snapshot = corpus_base._current().snapshot
    return snapshot, corpus_base._directions.of(snapshot)


def present(scores, passage_id):
    snapshot, found = scores
    row = int(snapshot.rows_of(np.array([passage_id]))[0])
    return {one.name for one in found.of_row(row)}


def f1(pairs):
    right = sum(len(found & wanted) for found, wanted in pairs)
    return 2 * right / max(sum(len(found) + len(wanted) for found, wanted in pairs), 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bundled_classifier_serves_each_language(labelled, scores, language):
    pairs = [
        (present(scores, passage.id), wanted) for passage, wanted in labelled.values() if passage.language == language
    ]
    assert len(pairs) >= 25
    assert f1(pairs) >= 0.6


def test_terms_and_definitions_alone_find_the_directions_without_any_fitted_intercept(labelled, corpus_base):
    """Nothing in this ranking comes from the labels but two or three shared coefficients."""
    model, snapshot = load_model(), corpus_base._current().snapshot
    taxonomy = load_taxonomy()
    features = Evidence(taxonomy, taxonomy, load_encoder("fast"), model.rarity).features(snapshot)
    places = [FEATURES.index("terms_above_mean"), FEATURES.index("cosine_above_mean")]
    first = features[:, :, places[0]] + 0.5 * features[:, :, places[1]]
    rows = snapshot.rows_of(np.array(list(labelled)))
    wanted = [names for _, names in labelled.values()]
    hits = [taxonomy.names[int(first[row].argmax())] in names for row, names in zip(rows, wanted, strict=True) if names]
    assert np.mean(hits) >= 0.7


@pytest.mark.parametrize(
    ("stem", "direction"),
    [
        ("en02_export_consortia_guidelines", "export"),
        ("en03_financial_stability_note", "financial_stability"),
        ("en08_workforce_programme", "jobs_skills"),
        ("ru02_gornyi_ekologiya_koncepciya", "ecology_resources"),
        ("ru06_strateg_upravlenie_statya", "strategic_management"),
        ("uz03_tarmoqlararo_maqola", "intersectoral_cooperation"),
        ("uz11_moliyaviy_tahlil", "financial_stability"),
        ("uz12_elektrotexnika_investor", "investment"),
    ],
)
def test_a_document_is_mostly_about_its_subject_in_every_spelling(corpus_base, stem, direction):
    document = next(one for one in corpus_base.documents() if Path(one.path).stem == stem)
    matrix = corpus_base.directions(documents=[document.id], best=0)
    shares = {cell.direction: cell.share for cell in matrix.cells}
    assert shares[direction] == max(shares.values())
    assert shares[direction] >= 0.7


def test_the_matrix_has_every_document_and_direction_once(corpus_base):
    matrix = corpus_base.directions(best=2)
    assert [document.id for document in matrix.documents] == [one.id for one in corpus_base.documents()]
    pairs = [(cell.document_id, cell.direction) for cell in matrix.cells]
    assert pairs == [(document.id, one.name) for document in matrix.documents for one in matrix.directions]
    sizes = {document.id: document.passage_count for document in matrix.documents}
    for cell in matrix.cells:
        assert cell.share == pytest.approx(cell.passages / sizes[cell.document_id], abs=1e-4)
        assert len(cell.best) == min(2, cell.passages)


def test_the_passages_of_a_cell_are_its_surest_and_stand_on_their_page(corpus_base):
    threshold = load_model().threshold
    cells = [cell for cell in corpus_base.directions(directions=["export"]).cells if cell.best]
    assert len(cells) >= 5
    for cell in cells:
        assert [hit.rank for hit in cell.best] == list(range(1, len(cell.best) + 1))
        assert [hit.score for hit in cell.best] == sorted((hit.score for hit in cell.best), reverse=True)
        for hit in cell.best:
            assert hit.document.id == hit.passage.document_id == cell.document_id
            assert hit.score >= threshold - 1e-3
            assert ("export", hit.score) in {(one.name, one.score) for one in hit.directions}
            pages = {page.index: page for page in corpus_base.document(hit.document.id).pages}
            texts = [pages[span.page_index].text[span.start : span.end] for span in hit.passage.spans]
            assert "\n".join(texts) == hit.passage.text
            assert hit.page_label == pages[hit.page_index].label


def test_hits_carry_their_directions_surest_first(corpus_base):
    hits = corpus_base.search("eksport konsorsiumi menejeri", k=5)
    assert "export" in [one.name for one in hits[0].directions]
    for hit in hits:
        values = [one.score for one in hit.directions]
        assert values == sorted(values, reverse=True)
        assert all(0 < value <= 1 for value in values)


@pytest.mark.parametrize("question", ["what supports exports?", "eksportni nima oshiradi?", "что повышает экспорт?"])
def test_a_search_can_be_narrowed_to_directions(corpus_base, question):
    hits = corpus_base.search(question, k=50, directions=["ecology_resources", "jobs_skills"])
    assert len(hits) >= 10
    for hit in hits:
        assert {one.name for one in hit.directions} & {"ecology_resources", "jobs_skills"}
    assert len(corpus_base.search(question, k=200)) > len(hits)


def test_an_answer_quotes_only_passages_of_the_asked_directions(corpus_base):
    answer = corpus_base.ask("Which measures increase exports?", directions="export")
    assert answer.hits
    assert all("export" in {one.name for one in hit.directions} for hit in answer.hits)
    narrowed = {hit.passage.id for hit in corpus_base.search("exports", k=200, directions=["export"])}
    assert {citation.passage.id for citation in answer.citations} <= narrowed


def test_no_direction_means_no_passage_and_none_means_all(corpus_base):
    assert corpus_base.search("export", directions=[]) == []
    assert corpus_base.search("export", directions=None)


def test_an_unknown_direction_or_document_is_named(corpus_base):
    with pytest.raises(QueryError, match=r"'exports'.*'export'"):
        corpus_base.search("export", directions=["exports"])
    with pytest.raises(QueryError, match="'exports'"):
        corpus_base.directions(directions=["exports"])
    with pytest.raises(NotFoundError, match="9999"):
        corpus_base.directions(documents=[9999])


def test_what_a_document_is_about_does_not_depend_on_its_neighbours(corpus_base, small_base):
    def shares(base, stem):
        [document] = [one for one in base.documents() if Path(one.path).stem == stem]
        return [cell.share for cell in base.directions(documents=[document.id], best=0).cells]

    stem = "en06_monitoring_methodology"
    assert shares(small_base, stem) == shares(corpus_base, stem)


def test_the_scores_follow_the_index(tmp_path):
    note = tmp_path / "note.md"
    note.write_text("# Note\n\nThe college trains apprentices and workers in new skills.\n", encoding="utf-8")
    with KnowledgeBase.open(tmp_path / "index") as base:
        assert base.directions().documents == ()
        assert base.directions().cells == ()
        base.add(note)
        assert {cell.direction: cell.passages for cell in base.directions().cells}["jobs_skills"] == 1
        note.write_text("# Note\n\nWaste water is treated and emissions of carbon fall.\n", encoding="utf-8")
        base.add(note)
        counts = {cell.direction: cell.passages for cell in base.directions().cells}
        assert (counts["jobs_skills"], counts["ecology_resources"]) == (0, 1)


def test_equal_texts_are_quoted_once(tmp_path):
    page = "Exporters ship goods to foreign markets under an export contract with a certificate of origin. " * 8
    (tmp_path / "twice.md").write_text(f"# Export\n\n{page}\n\n{page}\n", encoding="utf-8")
    with KnowledgeBase.open(tmp_path / "index") as base:
        base.add(tmp_path / "twice.md")
        [cell] = base.directions(directions=["export"], best=9).cells
        texts = [" ".join(hit.passage.text.split()) for hit in cell.best]
        assert cell.passages >= 2
        assert len(set(texts)) == len(texts)


def test_a_direction_of_ones_own_is_scored_and_filters(small_index, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        """
[directions.footwear]
label = { uz = "Poyabzal", ru = "Обувь", en = "Footwear" }
definition = { uz = "Charm va poyabzal ishlab chiqarish.", ru = "Кожа и обувь.", en = "Leather and shoes." }
terms = { uz = ["charm", "poyabzal"], ru = ["кожа", "обувь"], en = ["leather", "footwear", "shoes"] }
""",
        encoding="utf-8",
    )
    with KnowledgeBase.open(small_index, settings=Settings(directions=str(own))) as base:
        matrix = base.directions(directions=["footwear"], best=1)
        shares = {
            Path(document.path).stem: cell.share for document, cell in zip(matrix.documents, matrix.cells, strict=True)
        }
        assert max(shares, key=shares.__getitem__) == "uz05_charm_ustav"
        hits = base.search("a'zolar", directions=["footwear"])
        assert Path(hits[0].document.path).stem == "uz05_charm_ustav"
        assert all("footwear" in {one.name for one in hit.directions} for hit in hits)
        assert len({hit.document.id for hit in hits}) < len(base.documents())


def test_a_taxonomy_of_one_direction_is_scored(small_base):
    one = load_taxonomy()
    single = type(one)(one.directions[:1])
    found = Directions(single, load_encoder("fast")).of(small_base._current().snapshot)
    assert found.probabilities.shape == (small_base._current().snapshot.n, 1)
    assert np.isfinite(found.probabilities).all()


class Warped:
    """The fast encoder with other cosines: everything is drawn towards one point, as transformers do."""

    name, fingerprint = "warped", "0" * 16

    def __init__(self):
        self._inner = load_encoder("fast")
        self.dimension = self._inner.dimension + 1

    def encode_passages(self, texts):
        vectors = np.hstack([self._inner.encode_passages(texts), np.full((len(texts), 1), 2.0, np.float32)])
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    encode_queries = encode_passages


def test_an_encoder_whose_cosines_lie_higher_gives_the_same_directions(small_base):
    """Cosines of 0 .. 1 become .8 .. 1 here: without standardising, nothing would be told apart."""
    taxonomy, model = load_taxonomy(), load_model()
    snapshot = small_base._current().snapshot

    class Rows:
        n, lexical = snapshot.n, snapshot.lexical

        def vectors(self, rows):
            inner = np.asarray(snapshot.vectors(rows))
            lifted = np.hstack([inner, np.full((len(inner), 1), 2.0, np.float32)])
            return lifted / np.linalg.norm(lifted, axis=1, keepdims=True)

    usual = Evidence(taxonomy, taxonomy, load_encoder("fast"), model.rarity).features(snapshot)
    warped = Evidence(taxonomy, taxonomy, Warped(), model.rarity).features(Rows())
    decided = [model.probabilities(each, taxonomy.names) >= model.threshold for each in (usual, warped)]
    assert (decided[0] == decided[1]).mean() >= 0.97
    assert decided[0].any()


class Counting(Warped):
    """Counts the texts that are encoded."""

    texts = 0

    def encode_passages(self, texts):
        self.texts += len(texts)
        return super().encode_passages(texts)


def test_meanings_are_encoded_once_and_kept_beside_the_index(tmp_path):
    directions, encoder = load_taxonomy().directions, Counting()
    first = meanings(encoder, directions, tmp_path)
    assert encoder.texts == 33
    assert np.array_equal(meanings(encoder, directions, tmp_path), first)
    assert encoder.texts == 33
    meanings(encoder, directions[:1], tmp_path)
    assert encoder.texts == 36
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("damage", [b"", b"\x93NUMPY", b"x" * 400])
def test_damaged_meanings_are_made_anew(tmp_path, damage):
    directions, encoder = load_taxonomy().directions, load_encoder("fast")
    wanted = meanings(encoder, directions, tmp_path)
    [path] = tmp_path.iterdir()
    path.write_bytes(damage)
    assert np.array_equal(meanings(encoder, directions, tmp_path), wanted)
    assert len(path.read_bytes()) > 400


def test_a_folder_that_cannot_be_written_to_costs_time_only(tmp_path):
    directions, encoder = load_taxonomy().directions[:1], load_encoder("fast")
    found = meanings(encoder, directions, tmp_path / "absent")
    assert np.array_equal(found, meanings(encoder, directions))


def test_a_few_passages_have_the_very_scores_they_have_among_all(corpus_base, scores, monkeypatch):
    snapshot, whole = scores
    monkeypatch.setattr("kb.directions.scoring.SCORED_AT_ONCE", 0)
    fresh = Directions(load_taxonomy(), load_encoder("fast"))
    random = np.random.default_rng(11)
    for count in (0, 1, 7, 60):
        rows = random.choice(snapshot.n, count, replace=False)
        few = fresh.of_rows(snapshot, rows)
        assert np.array_equal(few.probabilities, whole.probabilities[rows])
        assert np.array_equal(few.present, whole.present[rows])
