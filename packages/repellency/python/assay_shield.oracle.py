"""Runs of the Python client, for `src/serve/python-client.test.ts`, which spawns this with a request on stdin.

`runs`: draws from a Gaussian mixture through small schedulers of the interface of diffusers, written here
from the formulas, each shielded by the service of the request. `golden`: predictions that the client
infers along trajectories of diffusers, each step made again from them by the formulas of the papers.
"""

import copy
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from assay_shield import Shield, ShieldError, prediction_coefficients, shield_callback, shield_scheduler  # noqa: E402


class FakeScheduler:
    """What all have; states are x = a x0 + s e."""

    init_noise_sigma = 1.0

    def __init__(self, sigmas, dtype, **config):
        self.levels, self.dtype = sigmas, dtype
        self.config = {"num_train_timesteps": len(sigmas) - 1, "prediction_type": "epsilon", **config}

    def set_timesteps(self, count):
        self.num_inference_steps, self.step_index = count, None
        self.timesteps = np.arange(count)[::-1]

    def index_for_timestep(self, timestep):
        return len(self.timesteps) - 1 - int(timestep)

    def finish(self, sample):
        self.step_index = self.index_for_timestep(self.current) + 1
        return (sample.astype(self.dtype),)


class DDIMScheduler(FakeScheduler):
    def __init__(self, sigmas, dtype, **config):
        super().__init__(sigmas, dtype, **config)
        self.alphas_cumprod = (1 / (1 + sigmas[:-1] ** 2))[::-1]
        self.final_alpha_cumprod = 1.0

    def state(self, timestep):
        return np.sqrt(self.alphas_cumprod[timestep]), np.sqrt(1 - self.alphas_cumprod[timestep])

    def step(self, model_output, timestep, sample, eta=0.0, return_dict=True):
        a, s = self.state(timestep)
        following = self.alphas_cumprod[timestep - 1] if timestep > 0 else self.final_alpha_cumprod
        clean, noise = {
            "epsilon": lambda: ((sample - s * model_output) / a, model_output),
            "v_prediction": lambda: (a * sample - s * model_output, a * model_output + s * sample),
            "sample": lambda: (model_output, (sample - a * model_output) / s),
        }[self.config["prediction_type"]]()
        self.current = timestep
        return self.finish(np.sqrt(following) * clean + np.sqrt(1 - following) * noise)


class EulerDiscreteScheduler(FakeScheduler):
    def __init__(self, sigmas, dtype, **config):
        super().__init__(sigmas, dtype, **config)
        self.sigmas, self.init_noise_sigma = sigmas, float(sigmas[0])

    def state(self, timestep):
        return 1.0, self.sigmas[self.index_for_timestep(timestep)]

    def step(self, model_output, timestep, sample, s_churn=0.0, return_dict=True):
        at = self.index_for_timestep(timestep)
        sigma, following = self.sigmas[at], self.sigmas[at + 1]
        clean = {
            "epsilon": lambda: sample - sigma * model_output,
            "v_prediction": lambda: sample / (sigma**2 + 1) - model_output * sigma / np.sqrt(sigma**2 + 1),
            "sample": lambda: model_output,
        }[self.config["prediction_type"]]()
        self.current = timestep
        return self.finish(sample + (sample - clean) / sigma * (following - sigma))


class FlowMatchEulerDiscreteScheduler(FakeScheduler):
    def __init__(self, sigmas, dtype, **config):
        super().__init__(sigmas, dtype, **config)
        self.sigmas = sigmas / (1 + sigmas)

    def state(self, timestep):
        sigma = self.sigmas[self.index_for_timestep(timestep)]
        return 1 - sigma, sigma

    def step(self, model_output, timestep, sample, return_dict=True):
        at = self.index_for_timestep(timestep)
        self.current = timestep
        return self.finish(sample + (self.sigmas[at + 1] - self.sigmas[at]) * model_output)


