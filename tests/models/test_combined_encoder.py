"""Two encoders side by side give the weighted sum of their cosines."""

import numpy as np
import pytest

from kb.models.combined import CombinedEncoder
from kb.models.encoder import load_encoder

TEXTS = ["экспортный потенциал кластера", "klasterning eksport salohiyati", "bees and honey"]


@pytest.fixture(scope="module")
def parts():
    return load_encoder("fast"), load_encoder("transformer")


def test_an_inner_product_is_the_weighted_sum_of_both_cosines(parts):
    first, second = parts
    both = CombinedEncoder(first, second, share=0.3, name="both")
    cosines = both.encode_queries(TEXTS[:1]) @ both.encode_passages(TEXTS[1:]).T
    expected = 0.3 * first.encode_queries(TEXTS[:1]) @ first.encode_passages(TEXTS[1:]).T
    expected += 0.7 * second.encode_queries(TEXTS[:1]) @ second.encode_passages(TEXTS[1:]).T
    np.testing.assert_allclose(cosines, expected, atol=1e-5)


def test_vectors_have_length_one_and_both_dimensions(parts):
    best = load_encoder("best")
    vectors = best.encode_passages(TEXTS)
    assert vectors.shape == (3, best.dimension) == (3, parts[0].dimension + parts[1].dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_text_without_a_token_for_one_encoder_still_has_a_vector_of_length_one(parts):
    vectors = load_encoder("best").encode_passages(["   "])
    assert np.linalg.norm(vectors) in (pytest.approx(0), pytest.approx(1))


def test_another_share_is_another_fingerprint(parts):
    one, other = (CombinedEncoder(*parts, share=share, name="both") for share in (0.5, 0.6))
    assert one.fingerprint != other.fingerprint
    assert one.fingerprint == CombinedEncoder(*parts, share=0.5, name="other").fingerprint
