"""The image tower with its vector-Jacobian product in one graph, for white-box attacks without a training framework.

python -m tiny_clip.vjp --run FOLDER --out ../tiny-world/tiny-clip [--grey]

`pixel_values` [batch, 3, 64, 64] and `cotangent` [batch, 192] give `image_embeds` [batch, 192] and
`pixel_gradient` [batch, 3, 64, 64]: the gradient of sum(cotangent * image_embeds) by the pixel values.
"""

import argparse
import json
import warnings
from pathlib import Path

import onnx
import torch
from torch import nn
from torch.nn import functional

from .data import SIDE, to_grey
from .export import GreyTower, load_model
from .model import DIMENSIONS, ImageTower, Residual

# Largest difference from torch that the written file may have, relative to the largest value.
TOLERANCE = 1e-4


class FoldedConvolution(nn.Module):
    """A 3x3 convolution with its batch normalisation folded in, and the transposed map."""

    def __init__(self, convolution: nn.Conv2d, norm: nn.BatchNorm2d):
        super().__init__()
        scale = (norm.weight / (norm.running_var + norm.eps).sqrt()).detach()
        self.stride = convolution.stride[0]
        self.register_buffer("weight", convolution.weight.detach() * scale[:, None, None, None])
        self.register_buffer("bias", norm.bias.detach() - norm.running_mean * scale)

    def forward(self, x):
        return functional.conv2d(x, self.weight, self.bias, self.stride, 1)

    def transposed(self, gradient):
        return functional.conv_transpose2d(gradient, self.weight, None, self.stride, 1, output_padding=self.stride - 1)


class HalveVjp(nn.Module):
    """`model.halve`: forward keeps what backward needs."""

    def __init__(self, layers: nn.Sequential):
        super().__init__()
        self.convolution = FoldedConvolution(layers[0], layers[1])

    def forward(self, x):
        output = self.convolution(x).relu()
        return output, (output,)

    def backward(self, gradient, kept):
        (output,) = kept
        return self.convolution.transposed(gradient * (output > 0))


class ResidualVjp(nn.Module):
    """`model.Residual`: forward keeps what backward needs."""

    def __init__(self, residual: Residual):
        super().__init__()
        self.first = FoldedConvolution(residual.body[0], residual.body[1])
        self.second = FoldedConvolution(residual.body[3], residual.body[4])

    def forward(self, x):
        inner = self.first(x).relu()
        output = (x + self.second(inner)).relu()
        return output, (inner, output)

    def backward(self, gradient, kept):
        inner, output = kept
        gradient = gradient * (output > 0)
        return gradient + self.first.transposed(self.second.transposed(gradient) * (inner > 0))


class ImageTowerVjp(nn.Module):
    """Embeddings, and the pixel gradient of their inner product with the cotangent."""

    def __init__(self, tower: ImageTower):
        super().__init__()
        self.trunk = nn.ModuleList(
            ResidualVjp(layer) if isinstance(layer, Residual) else HalveVjp(layer) for layer in tower.trunk
        )
        self.project = tower.project

    def forward(self, pixel_values, cotangent):
        x, kept = pixel_values, []
        for layer in self.trunk:
            x, state = layer(x)
            kept.append(state)
        highest = x.amax((2, 3), keepdim=True)
        pooled = torch.cat([x.mean((2, 3)), highest.flatten(1)], 1)
        gradient = self.pooling_gradient(x, highest, cotangent @ self.project.weight)
        for layer, state in zip(reversed(self.trunk), reversed(kept)):
            gradient = layer.backward(gradient, state)
        return self.project(pooled), gradient

    @staticmethod
    def pooling_gradient(x, highest, gradient):
        """Back through mean and maximum; where several places hold the maximum they share it, as in torch."""
        of_mean, of_maximum = gradient[:, :, None, None].chunk(2, 1)
        places = (x == highest).float()
        return of_mean / (x.shape[2] * x.shape[3]) + of_maximum * places / places.sum((2, 3), keepdim=True)


class GreyTowerVjp(nn.Module):
    """The same of a tower that takes colour out first; taking colour out is linear, and its own transpose."""

    def __init__(self, tower: GreyTower):
        super().__init__()
        self.tower = ImageTowerVjp(tower.tower)

    def forward(self, pixel_values, cotangent):
        embeds, gradient = self.tower(to_grey(pixel_values), cotangent)
        weights = to_grey(torch.eye(3)[:, :, None, None])[:, :1]
        return embeds, gradient.sum(1, keepdim=True) * weights.reshape(1, 3, 1, 1)


def by_autograd(tower, pixels, cotangent):
    """What torch's own automatic differentiation says."""
    pixels = pixels.clone().requires_grad_()
    embeds = tower(pixels)
    (gradient,) = torch.autograd.grad((embeds * cotangent).sum(), pixels)
    return embeds.detach(), gradient


def check(path: Path, tower) -> float:
    """Largest difference of the file from automatic differentiation, relative to the largest value."""
    import onnxruntime

    generator = torch.Generator().manual_seed(1)
    pixels = torch.rand(5, 3, SIDE, SIDE, generator=generator) * 2 - 1
    cotangent = torch.randn(5, DIMENSIONS, generator=generator)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    found = session.run(None, {"pixel_values": pixels.numpy(), "cotangent": cotangent.numpy()})
    wanted = by_autograd(tower, pixels, cotangent)
    return max(float((torch.from_numpy(f) - w).abs().max() / w.abs().max()) for f, w in zip(found, wanted))


def export_vjp(run: Path, out: Path, grey: bool = False) -> None:
    model, _, step = load_model(run)
    tower = GreyTower(model.image).eval() if grey else model.image
    vjp = (GreyTowerVjp(tower) if grey else ImageTowerVjp(tower)).eval()
    path = out / "onnx/vision_model_vjp.onnx"
    names = {"input_names": ["pixel_values", "cotangent"], "output_names": ["image_embeds", "pixel_gradient"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            vjp,
            (torch.zeros(2, 3, SIDE, SIDE), torch.zeros(2, DIMENSIONS)),
            str(path),
            dynamo=False,
            opset_version=17,
            dynamic_axes={name: {0: "batch"} for group in names.values() for name in group},
            **names,
        )
    onnx.checker.check_model(str(path))
    difference = check(path, tower)
    if difference > TOLERANCE:
        raise SystemExit(f"{path} differs from automatic differentiation by {difference}")
    print(json.dumps({"step": step, "bytes": path.stat().st_size, "differenceFromAutograd": difference}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--grey", action="store_true", help="for a model that was trained with --grey")
    flags = parser.parse_args()
    export_vjp(flags.run, flags.out, flags.grey)
