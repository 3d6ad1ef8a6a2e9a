"""Stage 4: writes the trained towers as ONNX in the Hugging Face layout.

python -m tiny_clip.export --run FOLDER --out ../tiny-world/tiny-clip [--grey]
"""

import argparse
import json
import math
import shutil
import warnings
from pathlib import Path

import onnx
import torch
from tokenizers import Tokenizer

from . import tokenizer as bpe
from .data import SIDE, to_grey
from .model import CONTEXT, DIMENSIONS, TinyClip


class GreyTower(torch.nn.Module):
    """The image tower of a model that was trained without colour: it takes colour out of what it is fed."""

    def __init__(self, tower: torch.nn.Module):
        super().__init__()
        self.tower = tower

    def forward(self, pixel_values):
        return self.tower(to_grey(pixel_values))


def load_model(run: Path) -> tuple[TinyClip, Tokenizer, int]:
    """The model of a run's checkpoint in evaluation mode, its tokenizer, and its steps."""
    tokenizer = Tokenizer.from_file(str(run / "tokenizer" / "tokenizer.json"))
    state = torch.load(run / "checkpoint.pt", weights_only=True)
    model = TinyClip(tokenizer.get_vocab_size(), tokenizer.token_to_id(bpe.END))
    model.load_state_dict(state["model"])
    return model.eval(), tokenizer, state["step"]


def export_tower(tower, example, path: Path, input_name: str, output_name: str, axes: dict) -> None:
    """One tower as ONNX opset 17 with a free batch axis."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            tower,
            (example,),
            str(path),
            dynamo=False,
            opset_version=17,
            input_names=[input_name],
            output_names=[output_name],
            dynamic_axes={input_name: axes, output_name: {0: "batch"}},
        )
    onnx.checker.check_model(str(path))


def write_configuration(out: Path, model: TinyClip, tokenizer: Tokenizer) -> None:
    """config.json and preprocessor_config.json as CLIP's are laid out."""
    end = tokenizer.token_to_id(bpe.END)
    config = {
        "architectures": ["TinyClip"],
        "model_type": "clip",
        "projection_dim": DIMENSIONS,
        "logit_scale_init_value": model.log_scale.item(),
        "text_config": {
            "hidden_size": 128,
            "intermediate_size": 512,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "max_position_embeddings": CONTEXT,
            "vocab_size": tokenizer.get_vocab_size(),
            "bos_token_id": tokenizer.token_to_id(bpe.START),
            "eos_token_id": end,
            "pad_token_id": end,
        },
        "vision_config": {"image_size": SIDE, "num_channels": 3, "widths": [32, 64, 128, 256]},
    }
    preprocessor = {
        "image_processor_type": "CLIPImageProcessor",
        "do_convert_rgb": True,
        "do_resize": True,
        "size": {"height": SIDE, "width": SIDE},
        "resample": 3,
        "do_center_crop": False,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
    }
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    (out / "preprocessor_config.json").write_text(json.dumps(preprocessor, indent=2) + "\n")


def export(run: Path, out: Path, grey: bool = False) -> None:
    model, tokenizer, step = load_model(run)
    image = GreyTower(model.image).eval() if grey else model.image
    (out / "onnx").mkdir(parents=True, exist_ok=True)
    pixels = torch.zeros(2, 3, SIDE, SIDE)
    ids = torch.tensor(bpe.encode(tokenizer, ["an apple", "a red car"], CONTEXT))
    export_tower(image, pixels, out / "onnx/vision_model.onnx", "pixel_values", "image_embeds", {0: "batch"})
    export_tower(model.text, ids, out / "onnx/text_model.onnx", "input_ids", "text_embeds", {0: "batch", 1: "sequence"})
    for name in [
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "vocab.json",
        "merges.txt",
    ]:
        shutil.copyfile(run / "tokenizer" / name, out / name)
    write_configuration(out, model, tokenizer)
    print(json.dumps({"step": step, "logitScale": math.exp(model.log_scale.item())}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--grey", action="store_true", help="for a model that was trained with --grey")
    flags = parser.parse_args()
    export(flags.run, flags.out, flags.grey)
