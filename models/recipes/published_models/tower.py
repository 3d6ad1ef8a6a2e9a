"""One tower as an ONNX file that gives what torch gives."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
import torch

OPSET = 18
# Largest difference from torch that is taken for rounding, relative to the longest vector.
TOLERANCE = 1e-4


@dataclass(frozen=True)
class Tower:
    """A module of one input and one output, and what both are called in ONNX."""

    module: torch.nn.Module
    input_name: str
    output_name: str
    # Inputs of at least two items; the first dimension will be free.
    example: torch.Tensor


def export_tower(tower: Tower, path: Path, external_data: bool) -> float:
    """Writes a tower and gives the largest difference of ONNX Runtime from torch, relative to the longest vector.

    With external data, the weights go to a file beside it that is called as the graph with `_data` behind: a graph
    itself cannot hold 2 GB.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    module = tower.module.eval()
    with torch.inference_mode():
        expected = module(tower.example).numpy()
    # Of more than 2 GB, the exporter leaves a file for each tensor, which are then written as one.
    with TemporaryDirectory(dir=path.parent) as folder:
        raw = Path(folder) / path.name
        torch.onnx.export(
            module, (tower.example,), raw, input_names=[tower.input_name], output_names=[tower.output_name],
            dynamic_axes={tower.input_name: {0: "batch"}, tower.output_name: {0: "batch"}},
            opset_version=OPSET, dynamo=False,
        )  # fmt: skip
        model = onnx.load(raw)
    data = path.with_name(path.name + "_data")
    data.unlink(missing_ok=True)
    if external_data:
        onnx.save(model, path, save_as_external_data=True, location=data.name, size_threshold=0)
    else:
        onnx.save(model, path)
    return difference(path, tower, expected)


def difference(path: Path, tower: Tower, expected: np.ndarray) -> float:
    """The largest difference of a written tower from torch. Fails where it is more than rounding."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    one = np.concatenate(
        [session.run([tower.output_name], {tower.input_name: item[None].numpy()})[0] for item in tower.example]
    )
    batch = session.run([tower.output_name], {tower.input_name: tower.example.numpy()})[0]
    scale = np.linalg.norm(expected, axis=-1).max()
    largest = float(max(np.abs(one - expected).max(), np.abs(batch - expected).max()) / scale)
    if not largest < TOLERANCE:
        raise SystemExit(f"{path} gives other vectors than torch: {largest:.2e} of the longest")
    return largest
