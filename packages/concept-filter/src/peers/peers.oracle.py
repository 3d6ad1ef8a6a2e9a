"""What the programs of other filters say, worked out with numpy and torch in float64.

    python peers.oracle.py DATA

DATA is the folder with the filters' released weights. Writes peers.oracle.json beside itself. Pictures'
embeddings are made from the weights and a formula of whole numbers, so that any language makes the same.
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

data = Path(sys.argv[1])
ROWS = 24
HEADS = ["sexual", "violent", "disturbing", "hateful", "political"]


def load(name):
    return np.load(data / f"{name}.npy")


def torch_scores(cosines, special, thresholds, special_thresholds):
    """`forward`: rounded, and a special hit helps all that come after it."""
    adjustment, special_scores = 0.0, []
    for cosine, threshold in zip(special, special_thresholds):
        score = np.round(cosine - threshold + adjustment, 3)
        special_scores.append(float(score))
        if score > 0:
            adjustment = 0.01
    scores = [float(np.round(c - t + adjustment, 3)) for c, t in zip(cosines, thresholds)]
    return {"special": special_scores, "concepts": scores, "flagged": any(s > 0 for s in scores)}


def onnx_scores(cosines, special, thresholds, special_thresholds):
    """`forward_onnx`: not rounded, and special hits help the concepts only."""
    special_scores = np.asarray(special) - np.asarray(special_thresholds)
    adjustment = 0.01 if (special_scores > 0).any() else 0.0
    scores = np.asarray(cosines) - np.asarray(thresholds) + adjustment
    return {
        "special": special_scores.tolist(),
        "concepts": scores.tolist(),
        "flagged": bool((scores > 0).any()),
    }


def both(*inputs):
    return {"torch": torch_scores(*inputs), "onnx": onnx_scores(*inputs)}


def given_cosines():
    """Margins of whole ten-thousandths, around every threshold of the release."""
    thresholds = [0.18, 0.19, 0.206, 0.21, 0.195, 0.19, 0.194, 0.19, 0.19]
    thresholds += [0.22, 0.19, 0.19, 0.195, 0.1984, 0.21, 0.214, 0.2]
    special = [0.195, 0.2, 0.22]
    random = np.random.default_rng(6)
    cases = []
    for case in range(100):
        margins = random.integers(-180, [1, 3, 7, 12][case % 4], len(thresholds)) / 10_000
        special_margins = random.integers(-120, 12, len(special)) / 10_000
        cosines = np.round(np.array(thresholds) + margins, 4).tolist()
        special_cosines = np.round(np.array(special) + special_margins, 4).tolist()
        said = both(cosines, special_cosines, thresholds, special)
        cases.append({"cosines": cosines, "specialCosines": special_cosines, **said})
    return {"thresholds": thresholds, "specialThresholds": special, "cases": cases}


def pictures(bases):
    """Row r: a multiple of one weight vector and noise, in float32."""
    rows = np.zeros((ROWS, 768), np.float32)
    k = np.arange(768)
    for r in range(ROWS):
        noise = ((k * 7919 + r * 104729) % 1009) / 1009 - 0.5
        rows[r] = (((r * 5) % 7) / 40) * bases[r % len(bases)].astype(np.float64) + noise
    return rows


def unit(rows):
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def released():
    concepts, special = load("sd-safety-checker-concepts"), load("sd-safety-checker-special")
    thresholds = load("sd-safety-checker-thresholds").astype(float)
    special_thresholds = load("sd-safety-checker-special-thresholds").astype(float)
    q16, violence = load("q16-prompts-vit_l_14"), load("laion-violence-vit_l_14")
    x = pictures(np.concatenate([concepts, special, q16, violence * 20])).astype(np.float64)
    cosines = unit(x) @ unit(concepts.astype(np.float64)).T
    special_cosines = unit(x) @ unit(special.astype(np.float64)).T
    checker = [
        both(c, s, thresholds, special_thresholds) for c, s in zip(cosines, special_cosines)
    ]
    q16_logits = torch.tensor(100 * unit(x) @ unit(q16.astype(np.float64)).T)
    violence_products = unit(x) @ violence.astype(np.float64).T
    return {
        "safetyChecker": checker,
        "q16": {
            "classes": q16_logits.argmax(1).tolist(),
            "probabilities": q16_logits.softmax(1)[:, 1].tolist(),
        },
        "laionViolence": violence_products.argmax(1).tolist(),
        "unsafeDiffusion": {name: head(name, x) for name in HEADS},
    }


def head(name, x):
    module = torch.nn.Sequential(
        torch.nn.Linear(768, 384),
        torch.nn.ReLU(),
        torch.nn.Dropout(0.5),
        torch.nn.BatchNorm1d(384),
        torch.nn.Linear(384, 1),
    )
    weights = load_file(data / f"unsafe-diffusion-{name}.safetensors")
    module.load_state_dict(weights, strict=False)
    with torch.no_grad():
        return torch.sigmoid(module.double().eval()(torch.tensor(x))).flatten().tolist()


def rounded(value):
    if isinstance(value, dict):
        return {name: rounded(each) for name, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return float(f"{value:.14g}") if isinstance(value, float) else value


document = {"given": given_cosines(), "rows": ROWS, "heads": HEADS, "released": released()}
Path(__file__).with_name("peers.oracle.json").write_text(json.dumps(rounded(document)) + "\n")
