"""Puts 4-bit weights back into an ONNX graph: each product with a constant matrix becomes a MatMulNBits node.

A block of 32 weights along the input shares one scale, so that scale * (n - 8) with n in 0..15 gives the weight.
Weights that were stored this way before (packed_e5.py) come back exactly; others are rounded. Accuracy level 1 computes
in 32-bit floats: vectors then equal the unquantised model's. (Dynamic int8 is twice as fast, but one scale for all
activations costs cosines down to .95 once the output map has spread the vectors out.)
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper, numpy_helper

BLOCK = 32


def pack(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the nibbles (outputs, blocks, 16) and scales (outputs * blocks) of a weight (inputs, outputs)."""
    blocks = np.ascontiguousarray(weight.T).reshape(weight.shape[1], -1, BLOCK)
    furthest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=2, keepdims=True), axis=2)
    scales = furthest / -8
    scales[scales == 0] = 1
    codes = np.clip(np.rint(blocks / scales) + 8, 0, 15).astype(np.uint8)
    return codes[:, :, 0::2] | (codes[:, :, 1::2] << 4), scales.astype(np.float32).reshape(-1)


def convert(model: onnx.ModelProto, accuracy_level: int = 1) -> float:
    """Change `model` in place; return the greatest change of a weight relative to its block's scale."""
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    worst = 0.0
    for node in model.graph.node:
        if node.op_type != "MatMul" or node.input[1] not in constants:
            continue
        name = node.input[1]
        weight = numpy_helper.to_array(constants[name])
        codes, scales = pack(weight)
        spread = np.stack([codes & 15, codes >> 4], axis=3).reshape(weight.shape[1], -1, BLOCK).astype(np.float32) - 8
        back = spread * scales.reshape(weight.shape[1], -1, 1)
        change = np.abs(back - weight.T.reshape(back.shape)) / np.abs(scales.reshape(weight.shape[1], -1, 1))
        worst = max(worst, float(change.max()))
        model.graph.initializer.remove(constants.pop(name))
        model.graph.initializer.extend(
            [numpy_helper.from_array(codes, name + "_codes"), numpy_helper.from_array(scales, name + "_scales")]
        )
        node.op_type, node.domain = "MatMulNBits", "com.microsoft"
        del node.input[1]
        node.input.extend([name + "_codes", name + "_scales"])
        sizes = {"K": weight.shape[0], "N": weight.shape[1], "bits": 4, "block_size": BLOCK}
        for key, value in (sizes | {"accuracy_level": accuracy_level}).items():
            node.attribute.append(helper.make_attribute(key, value))
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    return worst
