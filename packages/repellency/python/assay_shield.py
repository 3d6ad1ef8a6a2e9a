# SPDX-License-Identifier: Apache-2.0
"""Shields samplers in Python with the step service of Assay (`assay shield serve`).

Needs numpy; torch only where tensors are handed in. `Shield` is the client, `shield_scheduler` wraps a
scheduler of diffusers, and `shield_callback` makes a `callback_on_step_end` for the few schedulers for
which that is exact. Protocol and limits: docs/shield-service.md.

Source of the method: Kirchhof et al., Shielded Diffusion, ICML 2025.
"""

import functools
import http.client
import io
import json
import time
from urllib.parse import quote, urlencode, urlsplit

import numpy as np

__all__ = ["Shield", "ShieldError", "ShieldedScheduler", "shield_callback", "shield_scheduler"]


class ShieldError(RuntimeError):
    """A refusal: `code` is stable, `remedy` says what to do, `status` is that of HTTP or None."""

    def __init__(self, code, message, remedy, status=None):
        super().__init__(f"{message} {remedy} [{code}]")
        self.code, self.message, self.remedy, self.status = code, message, remedy, status


class Shield:
    """Runs that are shielded by a service on this machine.

    `options` are those of a session in docs/shield-service.md: `radius` and `mode`, and `references`,
    `bank`, `strict`, `box`, `margin`, `overcompensation`, `fingerprint`. A run begins at its first call,
    with the shape that it is handed; `begin` ends it and leaves the next to begin. `seeds`, one a picture,
    decide directions where a prediction is a reference; set them before a run. Not for several threads.
    """

    def __init__(self, url, token, *, seeds=None, timeout=60.0, retries=2, **options):
        address = urlsplit(url)
        if address.scheme != "http" or address.hostname not in ("127.0.0.1", "localhost"):
            raise ShieldError("INVALID_ARGUMENT", f"{url} is not on this machine.", "Give the printed URL.")
        self.options, self.seeds = options, seeds
        self._address = (address.hostname, address.port or 80)
        self._token, self._timeout, self._retries = token, timeout, retries
        self._connection = self._session = None
        self._calls = 0

    def begin(self):
        """Ends the run so far, and its evidence with it."""
        session, self._session, self._calls = self._session, None, 0
        if session is None:
            return
        try:
            self._ask("DELETE", f"/v1/sessions/{session}")
        except ShieldError as error:
            # A run that the service has freed, or took along when it ended, is over all the same.
            if error.code not in ("MISSING_INPUT", "NETWORK_FAILED"):
                raise

    def repel(self, prediction, timestep=None):
        """Shields predicted clean pictures [n, ...]: the rows that change, and their new predictions."""
        query = {} if timestep is None else {"timestep": repr(float(timestep))}
        return self._call("repel", wire_array(prediction), query)

    def step(self, before, after, sigma, following):
        """Shields a first-order deterministic step from level `sigma` to `following`, by its two states."""
        states = np.stack([wire_array(before), wire_array(after)])
        return self._call("step", states, {"sigma": repr(float(sigma)), "next": repr(float(following))})

    def commit(self, latents):
        """Hands finished pictures in, once a run: counts those inside of shields, adds all to the bank."""
        array = wire_array(latents)
        self._open(array.shape, array.dtype)
        return json.loads(self._ask("PUT", f"/v1/sessions/{self._session}/commit", npy_bytes(array))[1])

    def evidence(self):
        """What happened in this run: model calls, pictures, distances. None before its first call."""
        return self._session and json.loads(self._ask("GET", f"/v1/sessions/{self._session}")[1])

    def free_bank(self, name):
        self._ask("DELETE", f"/v1/banks/{quote(name, safe='')}")

    def close(self):
        self.begin()
        self._drop_connection()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _open(self, shape, dtype):
        if self._session is None:
            run = {"shape": [int(length) for length in shape], "dtype": np.dtype(dtype).name}
            seeds = {} if self.seeds is None else {"seeds": [int(seed) for seed in self.seeds]}
            body = json.dumps({**self.options, **run, **seeds}).encode()
            self._session = json.loads(self._ask("POST", "/v1/sessions", body)[1])["session"]

    def _call(self, verb, array, query):
        self._open(array.shape[1:] if verb == "step" else array.shape, array.dtype)
        path = f"/v1/sessions/{self._session}/calls/{self._calls}/{verb}?{urlencode(query)}"
        headers, body = self._ask("PUT", path, npy_bytes(array))
        self._calls += 1
        if not body:
            return [], None
        rows = [int(row) for row in headers["x-assay-rows"].split(",")]
        return rows, np.load(io.BytesIO(body), allow_pickle=False)

    def _ask(self, method, path, body=None):
        for attempt in range(self._retries + 1):
            try:
                status, headers, content = self._send(method, path, body)
            except (OSError, http.client.HTTPException) as error:
                self._drop_connection()
                if attempt < self._retries:
                    continue
                raise ShieldError("NETWORK_FAILED", f"The service does not answer: {error!r}.", "Is it running?") from error
            if status == 503 and attempt < self._retries:
                time.sleep(float(headers.get("retry-after", 1)))
                continue
            if status >= 400:
                refusal = json.loads(content)
                raise ShieldError(refusal["code"], refusal["message"], refusal["remedy"], status)
            return headers, content

    def _send(self, method, path, body):
        if self._connection is None:
            self._connection = http.client.HTTPConnection(*self._address, timeout=self._timeout)
        self._connection.request(method, path, body, {"authorization": f"Bearer {self._token}"})
        response = self._connection.getresponse()
        return response.status, response.headers, response.read()

    def _drop_connection(self):
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def wire_array(values):
    """A contiguous numpy array of float64 where the values are, else of float32."""
    if hasattr(values, "detach"):
        values = values.detach().cpu()
        values = (values.double() if str(values.dtype) == "torch.float64" else values.float()).numpy()
    values = np.asarray(values)
    return np.ascontiguousarray(values, np.float64 if values.dtype == np.float64 else np.float32)


