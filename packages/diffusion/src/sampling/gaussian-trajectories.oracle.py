"""Final states of every sampler on Gaussian data, from closed forms, in float64.

Data x0 ~ N(m, v). The best prediction from x = a x0 + s e is m + g (x - a m), g = a v / (a^2 v + s^2),
so every sampler is an affine recursion in y = x - a m, worked out by hand for each sampler here and
written without the predicted picture. Timesteps and noise levels come from numpy's own linspace,
arange, round and interp.

Run: python gaussian-trajectories.oracle.py > gaussian-trajectories.oracle.json
"""

import json

import numpy as np

mean = np.array([0.75, -0.5, 0.25, 0.0])
variance = np.array([0.25, 1.0, 0.0625, 2.0])
rows = 2
# Numbers that float32 holds exactly.
table = np.random.default_rng(4).integers(-128, 128, size=(45, rows, 4)) / 64.0


def betas(config):
    first, last = config.get("beta_start", 1e-4), config.get("beta_end", 0.02)
    kind, count = config.get("beta_schedule", "linear"), config.get("num_train_timesteps", 1000)
    if kind == "linear":
        return np.linspace(first, last, count)
    if kind == "scaled_linear":
        return np.linspace(first**0.5, last**0.5, count) ** 2
    time = np.arange(count + 1) / count
    bar = np.cos((time + 0.008) / 1.008 * np.pi / 2) ** 2
    return np.minimum(1 - bar[1:] / bar[:-1], 0.999)


def cumulative(config):
    bar = np.cumprod(1 - betas(config))
    if config.get("rescale_betas_zero_snr"):
        root = np.sqrt(bar)
        root = (root - root[-1]) * root[0] / (root[0] - root[-1])
        bar = root**2
    return bar


