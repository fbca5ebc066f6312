"""Training of the static encoder learns what belongs together, and one that was cut off ends with the same vectors."""

import numpy as np
import pytest
import torch
from quantise_static import write_model
from safetensors.numpy import save_file
from static_batches import Bags, draws, held_out
from static_tokenizer import balanced, counted, train_tokenizer
from texts import Texts
from tokenizers import Tokenizer, models, pre_tokenizers
from train_static import Plan, Trainer, mean_with, placed_by, reduced, start_rows, targets, train, turned, unit_sums

from kb.models.static import StaticEncoder

CPU = torch.device("cpu")
PLAN = Plan(steps=150, batch=32, save_every=100)


@pytest.fixture(scope="module")
def texts():
    """Sixty concepts: each is a word of its own in three languages; texts are four of them."""
    draw = np.random.default_rng(3)
    concepts = [draw.choice(60, 4, replace=False) for _ in range(200)]
    lines = [" ".join(f"{language}{one}" for one in four) for language in "abc" for four in concepts]
    return Texts(
        texts=lines,
        languages=np.repeat([0, 1, 2], 200).astype(np.int8),
        words=np.zeros(600, bool),
        rows=np.arange(600, dtype=np.int32).reshape(3, 200).T.copy(),
        row_shares=np.full(200, 1 / 200),
        pairs=np.stack([np.arange(200), np.arange(200) + 200], axis=1).astype(np.int32),
        pair_shares=np.full(200, 1 / 200),
    )