def npy_bytes(array):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, allow_pickle=False)
    return stream.getvalue()


def with_rows(values, rows, changed):
    """A copy of an array or tensor with other rows; all others stay as they are, bit for bit."""
    copy = values.clone() if hasattr(values, "clone") else np.array(values)
    for row, new in zip(rows, changed):
        copy[row] = copy.new_tensor(new) if hasattr(copy, "new_tensor") else new
    return copy


# What a scheduler's state is: x = a x0 + s e, with (a, s) from ...
_ALPHAS = {"DDIMScheduler", "DDPMScheduler", "LCMScheduler", "PNDMScheduler"}  # √ᾱ and √(1 - ᾱ) of the timestep
_SIGMAS = {  # 1 and σ of the step
    "EulerDiscreteScheduler",
    "EulerAncestralDiscreteScheduler",
    "HeunDiscreteScheduler",
    "LMSDiscreteScheduler",
}
_SCALED_SIGMAS = {  # 1 / √(σ² + 1) and σ / √(σ² + 1), or 1 - σ and σ for flows
    "DEISMultistepScheduler",
    "DPMSolverMultistepScheduler",
    "DPMSolverSinglestepScheduler",
    "UniPCMultistepScheduler",
}
_FLOWS = {"FlowMatchEulerDiscreteScheduler", "FlowMatchHeunDiscreteScheduler"}  # 1 - σ and σ


def prediction_coefficients(scheduler, timestep):
    """(A, B) of this model call: the predicted clean picture is A · sample + B · model output."""
    kind = assert_known(scheduler)
    prediction = "flow_prediction" if kind in _FLOWS else setting(scheduler, "prediction_type", "epsilon")
    signal, noise = state_coefficients(scheduler, timestep)
    norm = np.hypot(signal, noise)
    if prediction == "epsilon":
        pair = (1 / signal, -noise / signal) if signal > 0 else (np.inf, np.inf)
    elif prediction == "v_prediction":
        pair = (signal / norm**2, -noise / norm)
    elif prediction in ("sample", "original_sample"):
        pair = (0.0, 1.0)
    elif prediction == "flow_prediction":
        pair = (1.0, -noise)
    else:
        raise refused(f"The prediction type {prediction!r} is not known.", "Use epsilon, v_prediction, sample or a flow.")
    if kind == "LCMScheduler":  # what it goes by is a mixture of the prediction and the sample
        skip, out = scheduler.get_scalings_for_boundary_condition_discrete(timestep)
        pair = (float(skip) + float(out) * pair[0], float(out) * pair[1])
    if not np.isfinite(pair).all() or abs(pair[1]) < 1e-8:
        raise refused(f"At timestep {timestep} no model output stands for a clean picture.", "End the run one step earlier.")
    return pair


