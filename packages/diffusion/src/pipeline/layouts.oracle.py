"""Pictures of the three published layouts, recomputed in numpy from the formulas of the papers.

The graphs of `__fixtures__/tiny-graphs.ts` are computed here without ONNX, the samplers without the
package's factors: DDIM (Song et al. 2021, eq. 12), Euler ancestral (k-diffusion) and the rectified flow.

python layouts.oracle.py > layouts.oracle.json
"""

import json

import numpy as np

HEIGHT, WIDTH = 16, 24
SEEDS = (0, 1, 2)


def formula(seed, shape, scale):
    i = np.arange(int(np.prod(shape)), dtype=np.float64)
    values = scale * np.sin(1 + 3.1 * seed + 0.11 * i + 0.37 * i * i)
    return values.astype(np.float32).astype(np.float64).reshape(shape)


def noise(draw, shape):
    return np.stack([formula(100 + 10 * seed + draw, shape, np.sqrt(2)) for seed in SEEDS])


def half(values):
    return values.astype(np.float16).astype(np.float64)


# The tests' vocabulary: "!", letters, letters that end a word, ca, cat, start, end.
ENDS, CAT, START, END = 27, 54, 55, 56


def clip_ids(words, padding):
    known = {"cat": CAT, "a": ENDS, "b": ENDS + 1}
    ids = [START, *(known[word] for word in words), END]
    return np.array(ids + [padding] * (77 - len(ids)))


def long_ids(words):
    known = {"a": 3, "cat": 4}
    ids = [*(known.get(word, 2) for word in words), 1]
    return np.array(ids + [0] * (256 - len(ids)))


def encode(ids, seed, width, pooled, rounded):
    """Penultimate and last states, and the pooled vector."""
    first = formula(seed, (64, width), 1)[ids]
    second = np.tanh(1.3 * first)
    last = 0.7 * second + 0.3 * first
    vector = last[1] @ formula(seed + 1, (width, pooled), 0.8) if pooled else None
    return rounded(second), rounded(last), None if vector is None else rounded(vector)


def denoise(x, timestep, states, others, seed, rounded):
    """One row's prediction; others: (values, scale)."""
    channels = x.shape[0]
    out = np.einsum("oc,chw->ohw", formula(seed, (channels, channels), 0.6), rounded(x))
    text = formula(seed + 1, (len(states), 1), 0.3) * states
    bias = text.sum(0) @ formula(seed + 2, (states.shape[1], channels), 0.4)
    bias = bias + timestep / 1000 * formula(seed + 3, (channels,), 0.5)
    for at, (values, scale) in enumerate(others):
        bias = bias + values @ formula(seed + 4 + at, (len(values), channels), 1 / scale)
    return rounded(np.tanh(out + bias[:, None, None]))


def decode(latents, scale, rounded):
    channels, high, wide = latents.shape
    kernel = formula(15, (channels, 3, 8, 8), scale)
    blocks = np.einsum("chw,coij->ohiwj", rounded(latents), kernel)
    pixels = rounded(blocks.reshape(3, 8 * high, 8 * wide))
    return np.rint(np.clip((pixels + 1) * 127.5, 0, 255)).transpose(1, 2, 0).astype(int)


def exact(values):
    return values


def signals():
    betas = np.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2
    return np.cumprod(1 - betas)


def stable_diffusion_15():
    """DDIM, 4 steps, guidance 7.5 away from a negative prompt."""
    given = encode(clip_ids(["a", "cat"], END), 1, 6, None, exact)[1]
    without = encode(clip_ids(["b"], END), 1, 6, None, exact)[1]
    products = signals()
    states = noise(0, (4, 2, 3))
    for step in range(4):
        timestep = (3 - step) * 250 + 1
        before = timestep - 250
        now, then = products[timestep], products[before] if before >= 0 else products[0]
        for row, x in enumerate(states):
            u, c = (denoise(x, timestep, each, [], 5, exact) for each in (without, given))
            e = u + 7.5 * (c - u)
            clean = (x - np.sqrt(1 - now) * e) / np.sqrt(now)
            states[row] = np.sqrt(then) * clean + np.sqrt(1 - then) * e
    return [decode(x / 0.18215, 0.01, exact) for x in states]


