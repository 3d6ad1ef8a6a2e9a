"""The two towers of a CLIP in ONNX, with its tokenizer and card."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from .clip_tokenizer import SIZE, write_clip_tokenizer
from .model_folder import write_card
from .tower import Tower, export_tower

CONTEXT = 77
SIDE = 224


class Function(torch.nn.Module):
    """A method of a model as a module of its own, so that it can be exported."""

    def __init__(self, model: torch.nn.Module, method: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.model = model
        self.method = method

    def forward(self, value: torch.Tensor) -> torch.Tensor:
        return self.method(value)


@dataclass(frozen=True)
class Clip:
    """A model, and how it makes vectors, which are not normalised, of pixels and of token ids."""

    model: torch.nn.Module
    embed_pixels: Callable[[torch.Tensor], torch.Tensor]
    embed_tokens: Callable[[torch.Tensor], torch.Tensor]
    # Fills the places behind a prompt.
    pad_token: int


def export_clip(clip: Clip, merges: Path, card: str, out: Path) -> None:
    random = torch.Generator().manual_seed(0)
    towers = {
        "vision_model": Tower(
            Function(clip.model, clip.embed_pixels), "pixel_values", "image_embeds",
            torch.randn(2, 3, SIDE, SIDE, generator=random),
        ),
        "text_model": Tower(
            Function(clip.model, clip.embed_tokens), "input_ids", "text_embeds", example_tokens(clip.pad_token, random)
        ),
    }  # fmt: skip
    for name, tower in towers.items():
        largest = export_tower(tower, out / f"onnx/{name}.onnx", external_data=True)
        print(f"{name}: largest difference from torch {largest:.1e}")
    write_clip_tokenizer(merges, out / "tokenizer.json")
    write_card(card, out)


def example_tokens(pad_token: int, random: torch.Generator) -> torch.Tensor:
    """A short and a full prompt of random words."""
    start, end = SIZE - 2, SIZE - 1
    tokens = torch.full((2, CONTEXT), pad_token)
    for row, length in zip(tokens, [12, CONTEXT]):
        row[:length] = torch.randint(512, start, (length,), generator=random)
        row[0], row[length - 1] = start, end
    return tokens
