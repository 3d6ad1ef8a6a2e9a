"""Dynamic thresholding and training noise in torch, as their papers write them down.

Run: python clipping-and-noise.oracle.py > clipping-and-noise.oracle.json
"""

import json

import torch

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
clean = torch.randn(3, 40) * torch.tensor([[0.3], [1.0], [4.0]])


def threshold(quantile, maximum):
    # Saharia et al. 2022, section 2.3; s is held to [1, maximum].
    s = torch.quantile(clean.abs(), quantile, dim=1).clamp(1, maximum).unsqueeze(1)
    return (torch.maximum(torch.minimum(clean, s), -s) / s).tolist()


def linear(first, last):
    return torch.linspace(first, last, 1000)


def cosine(count):
    f = lambda t: torch.cos((t + 0.008) / 1.008 * torch.pi / 2) ** 2
    t = torch.arange(count + 1) / count
    return (1 - f(t[1:]) / f(t[:-1])).clamp(max=0.999)


def zero_terminal(betas):
    # Lin et al. 2024, algorithm 1.
    root = torch.cumprod(1 - betas, 0).sqrt()
    first, last = root[0].clone(), root[-1].clone()
    root = (root - last) * first / (first - last)
    return root


def signals(betas):
    return torch.cumprod(1 - betas, 0).sqrt()


at = [0, 1, 499, 998, 999]
stable = linear(0.00085**0.5, 0.012**0.5) ** 2
print(
    json.dumps(
        {
            "clean": clean.tolist(),
            "thresholded": [
                {"quantile": q, "maximum": m, "clipped": threshold(q, m)}
                for q, m in [(0.995, 1.0), (0.9, 3.0), (0.5, 100.0), (1.0, 2.0), (0.0, 1.5)]
            ],
            "at": at,
            "signals": {
                "linear": signals(linear(1e-4, 0.02))[at].tolist(),
                "scaled_linear": signals(stable)[at].tolist(),
                "squaredcos_cap_v2": signals(cosine(1000))[at].tolist(),
                "rescaled": zero_terminal(stable)[at].tolist(),
            },
        }
    )
)
