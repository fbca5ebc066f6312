"""Writes a BERT body as an ONNX graph in 8-bit arithmetic: word vectors in, a vector a text or two logits a token out.

Every linear layer is rounded as eight_bit.py says; norms, sums and the attention itself stay in 32-bit floats. Scales
are fixed, so a token's values do not depend on which others run beside it. Sums and norms are two nodes: onnxruntime's
fused SkipLayerNormalization is several times slower on a processor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from eight_bit import Seen, divisors, parts, rounded
from onnx import ModelProto, TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import torch
    from eight_bit import Rounded
    from transformers import BertModel

OPSET, IR, EPSILON = 17, 8, 1e-12
CONTRIB = "com.microsoft"
ATTENDING, INNER = 0.8, 0.6
"""Powers of the activations' range in the divisors before attention and before the inner layer."""
MIXED = 0.5
"""The same for the layer behind attention, whose divisors cost nothing: they are taken off the values' weights."""
SPLIT = 16
"""How many inputs the outer layer has more than the model: parts of the greatest."""
SELF, MIX, IN, OUT = "attention.self", "attention.output", "intermediate", "output"


def watched(bert: BertModel, run: Callable[[], None]) -> dict[str, Seen]:
    """Return what each linear layer of `bert` is given while `run` runs, by the module's name."""
    found: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray, int]] = {}

    def note(name: str) -> Callable[[torch.nn.Module, tuple[torch.Tensor, ...]], None]:
        def hook(_: torch.nn.Module, given: tuple[torch.Tensor, ...]) -> None:
            values = given[0].detach().reshape(-1, given[0].shape[-1]).double().numpy()
            least, greatest, total, count = found.get(name, (np.inf, -np.inf, 0, 0))
            found[name] = (
                np.minimum(least, values.min(axis=0)),
                np.maximum(greatest, values.max(axis=0)),
                total + values.sum(axis=0),
                count + len(values),
            )

        return hook

    layers = [(name, one) for name, one in bert.named_modules() if name.endswith((".query", ".dense"))]
    hooks = [one.register_forward_pre_hook(note(name)) for name, one in layers]
    run()
    for hook in hooks:
        hook.remove()
    return {name: Seen(least, greatest, total / count) for name, (least, greatest, total, count) in found.items()}


class _Graph:
    def __init__(self) -> None:
        self.nodes: list[object] = []
        self.constants: dict[str, TensorProto] = {}

    def constant(self, name: str, values: np.ndarray) -> str:
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def add(self, kind: str, inputs: Iterable[str], domain: str = "", output: str = "", **settings: object) -> str:
        output = output or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], name=output, domain=domain, **settings))
        return output

    def norm(self, values: str, tensors: dict[str, np.ndarray], name: str) -> str:
        weights = [self.constant(f"{name}.{part}", tensors[f"{name}.{part}"]) for part in ("weight", "bias")]
        return self.add("LayerNormalization", [values, *weights], axis=-1, epsilon=EPSILON)

    def divide(self, values: str, divisor: np.ndarray, name: str) -> str:
        return self.add("Mul", [values, self.constant(f"{name}.factor", (1 / divisor).astype(np.float32))])

    def given(self, values: str, layer: Rounded, name: str) -> tuple[str, dict[str, str]]:
        """Round `values`; return them and the names of the layer's constants."""
        names = {part: self.constant(f"{name}.{part}", np.asarray(value)) for part, value in vars(layer).items()}
        return self.add("QuantizeLinear", [values, names["step"], names["zero"]]), names

    def linear(self, values: str, layer: Rounded, name: str) -> str:
        whole, of = self.given(values, layer, name)
        inputs = [whole, of["weight"], of["step"], of["scales"], of["zero"], "", of["bias"]]
        return self.add("MatMulIntegerToFloat", inputs, CONTRIB)

    def attention(self, values: str, layer: Rounded, name: str, heads: int) -> str:
        whole, of = self.given(values, layer, name)
        zeros = self.constant(f"{name}.zeros", np.zeros(len(layer.scales), np.int8))
        inputs = [whole, of["weight"], of["bias"], of["step"], of["scales"], "", of["zero"], zeros]
        return self.add("QAttention", inputs, CONTRIB, num_heads=heads)


@dataclass(frozen=True)
class _Layer:
    """One layer of a checkpoint: its name's begin, weights by name, and what its linear layers are given."""

    name: str
    tensors: dict[str, np.ndarray]
    seen: dict[str, Seen]

    def weights(self, part: str) -> tuple[np.ndarray, np.ndarray]:
        return self.tensors[f"{self.name}{part}.weight"].T, self.tensors[f"{self.name}{part}.bias"]

    def given(self, part: str) -> Seen:
        return self.seen[f"{self.name}{part}"]


