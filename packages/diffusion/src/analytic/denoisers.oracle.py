"""Both closed-form denoisers and a whole sampling, by loops over patches in numpy: expected numbers of
denoisers.test.ts. Run: python denoisers.oracle.py > denoisers.oracle.json"""

import json

import numpy as np

WIDTH, HEIGHT, PICTURES = 7, 5, 6
random = np.random.default_rng(20240711)
# Alike in pairs, so that posteriors are not all one-sided.
base = random.integers(0, 256, (PICTURES // 2, 3, HEIGHT, WIDTH))
bank = np.clip(np.repeat(base, 2, 0) + random.integers(-25, 26, (PICTURES, 3, HEIGHT, WIDTH)), 0, 255)
pictures = bank / 127.5 - 1
log_prior = np.array([0.3, -0.2, 1.1, 0.0, -np.inf, -2.5])


def softmax(logits: np.ndarray) -> np.ndarray:
    """Over the first axis."""
    weights = np.exp(logits - logits.max(0))
    return weights / weights.sum(0)


def ideal(state: np.ndarray, signal: float, noise: float) -> tuple[np.ndarray, np.ndarray]:
    distances = ((state - signal * pictures) ** 2).sum((1, 2, 3))
    weights = softmax(log_prior - distances / (2 * noise**2))
    return np.einsum("i,ichw->chw", weights, pictures), weights


def local(state: np.ndarray, signal: float, noise: float, side: int, shift: int) -> tuple[np.ndarray, np.ndarray]:
    reach = side // 2
    moved, owner = [], []
    for index in np.flatnonzero(log_prior > -np.inf):
        padded = np.pad(pictures[index], ((0, 0), (shift, shift), (shift, shift)), mode="edge")
        for top in range(2 * shift + 1):
            for left in range(2 * shift + 1):
                moved.append(padded[:, top : top + HEIGHT, left : left + WIDTH])
                owner.append(index)
    moved, owner = np.array(moved), np.array(owner)
    clean = np.zeros((3, HEIGHT, WIDTH))
    shares = np.zeros(PICTURES)
    for y in range(HEIGHT):
        for x in range(WIDTH):
            rows = slice(max(0, y - reach), y + reach + 1)
            columns = slice(max(0, x - reach), x + reach + 1)
            differences = state[None, :, rows, columns] - signal * moved[:, :, rows, columns]
            weights = softmax(log_prior[owner] - (differences**2).sum((1, 2, 3)) / (2 * noise**2))
            clean[:, y, x] = weights @ moved[:, :, y, x]
            np.add.at(shares, owner, weights / (HEIGHT * WIDTH))
    return clean, shares


def case(signal: float, noise: float, denoise) -> dict:
    state = (signal * pictures[2] + noise * random.standard_normal((3, HEIGHT, WIDTH))).astype(np.float32)
    clean, shares = denoise(state.astype(np.float64), signal, noise)
    return {
        "signal": signal,
        "noise": noise,
        "state": state.ravel().tolist(),
        "clean": clean.ravel().tolist(),
        "shares": shares.tolist(),
    }


def trajectory(denoise, steps: int = 6) -> dict:
    """Euler steps down the flow, s from 1 to .02 and then to 0; the state is float32 as in the library."""
    start = random.standard_normal((3, HEIGHT, WIDTH)).astype(np.float32)
    levels = [*np.linspace(1, 0.02, steps), 0.0]
    state = start
    for level, following in zip(levels, levels[1:]):
        clean, shares = denoise(state.astype(np.float64), 1 - level, level)
        velocity = (state - clean) / level
        state = (state + (following - level) * velocity).astype(np.float32)
    return {"steps": steps, "noise": start.ravel().tolist(), "state": state.ravel().tolist(), "shares": shares.tolist()}


LEVELS = [(0.0, 1.0), (0.05, 0.95), (0.3, 0.7), (0.8, 0.6), (0.98, 0.02), (1.0, 3.0)]
SIDES = [(3, 1), (5, 0), (3, 2), (33, 1), (1, 1)]
print(
    json.dumps(
        {
            "width": WIDTH,
            "height": HEIGHT,
            "pictures": [picture.transpose(1, 2, 0).ravel().tolist() for picture in bank],
            "logPrior": [None if value == -np.inf else value for value in log_prior],
            "ideal": [case(signal, noise, ideal) for signal, noise in LEVELS],
            "local": [
                {"side": side, "shift": shift, **case(a, s, lambda *call: local(*call, side, shift))}
                for side, shift in SIDES
                for a, s in LEVELS[1:5]
            ],
            "idealTrajectory": trajectory(ideal),
            "localTrajectory": {"side": 3, "shift": 1, **trajectory(lambda *call: local(*call, 3, 1))},
        }
    )
)
