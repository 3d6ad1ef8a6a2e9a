"""Expected values of Particle Guidance and of condition annealing, from numpy in float64.

Run: python baselines.oracle.py > baselines.oracle.json (numpy 2.4)

The force is differentiated numerically from the potential, so that it is not the same formula twice.
"""

import json

import numpy as np

random = np.random.default_rng(7)


def float32(values):
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def potential(states, bandwidth):
    return sum(
        np.exp(-np.sum((states[i] - states[j]) ** 2) / bandwidth)
        for i in range(len(states))
        for j in range(i)
    )


def guided(states, prediction, signal, noise, coefficient):
    n = len(states)
    distances = [np.linalg.norm(states[i] - states[j]) for i in range(n) for j in range(i)]
    bandwidth = np.median(distances) ** 2 / np.log(n)
    force = np.zeros_like(states)
    for at in np.ndindex(states.shape):
        step = np.zeros_like(states)
        step[at] = 1e-5
        force[at] = -(potential(states + step, bandwidth) - potential(states - step, bandwidth)) / 2e-5
    # A force on the score of a x0 + s e, as a change of the clean prediction.
    return prediction + coefficient * noise**2 / signal * force


def annealed(condition, noise, kept, scale, mixing):
    mixed = np.sqrt(kept) * condition + scale * np.sqrt(1 - kept) * noise
    rescaled = (mixed - mixed.mean()) / mixed.std() * condition.std() + condition.mean()
    return mixing * rescaled + (1 - mixing) * mixed


particles = []
for rows, signal, noise in [(4, 0.2, 0.8), (3, 1.0, 14.6), (2, 0.35, 0.9)]:
    states = float32(noise * random.standard_normal((rows, 6)))
    prediction = float32(random.standard_normal((rows, 6)))
    expected = guided(states, prediction, signal, noise, 0.7)
    particles.append(
        dict(
            signal=signal,
            noise=noise,
            coefficient=0.7,
            states=states.tolist(),
            prediction=prediction.tolist(),
            expected=expected.tolist(),
        )
    )

conditions = []
for kept, scale, mixing in [(0.0, 0.25, 1.0), (0.4, 0.25, 1.0), (0.4, 0.25, 0.3), (0.9, 2.0, 0.0)]:
    condition = float32(0.3 + 1.7 * random.standard_normal(8))
    noise = random.standard_normal(8)
    expected = annealed(condition, noise, kept, scale, mixing)
    conditions.append(
        dict(
            kept=kept,
            scale=scale,
            mixing=mixing,
            condition=condition.tolist(),
            noise=noise.tolist(),
            expected=expected.tolist(),
        )
    )

print(json.dumps(dict(particles=particles, conditions=conditions)))
