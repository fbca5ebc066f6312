"""Words are placed as the transformer alone would place each, frequent ones first, and a cut-off run goes on."""

import gzip
import sys

import msgspec
import numpy as np
import place_words
import pytest
import torch
from safetensors.torch import load_file, save_file
from texts import Texts
from tokenizers import Tokenizer, models, pre_tokenizers

HIDDEN, PIECES = 24, 40
LINES = ["klaster", "кластер", "сеть", "cluster", "network", "trade fair", "a term of more than four words", "Текст."]


@pytest.fixture
def folder(tmp_path):
    random = torch.Generator().manual_seed(2)

    def made(*shape):
        return 0.3 * torch.randn(*shape, generator=random)

    tensors = {"rows": made(PIECES, HIDDEN), "row_of": torch.arange(PIECES, dtype=torch.int32)}
    tensors |= {"map.weight": torch.eye(HIDDEN), "map.bias": torch.zeros(HIDDEN)}
    tensors |= {f"embeddings.{kind}_embeddings.weight": made(64, HIDDEN) for kind in ("position", "token_type")}
    sizes = {f"attention.self.{part}": (HIDDEN, HIDDEN) for part in ("query", "key", "value")}
    sizes |= {
        "attention.output.dense": (HIDDEN, HIDDEN),
        "intermediate.dense": (48, HIDDEN),
        "output.dense": (HIDDEN, 48),
    }
    for layer in range(2):
        for name, shape in sizes.items():
            tensors[f"encoder.layer.{layer}.{name}.weight"] = made(*shape)
            tensors[f"encoder.layer.{layer}.{name}.bias"] = torch.zeros(shape[0])
    norms = ["embeddings"] + [
        f"encoder.layer.{layer}.{part}" for layer in range(2) for part in ("attention.output", "output")
    ]
    for name in norms:
        tensors |= {f"{name}.LayerNorm.weight": torch.ones(HIDDEN), f"{name}.LayerNorm.bias": torch.zeros(HIDDEN)}
    teacher = tmp_path / "teacher"
    teacher.mkdir()
    save_file(tensors, teacher / "teacher.safetensors")
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *dict.fromkeys(["passage", ":", ".", *" ".join(LINES).split()])]
    tokenizer = Tokenizer(models.WordLevel({one: place for place, one in enumerate(pieces)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(teacher / "tokenizer.json"))
    (tmp_path / "wordfreq").mkdir()
    for name, words in (("ru", ["сеть", "кластер"]), ("en", ["network", "unknown", "cluster"])):
        packed = gzip.compress(msgspec.msgpack.encode([{"format": "cB"}, words]))
        (tmp_path / "wordfreq" / f"large_{name}.msgpack.gz").write_bytes(packed)
    Texts(
        texts=LINES,
        languages=np.array([0, 1, 1, 2, 2, 2, 2, 1], np.int8),
        words=np.array([True] * 7 + [False]),
        rows=np.array([[0, 1, 3]], np.int32),
        row_shares=np.ones(1),
        pairs=np.array([[1, 7]], np.int32),
        pair_shares=np.ones(1),
    ).save(tmp_path / "texts.xz")
    return tmp_path


def place(folder, monkeypatch, name, *more):
    out = folder / name
    files = [str(folder / "texts.xz"), str(folder / "teacher"), str(out), "--wordfreq", str(folder / "wordfreq")]
    monkeypatch.setattr(sys, "argv", ["place_words.py", *files, *more])
    place_words.main()
    return load_file(out)["vectors"].float()


def test_frequent_words_come_first_and_terms_of_few_words_follow(folder):
    texts = place_words.load(folder / "texts.xz")
    found = place_words.words(texts, [["сеть", "кластер"], ["network", "unknown", "cluster"]])
    assert [LINES[one] for one in found] == ["сеть", "network", "кластер", "cluster", "trade fair"]


def test_each_word_lies_where_the_transformer_alone_puts_it(folder, monkeypatch):
    vectors = place(folder, monkeypatch, "vectors.safetensors")
    assert vectors.any(dim=1).tolist() == [False, True, True, True, True, True, False, False]
    tensors = load_file(folder / "teacher" / "teacher.safetensors")
    teacher = place_words.Encoder(tensors, [0, 1]).eval()
    tokenizer = Tokenizer.from_file(str(folder / "teacher" / "tokenizer.json"))
    for number in (1, 5):
        ids = torch.tensor([tokenizer.encode(f"passage: {LINES[number]}").ids])
        mask = torch.ones_like(ids, dtype=torch.bool)
        with torch.no_grad():
            alone = teacher.vectors(teacher.states(ids, mask)[-1], mask)[0]
        torch.testing.assert_close(vectors[number], alone, atol=1e-3, rtol=0)


def test_only_as_many_as_asked_for_are_placed(folder, monkeypatch):
    vectors = place(folder, monkeypatch, "vectors.safetensors", "--words", "2")
    assert [LINES[one] for one in torch.nonzero(vectors.any(dim=1))[:, 0]] == ["сеть", "network"]


def test_a_run_that_was_cut_off_goes_on_with_the_same_vectors(folder, monkeypatch, capsys):
    whole = place(folder, monkeypatch, "whole.safetensors")
    monkeypatch.setattr(place_words, "PART", 2)
    monkeypatch.setattr(place_words, "SECONDS_KEPT", -1)
    placed, calls = place_words.placed, []

    def cut_off(*args):
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return placed(*args)

    monkeypatch.setattr(place_words, "placed", cut_off)
    with pytest.raises(KeyboardInterrupt):
        place(folder, monkeypatch, "vectors.safetensors")
    assert not (folder / "vectors.safetensors").exists()
    found = place(folder, monkeypatch, "vectors.safetensors")
    assert "goes on after 4 of 5" in capsys.readouterr().out
    torch.testing.assert_close(found, whole, atol=1e-3, rtol=0)
    assert not (folder / "vectors.state").exists()