def state_coefficients(scheduler, timestep):
    """(a, s) of this model call: the sample is a · clean picture + s · noise."""
    kind = type(scheduler).__name__
    if kind in _ALPHAS:
        kept = float(scheduler.alphas_cumprod[int(timestep)])
        return np.sqrt(kept), np.sqrt(1 - kept)
    sigma = float(scheduler.sigmas[step_index(scheduler, timestep)])
    if kind in _SIGMAS:
        return 1.0, sigma
    if kind in _FLOWS or setting(scheduler, "use_flow_sigmas", False):
        return 1 - sigma, sigma
    return 1 / np.hypot(sigma, 1), sigma / np.hypot(sigma, 1)


def step_index(scheduler, timestep):
    """Where in its steps a scheduler is before it steps."""
    if scheduler.step_index is not None:
        return scheduler.step_index
    begin = getattr(scheduler, "begin_index", None)
    return scheduler.index_for_timestep(timestep) if begin is None else begin


def setting(scheduler, name, default):
    config = scheduler.config
    return config.get(name, default) if hasattr(config, "get") else getattr(config, name, default)


def assert_known(scheduler):
    kind = type(scheduler).__name__
    known = _ALPHAS | _SIGMAS | _SCALED_SIGMAS | _FLOWS
    if kind not in known:
        raise refused(f"How {kind} predicts clean pictures is not known.", f"Use one of {', '.join(sorted(known))}.")
    for name in ("thresholding", "invert_sigmas"):
        if setting(scheduler, name, False):
            raise refused(f"{name} would undo corrections.", f"Make the scheduler with {name}=False.")
    return kind


def refused(message, remedy):
    return ShieldError("INVALID_ARGUMENT", message, remedy)


class ShieldedScheduler:
    """A scheduler whose model outputs are shielded before it steps; else it is the one that it wraps."""

    def __init__(self, scheduler, shield):
        assert_known(scheduler)
        assert_unclipped(scheduler, shield)
        object.__setattr__(self, "_scheduler", scheduler)
        object.__setattr__(self, "_shield", shield)

        # Pipelines look at the signature, which `wraps` keeps, for what else a scheduler takes.
        @functools.wraps(scheduler.step)
        def step(*arguments, **options):
            return self._step(*arguments, **options)

        object.__setattr__(self, "step", step)

    @property
    def __class__(self):
        return type(self._scheduler)

    def __getattr__(self, name):
        return getattr(object.__getattribute__(self, "_scheduler"), name)

    def __reduce_ex__(self, _):
        raise refused("A copy would not be shielded.", "Copy the scheduler first, and wrap the copy.")

    def __setattr__(self, name, value):
        setattr(self._scheduler, name, value)

    def __len__(self):
        return len(self._scheduler)

    def set_timesteps(self, *arguments, **options):
        self._shield.begin()
        return self._scheduler.set_timesteps(*arguments, **options)

    def _step(self, model_output, timestep, sample, *arguments, **options):
        if options.get("s_churn") or options.get("per_token_timesteps") is not None:
            raise refused("Churn and timesteps of tokens change the noise level unseen.", "Leave them out.")
        output = self._shielded(model_output, timestep, sample)
        return self._scheduler.step(output, timestep, sample, *arguments, **options)

    def _shielded(self, model_output, timestep, sample):
        if tuple(model_output.shape) != tuple(sample.shape):
            raise refused("The model output has another shape than the sample.", "Split off learned variances.")
        a, b = prediction_coefficients(self._scheduler, timestep)
        output, state = wire_array(model_output), wire_array(sample)
        exact = a * state.astype(np.float64) + b * output.astype(np.float64)
        clipped = exact
        if setting(self._scheduler, "clip_sample", False):
            limit = setting(self._scheduler, "clip_sample_range", 1.0)
            clipped = np.clip(exact, -limit, limit)
        rows, predictions = self._shield.repel(clipped.astype(state.dtype), timestep)
        if not rows:
            return model_output
        moved = predictions.astype(np.float64) - exact[rows]
        return with_rows(model_output, rows, output[rows] + moved / b)


