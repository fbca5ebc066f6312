"""The transformer's distillation: the small body equals BERT, learns, and goes on after a kill."""

import sys

import distil
import numpy as np
import placing
import pytest
import torch
from safetensors.torch import load_file, save_file
from student import Encoder, rounded_activations, rounded_weights
from texts import Texts
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel

HIDDEN, HEADS, PIECES = 24, 12, 60


@pytest.fixture
def tensors():
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=PIECES, hidden_size=HIDDEN, num_hidden_layers=12, num_attention_heads=HEADS, intermediate_size=48
    )
    bert = BertModel(config, add_pooling_layer=False).eval()
    weights = bert.state_dict()
    rows = weights.pop("embeddings.word_embeddings.weight")
    extra = {"rows": rows, "row_of": torch.arange(PIECES, dtype=torch.int32)}
    extra |= {"map.weight": torch.eye(HIDDEN), "map.bias": torch.zeros(HIDDEN)}
    return bert, {name: one.contiguous() for name, one in weights.items()} | extra


def test_the_small_body_gives_the_states_of_bert(tensors):
    bert, weights = tensors
    ids = torch.tensor([[0, 7, 8, 9, 2], [0, 11, 2, 1, 1]])
    mask = torch.tensor([[True] * 5, [True] * 3 + [False] * 2])
    with torch.no_grad():
        wanted = bert(input_ids=ids, attention_mask=mask.long()).last_hidden_state
        ours = Encoder(weights, list(range(12)), HEADS).eval().states(ids, mask)[-1]
    assert torch.allclose(ours[mask], wanted[mask], atol=1e-5)


def test_rounding_changes_little_and_lets_gradients_through():
    values = torch.randn(2, 4, 8, requires_grad=True)
    mask = torch.ones(2, 4, dtype=torch.bool)
    spread = float(values.detach().max() - values.detach().min())
    found = rounded_activations(values, mask)
    assert 0 < float((found - values).detach().abs().max()) <= spread / 255
    found.sum().backward()
    assert torch.equal(values.grad, torch.ones_like(values))
    weight = torch.randn(5, 8)
    assert float((rounded_weights(weight) - weight).abs().max()) <= float(weight.abs().max()) / 64


@pytest.fixture
def folder(tmp_path, tensors):
    words = [f"w{number}" for number in range(50)]
    marks = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}
    numbers = marks | dict(zip(words, range(4, 54), strict=True))
    tokenizer = Tokenizer(models.WordLevel(numbers, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    teacher = tmp_path / "teacher"
    teacher.mkdir()
    tokenizer.save(str(teacher / "tokenizer.json"))
    save_file(tensors[1], teacher / "teacher.safetensors")
    random = np.random.default_rng(5)
    texts = [" ".join(random.choice(words, int(random.integers(3, 20)))) for _ in range(60)]
    rows = np.arange(45, dtype=np.int32).reshape(15, 3)
    rows[0, 0] = -1
    Texts(
        texts=texts,
        languages=np.array([0, 1, 2] * 20, np.int8),
        words=np.zeros(60, np.bool_),
        rows=rows,
        row_shares=np.full(15, 1 / 15),
        pairs=np.array([[45, 46], [47, 48], [49, 50]], np.int32),
        pair_shares=np.full(3, 1 / 3),
    ).save(tmp_path / "texts.xz")
    return tmp_path


def run(monkeypatch, folder, out, steps=12):
    places = [str(folder / name) for name in ("texts.xz", "teacher", out)]
    monkeypatch.setattr(sys, "argv", ["distil", *places, "--tokens", "256", "--steps", str(steps)])
    monkeypatch.setattr(distil, "KEPT_EVERY", 4)
    monkeypatch.setattr(distil.os, "cpu_count", lambda: 1)
    distil.main()
    return load_file(folder / out / "student.safetensors")


def test_a_run_that_was_cut_off_ends_as_if_it_had_not_been(monkeypatch, folder):
    whole = run(monkeypatch, folder, "whole")
    keep, kept = distil.keep, []

    def killed(*given):
        keep(*given)
        kept.append(given[-1])
        if given[-1] == 8:
            raise KeyboardInterrupt

    monkeypatch.setattr(distil, "keep", killed)
    with pytest.raises(KeyboardInterrupt):
        run(monkeypatch, folder, "cut")
    monkeypatch.setattr(distil, "keep", keep)
    again = run(monkeypatch, folder, "cut")
    assert kept == [4, 8]
    assert set(again) == set(whole)
    assert all(torch.allclose(again[name].float(), whole[name].float(), atol=1e-6) for name in whole)


def test_a_state_of_other_settings_is_not_taken_up(monkeypatch, folder, capsys):
    keep = distil.keep

    def killed(*given):
        keep(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(distil, "keep", killed)
    with pytest.raises(KeyboardInterrupt):
        run(monkeypatch, folder, "cut")
    monkeypatch.setattr(distil, "keep", keep)
    assert (folder / "cut" / "state.safetensors").exists()
    capsys.readouterr()
    run(monkeypatch, folder, "cut", steps=5)
    assert "goes on" not in capsys.readouterr().out
    assert not (folder / "cut" / "state.safetensors").exists()


def test_places_found_before_a_kill_are_not_asked_for_again(monkeypatch, folder):
    whole = run(monkeypatch, folder, "whole")
    monkeypatch.setattr(placing, "SECONDS_KEPT", 0.0)
    write, written = distil.state.write, []

    def killed(place, run, tensors, facts):
        write(place, run, tensors, facts)
        written.append(facts["done"])
        if place.name == "texts.safetensors" and len(written) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(distil.state, "write", killed)
    with pytest.raises(KeyboardInterrupt):
        run(monkeypatch, folder, "cut")
    again = run(monkeypatch, folder, "cut")
    places = [done for done in written if done <= 60]
    assert places[:2] == sorted(places[:2])
    assert 0 < places[1] < 60
    assert all(torch.allclose(again[name].float(), whole[name].float(), atol=1e-6) for name in whole)


def test_the_student_has_half_the_layers_and_moves(monkeypatch, folder):
    student = run(monkeypatch, folder, "out")
    start = load_file(folder / "teacher" / "teacher.safetensors")
    assert {name.split(".")[2] for name in student if name.startswith("encoder.")} == set("012345")
    name = "encoder.layer.{}.output.dense.weight"
    assert not torch.equal(student[name.format(0)], start[name.format(0)])
    vectors = load_file(folder / "out" / "texts.safetensors")["vectors"].float()
    assert vectors.shape == (60, HIDDEN)
    assert torch.allclose(vectors.norm(dim=1), torch.ones(60), atol=2e-3)
