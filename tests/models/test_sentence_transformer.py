import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from kb.errors import ModelError
from kb.models.encoder import Encoder, load_encoder
from kb.models.prompts import Prompts, prompts_for

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "query", "passage", ":", "klaster", "кластер", "cluster", "policy"]


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny BERT with 16-bit weights, saved the way model hubs hold them."""
    folder = tmp_path_factory.mktemp("models") / "multilingual-e5-tiny"
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    BertModel(config).half().save_pretrained(folder)
    tokenizer = Tokenizer(models.WordPiece({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def encoder(model_folder: Path) -> Encoder:
    return load_encoder(str(model_folder))


def test_sixteen_bit_weights_give_unit_vectors_in_32_bits(encoder: Encoder) -> None:
    vectors = encoder.encode_passages(["cluster policy", "", "klaster"])
    assert vectors.dtype == np.float32
    assert encoder.dimension == 16
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 0, 1], atol=1e-6)


def test_questions_and_passages_get_the_words_of_their_family(encoder: Encoder, model_folder: Path) -> None:
    plain = SentenceTransformer(str(model_folder), local_files_only=True)
    theirs = plain.encode(["query: cluster", "passage: cluster"], normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode_queries(["cluster"])[0], theirs[0], atol=1e-3)
    np.testing.assert_allclose(encoder.encode_passages(["cluster"])[0], theirs[1], atol=1e-3)
    assert abs(encoder.encode_queries(["cluster"]) - encoder.encode_passages(["cluster"])).max() > 1e-2


def test_the_fingerprint_follows_content_and_prompts(encoder: Encoder, model_folder: Path, tmp_path: Path) -> None:
    same, other = tmp_path / "multilingual-e5-tiny", tmp_path / "tiny"
    shutil.copytree(model_folder, same)
    shutil.copytree(model_folder, other)
    assert load_encoder(str(same)).fingerprint == encoder.fingerprint
    assert load_encoder(str(other)).fingerprint != encoder.fingerprint
    config = json.loads((same / "config.json").read_text())
    (same / "config.json").write_text(json.dumps(config | {"layer_norm_eps": 1e-5}))
    assert load_encoder(str(same)).fingerprint != encoder.fingerprint


def test_a_missing_hub_model_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    with pytest.raises(ModelError, match="hf download nobody/no-such-model"):
        load_encoder("nobody/no-such-model")


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no model here", encoding="utf-8")
    with pytest.raises(ModelError, match=r"neither modules\.json nor config\.json"):
        load_encoder(str(tmp_path))


def test_a_damaged_folder_is_named(model_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(model_folder, tmp_path / "cut")
    weights = tmp_path / "cut" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:200])
    with pytest.raises(ModelError, match="cut cannot be loaded"):
        load_encoder(str(tmp_path / "cut"))


@pytest.mark.parametrize(
    ("name", "prompts"),
    [
        ("intfloat/multilingual-e5-small", Prompts("query: ", "passage: ")),
        ("/models/multilingual-e5-large/", Prompts("query: ", "passage: ")),
        ("intfloat/e5-base-v2", Prompts("query: ", "passage: ")),
        ("BAAI/bge-m3", Prompts()),
        ("sentence-transformers/LaBSE", Prompts()),
        ("Alibaba-NLP/gte-multilingual-base", Prompts()),
        ("sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2", Prompts()),
    ],
)
def test_families_are_known_by_name(name: str, prompts: Prompts) -> None:
    assert prompts_for(name, {}) == prompts


def test_instruct_models_get_their_task_before_questions_only() -> None:
    prompts = prompts_for("intfloat/multilingual-e5-large-instruct", {})
    assert prompts.query.startswith("Instruct: ")
    assert prompts.query.endswith("\nQuery: ")
    assert prompts.passage == ""


def test_a_models_own_prompts_win() -> None:
    configured = {"query": "ask: ", "document": "text: "}
    assert prompts_for("intfloat/e5-base-v2", configured) == Prompts("ask: ", "text: ")
    assert prompts_for("intfloat/e5-base-v2", {"query": "", "document": ""}) == Prompts("query: ", "passage: ")
