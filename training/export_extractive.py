"""Makes kb/resources/extractive of what train_extractive.py wrote: six layers as an ONNX graph in 8-bit arithmetic.

    python training/export_extractive.py extractive.safetensors [--out kb/resources/extractive]

Scales are found on pairs that training draws (body_graph.py); word vectors are those of kb/resources/transformer. The
script ends by printing the figures of the held out documents with 32-bit floats and with 8 bits.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
import torch
from body_graph import body, watched
from extractive_figures import figures
from extractive_texts import draws, load
from safetensors.torch import load_file, save_file
from train_extractive import SOURCE
from transformers import BertConfig, BertModel

from kb.models.encoder import bundled_folder
from kb.models.extractive import ExtractiveModel
from kb.models.static import read_tokenizer
from kb.models.words import load_word_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extractive_texts import Example

    from kb.models.pairs import Pair

HERE = Path(__file__).parent
SAMPLED = 400
"""Pairs that the scales are found on."""
HEADS = 12


def bert_of(tensors: dict[str, torch.Tensor]) -> BertModel:
    """Return the layers as a model whose parts have the names that body_graph.py knows."""
    layers = sum(name.endswith(".output.LayerNorm.weight") and ".attention." not in name for name in tensors)
    positions, hidden = tensors["embeddings.position_embeddings.weight"].shape
    config = BertConfig(
        vocab_size=1,
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=HEADS,
        intermediate_size=len(tensors["encoder.layer.0.intermediate.dense.bias"]),
        max_position_embeddings=positions,
        layer_norm_eps=1e-12,
        pad_token_id=0,
        attn_implementation="eager",
    )
    bert = BertModel(config, add_pooling_layer=False)
    outcome = bert.load_state_dict(tensors, strict=False)
    if any(name.startswith("encoder.") for name in outcome.missing_keys):
        raise ValueError(f"weights do not fit: {outcome}")
    return bert.eval()


def embedded(pair: Pair, tensors: dict[str, np.ndarray], rows: np.ndarray) -> np.ndarray:
    """Return the word vectors (pieces, hidden) of a pair with the model's marks."""
    words = rows[pair.ids] + pair.alike[:, None] * tensors["alike"]
    words[: pair.question_end] += tensors["asked"]
    return words


def main() -> None:
    """Export, and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--source", type=Path, default=SOURCE)
    parser.add_argument("--out", type=Path, default=HERE.parent / "kb" / "resources" / "extractive")
    options = parser.parse_args()
    transformer = bundled_folder("transformer")
    tokenizer = read_tokenizer(transformer / "tokenizer.json")
    texts = load(options.source, tokenizer, load_word_vectors())
    trained = load_file(options.weights)
    tensors = {name: one.numpy() for name, one in trained.items()}
    vectors = load_file(transformer / "vectors.safetensors")
    rows = (vectors["embeddings"] * vectors["weights"][:, None])[vectors["rows"].long()].numpy()
    bert = bert_of(trained)

    def run() -> None:
        with torch.no_grad():
            for one in draws(texts, np.random.default_rng(0), SAMPLED):
                bert(inputs_embeds=torch.from_numpy(embedded(one.pair, tensors, rows))[None])

    options.out.mkdir(parents=True, exist_ok=True)
    onnx.save(body(tensors, watched(bert, run)), str(options.out / "model.onnx"))
    save_file({"alike": trained["alike"], "asked": trained["asked"]}, options.out / "marks.safetensors")
    for path in options.out.iterdir():
        path.chmod(0o644)
        print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")
    small = ExtractiveModel(options.out, transformer)
    weight, bias = tensors["ends.weight"], tensors["ends.bias"]

    def exact(examples: Sequence[Example]) -> list[np.ndarray]:
        with torch.no_grad():
            inputs = [torch.from_numpy(embedded(one.pair, tensors, rows))[None] for one in examples]
            return [bert(inputs_embeds=one).last_hidden_state[0].numpy() @ weight.T + bias for one in inputs]

    print("32-bit floats,", figures(texts, exact))
    print("8 bits,", figures(texts, lambda examples: [small.logits(one.pair) for one in examples]))


if __name__ == "__main__":
    main()