def shield_scheduler(scheduler, shield):
    """A scheduler of diffusers, shielded: `pipe.scheduler = shield_scheduler(pipe.scheduler, shield)`.

    Each run of a pipeline is one of the shield's; right after it, `shield.evidence()` and
    `shield.commit(latents)` speak of it. Raises ShieldError for schedulers that are not known, and for
    clipping that would bring predictions back inside.
    """
    return ShieldedScheduler(scheduler, shield)


def assert_unclipped(scheduler, shield):
    if not setting(scheduler, "clip_sample", False):
        return
    limit, box = setting(scheduler, "clip_sample_range", 1.0), shield.options.get("box")
    if not (shield.options.get("strict") and box and -limit <= box[0] and box[1] <= limit):
        raise refused(
            "clip_sample would bring predictions back inside.",
            f"Make the scheduler with clip_sample=False, or the shield with strict=True, box=[{-limit}, {limit}].",
        )


def shield_callback(scheduler, shield, initial_latents, eta=0.0):
    """A `callback_on_step_end` that shields one run, for pipelines whose scheduler cannot be replaced.

    Exact only where a step is first-order and deterministic: EulerDiscreteScheduler without churn,
    DDIMScheduler with eta 0, FlowMatchEulerDiscreteScheduler; raises ShieldError for all others.
    `initial_latents` are those that the pipeline is given as `latents`, in float32 or float64.
    """
    parametrisation = first_order_parametrisation(scheduler, eta)
    shield.begin()
    shield.options["parametrisation"] = parametrisation
    previous = [exact_array(initial_latents)]
    steps = []

    def on_step_end(pipeline, index, timestep, tensors):
        latents = exact_array(tensors["latents"])
        if not steps:
            previous[0] = previous[0] * previous[0].dtype.type(getattr(scheduler, "init_noise_sigma", 1.0))
        elif index <= steps[-1]:
            raise refused("A callback shields one run.", "Make another with the latents of the next.")
        steps.append(index)
        sigma, following = first_order_levels(scheduler, timestep)
        rows, states = shield.step(previous[0], latents, sigma, following)
        previous[0] = with_rows(latents, rows, states) if rows else latents
        return {**tensors, "latents": with_rows(tensors["latents"], rows, states)} if rows else tensors

    return on_step_end


def first_order_parametrisation(scheduler, eta):
    kind = assert_known(scheduler)
    exact = {
        "EulerDiscreteScheduler": "variance-exploding",
        "DDIMScheduler": "variance-preserving" if not eta and not setting(scheduler, "clip_sample", False) else None,
        "FlowMatchEulerDiscreteScheduler": None if setting(scheduler, "stochastic_sampling", False) else "rectified-flow",
    }.get(kind)
    if exact is None:
        raise refused(
            f"A callback after the step cannot shield {kind} exactly as it is set.",
            "Wrap the scheduler with shield_scheduler, which can.",
        )
    return exact


def first_order_levels(scheduler, timestep):
    """The noise levels before and after the step that a scheduler has just made."""
    if type(scheduler).__name__ != "DDIMScheduler":
        at = scheduler.step_index
        return float(scheduler.sigmas[at - 1]), float(scheduler.sigmas[at])
    before = int(timestep) - setting(scheduler, "num_train_timesteps", 1000) // scheduler.num_inference_steps
    following = scheduler.alphas_cumprod[before] if before >= 0 else scheduler.final_alpha_cumprod
    kept = (float(scheduler.alphas_cumprod[int(timestep)]), float(following))
    return np.sqrt(1 - kept[0]), np.sqrt(1 - kept[1])


def exact_array(latents):
    if str(latents.dtype).split(".")[-1] not in ("float32", "float64"):
        raise refused(
            f"Steps in {latents.dtype} are too coarse to tell the prediction from.",
            "Draw in float32, or wrap the scheduler with shield_scheduler.",
        )
    return wire_array(latents)
