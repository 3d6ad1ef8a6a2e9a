"""Files that numpy and the safetensors library write, in base64, with the values they hold.

Run: python formats.oracle.py > formats.oracle.json (numpy 2.4, safetensors 0.8)
"""

import base64
import hashlib
import io
import json

import numpy as np
import safetensors.numpy
from numpy.lib import format as npy_format

random = np.random.default_rng(7)


def text(data):
    return base64.b64encode(data).decode()


def values(array):
    flat = array.ravel(order="C")
    if array.dtype.kind == "f":
        return [repr(float(value)) for value in flat]
    return [str(int(value)) for value in flat]


def npy(name, array, version=None):
    file = io.BytesIO()
    npy_format.write_array(file, array, version=version)
    return {
        "name": name,
        "file": text(file.getvalue()),
        "shape": list(array.shape),
        "dtype": array.dtype.name,
        "values": values(array),
    }


matrix = random.normal(size=(3, 5))
cube = np.arange(24).reshape(2, 3, 4)
files = []
for name in ["f2", "f4", "f8"]:
    files.append(npy(f"<{name} C", matrix.astype("<" + name)))
    files.append(npy(f">{name} C", matrix.astype(">" + name)))
    files.append(npy(f"<{name} Fortran", np.asfortranarray(matrix.astype("<" + name))))
for name in ["<i4", "<i8", ">i8", "|u1", "|b1"]:
    files.append(npy(f"{name} cube", cube.astype(name)))
    files.append(npy(f"{name} Fortran cube", np.asfortranarray(cube.astype(name))))
for version in [(1, 0), (2, 0), (3, 0)]:
    files.append(npy(f"version {version[0]}", matrix.astype("<f4"), version))
files.append(npy("scalar", np.float64(2.5).reshape(())))
files.append(npy("vector", np.array([1.5, -2.5], dtype="<f4")))
files.append(npy("no rows", np.zeros((0, 4), dtype="<f4")))
special = [np.nan, np.inf, -np.inf, -0.0, 65504.0, 2.0**-24, 2.0**-14]
files.append(npy("special values", np.array(special, dtype="<f2")))


def refused(array):
    file = io.BytesIO()
    npy_format.write_array(file, array)
    return text(file.getvalue())


# Every float16, and rounding at each boundary: the middle between neighbours, and just beside it.
bits = np.arange(65536, dtype=np.uint16)
halves = bits.view(np.float16).astype(np.float64)
finite = np.unique(halves[np.isfinite(halves)])
middles = (finite[:-1] + finite[1:]) / 2
picked = random.choice(len(middles), 400, replace=False)
probes = np.concatenate(
    [
        middles[picked],
        np.nextafter(middles[picked], np.inf),
        np.nextafter(middles[picked], -np.inf),
        np.array([65519.999, 65520.0, 65520.001, 1e300, 1e-300, -1e-8, 2.0**-25, 3 * 2.0**-25]),
        random.normal(size=200) * 10.0 ** random.integers(-9, 6, size=200),
    ]
)
with np.errstate(over="ignore"):
    rounded = probes.astype(np.float16).view(np.uint16)

tensors = {
    "weights": random.normal(size=(2, 3)).astype(np.float32),
    "half": random.normal(size=(3,)).astype(np.float16),
    "wide": random.normal(size=(2,)),
    "ids": np.array([-(2**62), 5], dtype=np.int64),
    "counts": np.array([[1], [-2]], dtype=np.int32),
    "bytes": np.array([0, 255, 7], dtype=np.uint8),
    "mask": np.array([True, False]),
    "empty": np.zeros((0, 3), dtype=np.float32),
    "scalar": np.array(4.5, dtype=np.float32),
}
print(
    json.dumps(
        {
            "numpy": np.__version__,
            "safetensors": safetensors.__version__,
            "npy": files,
            "unsupported": {
                "complex": refused(np.zeros(2, dtype="<c8")),
                "text": refused(np.array(["ab"])),
                "structured": refused(np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")])),
                "short": refused(np.zeros(2, dtype="<i2")),
            },
            "float16": {
                # Over the float32 bytes of all bit patterns but those of NaN, in order.
                "decodedSha256": hashlib.sha256(
                    halves[~np.isnan(halves)].astype("<f4").tobytes()
                ).hexdigest(),
                "probes": text(probes.astype("<f8").tobytes()),
                "rounded": text(rounded.astype("<u2").tobytes()),
            },
            "tensors": {
                "file": text(safetensors.numpy.save(tensors, {"format": "np", "käse": "🧀"})),
                "float32Only": text(
                    safetensors.numpy.save(
                        {"b": tensors["weights"], "a": tensors["scalar"], "c": tensors["empty"]}
                    )
                ),
                "values": {name: values(array) for name, array in tensors.items()},
                "shapes": {name: list(array.shape) for name, array in tensors.items()},
            },
        }
    )
)