def spaced(config, steps, default, used=None):
    trained = config.get("num_train_timesteps", 1000)
    used = trained if used is None else used
    spacing = config.get("timestep_spacing", default)
    if spacing == "linspace":
        return np.linspace(0, used - 1, steps)[::-1]
    if spacing == "leading":
        return (np.arange(steps) * (used // steps))[::-1] + config.get("steps_offset", 0)
    return np.round(np.arange(used, 0, -trained / steps)) - 1


def karras(largest, smallest, steps, rho=7.0):
    ramp = np.linspace(0, 1, steps)
    return (largest ** (1 / rho) + ramp * (smallest ** (1 / rho) - largest ** (1 / rho))) ** rho


def one_step(levels, fresh, noise, scale):
    """levels: (a, s) from first to final; fresh: standard deviation of new noise at each step."""
    a, s = levels[0]
    y = scale * table[0] - a * mean
    for at, (b, t) in enumerate(levels[1:]):
        n = fresh[at]
        kept = np.sqrt(t**2 - n**2)
        y = y * (a * b * variance + s * kept) / (a**2 * variance + s**2) + n * noise[at]
        a, s = b, t
    return y + a * mean


def ddim(config, steps, eta):
    bar = cumulative(config)
    final = 1.0 if config.get("set_alpha_to_one", True) else bar[0]
    stride = config.get("num_train_timesteps", 1000) // steps
    timesteps = np.round(spaced(config, steps, "leading")).astype(int)
    x = table[0].copy()
    # The next call's level is not always where the step led: both are kept apart here.
    for at, t in enumerate(timesteps):
        now, then = bar[t], (bar[t - stride] if t >= stride else final)
        n = eta * np.sqrt((1 - then) / (1 - now) * (1 - now / then))
        a, s, b = np.sqrt(now), np.sqrt(1 - now), np.sqrt(then)
        kept = np.sqrt(1 - then - n**2)
        y = (x - a * mean) * (a * b * variance + s * kept) / (a**2 * variance + s**2)
        x = y + b * mean + n * table[at + 1]
    return timesteps, x


def ddpm(config, steps, eta):
    bar = cumulative(config)
    timesteps = np.round(spaced(config, steps, "leading")).astype(int)
    x = table[0].copy()
    for at, t in enumerate(timesteps):
        now = bar[t]
        then = bar[timesteps[at + 1]] if at + 1 < len(timesteps) else 1.0
        alpha = now / then
        gain = np.sqrt(now) * variance / (now * variance + 1 - now)
        picture = mean + gain * (x - np.sqrt(now) * mean)
        x = np.sqrt(then) * (1 - alpha) / (1 - now) * picture + np.sqrt(alpha) * (1 - then) / (1 - now) * x
        large = config.get("variance_type") == "fixed_large"
        spread = (1 - alpha) if large else (1 - then) / (1 - now) * (1 - alpha)
        if t > 0:
            x = x + np.sqrt(spread) * table[at + 1]
    return timesteps, x


def pndm(config, steps, eta):
    bar = cumulative(config)
    final = 1.0 if config.get("set_alpha_to_one", False) else bar[0]
    stride = config.get("num_train_timesteps", 1000) // steps
    grid = spaced(config, steps, "leading").astype(int)
    order = np.concatenate([grid[:1], np.repeat(grid[1:2], 2), grid[2:]])

    def transfer(x, now, then, e):
        root = np.sqrt(now) * (np.sqrt((1 - then) * now) + np.sqrt((1 - now) * then))
        return np.sqrt(then / now) * x - (then - now) / root * e

    weights = {1: [1], 2: [-1 / 2, 3 / 2], 3: [5 / 12, -16 / 12, 23 / 12], 4: [-9 / 24, 37 / 24, -59 / 24, 55 / 24]}
    x, noises = table[0].copy(), []
    for call, t in enumerate(order):
        now = bar[t]
        # The best prediction of e from x = a x0 + s e.
        e = np.sqrt(1 - now) * (x - np.sqrt(now) * mean) / (now * variance + 1 - now)
        if call == 1:
            x = transfer(table[0], bar[order[0]], now, (noises[0] + e) / 2)
            continue
        noises = [*noises, e][-4:]
        mixed = sum(w * one for w, one in zip(weights[len(noises)], noises))
        x = transfer(x, now, bar[t - stride] if t >= stride else final, mixed)
    return order, x


def sigmas_of(config):
    bar = cumulative(config)
    if config.get("rescale_betas_zero_snr"):
        bar[-1] = 2.0**-24
    return np.sqrt((1 - bar) / bar)


def time_of(sigma, sigmas):
    return np.interp(np.log(sigma), np.log(sigmas), np.arange(len(sigmas)))


def discrete(config, steps):
    all_sigmas = sigmas_of(config)
    timesteps = spaced(config, steps, "linspace")
    sigmas = np.interp(timesteps, np.arange(len(all_sigmas)), all_sigmas)
    if config.get("use_karras_sigmas"):
        sigmas = karras(config.get("sigma_max", sigmas[0]), config.get("sigma_min", sigmas[-1]), steps)
        timesteps = time_of(sigmas, all_sigmas)
    scale = sigmas[0]
    if config.get("timestep_spacing", "linspace") == "leading":
        scale = np.sqrt(scale**2 + 1)
    return timesteps, sigmas, scale, all_sigmas[0]


def euler(config, steps, eta):
    timesteps, sigmas, scale, smallest = discrete(config, steps)
    final = smallest if config.get("final_sigmas_type") == "sigma_min" else 0.0
    levels = [(1.0, s) for s in [*sigmas, final]]
    return timesteps, one_step(levels, np.zeros(steps), table[1:], scale)


def euler_ancestral(config, steps, eta):
    timesteps, sigmas, scale, _ = discrete(config, steps)
    ends = np.append(sigmas, 0.0)
    fresh = np.sqrt(ends[1:] ** 2 * (ends[:-1] ** 2 - ends[1:] ** 2) / ends[:-1] ** 2)
    return timesteps, one_step([(1.0, s) for s in ends], fresh, table[1:], scale)


def heun(config, steps, eta):
    config = {"beta_start": 0.00085, "beta_end": 0.012, **config}
    timesteps, sigmas, scale, _ = discrete(config, steps)
    y = scale * table[0] - mean
    ends = np.append(sigmas, 0.0)
    for now, then in zip(ends[:-1], ends[1:]):
        slope = now / (variance + now**2)
        step = then - now
        if then == 0:
            y = y * (1 + step * slope)
            continue
        y = y * (1 + step / 2 * (slope + (1 + step * slope) * then / (variance + then**2)))
    return np.concatenate([timesteps[:1], np.repeat(timesteps[1:], 2)]), y + mean


def dpm(config, steps, eta):
    all_sigmas = sigmas_of(config)
    zero = config.get("final_sigmas_type", "zero") == "zero"
    if config.get("use_karras_sigmas"):
        sigmas = karras(all_sigmas[-1], all_sigmas[0], steps)
        timesteps = np.round(time_of(sigmas, all_sigmas))
    else:
        lowest = config.get("lambda_min_clipped")
        used = len(all_sigmas) if lowest is None else int(np.sum(-np.log(all_sigmas) >= lowest))
        if config.get("timestep_spacing", "linspace") == "trailing":
            timesteps = spaced(config, steps, "linspace", used)
        else:
            timesteps = spaced(config, steps + 1, "linspace", used)[:-1]
        timesteps = np.round(timesteps)
        sigmas = all_sigmas[timesteps.astype(int)]
    ends = np.append(sigmas, 0.0 if zero else all_sigmas[0])
    a, s = 1 / np.sqrt(1 + ends**2), ends / np.sqrt(1 + ends**2)
    count = len(timesteps)
    lower = config.get("euler_at_final") or zero or (config.get("lower_order_final", True) and count < 15)
    y, before = table[0] - a[0] * mean, None
    for i in range(count):
        gain = a[i] * variance / (a[i] ** 2 * variance + s[i] ** 2)
        seen = gain * y
        # D0 + D1 / 2 of the paper's midpoint form, less m.
        target = seen
        if i > 0 and config.get("solver_order", 2) == 2 and not (i == count - 1 and lower):
            h, last = np.log(ends[i] / ends[i + 1]), np.log(ends[i - 1] / ends[i])
            target = seen + (seen - before) / (2 * last / h)
        shrunk = 0.0 if ends[i + 1] == 0 else np.exp(-np.log(ends[i] / ends[i + 1]))
        y = s[i + 1] / s[i] * y - a[i + 1] * (shrunk - 1) * target
        before = seen
    return timesteps, y + a[-1] * mean


def edm(config, steps, eta):
    sigmas = karras(config.get("sigma_max", 80), config.get("sigma_min", 0.002), steps, config.get("rho", 7.0))
    final = sigmas[-1] if config.get("final_sigmas_type") == "sigma_min" else 0.0
    scale = np.sqrt(config.get("sigma_max", 80) ** 2 + 1)
    levels = [(1.0, s) for s in [*sigmas, final]]
    return np.log(sigmas) / 4, one_step(levels, np.zeros(steps), table[1:], scale)


def flow(config, steps, eta):
    trained, shift = config.get("num_train_timesteps", 1000), config.get("shift", 1.0)
    move = lambda t: shift * t / (1 + (shift - 1) * t)
    times = move(np.linspace(1, move(1 / trained), steps))
    levels = [(1 - t, t) for t in [*times, 0.0]]
    return times * trained, one_step(levels, np.zeros(steps), table[1:], 1.0)


samplers = {
    "DDIMScheduler": ddim,
    "DDPMScheduler": ddpm,
    "EulerDiscreteScheduler": euler,
    "EulerAncestralDiscreteScheduler": euler_ancestral,
    "HeunDiscreteScheduler": heun,
    "DPMSolverMultistepScheduler": dpm,
    "EDMEulerScheduler": edm,
    "PNDMScheduler": pndm,
    "FlowMatchEulerDiscreteScheduler": flow,
}
stable = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
plain = {"clip_sample": False}
v = {"prediction_type": "v_prediction"}
cases = [
    ("DDIMScheduler", plain, 10, 0.0),
    ("DDIMScheduler", {**plain, **stable, "steps_offset": 1, "set_alpha_to_one": False}, 7, 0.0),
    ("DDIMScheduler", {**plain, "timestep_spacing": "linspace"}, 12, 0.5),
    ("DDIMScheduler", {**plain, **v, "timestep_spacing": "trailing", "rescale_betas_zero_snr": True}, 8, 1.0),
    ("DDIMScheduler", {**plain, "timestep_spacing": "trailing", "num_train_timesteps": 40}, 16, 0.3),
    ("DDPMScheduler", plain, 20, 0.0),
    ("DDPMScheduler", {**plain, "variance_type": "fixed_large", "beta_schedule": "squaredcos_cap_v2"}, 15, 0.0),
    ("DDPMScheduler", {**plain, "timestep_spacing": "linspace", "variance_type": "fixed_small_log"}, 9, 0.0),
    ("DDPMScheduler", {**plain, "timestep_spacing": "trailing", "variance_type": "fixed_large"}, 9, 0.0),
    ("EulerDiscreteScheduler", {}, 10, 0.0),
    ("EulerDiscreteScheduler", {**stable, "timestep_spacing": "leading", "steps_offset": 1}, 13, 0.0),
    ("EulerDiscreteScheduler", {**stable, "timestep_spacing": "trailing", "final_sigmas_type": "sigma_min"}, 6, 0.0),
    ("EulerDiscreteScheduler", {**stable, **v, "use_karras_sigmas": True, "rescale_betas_zero_snr": True}, 10, 0.0),
    ("EulerDiscreteScheduler", {**stable, "use_karras_sigmas": True, "sigma_min": 0.05, "sigma_max": 9.0}, 10, 0.0),
    ("EulerDiscreteScheduler", {**stable, "timestep_spacing": "trailing"}, 1, 0.0),
    ("EulerAncestralDiscreteScheduler", stable, 11, 0.0),
    ("EulerAncestralDiscreteScheduler", {**stable, "timestep_spacing": "trailing"}, 4, 0.0),
    ("HeunDiscreteScheduler", {}, 10, 0.0),
    ("HeunDiscreteScheduler", {**stable, "use_karras_sigmas": True, "timestep_spacing": "trailing"}, 9, 0.0),
    ("DPMSolverMultistepScheduler", {}, 10, 0.0),
    ("DPMSolverMultistepScheduler", {**stable, "final_sigmas_type": "sigma_min"}, 20, 0.0),
    ("DPMSolverMultistepScheduler", {**stable, "final_sigmas_type": "sigma_min"}, 10, 0.0),
    ("DPMSolverMultistepScheduler", {**stable, "final_sigmas_type": "sigma_min", "euler_at_final": True}, 20, 0.0),
    ("DPMSolverMultistepScheduler", {**stable, "final_sigmas_type": "sigma_min", "lower_order_final": False}, 9, 0.0),
    ("DPMSolverMultistepScheduler", {"beta_schedule": "squaredcos_cap_v2", "lambda_min_clipped": -5.1}, 12, 0.0),
    ("DPMSolverMultistepScheduler", {**stable, "solver_order": 1, "timestep_spacing": "trailing"}, 7, 0.0),
    ("DPMSolverMultistepScheduler", {**stable, "use_karras_sigmas": True}, 25, 0.0),
    ("EDMEulerScheduler", {}, 18, 0.0),
    ("EDMEulerScheduler", {"sigma_min": 0.01, "sigma_max": 20, "rho": 5, "final_sigmas_type": "sigma_min"}, 6, 0.0),
    ("FlowMatchEulerDiscreteScheduler", {}, 10, 0.0),
    ("FlowMatchEulerDiscreteScheduler", {"shift": 3.0}, 28, 0.0),
    ("FlowMatchEulerDiscreteScheduler", {"shift": 0.5, "num_train_timesteps": 500}, 1, 0.0),
    ("PNDMScheduler", {**stable, "skip_prk_steps": True, "steps_offset": 1}, 50, 0.0),
    ("PNDMScheduler", {"skip_prk_steps": True, "set_alpha_to_one": True}, 7, 0.0),
    ("PNDMScheduler", {**stable, "skip_prk_steps": True, "set_alpha_to_one": False, "steps_offset": 1}, 2, 0.0),
]
results = []
for name, config, steps, eta in cases:
    timesteps, final = samplers[name](config, steps, eta)
    results.append(
        {
            "scheduler": name,
            "config": config,
            "steps": steps,
            "eta": eta,
            "timesteps": np.asarray(timesteps, float).tolist(),
            "final": final.ravel().tolist(),
        }
    )
print(
    json.dumps(
        {
            "mean": mean.tolist(),
            "variance": variance.tolist(),
            "noise": table.reshape(len(table), -1).tolist(),
            "cases": results,
        }
    )
)
