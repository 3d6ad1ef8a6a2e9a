"""Writes the trained tiny diffusion as ONNX in the layout of diffusers.

python -m tiny_diffusion.export --clip RUN --run FOLDER --out ../tiny-world/tiny-diffusion
"""

import argparse
import json
import shutil
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

from tiny_clip import tokenizer as bpe
from tiny_clip.export import load_model
from tiny_clip.model import CONTEXT

from .data import SIDE
from .train import token_states
from .unet import TEXT_WIDTH, TinyUnet

TOLERANCE = 1e-3


class TokenStates(nn.Module):
    """The frozen text tower of the tiny CLIP, up to its token states."""

    def __init__(self, tower: nn.Module):
        super().__init__()
        self.tower = tower

    def forward(self, input_ids):
        return token_states(self.tower, input_ids)


def load_unet(run: Path) -> tuple[TinyUnet, int]:
    """The averaged weights of a run's checkpoint, and its steps."""
    state = torch.load(run / "checkpoint.pt", weights_only=True)
    unet = TinyUnet()
    unet.load_state_dict(state["average"])
    return unet.eval(), state["step"]


def export_graph(model: nn.Module, examples: tuple, path: Path, inputs: list[str], output: str) -> None:
    """One part as ONNX opset 17 with a free batch axis."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            examples,
            str(path),
            dynamo=False,
            opset_version=17,
            input_names=inputs,
            output_names=[output],
            dynamic_axes={name: {0: "batch"} for name in [*inputs, output]},
        )
    onnx.checker.check_model(str(path))


def unet_examples(rows: int, seed: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Seeded inputs of the U-Net."""
    draw = torch.Generator().manual_seed(seed)
    sample = torch.randn(rows, 3, SIDE, SIDE, generator=draw)
    states = torch.randn(rows, CONTEXT, TEXT_WIDTH, generator=draw)
    return sample, 1000 * torch.rand(rows, generator=draw), states


def difference(model: nn.Module, examples: tuple, path: Path, inputs: list[str]) -> float:
    """Largest difference of the graph's output from torch's."""
    session = onnxruntime.InferenceSession(str(path))
    with torch.no_grad():
        wanted = model(*examples).numpy()
    [given] = session.run(None, {name: each.numpy() for name, each in zip(inputs, examples)})
    return float(np.abs(given - wanted).max())


def write_json(path: Path, value: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2) + "\n")


def write_configuration(out: Path) -> None:
    """model_index.json and the parts' configurations."""
    write_json(
        out / "model_index.json",
        {
            "_class_name": "TinyDiffusionPipeline",
            "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"],
            "text_encoder": ["diffusers", "OnnxRuntimeModel"],
            "tokenizer": ["transformers", "CLIPTokenizer"],
            "unet": ["diffusers", "OnnxRuntimeModel"],
        },
    )
    # x_t = (1 - s) x0 + s e, asked at timestep 1000 s: what the scheduler does with a shift of 1.
    write_json(
        out / "scheduler/scheduler_config.json",
        {"_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000, "shift": 1.0},
    )
    write_json(out / "unet/config.json", {"in_channels": 3, "out_channels": 3, "sample_size": SIDE})
    write_json(out / "text_encoder/config.json", {"hidden_size": TEXT_WIDTH, "max_position_embeddings": CONTEXT})


def export(clip: Path, unet: TinyUnet, out: Path) -> dict[str, float]:
    """Writes all parts; returns the largest difference from torch of each graph."""
    tower, tokenizer, _ = load_model(clip)
    encoder = TokenStates(tower.text).eval()
    ids = torch.tensor(bpe.encode(tokenizer, ["red apple", "a picture of a frog"], CONTEXT))
    unet_inputs = ["sample", "timestep", "encoder_hidden_states"]
    export_graph(unet, unet_examples(2, 1), out / "unet/model.onnx", unet_inputs, "out_sample")
    export_graph(encoder, (ids,), out / "text_encoder/model.onnx", ["input_ids"], "last_hidden_state")
    (out / "tokenizer").mkdir(exist_ok=True)
    for name in ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.json", "merges.txt"]:
        shutil.copyfile(clip / "tokenizer" / name, out / "tokenizer" / name)
    write_configuration(out)
    differences = {
        "unet": difference(unet, unet_examples(5, 2), out / "unet/model.onnx", unet_inputs),
        "text_encoder": difference(encoder, (ids,), out / "text_encoder/model.onnx", ["input_ids"]),
    }
    assert max(differences.values()) <= TOLERANCE, differences
    return differences


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("clip", "run", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    flags = parser.parse_args()
    model, step = load_unet(flags.run)
    print(json.dumps({"step": step, "differenceFromTorch": export(flags.clip, model, flags.out)}))
