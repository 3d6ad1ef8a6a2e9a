"""The two towers of the tiny CLIP."""

import math

import torch
from torch import nn

CONTEXT = 20
DIMENSIONS = 192


class Residual(nn.Module):
    """Two 3x3 convolutions with batch normalisation and a skip."""

    def __init__(self, width: int):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, x):
        return torch.relu(x + self.body(x))


def halve(inputs: int, outputs: int) -> nn.Sequential:
    """3x3 convolution of stride 2 with batch normalisation and ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class ImageTower(nn.Module):
    """[batch, 3, 64, 64] in [-1, 1] to [batch, 192], not normalised."""

    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(
            halve(3, 32),
            halve(32, 64),
            Residual(64),
            halve(64, 128),
            Residual(128),
            halve(128, 256),
            Residual(256),
        )
        self.project = nn.Linear(512, DIMENSIONS)

    def forward(self, pixel_values):
        features = self.trunk(pixel_values)
        return self.project(torch.cat([features.mean((2, 3)), features.amax((2, 3))], 1))


class Block(nn.Module):
    """Pre-norm transformer block with causal self-attention."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x, mask):
        batch, length, width = x.shape
        split = (batch, length, self.heads, width // self.heads)
        q, k, v = (t.reshape(split).transpose(1, 2) for t in self.qkv(self.norm1(x)).chunk(3, -1))
        weights = (q @ k.transpose(-1, -2) / math.sqrt(width // self.heads) + mask).softmax(-1)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(batch, length, width))
        return x + self.mlp(self.norm2(x))


class TextTower(nn.Module):
    """[batch, length <= 20] token ids to [batch, 192], not normalised.

    The state at the first end token is the caption's: what follows it (padding) cannot be seen.
    """

    def __init__(self, vocabulary: int, end_token: int, width: int = 128, layers: int = 2, heads: int = 4):
        super().__init__()
        self.end_token = end_token
        self.token = nn.Embedding(vocabulary, width)
        self.position = nn.Parameter(torch.randn(CONTEXT, width) * 0.01)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.project = nn.Linear(width, DIMENSIONS, bias=False)
        self.register_buffer("mask", torch.full((CONTEXT, CONTEXT), -1e9).triu(1), persistent=False)
        nn.init.normal_(self.token.weight, std=0.02)

    def forward(self, input_ids):
        length = input_ids.shape[1]
        x = self.token(input_ids) + self.position[:length]
        for block in self.blocks:
            x = block(x, self.mask[:length, :length])
        end = (input_ids == self.end_token).to(torch.int32).argmax(-1)
        picked = x.gather(1, end[:, None, None].expand(-1, 1, x.shape[-1])).squeeze(1)
        return self.project(self.norm(picked))


class TinyClip(nn.Module):
    """Both towers and the logit scale (kept as its logarithm)."""

    def __init__(self, vocabulary: int, end_token: int, initial_scale: float = 20.0):
        super().__init__()
        self.image = ImageTower()
        self.text = TextTower(vocabulary, end_token)
        self.log_scale = nn.Parameter(torch.tensor(math.log(initial_scale)))

    def forward(self, pixel_values, input_ids):
        image = nn.functional.normalize(self.image(pixel_values), dim=-1)
        text = nn.functional.normalize(self.text(input_ids), dim=-1)
        return self.log_scale.exp().clamp(max=100.0) * image @ text.T
