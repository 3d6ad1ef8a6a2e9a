"""Noise of a seed and a draw: the normals of core's stream forked by the label "noise <draw>".

Takes the published algorithms from core's own oracle.
Run: python seeded-noise.oracle.py > seeded-noise.oracle.json
"""

import contextlib
import io
import json
import runpy
from pathlib import Path

core = Path(__file__).parents[3] / "core/src/random/random.oracle.py"
with contextlib.redirect_stdout(io.StringIO()):
    parts = runpy.run_path(str(core))


def noise(seed, draw, length):
    mixed = (seed % 2**64) ^ parts["fnv1a64"](f"noise {draw}")
    words = parts["stream"](next(parts["splitmix64"](mixed)))
    return parts["take"](parts["normals"](parts["doubles"](words)), length)


cases = [(7, 3), (0, 0), (-12, 0), (2**53 - 1, 20)]
print(json.dumps([{"seed": s, "draw": d, "noise": noise(s, d, 5)} for s, d in cases]))
