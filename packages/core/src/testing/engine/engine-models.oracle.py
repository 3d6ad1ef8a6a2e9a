"""Writes engine-models.ts: the graphs of the engine conformance kit.

Run with Python and the package onnx: python engine-models.oracle.py
"""

import base64
from pathlib import Path

from onnx import TensorProto, checker, helper

ELEMENT_TYPES = {
    "float32": TensorProto.FLOAT,
    "float64": TensorProto.DOUBLE,
    "float16": TensorProto.FLOAT16,
    "int64": TensorProto.INT64,
    "int32": TensorProto.INT32,
    "uint8": TensorProto.UINT8,
    "bool": TensorProto.BOOL,
}


def value(name, element_type, shape):
    return helper.make_tensor_value_info(name, element_type, shape)


def floats(name, *shape):
    return value(name, TensorProto.FLOAT, shape)


def encode(name, nodes, inputs, outputs):
    graph = helper.make_graph(nodes, name, inputs, outputs)
    # Old enough for every runtime of the last years.
    model = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 13)])
    model.producer_name = "assay"
    checker.check_model(model, full_check=True)
    return base64.b64encode(model.SerializeToString()).decode()


node = helper.make_node

models = {
    "typesModel": encode(
        "types",
        [node("Identity", [f"{name}_in"], [f"{name}_out"]) for name in ELEMENT_TYPES],
        [value(f"{name}_in", kind, ["n"]) for name, kind in ELEMENT_TYPES.items()],
        [value(f"{name}_out", kind, ["n"]) for name, kind in ELEMENT_TYPES.items()],
    ),
    "sumsModel": encode(
        "sums",
        [node("Add", ["x", "shift"], ["sum"]), node("Sub", ["x", "shift"], ["difference"])],
        [floats("x", "n", 3), floats("shift")],
        [floats("sum", "n", 3), floats("difference", "n", 3)],
    ),
    "productModel": encode(
        "product",
        [node("MatMul", ["a", "b"], ["ab"]), node("Tanh", ["ab"], ["y"])],
        [floats("a", "m", "k"), floats("b", "k", "n")],
        [floats("y", "m", "n")],
    ),
}

comments = {
    "typesModel": "`NAME_out = NAME_in` for the name of every element type, each of shape [n].",
    "sumsModel": "`sum = x + shift` and `difference = x - shift`, x of shape [n, 3], shift a scalar.",
    "productModel": "`y = tanh(a b)`, a of shape [m, k], b of shape [k, n].",
}


def constant(name, text):
    lines = [text[start : start + 88] for start in range(0, len(text), 88)]
    body = " +\n  ".join(f"'{line}'" for line in lines)
    return f"/** {comments[name]} */\nexport const {name} =\n  {body}\n"


header = "// Written by engine-models.oracle.py: ONNX files in base64.\n"
text = "\n".join([header, *[constant(name, text) for name, text in models.items()]])
Path(__file__).with_name("engine-models.ts").write_text(text)