def _attention(graph: _Graph, states: str, layer: _Layer, heads: int) -> str:
    weights, biases = zip(*(layer.weights(f"{SELF}.{one}") for one in ("query", "key", "value")), strict=True)
    mix, mix_bias = layer.weights(f"{MIX}.dense")
    mixed = divisors(layer.given(f"{MIX}.dense"), mix, MIXED)
    weight = np.concatenate([*weights[:2], weights[2] / mixed], axis=1)
    bias = np.concatenate([*biases[:2], biases[2] / mixed])
    given = layer.given(f"{SELF}.query")
    by = divisors(given, weight, ATTENDING)
    name = f"{layer.name}{SELF}"
    found = rounded(weight * by[:, None], bias, given.divided(by))
    values = graph.attention(graph.divide(states, by, name), found, name, heads)
    found = rounded(mix * mixed[:, None], mix_bias, layer.given(f"{MIX}.dense").divided(mixed))
    values = graph.linear(values, found, f"{layer.name}{MIX}")
    return graph.norm(graph.add("Add", [values, states]), layer.tensors, f"{layer.name}{MIX}.LayerNorm")


def _inner(graph: _Graph, states: str, layer: _Layer) -> str:
    (inner, inner_bias), (outer, outer_bias) = layer.weights(f"{IN}.dense"), layer.weights(f"{OUT}.dense")
    given, then = layer.given(f"{IN}.dense"), layer.given(f"{OUT}.dense")
    times = parts(then, SPLIT)
    taken = np.repeat(np.arange(len(times)), times)
    by = divisors(given, inner, INNER)
    name = f"{layer.name}{IN}"
    found = rounded((inner * by[:, None])[:, taken], inner_bias[taken], given.divided(by))
    values = graph.add("Gelu", [graph.linear(graph.divide(states, by, name), found, name)], CONTRIB)
    share = times[taken].astype(np.float32)
    name = f"{layer.name}{OUT}"
    found = rounded(outer[taken], outer_bias, then.chosen(taken).divided(share))
    values = graph.linear(graph.divide(values, share, name), found, name)
    return graph.norm(graph.add("Add", [values, states]), layer.tensors, f"{name}.LayerNorm")


def body(tensors: dict[str, np.ndarray], seen: dict[str, Seen], heads: int = 12) -> ModelProto:
    """Return the graph of a BERT checkpoint's `tensors`: `inputs_embeds` (texts, tokens, hidden) to `vector` or `ends`.

    All texts of a run have the same number of tokens; `vector` (texts, hidden) is the mean over them, of length one.
    With `ends.weight` (2, hidden) and `ends.bias` among the tensors, `ends` (texts, tokens, 2) is what they make of
    each token's state.
    """
    graph = _Graph()
    positions = tensors["embeddings.position_embeddings.weight"] + tensors["embeddings.token_type_embeddings.weight"][0]
    tokens = graph.add("Shape", ["inputs_embeds"], start=1, end=2)
    names = [graph.constant("positions", positions), graph.constant("first", np.zeros(1, np.int64)), tokens]
    places = graph.add("Slice", names)
    states = graph.norm(graph.add("Add", ["inputs_embeds", places]), tensors, "embeddings.LayerNorm")
    layers = 0
    while f"encoder.layer.{layers}.output.dense.weight" in tensors:
        layer = _Layer(f"encoder.layer.{layers}.", tensors, seen)
        states = _inner(graph, _attention(graph, states, layer, heads), layer)
        layers += 1
    hidden = positions.shape[1]
    if "ends.weight" in tensors:
        weight = graph.constant("ends.weight", tensors["ends.weight"].T)
        output, shape = "ends", ["texts", "tokens", 2]
        bias = graph.constant("ends.bias", tensors["ends.bias"])
        graph.add("Add", [graph.add("MatMul", [states, weight]), bias], output=output)
    else:
        mean = graph.add("ReduceMean", [states], axes=[1], keepdims=0)
        output, shape = "vector", ["texts", hidden]
        graph.add("LpNormalization", [mean], output=output, axis=1, p=2)
    made = helper.make_graph(
        graph.nodes,
        "body",
        [helper.make_tensor_value_info("inputs_embeds", TensorProto.FLOAT, ["texts", "tokens", hidden])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)],
        list(graph.constants.values()),
    )
    versions = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
    return helper.make_model(made, opset_imports=versions, ir_version=IR)
