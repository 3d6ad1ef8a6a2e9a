"""Pictures of the shipped tiny diffusion by onnxruntime in Python and its recipe's own loop.

PYTHONPATH=models/recipes python tiny-diffusion.oracle.py models/tiny-world/tiny-diffusion > tiny-diffusion.oracle.json
"""

import json
import sys
from pathlib import Path

import numpy as np

from tiny_diffusion.generator import Generator

PROMPTS = ["red apple", "a twemoji style picture of a whale"]


def formula_noise(seed: int) -> np.ndarray:
    """As in `__fixtures__/formula-weights.ts`."""
    i = np.arange(3 * 32 * 32, dtype=np.float64)
    values = np.sqrt(2) * np.sin(1 + 3.1 * (100 + 10 * seed) + 0.11 * i + 0.37 * i * i)
    return values.reshape(3, 32, 32)


if __name__ == "__main__":
    noise = np.stack([formula_noise(seed) for seed in range(len(PROMPTS))])
    pictures = Generator(Path(sys.argv[1])).draw(PROMPTS, noise, steps=8, guidance=2.0)
    cases = [{"prompt": p, "pixels": each.ravel().tolist()} for p, each in zip(PROMPTS, pictures)]
    print(json.dumps(cases, separators=(",", ":")))