class DPMSolverMultistepScheduler(FakeScheduler):
    """DPM-Solver++ 2M over the states of x = a x0 + s e, a² + s² = 1; first order at both ends."""

    def __init__(self, sigmas, dtype, **config):
        super().__init__(sigmas, dtype, **config)
        self.sigmas, self.earlier = sigmas, None

    def state(self, timestep):
        sigma = self.sigmas[self.index_for_timestep(timestep)]
        return 1 / np.sqrt(sigma**2 + 1), sigma / np.sqrt(sigma**2 + 1)

    def step(self, model_output, timestep, sample, return_dict=True):
        at = self.index_for_timestep(timestep)
        a, s = self.state(timestep)
        clean = (sample - s * model_output) / a
        following = self.sigmas[at + 1]
        earlier, self.earlier, self.current = self.earlier, (clean, self.sigmas[at]), timestep
        if following == 0:
            return self.finish(clean)
        return self.finish(multistep(sample, clean, earlier, (self.sigmas[at], following)))


def multistep(sample, clean, earlier, levels):
    sigma, following = levels
    scale = [1 / np.sqrt(level**2 + 1) for level in levels]
    h = np.log(sigma / following)
    slope = 0.0
    if earlier is not None:
        ratio = np.log(earlier[1] / sigma) / h
        slope = (clean - earlier[0]) / (2 * ratio)
    kept = following * scale[1] / (sigma * scale[0])
    return kept * sample - scale[1] * np.expm1(-h) * (clean + slope)


def denoise(state, sigma, request):
    """E[x0 | x] of Gaussians of one spread and equal weights, x = x0 + σ e."""
    means, spread = request["means"], request["spread"]
    variance = spread**2 + sigma**2
    logs = -((state[:, None] - means[None]) ** 2).sum(-1) / (2 * variance)
    weights = np.exp(logs - logs.max(1, keepdims=True))
    weights /= weights.sum(1, keepdims=True)
    return (spread**2 * state + sigma**2 * weights @ means) / variance


def model(sample, scheduler, timestep, request):
    a, s = scheduler.state(timestep)
    sample = sample.astype(np.float64)
    clean = denoise(sample / a, s / a, request)
    noise, norm = (sample - a * clean) / s, np.hypot(a, s)
    outputs = {"epsilon": noise, "v_prediction": (a * noise - s * clean) / norm, "sample": clean}
    is_flow = isinstance(scheduler, FlowMatchEulerDiscreteScheduler)
    output = noise - clean if is_flow else outputs[scheduler.config["prediction_type"]]
    return output.astype(scheduler.dtype)


def draw(scheduler, request, initial, on_step_end=None):
    scheduler.set_timesteps(len(scheduler.levels) - 1)
    a, s = scheduler.state(int(scheduler.timesteps[0]))
    # The states of all scales are a times one of x = x0 + σ e.
    latents = (a * initial).astype(scheduler.dtype)
    for index, timestep in enumerate(scheduler.timesteps):
        output = model(latents, scheduler, int(timestep), request)
        (latents,) = scheduler.step(output, int(timestep), latents, return_dict=False)
        if on_step_end is not None:
            latents = on_step_end(None, index, int(timestep), {"latents": latents})["latents"]
    return latents


def told(shield, latents):
    evidence = shield.evidence()
    return {"final": latents.astype(np.float64).tolist(), "active": [call["active"] for call in evidence["calls"]]}


class LossyShield(Shield):
    """Loses the answer of every third call after the service has made it."""

    sent = 0

    def _send(self, method, path, body):
        answer = super()._send(method, path, body)
        self.sent += "/calls/" in path
        if "/calls/" in path and self.sent % 3 == 0:
            raise ConnectionResetError("lost on the way")
        return answer


def run_case(case, request):
    kind, prediction, dtype, way = case["scheduler"], case["prediction"], np.dtype(case["dtype"]).type, case["way"]
    make = LossyShield if way == "lossy wrapper" else Shield
    shield = make(request["url"], request["token"], seeds=request["seeds"], **request["options"])
    with shield:
        scheduler = globals()[kind](request["sigmas"], dtype, prediction_type=prediction)
        if way != "callback":
            return told(shield, draw(shield_scheduler(scheduler, shield), request, request["initial"]))
        scheduler.set_timesteps(len(request["sigmas"]) - 1)
        a, _ = scheduler.state(int(scheduler.timesteps[0]))
        given = (a * request["initial"] / scheduler.init_noise_sigma).astype(dtype)
        callback = shield_callback(scheduler, shield, given)
        return told(shield, draw(scheduler, request, request["initial"], callback))


