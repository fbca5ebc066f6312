"""Training of the static encoder that was cut off ends with the same vectors."""

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers
from train_static import Bags, train

WORDS = [f"w{number}" for number in range(60)]


@pytest.fixture(scope="module")
def tasks():
    tokenizer = Tokenizer(models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="w0"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    draw = np.random.default_rng(3)
    texts = [" ".join(draw.choice(WORDS, 5)) for _ in range(80)]
    left, right = Bags(tokenizer, texts[:40]), Bags(tokenizer, texts[40:])
    return [(1.0, left, right, np.arange(40)), (0.5, right, left, np.arange(40))]


def run(tasks, path, steps=150):
    start = np.random.default_rng(4).normal(size=(60, 8)).astype(np.float32)
    return train(start, tasks, steps, np.random.default_rng(5), path)


def test_a_run_taken_up_again_gives_the_same_rows(tasks, tmp_path, capsys):
    whole = run(tasks, tmp_path / "state.safetensors")
    assert "goes on" not in capsys.readouterr().out
    resumed = run(tasks, tmp_path / "state.safetensors")
    assert "goes on after step 100 of 150" in capsys.readouterr().out
    np.testing.assert_allclose(resumed, whole, atol=1e-6)
    untrained = np.random.default_rng(4).normal(size=(60, 8))
    assert np.abs(whole - untrained).max() > 0.01


def test_the_state_of_another_run_is_not_taken_up(tasks, tmp_path, capsys):
    run(tasks, tmp_path / "state.safetensors")
    run(tasks, tmp_path / "state.safetensors", steps=120)
    assert "goes on" not in capsys.readouterr().out
