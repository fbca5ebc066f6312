"""The extractive model's training: what is drawn, that it learns, that it goes on after a kill, and its 8-bit graph."""

import json
import sys

import extractive_texts
import numpy as np
import pytest
import torch
import train_extractive
from extractive_figures import best_span, figures
from extractive_texts import draws, example, load
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertModel

from kb.models.encoder import bundled_folder
from kb.models.static import read_tokenizer
from kb.models.words import load_word_vectors

TOKENIZER = read_tokenizer(bundled_folder("transformer") / "tokenizer.json")
HIDDEN, ROWS = 24, 50
SENTENCES = ("The {} employs {} people.", "It was founded in {}.", "Its head is {} from the council.")


def line(number):
    passage = " ".join(SENTENCES).format(f"plant{number}", 100 + number, 1990 + number, f"Karimov{number}")
    return {
        "doc": f"d{number // 3}",
        "lang": "en",
        "title": "Register",
        "heading": f"Part {number}",
        "passage": passage,
        "qs": [
            ["en", "number", "How many people work there?", str(100 + number)],
            ["ru", "date", "Когда он основан?", str(1990 + number), f"in {1990 + number}"],
        ],
        "no": [["uz", "Zavod qancha soliq toʻladi?"]],
    }


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "passages.jsonl"
    path.write_text("\n".join(json.dumps(line(number), ensure_ascii=False) for number in range(60)), encoding="utf-8")
    return path


@pytest.fixture
def texts(source):
    return load(source, TOKENIZER, load_word_vectors())


def words_of(pair, place, texts, question):
    side = texts.passages[question.passage]
    at = np.flatnonzero(side.starts == pair.starts[place - pair.first])[0]
    return TOKENIZER.id_to_token(int(side.ids[at])).strip("▁")


def test_an_answer_is_marked_at_its_pieces_and_none_elsewhere(texts):
    question = texts.questions[0]
    whole = example(texts, question, question.passage, None)
    assert words_of(whole.pair, whole.first, texts, question).startswith("1")
    elsewhere = example(texts, question, question.passage + 1, None)
    assert (elsewhere.first, elsewhere.last) == (0, 0)
    without = example(texts, question, question.passage, texts.sentences[question.passage][1])
    assert (without.first, without.last) == (0, 0)


def test_half_of_what_is_drawn_has_an_answer_and_held_out_documents_are_never_drawn(texts):
    drawn = list(draws(texts, np.random.default_rng(1), 600))
    assert 0.4 < np.mean([one.first > 0 for one in drawn]) < 0.65
    assert texts.held_out.any()
    assert not texts.held_out.all()
    held = {texts.passages[place].ids.tobytes() for place in np.flatnonzero(texts.held_out)}
    assert not held & {one.pair.ids[one.pair.first : -1].tobytes() for one in drawn}


def test_an_answer_that_is_not_in_the_passage_is_refused_by_its_line(tmp_path):
    path = tmp_path / "wrong.jsonl"
    wrong = line(1) | {"qs": [["en", "number", "How many?", "7,000"]]}
    path.write_text(json.dumps(line(0)) + "\n" + json.dumps(wrong), encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        load(path, TOKENIZER, load_word_vectors())


def test_the_best_span_ends_after_it_begins_and_leads_before_none():
    logits = np.zeros((6, 2))
    logits[4, 0], logits[3, 1], logits[0] = 5, 6, (1, 1)
    begin, end, lead = best_span(logits, 2)
    assert begin <= end
    assert lead == pytest.approx(4)


def test_figures_are_perfect_for_one_who_knows(texts):
    answers = {}
    for one in texts.questions:
        made = example(texts, one, one.passage, None)
        answers[made.pair.ids.tobytes()] = made

    def knows(examples):
        for one in examples:
            logits = np.zeros((len(one.pair.ids), 2))
            logits[one.first, 0] = logits[one.last, 1] = 9
            yield logits

    assert "AUC 1.000" in figures(texts, lambda examples: list(knows(examples)))


@pytest.fixture
def teacher(tmp_path):
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=ROWS, hidden_size=HIDDEN, num_hidden_layers=2, num_attention_heads=12, intermediate_size=48
    )
    weights = BertModel(config, add_pooling_layer=False).state_dict()
    rows = weights.pop("embeddings.word_embeddings.weight")
    row_of = torch.arange(TOKENIZER.get_vocab_size(), dtype=torch.int32) % ROWS
    extra = {"rows": rows, "row_of": row_of, "map.weight": torch.eye(HIDDEN), "map.bias": torch.zeros(HIDDEN)}
    folder = tmp_path / "teacher"
    folder.mkdir()
    save_file({name: one.contiguous() for name, one in weights.items()} | extra, folder / "teacher.safetensors")
    return folder


def test_training_learns_and_goes_on_after_a_kill_as_if_it_had_not_stopped(tmp_path, source, teacher, monkeypatch):
    monkeypatch.setattr(train_extractive, "KEPT_EVERY", 8)
    monkeypatch.setattr(train_extractive, "SHOWN_EVERY", 8)
    losses = []
    loss_of = train_extractive.loss_of

    def train(name, stop=None):
        def counted(model, examples):
            loss = loss_of(model, examples)
            losses.append(loss.item())
            if stop is not None and len(losses) > stop:
                raise KeyboardInterrupt
            return loss

        losses.clear()
        monkeypatch.setattr(train_extractive, "loss_of", counted)
        arguments = ["", str(tmp_path / name), "--teacher", str(teacher), "--source", str(source)]
        monkeypatch.setattr(sys, "argv", [*arguments, "--steps", "64", "--layers", "0", "1"])
        train_extractive.main()
        return load_file(tmp_path / name / "extractive.safetensors")

    whole = train("whole")
    assert np.mean(losses[-24:]) < np.mean(losses[:24])
    with pytest.raises(KeyboardInterrupt):
        train("cut", stop=12)
    resumed = train("cut")
    assert len(losses) == 56
    assert all(torch.allclose(whole[name], resumed[name], atol=1e-6) for name in whole)


def test_one_of_another_training_can_be_gone_on_from(tmp_path, source, teacher, monkeypatch):
    monkeypatch.setattr(train_extractive, "KEPT_EVERY", 8)
    base = ["", str(tmp_path / "first"), "--teacher", str(teacher), "--source", str(source), "--layers", "0", "1"]
    monkeypatch.setattr(sys, "argv", [*base, "--steps", "8"])
    train_extractive.main()
    first = load_file(tmp_path / "first" / "extractive.safetensors")
    model = train_extractive.Extractive(load_file(teacher / "teacher.safetensors"), [0, 1])
    train_extractive.start_from(model, first)
    again = train_extractive.weights_of(model)
    assert all(torch.equal(first[name], again[name]) for name in first)


def test_draws_of_a_seed_are_always_the_same(texts):
    one, other = (list(draws(texts, np.random.default_rng(4), 20)) for _ in range(2))
    assert all((a.pair.ids == b.pair.ids).all() and a.first == b.first for a, b in zip(one, other, strict=True))
    assert extractive_texts.ANSWERED + extractive_texts.UNANSWERED < 1
