import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kb.errors import ModelError
from kb.models.encoder import load_encoder
from kb.models.onnx_encoder import OnnxEncoder
from kb.text.fold import APOSTROPHES
from kb.text.spellings import drop_apostrophes, to_cyrillic, to_latin_2026

UZBEK = (
    "Oʻzbekiston hududlarida toʻqimachilik klasterlari gʻoyasi boʻyicha soʻnggi yillarda maʼlum ishlar qilindi, "
    "choʻl va shaharlarda aholi daromadi oshdi."
)


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    found = load_encoder("transformer")
    assert isinstance(found, OnnxEncoder)
    return found


@pytest.mark.parametrize("apostrophe", [*APOSTROPHES])
def test_any_apostrophe_gives_the_same_vector(encoder: OnnxEncoder, apostrophe: str) -> None:
    a, b = encoder.encode_passages([UZBEK, UZBEK.replace("ʻ", apostrophe).replace("ʼ", apostrophe)])
    assert a @ b >= 0.999


def test_cyrillic_and_the_latin_of_2026_give_the_same_vector(encoder: OnnxEncoder) -> None:
    latin, cyrillic, newer = encoder.encode_passages([UZBEK, to_cyrillic(UZBEK), to_latin_2026(UZBEK)])
    assert latin @ cyrillic >= 0.999
    assert latin @ newer >= 0.999


def test_dropped_apostrophes_stay_near(encoder: OnnxEncoder) -> None:
    marked, bare, other = encoder.encode_passages(
        [UZBEK, drop_apostrophes(UZBEK), "Muzey dushanba kunlari yopiq boʻladi."]
    )
    assert marked @ bare > marked @ other + 0.2


def test_a_question_finds_its_passage_in_every_language(encoder: OnnxEncoder) -> None:
    questions = encoder.encode_queries(
        [
            "Klaster ishtirokchilariga qanday imtiyozlar beriladi?",
            "Какие льготы получают участники кластера?",
            "What benefits do cluster members get?",
        ]
    )
    passages = encoder.encode_passages(
        [
            "Klaster aʼzolari besh yil davomida foyda soligʻidan ozod etiladi.",
            "Участники кластера на пять лет освобождаются от налога на прибыль.",
            "Members of the cluster pay no profit tax for five years.",
            "Muzey dushanba kunlari yopiq boʻladi.",
            "Музей закрыт по понедельникам.",
            "The museum is closed on Mondays.",
        ]
    )
    scores = questions @ passages.T
    assert (scores[:, :3].min(axis=1) > scores[:, 3:].max(axis=1)).all()


def test_vectors_are_of_unit_length_and_do_not_depend_on_the_batch(encoder: OnnxEncoder) -> None:
    texts = ["kadrlar", "", "Кластер", " \n", "a cluster of firms " * 300]
    vectors = encoder.encode_passages(texts)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 0, 1, 0, 1], atol=1e-5)
    for text, vector in zip(texts, vectors, strict=True):
        np.testing.assert_array_equal(encoder.encode_passages([text])[0], vector)


def test_the_number_of_cores_does_not_change_vectors(encoder: OnnxEncoder) -> None:
    texts = [f"{UZBEK} {number}" for number in range(6)]
    one, three = (OnnxEncoder(encoder.folder, threads=threads) for threads in (1, 3))
    np.testing.assert_array_equal(one.encode_passages(texts), three.encode_passages(texts))


def test_questions_and_passages_are_told_apart(encoder: OnnxEncoder) -> None:
    assert abs(encoder.encode_queries(["klaster"]) - encoder.encode_passages(["klaster"])).max() > 1e-3


def test_sentence_transformers_loads_it_with_the_same_vectors_and_saves_it(
    encoder: OnnxEncoder, tmp_path: Path
) -> None:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds to import

    texts = [UZBEK, to_cyrillic(UZBEK), "A short one.", "слово " * 700]
    loaded = SentenceTransformer(str(encoder.folder), device="cpu", trust_remote_code=True)
    assert loaded.get_embedding_dimension() == encoder.dimension
    np.testing.assert_array_equal(loaded.encode_query(texts), encoder.encode_queries(texts))
    np.testing.assert_array_equal(loaded.encode_document(texts), encoder.encode_passages(texts))
    loaded.save(str(tmp_path))
    again = SentenceTransformer(str(tmp_path), device="cpu", trust_remote_code=True)
    np.testing.assert_array_equal(again.encode_query(texts), encoder.encode_queries(texts))


def test_it_runs_without_torch() -> None:
    code = (
        "import sys; from kb.models.encoder import load_encoder; load_encoder('best').encode_queries(['klaster']);"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("file", ["model.onnx", "vectors.safetensors", "output_map.safetensors", "tokenizer.json"])
def test_a_damaged_file_is_named(encoder: OnnxEncoder, tmp_path: Path, file: str) -> None:
    copy = tmp_path / "model"
    shutil.copytree(encoder.folder, copy)
    (copy / file).write_bytes((copy / file).read_bytes()[:1000])
    with pytest.raises(ModelError, match=file):
        load_encoder(str(copy))


def test_the_fingerprint_follows_the_content(encoder: OnnxEncoder, tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(encoder.folder, copy)
    assert OnnxEncoder(copy).fingerprint == encoder.fingerprint
    facts = copy / "encoder.json"
    facts.write_text(facts.read_text(encoding="utf-8").replace("query: ", "ask: "), encoding="utf-8")
    assert OnnxEncoder(copy).fingerprint != encoder.fingerprint