def stable_diffusion_xl_turbo(guidance):
    """Euler ancestral, 2 steps, float16 models; without negative prompt the other condition is zero."""
    words = ["a", "cat"]
    one, _, _ = encode(clip_ids(words, END), 1, 4, None, half)
    two, _, pooled = encode(clip_ids(words, 0), 3, 5, 7, half)
    given = np.concatenate([one, two], 1)
    size = np.array([HEIGHT, WIDTH, 0, 0, HEIGHT, WIDTH], float)
    table = np.sqrt((1 - signals()) / signals())
    timesteps = [999, 499]
    sigmas = [table[t] for t in timesteps] + [0.0]
    states = sigmas[0] * noise(0, (4, 2, 3))
    for step, timestep in enumerate(timesteps):
        sigma, following = sigmas[step], sigmas[step + 1]
        up = np.sqrt(following**2 * (sigma**2 - following**2) / sigma**2)
        down = np.sqrt(following**2 - up**2)
        fresh = noise(step + 1, (4, 2, 3))
        for row, x in enumerate(states):
            scaled = x / np.sqrt(sigma**2 + 1)
            e = denoise(scaled, timestep, given, [(pooled, 2), (size, 30)], 5, half)
            if guidance > 1:
                u = denoise(scaled, timestep, 0 * given, [(0 * pooled, 2), (size, 30)], 5, half)
                e = u + guidance * (e - u)
            states[row] = x + (down - sigma) * e + up * fresh[row]
    return [decode(x / 0.13025, 0.002, half) for x in states]


def stable_diffusion_3(t5):
    """Rectified flow with shift 3, 3 steps, guidance 5 away from the empty prompt."""

    def condition(words):
        one, _, first = encode(clip_ids(words, END), 1, 4, 3, exact)
        two, _, second = encode(clip_ids(words, 0), 3, 5, 7, exact)
        both = np.concatenate([one, two, np.zeros((77, 3))], 1)
        long = encode(long_ids(words), 4, 12, None, exact)[1] if t5 else np.zeros((77, 12))
        return np.concatenate([both, long]), np.concatenate([first, second])

    (given, pooled), (without, pooled_without) = condition(["a", "cat"]), condition([])
    shifted = lambda t: 3 * t / (1 + 2 * t)  # noqa: E731
    times = [*(shifted(t) for t in np.linspace(1, shifted(1 / 1000), 3)), 0.0]
    states = noise(0, (16, 2, 3))
    for t, following in zip(times[:-1], times[1:]):
        for row, x in enumerate(states):
            u = denoise(x, 1000 * t, without, [(pooled_without, 2)], 5, exact)
            c = denoise(x, 1000 * t, given, [(pooled, 2)], 5, exact)
            states[row] = x + (following - t) * (u + 5 * (c - u))
    return [decode(x / 1.5305 + 0.0609, 0.1, exact) for x in states]


def flat(pictures):
    return [picture.ravel().tolist() for picture in pictures]


if __name__ == "__main__":
    cases = {
        "stableDiffusion15": flat(stable_diffusion_15()),
        "stableDiffusionXlTurbo": flat(stable_diffusion_xl_turbo(1)),
        "stableDiffusionXlGuided": flat(stable_diffusion_xl_turbo(3)),
        "stableDiffusion3": flat(stable_diffusion_3(t5=False)),
        "stableDiffusion3WithT5": flat(stable_diffusion_3(t5=True)),
    }
    print(json.dumps({"width": WIDTH, "height": HEIGHT, "pictures": cases}, separators=(",", ":")))
