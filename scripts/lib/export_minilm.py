"""Writes all-MiniLM-L6-v2 as ONNX from its safetensors weights, without torch.

In: the folder with `config.json` and `model.safetensors`. Out: `model.onnx` (fp32) and `model_int8.onnx`.
The graph takes `input_ids` and `attention_mask` (int64, [batch, seq]) and gives `sentence_embedding`
(float32, [batch, hidden]): masked mean of the last layer, scaled to length one.
Equal weights and equal package versions give equal bytes; `common/embed/model.json` pins them.
"""

import json
import logging
import math
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

OPSET = 20  # The first one with Gelu.
IR_VERSION = 9
MASKED = -1e9  # Added to attention scores of padding; softmax makes it zero.


class Graph:
    """Collects nodes and constants under names that depend on their order alone."""

    def __init__(self, weights):
        self.weights = weights
        self.nodes = []
        self.constants = {}

    def constant(self, name, array):
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def weight(self, name):
        return self.weights[name].astype(np.float32)

    def node(self, op, *inputs, output=None, **attributes):
        output = output or f"{op}_{len(self.nodes)}"
        name = f"n{len(self.nodes)}_{op}"
        self.nodes.append(helper.make_node(op, list(inputs), [output], name=name, **attributes))
        return output

    def axes(self, *axes):
        return self.constant("axes_" + "_".join(map(str, axes)), np.array(axes, np.int64))

    def scalar(self, name, value):
        return self.constant(name, np.array(value, np.float32))

    def linear(self, x, name):
        product = self.node("MatMul", x, self.constant(f"{name}.weight", self.weight(f"{name}.weight").T))
        return self.node("Add", product, self.constant(f"{name}.bias", self.weight(f"{name}.bias")))

    def layer_norm(self, x, name, epsilon):
        scale = self.constant(f"{name}.weight", self.weight(f"{name}.weight"))
        bias = self.constant(f"{name}.bias", self.weight(f"{name}.bias"))
        return self.node("LayerNormalization", x, scale, bias, axis=-1, epsilon=epsilon)


def embeddings(graph, epsilon):
    # One sentence per input: the token type is always 0, so its row joins the position table.
    positions = graph.weight("embeddings.position_embeddings.weight")
    token_type = graph.weight("embeddings.token_type_embeddings.weight")[0]
    table = graph.constant("position_table", positions + token_type)
    words = graph.constant("word_table", graph.weight("embeddings.word_embeddings.weight"))
    length = graph.node("Shape", "input_ids", start=1, end=2)
    position = graph.node("Slice", table, graph.axes(0), length, graph.axes(0))
    token = graph.node("Gather", words, "input_ids", axis=0)
    return graph.layer_norm(graph.node("Add", token, position), "embeddings.LayerNorm", epsilon)


def attention_bias(graph):
    mask = graph.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    mask = graph.node("Unsqueeze", mask, graph.axes(1, 2))
    padding = graph.node("Sub", graph.scalar("one", 1.0), mask)
    return graph.node("Mul", padding, graph.scalar("masked", MASKED))


def attention(graph, x, name, n_heads, bias):
    hidden = graph.weight(f"{name}.self.query.bias").shape[0]
    head = hidden // n_heads
    split = graph.constant("split_heads", np.array([0, 0, n_heads, head], np.int64))
    join = graph.constant("join_heads", np.array([0, 0, hidden], np.int64))

    def heads(part, order):
        rows = graph.linear(x, f"{name}.self.{part}")
        return graph.node("Transpose", graph.node("Reshape", rows, split), perm=order)

    query = heads("query", [0, 2, 1, 3])
    key = heads("key", [0, 2, 3, 1])
    value = heads("value", [0, 2, 1, 3])
    scores = graph.node("Mul", graph.node("MatMul", query, key), graph.scalar("scale", 1.0 / math.sqrt(head)))
    shares = graph.node("Softmax", graph.node("Add", scores, bias), axis=-1)
    mixed = graph.node("Transpose", graph.node("MatMul", shares, value), perm=[0, 2, 1, 3])
    return graph.linear(graph.node("Reshape", mixed, join), f"{name}.output.dense")


def encoder_layer(graph, x, name, config, bias):
    epsilon = config["layer_norm_eps"]
    attended = attention(graph, x, f"{name}.attention", config["num_attention_heads"], bias)
    x = graph.layer_norm(graph.node("Add", attended, x), f"{name}.attention.output.LayerNorm", epsilon)
    inner = graph.node("Gelu", graph.linear(x, f"{name}.intermediate.dense"))
    outer = graph.linear(inner, f"{name}.output.dense")
    return graph.layer_norm(graph.node("Add", outer, x), f"{name}.output.LayerNorm", epsilon)


def mean_pool(graph, x):
    mask = graph.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    mask = graph.node("Unsqueeze", mask, graph.axes(2))
    total = graph.node("ReduceSum", graph.node("Mul", x, mask), graph.axes(1), keepdims=0)
    count = graph.node("ReduceSum", mask, graph.axes(1), keepdims=0)
    mean = graph.node("Div", total, graph.node("Max", count, graph.scalar("min_count", 1e-9)))
    length = graph.node("ReduceL2", mean, graph.axes(1), keepdims=1)
    length = graph.node("Max", length, graph.scalar("min_length", 1e-12))
    graph.node("Div", mean, length, output="sentence_embedding")


def build(source):
    config = json.loads((source / "config.json").read_text())
    graph = Graph(load_file(source / "model.safetensors"))
    x = embeddings(graph, config["layer_norm_eps"])
    bias = attention_bias(graph)
    for layer in range(config["num_hidden_layers"]):
        x = encoder_layer(graph, x, f"encoder.layer.{layer}", config, bias)
    mean_pool(graph, x)

    def tensor(name, kind, *shape):
        return helper.make_tensor_value_info(name, kind, list(shape))

    inputs = [tensor(name, TensorProto.INT64, "batch", "seq") for name in ("input_ids", "attention_mask")]
    output = tensor("sentence_embedding", TensorProto.FLOAT, "batch", config["hidden_size"])
    onnx_graph = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", inputs, [output], list(graph.constants.values()))
    model = helper.make_model(
        onnx_graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="doctown", ir_version=IR_VERSION
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def main():
    source, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    (target / "model.onnx").write_bytes(build(source).SerializeToString(deterministic=True))
    # It advises to run shape inference first, which changes nothing in this graph.
    logging.getLogger().setLevel(logging.ERROR)
    # One scale per output column: with one per matrix the vectors turn by 20 degrees and more.
    # Seven bits of the eight: processors without instructions for such products add pairs of them in
    # sixteen bits, which would overflow.
    quantize_dynamic(
        target / "model.onnx",
        target / "model_int8.onnx",
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul"],
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
    )


if __name__ == "__main__":
    main()
