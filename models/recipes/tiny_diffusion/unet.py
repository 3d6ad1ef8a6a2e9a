"""The denoiser: a small U-Net that predicts the velocity of a rectified flow."""

import math

import torch
from torch import nn

WIDTHS = (48, 96, 192)
TEXT_WIDTH = 128
TIME_WIDTH = 192
HEADS = 4


def time_features(timestep: torch.Tensor) -> torch.Tensor:
    """Sines and cosines of the timestep in 0..1000."""
    frequencies = torch.exp(torch.arange(32, device=timestep.device) * (-math.log(10_000.0) / 31))
    angles = timestep.float()[:, None] * frequencies
    return torch.cat([angles.sin(), angles.cos()], 1)


class Residual(nn.Module):
    """Two 3x3 convolutions with group normalisation; time and text scale and shift the second."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.norm1 = nn.GroupNorm(8, inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.modulate = nn.Linear(TIME_WIDTH, 2 * outputs)
        self.norm2 = nn.GroupNorm(8, outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x, time):
        scale, shift = self.modulate(time)[:, :, None, None].chunk(2, 1)
        hidden = self.conv1(nn.functional.silu(self.norm1(x)))
        hidden = self.norm2(hidden) * (1 + scale) + shift
        return self.skip(x) + self.conv2(nn.functional.silu(hidden))


class Attention(nn.Module):
    """Each place looks at all places and at the caption's tokens."""

    def __init__(self, width: int):
        super().__init__()
        self.norm = nn.GroupNorm(8, width)
        self.query = nn.Linear(width, width)
        self.own = nn.Linear(width, 2 * width)
        self.text = nn.Linear(TEXT_WIDTH, 2 * width)
        self.out = nn.Linear(width, width)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x, states):
        batch, width, height, side = x.shape
        places = self.norm(x).flatten(2).transpose(1, 2)
        keys, values = torch.cat([self.own(places), self.text(states)], 1).chunk(2, -1)
        split = lambda t: t.reshape(batch, -1, HEADS, width // HEADS).transpose(1, 2)  # noqa: E731
        q, k, v = split(self.query(places)), split(keys), split(values)
        weights = (q @ k.transpose(-1, -2) / math.sqrt(width // HEADS)).softmax(-1)
        mixed = (weights @ v).transpose(1, 2).reshape(batch, -1, width)
        return x + self.out(mixed).transpose(1, 2).reshape(batch, width, height, side)


class Stage(nn.Module):
    """Residual blocks at one resolution, each followed by attention where it is cheap."""

    def __init__(self, inputs: list[int], outputs: int, attend: bool):
        super().__init__()
        self.blocks = nn.ModuleList(Residual(width, outputs) for width in inputs)
        self.attention = nn.ModuleList(Attention(outputs) for _ in inputs) if attend else None

    def forward(self, x, time, states):
        for index, block in enumerate(self.blocks):
            x = block(x, time)
            if self.attention is not None:
                x = self.attention[index](x, states)
        return x


class TinyUnet(nn.Module):
    """sample [B, 3, 32, 32], timestep [B] in 0..1000, encoder_hidden_states [B, 20, 128] to velocity like sample."""

    def __init__(self):
        super().__init__()
        small, middle, large = WIDTHS
        self.time = nn.Sequential(nn.Linear(64, TIME_WIDTH), nn.SiLU(), nn.Linear(TIME_WIDTH, TIME_WIDTH))
        self.text = nn.Linear(TEXT_WIDTH, TIME_WIDTH)
        self.enter = nn.Conv2d(12, small, 3, padding=1)
        self.down1 = Stage([small], small, attend=False)
        self.halve1 = nn.Conv2d(small, middle, 3, stride=2, padding=1)
        self.down2 = Stage([middle], middle, attend=True)
        self.halve2 = nn.Conv2d(middle, large, 3, stride=2, padding=1)
        self.centre = Stage([large, large], large, attend=True)
        self.up2 = Stage([large + middle, middle], middle, attend=True)
        self.up1 = Stage([middle + small, small], small, attend=False)
        self.norm = nn.GroupNorm(8, small)
        self.spread = nn.Conv2d(small, 4 * 16, 3, padding=1)
        self.leave = nn.Conv2d(16 + 3, 3, 3, padding=1)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)

    def forward(self, sample, timestep, encoder_hidden_states):
        states = encoder_hidden_states
        time = nn.functional.silu(self.time(time_features(timestep)) + self.text(states.mean(1)))
        double = lambda t: nn.functional.interpolate(t, scale_factor=2, mode="nearest")  # noqa: E731
        first = self.down1(self.enter(nn.functional.pixel_unshuffle(sample, 2)), time, states)
        second = self.down2(self.halve1(first), time, states)
        x = self.centre(self.halve2(second), time, states)
        x = self.up2(torch.cat([double(x), second], 1), time, states)
        x = self.up1(torch.cat([double(x), first], 1), time, states)
        # Leaving at full size against speckle: a pixel sees its neighbours across the shuffled cells.
        x = nn.functional.pixel_shuffle(self.spread(nn.functional.silu(self.norm(x))), 2)
        return self.leave(torch.cat([nn.functional.silu(x), sample], 1))
