"""A BERT body small enough to read: used for the teacher, and for the student that is trained towards it.

`quantised` makes the linear layers compute as 8-bit arithmetic will (one scale for the activations of a text, one for
each row of weights, 7 bits for weights so that processors without a dot-product instruction cannot overflow), with
gradients passed straight through: quantisation-aware training, Jacob et al. 2018.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional

WEIGHT_STEPS, ACTIVATION_STEPS = 64, 255
LAYER_PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "mixed": "attention.output.dense",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "first_norm": "attention.output.LayerNorm",
    "second_norm": "output.LayerNorm",
}
"""Names here and in BERT checkpoints."""


def rounded_activations(values: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Return (texts, tokens, n) with each text's values on 256 steps between its least and greatest, or zero."""
    seen = values.detach().masked_fill(~mask[:, :, None], 0)
    least, greatest = (limit.float()[:, None, None] for limit in (seen.amin((1, 2)), seen.amax((1, 2))))
    least, greatest = least.clamp(max=0), greatest.clamp(min=0)
    scale = (greatest - least).clamp(min=1e-8) / ACTIVATION_STEPS
    zero = torch.round(-least / scale)
    exact = values.float()
    steps = torch.clamp(torch.round(exact.detach() / scale) + zero, 0, ACTIVATION_STEPS)
    return exact + ((steps - zero) * scale - exact.detach())


def rounded_weights(weight: torch.Tensor) -> torch.Tensor:
    """Return a weight (outputs, inputs) on 129 steps an output."""
    held = weight.detach()
    scale = held.abs().amax(dim=1, keepdim=True).clamp(min=1e-12) / WEIGHT_STEPS
    return weight + (torch.round(held / scale) * scale - held)


class Linear(nn.Linear):
    """A linear layer that can compute with rounded numbers."""

    def forward(self, values: torch.Tensor, mask: torch.Tensor, quantised: bool) -> torch.Tensor:  # type: ignore[override]
        """Return the layer's output; `mask` (texts, tokens) tells what belongs to the text."""
        if not quantised:
            return functional.linear(values, self.weight, self.bias)
        return functional.linear(rounded_activations(values, mask), rounded_weights(self.weight), self.bias)


class Layer(nn.Module):
    """One transformer layer, norms after the sums."""

    def __init__(self, hidden: int, inner: int, heads: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.mixed = (Linear(hidden, hidden) for _ in range(4))
        self.inner, self.outer = Linear(hidden, inner), Linear(inner, hidden)
        self.first_norm, self.second_norm = (nn.LayerNorm(hidden, epsilon) for _ in range(2))

    def forward(self, states: torch.Tensor, mask: torch.Tensor, quantised: bool) -> torch.Tensor:
        """Return the next (texts, tokens, hidden)."""
        texts, tokens, hidden = states.shape
        split = (texts, tokens, self.heads, hidden // self.heads)
        query, key, value = (
            part(states, mask, quantised).view(split).transpose(1, 2) for part in (self.query, self.key, self.value)
        )
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :])
        seen = seen.transpose(1, 2).reshape(texts, tokens, hidden)
        states = self.first_norm(states + self.mixed(seen, mask, quantised))
        inner = functional.gelu(self.inner(states, mask, quantised))
        return self.second_norm(states + self.outer(inner, mask, quantised))


class Encoder(nn.Module):
    """Word vectors, layers, mean over tokens, a linear map: one unit vector a text.

    `row_of` (pieces,) says which row of word vectors each piece of the tokenizer uses.
    """

    def __init__(self, tensors: dict[str, torch.Tensor], layers: list[int], heads: int = 12) -> None:
        """Take the layers numbered `layers` of a checkpoint named as in BERT, with `rows`, `row_of` and the map."""
        super().__init__()
        rows = tensors["rows"].float()
        hidden = rows.shape[1]
        self.words = nn.Embedding.from_pretrained(rows.clone(), freeze=False)
        self.register_buffer("row_of", tensors["row_of"].long())
        kind = tensors["embeddings.token_type_embeddings.weight"][0].float()
        self.positions = nn.Parameter(tensors["embeddings.position_embeddings.weight"].float() + kind)
        self.norm = nn.LayerNorm(hidden, 1e-12)
        self.layers = nn.ModuleList(
            Layer(hidden, tensors["encoder.layer.0.intermediate.dense.weight"].shape[0], heads, 1e-12) for _ in layers
        )
        self.map = nn.Linear(hidden, hidden)
        self._copy(self.norm, tensors, "embeddings.LayerNorm")
        for layer, number in zip(self.layers, layers, strict=True):
            for name, theirs in LAYER_PARTS.items():
                self._copy(getattr(layer, name), tensors, f"encoder.layer.{number}.{theirs}")
        self.map.weight.data.copy_(tensors["map.weight"])
        self.map.bias.data.copy_(tensors["map.bias"])

    @staticmethod
    def _copy(module: Any, tensors: dict[str, torch.Tensor], name: str) -> None:
        module.weight.data.copy_(tensors[f"{name}.weight"])
        module.bias.data.copy_(tensors[f"{name}.bias"])

    def checkpoint(self) -> dict[str, torch.Tensor]:
        """Return the tensors that a new Encoder takes, layers numbered from 0."""
        positions = self.positions.detach()
        found = {
            "rows": self.words.weight.detach(),
            "row_of": self.row_of.int(),
            "embeddings.position_embeddings.weight": positions,
            "embeddings.token_type_embeddings.weight": torch.zeros_like(positions[:2]),
            "map.weight": self.map.weight.detach(),
            "map.bias": self.map.bias.detach(),
        }
        parts = {"embeddings.LayerNorm": self.norm}
        for number, layer in enumerate(self.layers):
            parts |= {f"encoder.layer.{number}.{name}": getattr(layer, ours) for ours, name in LAYER_PARTS.items()}
        for name, module in parts.items():
            found |= {f"{name}.weight": module.weight.detach(), f"{name}.bias": module.bias.detach()}
        return {name: one.contiguous().cpu() for name, one in found.items()}

    def states(self, ids: torch.Tensor, mask: torch.Tensor, quantised: bool = False) -> list[torch.Tensor]:
        """Return the states (texts, tokens, hidden) after the word vectors and after each layer."""
        return self.through(self.words(self.row_of[ids]), mask, quantised)

    def through(self, words: torch.Tensor, mask: torch.Tensor, quantised: bool = False) -> list[torch.Tensor]:
        """Return the same from word vectors (texts, tokens, hidden)."""
        found = [self.norm(words + self.positions[: words.shape[1]])]
        for layer in self.layers:
            found.append(layer(found[-1], mask, quantised))
        return found

    def vectors(self, last: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return unit vectors (texts, hidden) of the states after the last layer."""
        held = mask[:, :, None].to(last.dtype)
        mean = (last * held).sum(dim=1) / held.sum(dim=1)
        with torch.autocast(last.device.type, enabled=False):
            return functional.normalize(self.map(functional.normalize(mean.float(), dim=1)), dim=1)