def run_batches(request):
    """Two batches of one prompt that keep apart, the second from the first as well."""
    options = {**request["options"], "mode": "bank", "bank": "python"}
    with Shield(request["url"], request["token"], seeds=request["seeds"], **options) as shield:
        scheduler = shield_scheduler(EulerDiscreteScheduler(request["sigmas"], np.float64), shield)
        finals = []
        for initial in (request["initial"], request["again"]):
            finals.append(draw(scheduler, request, initial))
            committed = shield.commit(finals[-1])
        shield.free_bank("python")
        return {"finals": [final.tolist() for final in finals], "committed": committed}


def refusals(request):
    """What the client refuses, by code and by what the message speaks of."""

    def code(make):
        try:
            make()
        except ShieldError as error:
            return error.code
        return None

    shield = Shield(request["url"], request["token"], **request["options"])
    sigmas, initial = request["sigmas"], request["initial"]
    ancestral = type("EulerAncestralDiscreteScheduler", (EulerDiscreteScheduler,), {})
    unknown = type("MyScheduler", (EulerDiscreteScheduler,), {})
    euler = EulerDiscreteScheduler(sigmas, np.float64)
    euler.set_timesteps(len(sigmas) - 1)
    wrapped = shield_scheduler(euler, shield)
    last = int(euler.timesteps[0])
    wrong_prediction = EulerDiscreteScheduler(sigmas, np.float64, prediction_type="score")
    wrong_prediction.set_timesteps(len(sigmas) - 1)
    found = {
        "unknown scheduler": code(lambda: shield_scheduler(unknown(sigmas, np.float64), shield)),
        "thresholding": code(lambda: shield_scheduler(EulerDiscreteScheduler(sigmas, np.float64, thresholding=True), shield)),
        "clipping": code(lambda: shield_scheduler(DDIMScheduler(sigmas, np.float64, clip_sample=True), shield)),
        "unknown prediction": code(lambda: prediction_coefficients(wrong_prediction, last)),
        "churn": code(lambda: wrapped.step(initial, last, initial, s_churn=1.0)),
        "learned variance": code(lambda: wrapped.step(np.concatenate([initial, initial], 1), last, initial)),
        "copying": code(lambda: copy.deepcopy(wrapped)),
        "callback of a stochastic scheduler": code(lambda: shield_callback(ancestral(sigmas, np.float64), shield, initial)),
        "callback with eta": code(lambda: shield_callback(DDIMScheduler(sigmas, np.float64), shield, initial, eta=1.0)),
        "callback in float16": code(lambda: shield_callback(euler, shield, initial.astype(np.float16))),
        "another machine": code(lambda: Shield("http://192.0.2.1:80", "x", **request["options"])),
        "wrong token": code(lambda: Shield(request["url"], "x" * 20, **request["options"]).repel(initial)),
        "not finite": code(lambda: shield.repel(np.full_like(initial, np.nan))),
        "nobody there": code(lambda: Shield("http://127.0.0.1:9", "x", timeout=2, **request["options"]).repel(initial)),
    }
    shield.close()
    return found


def runs(request):
    for name in ("means", "initial", "again", "sigmas"):
        request[name] = np.array(request[name], np.float64)
    cases = {name: run_case(case, request) for name, case in request["cases"].items()}
    return {"cases": cases, "batches": run_batches(request), "refusals": refusals(request)}


# Trajectories of diffusers.


def golden(request):
    folder = Path(request["data"])
    stored = json.loads((folder / "golden.json").read_text())
    initial, noise = np.load(folder / "initial.npy"), np.load(folder / "noise.npy")
    return {name: worst_error(case, initial, noise) for name, case in stored["cases"].items()}


