import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from kb.errors import ModelError
from kb.models.encoder import bundled_folder, load_encoder
from kb.models.static import StaticEncoder, as_sentence_transformer, is_static_folder
from kb.text.fold import APOSTROPHES

LATIN = (
    "Oʻzbekiston hududlarida toʻqimachilik klasterlari gʻoyasi boʻyicha soʻnggi yillarda maʼlum ishlar qilindi, "
    "choʻl va shaharlarda aholi daromadi oshdi."
)
CYRILLIC = (
    "Ўзбекистон ҳудудларида тўқимачилик кластерлари ғояси бўйича сўнгги йилларда маълум ишлар қилинди, "
    "чўл ва шаҳарларда аҳоли даромади ошди."
)
LATIN_2026 = (
    "Özbekiston hududlarida töqimaçilik klasterlari ğoyasi böyiça söñggi yillarda maʼlum işlar qilindi, "
    "çöl va şaharlarda aholi daromadi oşdi."
).replace("söñggi", "sönggi")


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    found = load_encoder("fast")
    assert isinstance(found, StaticEncoder)
    return found


def _cosine(encoder: StaticEncoder, left: str, right: str) -> float:
    a, b = encoder.encode_passages([left, right])
    return float(a @ b)


@pytest.mark.parametrize("apostrophe", [*APOSTROPHES])
def test_any_apostrophe_gives_the_same_vector(encoder: StaticEncoder, apostrophe: str) -> None:
    assert _cosine(encoder, LATIN, LATIN.replace("ʻ", apostrophe).replace("ʼ", apostrophe)) >= 0.999


@pytest.mark.parametrize(
    "respelled",
    [
        CYRILLIC,
        LATIN_2026,
        LATIN_2026.replace("ş", "ș"),
        LATIN.upper(),
        CYRILLIC.upper(),
        LATIN.replace("ʻ", "").replace("ʼ", ""),
    ],
    ids=["cyrillic", "2026", "s with comma below", "capitals", "cyrillic capitals", "no apostrophes"],
)
def test_every_spelling_of_uzbek_gives_the_same_vector(encoder: StaticEncoder, respelled: str) -> None:
    assert _cosine(encoder, LATIN, respelled) >= 0.999


def test_vectors_are_of_unit_length_and_zero_only_for_texts_without_tokens(encoder: StaticEncoder) -> None:
    vectors = encoder.encode_passages(["", "   \n", "kadrlar", "Кластер", "a cluster of firms"])
    assert vectors.shape == (5, encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [0, 0, 1, 1, 1], atol=1e-6)
    assert encoder.encode_queries([]).shape == (0, encoder.dimension)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_a_vector_does_not_depend_on_the_batch(texts: list[str]) -> None:
    encoder = load_encoder("fast")
    together = encoder.encode_passages(texts)
    for text, vector in zip(texts, together, strict=True):
        np.testing.assert_array_equal(vector, encoder.encode_passages([text])[0])


def test_translations_are_nearer_than_other_sentences(encoder: StaticEncoder) -> None:
    uzbek, russian, english, other = encoder.encode_passages(
        [
            "Klaster ishtirokchilariga soliq imtiyozlari beriladi.",
            "Участникам кластера предоставляются налоговые льготы.",
            "Cluster members are granted tax benefits.",
            "The museum is closed on Mondays.",
        ]
    )
    for left, right in ((uzbek, russian), (uzbek, english), (russian, english)):
        assert left @ right > 0.5
        assert left @ right > left @ other + 0.3


def test_the_same_folder_gives_equal_vectors_in_sentence_transformers(encoder: StaticEncoder) -> None:
    texts = [LATIN, CYRILLIC, "", "Кластер объединяет предприятия.", "Clusters raise productivity. " * 80]
    theirs = as_sentence_transformer(encoder.folder).encode(texts)
    np.testing.assert_allclose(encoder.encode_passages(texts), theirs, atol=1e-5)


def test_token_vectors_point_into_the_text_as_given(encoder: StaticEncoder) -> None:
    text = "Кластер, oʻz  sanoati"
    offsets, vectors = encoder.token_vectors(text)
    assert len(offsets) == len(vectors) > 0
    assert "".join(text[start:end] for start, end in offsets).replace(" ", "") == text.replace(" ", "")
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_question_needs_neither_torch_nor_transformers() -> None:
    code = (
        "import sys; from kb.models.encoder import load_encoder; load_encoder('fast').encode_queries(['klaster']);"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.strip() == "[]"


def test_the_fingerprint_follows_the_content(encoder: StaticEncoder, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(encoder.folder, copy)
    assert StaticEncoder(copy).fingerprint == encoder.fingerprint
    (copy / "MODEL_CARD.md").write_text("words about the model change no vector", encoding="utf-8")
    assert StaticEncoder(copy).fingerprint == encoder.fingerprint
    weights = copy / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert StaticEncoder(copy).fingerprint != encoder.fingerprint


def test_float_weights_load_too(encoder: StaticEncoder, tmp_path: Path) -> None:
    tensors = load_file(bundled_folder("static") / "model.safetensors")
    rows = tensors["embeddings"].astype(np.float32) * tensors["weights"][:, None]
    save_file({"embedding.weight": rows}, tmp_path / "model.safetensors")
    shutil.copy(encoder.folder / "tokenizer.json", tmp_path)
    assert is_static_folder(tmp_path)
    other = load_encoder(str(tmp_path))
    np.testing.assert_allclose(other.encode_passages([LATIN]), encoder.encode_passages([LATIN]), atol=1e-6)


@pytest.mark.parametrize("kept", [0, 4, 100, 100_000])
def test_a_cut_weight_file_is_named(encoder: StaticEncoder, tmp_path: Path, kept: int) -> None:
    shutil.copy(encoder.folder / "tokenizer.json", tmp_path)
    (tmp_path / "model.safetensors").write_bytes((encoder.folder / "model.safetensors").read_bytes()[:kept])
    with pytest.raises(ModelError, match=r"model\.safetensors .*reinstall"):
        load_encoder(str(tmp_path))


def test_a_damaged_tokenizer_is_named(encoder: StaticEncoder, tmp_path: Path) -> None:
    shutil.copy(encoder.folder / "model.safetensors", tmp_path)
    (tmp_path / "tokenizer.json").write_text(json.dumps({"version": "1.0"}), encoding="utf-8")
    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        load_encoder(str(tmp_path))


def test_a_tokenizer_of_another_model_is_refused(encoder: StaticEncoder, tmp_path: Path) -> None:
    shutil.copy(encoder.folder / "tokenizer.json", tmp_path)
    save_file({"embedding.weight": np.zeros((10, 4), np.float32)}, tmp_path / "model.safetensors")
    with pytest.raises(ModelError, match="different models"):
        load_encoder(str(tmp_path))