@pytest.fixture(scope="module")
def bags(texts):
    names = [f"{language}{one}" for language in "abc" for one in range(60)]
    tokenizer = Tokenizer(models.WordLevel({name: number for number, name in enumerate(names)}, unk_token="a0"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return Bags(tokenizer, texts.texts, CPU)


@pytest.fixture(scope="module")
def wanted(texts):
    """The teacher knows the last language only: the sum of its words' vectors."""
    words = np.random.default_rng(4).normal(size=(60, 24))
    known = np.array([sum(words[int(one[1:])] for one in line.split()) for line in texts.texts[400:]])
    vectors = np.concatenate([np.zeros((400, 24)), known / np.linalg.norm(known, axis=1, keepdims=True)])
    return targets(texts, reduced(vectors.astype(np.float16), texts.languages, 16, CPU))


def run(texts, bags, wanted, path, plan=PLAN):
    trainer = Trainer(bags, wanted, start_rows(bags, wanted, 180), plan)
    return train(texts, trainer, path, "inputs"), trainer


def test_a_translation_is_pulled_to_where_the_teacher_puts_the_language_that_it_knows(wanted):
    known = wanted[400:]
    torch.testing.assert_close(wanted[:200], known)
    torch.testing.assert_close(wanted[200:400], known)
    torch.testing.assert_close(known.norm(dim=1), torch.ones(200))


def test_training_brings_held_out_translations_together(texts, bags, wanted, tmp_path):
    kept = np.flatnonzero(held_out(200, 0))
    sides = texts.rows[kept][:, [0, 2]]
    untrained = Trainer(bags, torch.zeros(600, 16), torch.randn(180, 16), PLAN).accuracy(sides)
    _, trainer = run(texts, bags, wanted, tmp_path / "state.safetensors")
    assert untrained < 0.5
    assert trainer.accuracy(sides) > 0.9


def test_a_run_that_was_cut_off_goes_on_and_ends_with_the_same_rows(texts, bags, wanted, tmp_path, monkeypatch, capsys):
    whole, _ = run(texts, bags, wanted, tmp_path / "whole.safetensors")
    step = Trainer.step

    def cut_off(self, number, batch, progress):
        if number == 120:
            raise KeyboardInterrupt
        return step(self, number, batch, progress)

    monkeypatch.setattr(Trainer, "step", cut_off)
    with pytest.raises(KeyboardInterrupt):
        run(texts, bags, wanted, tmp_path / "state.safetensors")
    monkeypatch.setattr(Trainer, "step", step)
    assert "goes on" not in capsys.readouterr().out
    resumed, _ = run(texts, bags, wanted, tmp_path / "state.safetensors")
    assert "goes on after step 100 of 150" in capsys.readouterr().out
    np.testing.assert_allclose(resumed, whole, atol=1e-6)


def test_the_state_of_another_run_is_not_taken_up(texts, bags, wanted, tmp_path, capsys):
    run(texts, bags, wanted, tmp_path / "state.safetensors")
    run(texts, bags, wanted, tmp_path / "state.safetensors", Plan(steps=120, batch=32, save_every=100))
    assert "goes on" not in capsys.readouterr().out


def test_held_out_items_are_never_drawn(texts):
    drawn = draws(texts, (0.5, 0.5, 0.0), np.ones(600), np.ones(600, bool))
    rows, pairs = set(np.flatnonzero(held_out(200, 0))), set(np.flatnonzero(held_out(200, 1)))
    for step in range(60):
        batch = drawn.batch(step, 64)
        numbers = set((np.minimum(batch.left, batch.right) % 200).tolist())
        assert batch.task in {0, 1}
        assert not numbers & (rows if batch.task == 0 else pairs)


def test_single_texts_are_drawn_only_when_the_teacher_knows_them(texts):
    taught = np.arange(600) % 3 == 0
    drawn = draws(texts, (0.0, 0.0, 1.0), np.ones(600), taught)
    numbers = np.concatenate([drawn.batch(step, 64).left for step in range(20)])
    assert taught[numbers].all()


def test_the_rate_falls_to_the_part_asked_for(texts, bags, wanted):
    plan = Plan(steps=150, batch=32, rate=0.1, falls_to=0.5)
    trainer = Trainer(bags, wanted, start_rows(bags, wanted, 180), plan)
    drawn = draws(texts, plan.shares, np.ones(600), np.ones(600, bool))
    rates = []
    for number, progress in ((60, 0.0), (75, 0.5), (150, 1.0)):
        trainer.step(number, drawn.batch(number, 32), progress)
        rates.append(trainer.optimizer.param_groups[0]["lr"])
    assert rates == pytest.approx([0.1, 0.075, 0.05])


def test_targets_are_turned_to_a_model_that_the_training_goes_on_from(texts, bags, wanted, tmp_path):
    rows, _ = run(texts, bags, wanted, tmp_path / "state.safetensors")
    vectors = unit_sums(torch.from_numpy(rows), bags.take(torch.arange(600)), None)
    turn = torch.linalg.qr(torch.randn(16, 16, generator=torch.Generator().manual_seed(1)))[0]
    closest = (turned(wanted, bags, torch.from_numpy(rows)) * vectors).sum(dim=1).mean()
    again = turned(wanted @ turn, bags, torch.from_numpy(rows))
    assert ((wanted @ turn) * vectors).sum(dim=1).mean() < 0.5 < closest
    torch.testing.assert_close((again * vectors).sum(dim=1).mean(), closest)
    torch.testing.assert_close(again @ again.T, wanted @ wanted.T, atol=1e-4, rtol=0)


def test_time_that_is_up_ends_the_training(texts, bags, wanted, tmp_path):
    start = start_rows(bags, wanted, 180)
    rows, _ = run(texts, bags, wanted, tmp_path / "state.safetensors", Plan(steps=10**9, seconds=0.5, batch=32))
    assert (rows != start.numpy()).any()


def test_the_written_model_gives_the_sums_that_were_trained_in_four_spellings(tmp_path):
    lines = ["O'zbekiston qonunchiligi va iqtisodiyoti", "Закон о кластерах", "The law on clusters, 2026."]
    words = [balanced([counted([line] * 20)]) for line in lines]
    tokenizer = train_tokenizer(words, 300)
    assert train_tokenizer(words, 300).to_str() == tokenizer.to_str()
    rows = np.random.default_rng(1).normal(size=(tokenizer.get_vocab_size(), 32)).astype(np.float32)
    assert write_model(rows, tokenizer, tmp_path) > 0.999
    encoder = StaticEncoder(tmp_path)
    spellings = [lines[0], "Oʻzbekiston qonunchiligi va iqtisodiyoti", "Ozbekiston qonunchiligi va iqtisodiyoti",
                 "Ўзбекистон қонунчилиги ва иқтисодиёти", "Özbekiston qonunchiligi va iqtisodiyoti"]  # fmt: skip
    vectors = encoder.encode_passages(spellings)
    assert (vectors @ vectors[0]).min() > 0.999
    found = rows[tokenizer.encode(lines[0]).ids].sum(axis=0)
    assert vectors[0] @ found / np.linalg.norm(found) > 0.999


def test_the_mean_with_a_former_model_lies_between_both(tmp_path):
    tokenizer = Tokenizer(models.WordLevel({"a": 0, "b": 1, "c": 2}, unk_token="a"))
    former, rows = np.random.default_rng(2).normal(size=(2, 3, 8)).astype(np.float32)
    write_model(former, tokenizer, tmp_path)
    np.testing.assert_allclose(mean_with(rows, tmp_path), (rows + former) / 2, atol=0.02)
    with pytest.raises(ValueError, match="3 rows of 8 numbers"):
        mean_with(rows[:2], tmp_path)


def test_of_two_teachers_the_first_that_knows_a_text_places_it(tmp_path):
    for name, rows in (("texts", [[1, 2], [0, 0], [0, 0]]), ("words", [[3, 4], [5, 6], [0, 0]])):
        save_file({"vectors": np.array(rows, np.float16)}, tmp_path / name)
    assert placed_by([tmp_path / "texts", tmp_path / "words"]).tolist() == [[1, 2], [5, 6], [0, 0]]
    save_file({"vectors": np.ones((2, 2), np.float16)}, tmp_path / "others")
    with pytest.raises(ValueError, match="same TEXTS"):
        placed_by([tmp_path / "texts", tmp_path / "others"])


def test_rows_that_eight_bits_cannot_hold_are_not_written(tmp_path):
    rows = np.full((3, 8), np.nan, np.float32)
    tokenizer = Tokenizer(models.WordLevel({"a": 0, "b": 1, "c": 2}, unk_token="a"))
    with pytest.raises(ValueError, match="nothing written"):
        write_model(rows, tokenizer, tmp_path / "model")
    assert not (tmp_path / "model").exists()