def worst_error(case, initial, noise):
    """Largest difference, as a share of the largest value, of a state that is made again from the one before."""
    betas = np.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2
    sigmas = None if case["sigmas"] is None else np.array(case["sigmas"], np.float64)
    scheduler = type(case["scheduler"], (SimpleNamespace,), {})(
        config=case["config"], alphas_cumprod=np.cumprod(1 - betas), sigmas=sigmas, begin_index=None
    )
    state = initial.astype(np.float64) * case["init_noise_sigma"]
    memory, errors, draws = {}, [], iter(noise.astype(np.float64))
    for at, (timestep, stored) in enumerate(zip(case["timesteps"], case["trajectory"])):
        scheduler.step_index = at
        is_scaled = case["scheduler"] in ("EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler", "HeunDiscreteScheduler")
        fed = state / np.sqrt(sigmas[at] ** 2 + 1) if is_scaled else state
        output = np.tanh(0.7 * fed) * np.cos(timestep / 300) + 0.05 * fed
        a, b = prediction_coefficients(scheduler, timestep)
        step = {"at": at, "timestep": timestep, "case": case, "scheduler": scheduler, "draws": draws, "memory": memory}
        made = STEPS[case["scheduler"]](state, a * state + b * output, step)
        state = np.array(stored).reshape(state.shape)
        errors.append(np.abs(made - state).max() / np.abs(state).max())
    return max(errors)


def alphas(step):
    before = int(step["timestep"]) - 1000 // step["case"]["steps"]
    table = step["scheduler"].alphas_cumprod
    final = 1.0 if step["case"]["config"].get("set_alpha_to_one", True) else table[0]
    return table[int(step["timestep"])], table[before] if before >= 0 else final


def ddim(state, clean, step):
    now, following = alphas(step)
    eta = step["case"]["step_options"].get("eta", 0.0)
    spread = eta * np.sqrt((1 - following) / (1 - now) * (1 - now / following))
    noise = (state - np.sqrt(now) * clean) / np.sqrt(1 - now)
    made = np.sqrt(following) * clean + np.sqrt(1 - following - spread**2) * noise
    return made + spread * next(step["draws"]) if eta else made


def ddpm(state, clean, step):
    now, following = alphas(step)
    kept = now / following
    mean = (np.sqrt(following) * (1 - kept) * clean + np.sqrt(kept) * (1 - following) * state) / (1 - now)
    variance = max((1 - following) / (1 - now) * (1 - kept), 1e-20)
    return mean + np.sqrt(variance) * next(step["draws"]) if step["timestep"] > 0 else mean


def euler(state, clean, step):
    sigma, following = step["scheduler"].sigmas[step["at"] :][:2]
    return clean + following / sigma * (state - clean)


def ancestral(state, clean, step):
    sigma, following = step["scheduler"].sigmas[step["at"] :][:2]
    up = np.sqrt(following**2 * (sigma**2 - following**2) / sigma**2)
    down = np.sqrt(following**2 - up**2)
    return clean + down / sigma * (state - clean) + up * next(step["draws"])


def heun(state, clean, step):
    sigmas, at, memory = step["scheduler"].sigmas, step["at"], step["memory"]
    slope = (state - clean) / sigmas[at]
    if at % 2 == 0:
        memory.update(state=state, slope=slope, sigma=sigmas[at])
        return state + slope * (sigmas[at + 1] - sigmas[at])
    return memory["state"] + (memory["slope"] + slope) / 2 * (sigmas[at] - memory["sigma"])


def solver(state, clean, step):
    sigma, following = step["scheduler"].sigmas[step["at"] :][:2]
    earlier = step["memory"].get("clean")
    step["memory"]["clean"] = (clean, sigma)
    return clean if following == 0 else multistep(state, clean, earlier, (sigma, following))


STEPS = {
    "DDIMScheduler": ddim,
    "DDPMScheduler": ddpm,
    "EulerDiscreteScheduler": euler,
    "EulerAncestralDiscreteScheduler": ancestral,
    "HeunDiscreteScheduler": heun,
    "DPMSolverMultistepScheduler": solver,
    "FlowMatchEulerDiscreteScheduler": euler,
}


if __name__ == "__main__":
    print(json.dumps({"runs": runs, "golden": golden}[sys.argv[1]](json.load(sys.stdin))))
