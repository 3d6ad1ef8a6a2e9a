"""Matrix files written by numpy and by the safetensors library, in base64, with numpy's float32 values.

Run: python3 matrix-file.oracle.py > matrix-file.oracle.json
"""
import base64
import io
import json
import sys

import numpy as np
import safetensors
import safetensors.numpy
from numpy.lib import format as npy

ROWS, COLUMNS = 7, 5
values = np.random.default_rng(11).standard_normal((ROWS, COLUMNS))
values[0, 0], values[0, 1], values[0, 2], values[1, 0] = 0.0, -0.0, 1e-7, np.inf
text = lambda data: base64.b64encode(data).decode()
as_float32 = lambda array: [float(value) for value in array.astype("f4").ravel(order="C")]


def npy_file(array, version=None):
    file = io.BytesIO()
    npy.write_array(file, array, version=version)
    return text(file.getvalue())


arrays = {}
for kind in ("f2", "f4", "f8"):
    for order in "CF":
        for endian in "<>":
            array = np.array(values, dtype=endian + kind, order=order)
            arrays[f"{endian}{kind} {order}"] = {"file": npy_file(array), "values": as_float32(array)}
for version in ((1, 0), (2, 0), (3, 0)):
    array = values.astype("f4")
    name = f"version {version[0]}"
    arrays[name] = {"file": npy_file(array, version), "values": as_float32(array)}

ids = [f"bild-{row}-ü" for row in range(ROWS)]
encoded = [name.encode() for name in ids]
offsets = np.cumsum([0] + [len(name) for name in encoded]).astype("i4")
metadata = {"format": "assay.matrix", "version": "1", "normalized": "false", "fingerprint": "space"}
own = {
    "vectors": values.astype("f4"),
    "id_offsets": offsets,
    "ids": np.frombuffer(b"".join(encoded), "u1"),
}

json.dump(
    {
        "numpy": np.__version__,
        "safetensors": safetensors.__version__,
        "rows": ROWS,
        "columns": COLUMNS,
        "arrays": {name: {**it, "values": [repr(v) for v in it["values"]]} for name, it in arrays.items()},
        "vector": npy_file(np.arange(4, dtype="f4")),
        "cube": npy_file(np.zeros((2, 3, 4), "f4")),
        "integers": npy_file(np.zeros((2, 3), "i4")),
        "noColumns": npy_file(np.zeros((2, 0), "f4")),
        "noRows": npy_file(np.zeros((0, 3), "f4")),
        "beyondFloat32": npy_file(np.array([[1.0, 2.0], [3.0, 1e300]])),
        "ids": ids,
        "own": text(safetensors.numpy.save(own, metadata)),
        "tensors": text(
            safetensors.numpy.save({kind: values.astype(kind) for kind in ("f2", "f4", "f8")})
        ),
    },
    sys.stdout,
    indent=1,
)
print()
