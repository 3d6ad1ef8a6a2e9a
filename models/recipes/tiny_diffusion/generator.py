"""The shipped ONNX files in onnxruntime: what is measured is what ships."""

from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from tiny_clip import tokenizer as bpe
from tiny_clip.model import CONTEXT

from .data import SIDE

STEPS = 20
GUIDANCE = 2.0


def noise_of(seeds: list[int]) -> np.ndarray:
    """Standard normal noise, a picture a seed: numpy's, not Assay's."""
    return np.stack([np.random.default_rng(seed).standard_normal((3, SIDE, SIDE)) for seed in seeds])


class Generator:
    """Prompts to pictures [n, 32, 32, 3] uint8, by Euler steps down the flow with classifier-free guidance."""

    def __init__(self, folder: Path, threads: int = 2):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = lambda part: onnxruntime.InferenceSession(str(folder / part / "model.onnx"), options)  # noqa: E731
        self.text, self.unet = session("text_encoder"), session("unet")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer/tokenizer.json"))

    def states(self, prompts: list[str]) -> np.ndarray:
        """Token states [n, 20, 128]."""
        ids = np.array(bpe.encode(self.tokenizer, prompts, CONTEXT), np.int64)
        return self.text.run(None, {"input_ids": ids})[0]

    def draw(self, prompts: list[str], noise: np.ndarray, steps: int = STEPS, guidance: float = GUIDANCE) -> np.ndarray:
        """One picture a prompt, from its own noise [n, 3, 32, 32]."""
        states = np.concatenate([self.states([""] * len(prompts)), self.states(prompts)])
        return follow_flow(self.velocity, states, noise, steps, guidance)

    def velocity(self, sample: np.ndarray, timestep: np.ndarray, states: np.ndarray) -> np.ndarray:
        feeds = {"sample": sample, "timestep": timestep, "encoder_hidden_states": states}
        return self.unet.run(None, feeds)[0]


def follow_flow(velocity, states: np.ndarray, noise: np.ndarray, steps: int = STEPS, guidance: float = GUIDANCE):
    """Euler steps with guidance; states [2 n, 20, 128] of the empty prompts, then of the prompts."""
    x = noise.astype(np.float32)
    # As FlowMatchEulerDiscreteScheduler with a shift of 1: evenly from 1 to 1/1000, then 0.
    levels = np.append(np.linspace(1, 0.001, steps), 0).astype(np.float32)
    for level, following in zip(levels[:-1], levels[1:]):
        timestep = np.full(2 * len(x), 1000 * level, np.float32)
        without, given = np.split(velocity(np.concatenate([x, x]), timestep, states), 2)
        x = x + (following - level) * (without + guidance * (given - without))
    return np.rint((x.clip(-1, 1) + 1) * 127.5).astype(np.uint8).transpose(0, 2, 3, 1)
