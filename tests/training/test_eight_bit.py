"""The transformer's body in 8-bit arithmetic gives the vectors of the body in floats, far inputs or not."""

import numpy as np
import onnxruntime
import pytest
import torch
from eight_bit import STEPS, Seen, divisors, parts, rounded
from transformers import BertConfig, BertModel

pytest.importorskip("onnx", reason="making the body needs: pip install -e '.[training]'")
from body_graph import body, watched

HIDDEN, HEADS, PIECES = 96, 12, 200


@pytest.fixture(scope="module")
def bert():
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=PIECES, hidden_size=HIDDEN, num_hidden_layers=3, num_attention_heads=HEADS, intermediate_size=192
    )
    model = BertModel(config, add_pooling_layer=False).eval()
    for name, weights in model.named_parameters():
        if name.endswith("dense.weight") or "self" in name:
            weights.data.mul_(8)
    return model


def texts(count, tokens):
    random = torch.Generator().manual_seed(tokens)
    return torch.randint(0, PIECES, (count, tokens), generator=random)


def vectors_in_floats(bert, ids):
    with torch.no_grad():
        means = bert(input_ids=ids).last_hidden_state.mean(dim=1)
    return torch.nn.functional.normalize(means, dim=1).numpy()


def vectors_in_eight_bits(bert, ids, seen):
    model = body({name: values.numpy() for name, values in bert.state_dict().items()}, seen, HEADS)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    words = bert.embeddings.word_embeddings(ids).detach().numpy()
    return session.run(None, {"inputs_embeds": words})[0]


def seen_by(bert):
    return watched(bert, lambda: [vectors_in_floats(bert, texts(20, tokens)) for tokens in (5, 12, 30)])


def test_the_graph_gives_the_vectors_of_the_model(bert):
    ids = texts(16, 17)
    wanted, found = vectors_in_floats(bert, ids), vectors_in_eight_bits(bert, ids, seen_by(bert))
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert (wanted * found).sum(axis=1).min() > 0.998
    assert (wanted @ found.T).argmax(axis=1).tolist() == list(range(16))


def test_a_far_input_of_the_outer_layer_does_not_spoil_the_others(bert):
    far = BertModel(bert.config, add_pooling_layer=False).eval()
    far.load_state_dict(bert.state_dict())
    for layer in far.encoder.layer:
        layer.intermediate.dense.bias.data[7] = 60
        layer.output.dense.weight.data[:, 7] /= 60
    ids = texts(16, 17)
    wanted, found = vectors_in_floats(far, ids), vectors_in_eight_bits(far, ids, seen_by(far))
    assert (wanted * found).sum(axis=1).min() > 0.998


def test_what_is_watched_is_what_the_layers_are_given(bert):
    seen = watched(bert, lambda: [vectors_in_floats(bert, texts(4, 6)), vectors_in_floats(bert, texts(2, 9))])
    assert len(seen) == 4 * 3
    with torch.no_grad():
        given = [bert.embeddings(input_ids=texts(*size)).reshape(-1, HIDDEN).numpy() for size in ((4, 6), (2, 9))]
    first = seen["encoder.layer.0.attention.self.query"]
    np.testing.assert_allclose(first.greatest, np.concatenate(given).max(axis=0), atol=1e-5)
    np.testing.assert_allclose(first.least, np.concatenate(given).min(axis=0), atol=1e-5)
    np.testing.assert_allclose(first.mean, np.concatenate(given).mean(axis=0), atol=1e-5)
    assert not any(one._forward_pre_hooks for one in bert.modules())


def test_rounded_weights_fit_seven_bits_and_keep_the_mean_output():
    random = np.random.default_rng(1)
    values = random.normal(2, 1, (500, 40))
    weight, bias = random.normal(size=(40, 8)), random.normal(size=8)
    layer = rounded(weight, bias, Seen(values.min(axis=0), values.max(axis=0), values.mean(axis=0)))
    assert np.abs(layer.weight.astype(int)).max() == STEPS
    wanted = values @ weight + bias
    found = values @ (layer.weight * layer.scales) + layer.bias
    np.testing.assert_allclose(found.mean(axis=0), wanted.mean(axis=0), atol=1e-4)
    assert np.abs(found - wanted).max() < 0.05 * wanted.std()


def test_zero_is_exact_for_inputs_that_never_reach_it():
    layer = rounded(np.eye(2), np.zeros(2), Seen(np.full(2, 3.0), np.full(2, 5.0), np.full(2, 4.0)))
    assert layer.zero == 0
    assert layer.step == pytest.approx(5 / 255)


def test_divisors_even_out_the_inputs():
    seen = Seen(np.array([-1.0, -40.0, -2.0]), np.array([2.0, 3.0, 1.0]), np.zeros(3))
    ranges = seen.divided(divisors(seen, np.ones((3, 4)), 1.0)).furthest
    np.testing.assert_allclose(ranges, ranges[0], rtol=1e-5)


def test_the_furthest_inputs_are_split_first():
    seen = Seen(np.zeros(4), np.array([1.0, 30.0, 2.0, 7.0]), np.zeros(4))
    assert parts(seen, 7).tolist() == [1, 7, 1, 2]
    assert parts(seen, 0).tolist() == [1, 1, 1, 1]
