"""Texts are placed by their use, and a run that was cut off goes on."""

import sys

import numpy as np
import placing
import pytest
import torch
from safetensors.torch import load_file
from texts import EN, RU, UZ, Texts

from kb.models.encoder import bundled_folder
from kb.models.onnx_encoder import OnnxEncoder

SENTENCE = "the cluster of {} factories sells more abroad every year"


@pytest.fixture
def texts():
    languages = np.array([UZ, RU, EN] * 4, np.int8)
    words = np.zeros(12, np.bool_)
    words[11] = True
    lines = [SENTENCE.format(number) for number in range(12)]
    lines[8] = "short"
    return Texts(
        texts=lines,
        languages=languages,
        words=words,
        rows=np.array([[0, 1, 2], [3, 4, -1]], np.int32),
        row_shares=np.array([0.999999, 0.000001]),
        pairs=np.array([[5, 5]], np.int32),
        pair_shares=np.ones(1),
    )


def test_texts_go_by_their_use(texts):
    order = placing.by_use(texts).tolist()
    assert sorted(order) == list(range(12))
    ties, rest = order[:6], order[6:]
    assert set(ties[:4]) == {1, 2, 4, 5}
    assert ties[3] == 4
    assert abs(ties.index(1) - ties.index(2)) == 1
    assert ties[4:] == [0, 3]
    assert rest[:2] in ([7, 10], [10, 7])
    assert set(rest[2:4]) == {6, 9}
    assert rest[4:] == [8, 11]


def test_what_is_not_reached_stays_zero_and_a_later_run_goes_on(monkeypatch, texts, tmp_path):
    place = tmp_path / "texts.xz"
    texts.save(place)
    out = tmp_path / "vectors.safetensors"
    arguments = ["placing", str(place), str(bundled_folder("transformer")), str(out)]
    monkeypatch.setattr(sys, "argv", arguments)
    monkeypatch.setattr(placing, "CHUNK", 4)
    monkeypatch.setattr(placing, "SECONDS_KEPT", 0.0)
    write, asked = placing.state.write, []

    def killed(*given):
        write(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(placing.state, "write", killed)
    with pytest.raises(KeyboardInterrupt):
        placing.main()
    some = load_file(out)["vectors"]
    done = placing.by_use(texts)[:4]
    assert some.dtype == torch.float16
    assert set(np.flatnonzero(some.norm(dim=1) > 0).tolist()) == set(done.tolist())

    monkeypatch.setattr(placing.state, "write", write)
    encode = OnnxEncoder.encode_passages
    monkeypatch.setattr(OnnxEncoder, "encode_passages", lambda self, lines: asked.extend(lines) or encode(self, lines))
    placing.main()
    assert len(asked) == 8
    encoder = OnnxEncoder(bundled_folder("transformer"))
    np.testing.assert_allclose(load_file(out)["vectors"].float(), encoder.encode_passages(texts.texts), atol=1e-3)


def test_no_time_places_nothing(monkeypatch, texts, tmp_path):
    place, out = tmp_path / "texts.xz", tmp_path / "vectors.safetensors"
    texts.save(place)
    arguments = ["placing", str(place), str(bundled_folder("transformer")), str(out), "--minutes", "0"]
    monkeypatch.setattr(sys, "argv", arguments)
    placing.main()
    assert not out.exists()
