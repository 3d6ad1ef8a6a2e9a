"""Attribution heads trained by PyTorch, in float64, on a world of embeddings whose true exemplars are known.

Run: python fit-attribution-head.oracle.py > fit-attribution-head.oracle.json   (PyTorch 2.13)
"""

import json
import math
import sys

import torch
from torch.nn.functional import cross_entropy, normalize

COLUMNS, LATENT, NUISANCE, COPIES = 32, 12, 8, 8
TEMPERATURE, RATE = 0.07, 1e-2
KEPT_STEPS = [0, 1, 2, 10, 50, 100]
torch.set_default_dtype(torch.float64)


def mulberry32(seed):
    state = seed
    while True:
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        mixed = ((state ^ (state >> 15)) * (1 | state)) & 0xFFFFFFFF
        mixed = ((mixed + ((mixed ^ (mixed >> 7)) * (61 | mixed))) & 0xFFFFFFFF) ^ mixed
        yield (mixed ^ (mixed >> 14)) / 2**32


def normals(seed, *shape):
    stream, count, out = mulberry32(seed), math.prod(shape), []
    while len(out) < count:
        a, b = next(stream), next(stream)
        radius = math.sqrt(-2 * math.log(1 - a))
        out += [radius * math.cos(2 * math.pi * b), radius * math.sin(2 * math.pi * b)]
    return torch.tensor(out[:count]).reshape(shape)


mixing = normals(101, COLUMNS, LATENT) / math.sqrt(LATENT)
real_nuisance = normals(102, COLUMNS, NUISANCE) / math.sqrt(NUISANCE)
synthetic_nuisance = normals(103, COLUMNS, NUISANCE) / math.sqrt(NUISANCE)
shift = 0.6 * normals(104, COLUMNS)


def real(z, seed):
    return z @ mixing.T + 0.8 * normals(seed, len(z), NUISANCE) @ real_nuisance.T + 0.1 * normals(seed + 1, len(z), COLUMNS)


def synthetic(z, seed):
    drifted = z + 0.25 * normals(seed, len(z), LATENT)
    style = 1.2 * normals(seed + 1, len(z), NUISANCE) @ synthetic_nuisance.T
    return 0.8 * drifted @ mixing.T + style + shift + 0.1 * normals(seed + 2, len(z), COLUMNS)


def block(models, exemplars, seed):
    z = normals(seed, models, LATENT)
    centres = z.repeat_interleave(exemplars, 0)
    if exemplars > 1:
        centres = centres + 0.3 * normals(seed + 5, models * exemplars, LATENT)
    return real(centres, seed + 10), synthetic(z.repeat_interleave(COPIES, 0), seed + 20)


def single(rows):
    """What the head is given: float32 features."""
    return rows.float().double()


POOL = single(real(normals(900, 20_000, LATENT), 910))
TRAIN = tuple(map(single, block(512, 1, 1000)))
TEST = tuple(map(single, block(128, 1, 3000)))
STYLES = tuple(map(single, block(64, 6, 4000)))


def linear():
    return [torch.eye(COLUMNS).requires_grad_(), torch.zeros(COLUMNS).requires_grad_()]


def channel():
    return [torch.ones(COLUMNS).requires_grad_()]


def mapped(x, weights):
    return normalize(x @ weights[0].T + weights[1] if len(weights) == 2 else x * weights[0])


def distance_to_orthogonal(weights):
    matrix = weights[0] if len(weights) == 2 else torch.diag(weights[0])
    return torch.linalg.matrix_norm(matrix.T @ matrix - torch.eye(COLUMNS))


def train(steps, penalty=0.05, form=linear, shared=False, snapshots=()):
    heads = [form()] if shared else [form(), form()]
    ours, theirs = heads[0], heads[-1]
    optimizer = torch.optim.Adam([weights for head in heads for weights in head], lr=RATE)
    target = torch.arange(len(TRAIN[0]))
    terms, kept = {}, {}
    for step in range(steps):
        logits = mapped(TRAIN[1][step % COPIES :: COPIES], theirs) @ mapped(TRAIN[0], ours).T / TEMPERATURE
        contrast = (cross_entropy(logits, target) + cross_entropy(logits.T, target)) / 2
        regularisation = sum(map(distance_to_orthogonal, heads)) / len(heads)
        if step in KEPT_STEPS or step == steps - 1:
            terms[step] = [contrast.item(), regularisation.item()]
        optimizer.zero_grad()
        (contrast + penalty * regularisation).backward()
        optimizer.step()
    return [weights.detach() for weights in ours], [weights.detach() for weights in theirs], terms


def ranks(queries, exemplars, pool):
    """Ranks of each query's exemplars among the pool and themselves, pessimistic."""
    models = len(queries) // COPIES
    per_model = len(exemplars) // models
    found = []
    for query, row in enumerate(queries):
        model = query // COPIES
        own = exemplars[model * per_model : (model + 1) * per_model] @ row
        others = pool @ row
        above = (others[:, None] >= own[None, :]).sum(0)
        order = own.argsort(descending=True)
        found.append([int(above[at]) + place + 1 for place, at in enumerate(order)])
    return found


def measures(found):
    share = lambda k: sum(sum(rank <= k for rank in query) / len(query) for query in found) / len(found)
    precision = sum(sum((at + 1) / rank for at, rank in enumerate(query)) / len(query) for query in found) / len(found)
    return {"recallAt5": share(5), "recallAt10": share(10), "recallAt100": share(100), "meanAveragePrecision": precision}


def evaluate(ours, theirs, data, scale=lambda x: x):
    exemplars, queries = data
    found = ranks(mapped(scale(queries), theirs), mapped(scale(exemplars), ours), mapped(scale(POOL), ours))
    return measures(found), found


identity = [torch.eye(COLUMNS), torch.zeros(COLUMNS)]
with torch.no_grad():
    before, ranks_before = evaluate(identity, identity, TEST)
    before_styles, _ = evaluate(identity, identity, STYLES)
ours, theirs, terms = train(300)
with torch.no_grad():
    after, ranks_after = evaluate(ours, theirs, TEST)
    after_styles, _ = evaluate(ours, theirs, STYLES)
    misuse = {
        "swapped": evaluate(theirs, ours, TEST)[0],
        "realOnBoth": evaluate(ours, ours, TEST)[0],
        "queryUnmapped": evaluate(ours, identity, TEST)[0],
        "normalizedFirst": evaluate(ours, theirs, TEST, normalize)[0],
    }


def trained(**options):
    heads = train(**options)
    with torch.no_grad():
        return evaluate(heads[0], heads[1], TEST)[0]


json.dump(
    {
        "torch": torch.__version__,
        "terms": terms,
        "before": before,
        "after": after,
        "beforeStyles": before_styles,
        "afterStyles": after_styles,
        "ranksBefore": {"first": sum(ranks_before[:8], []), "third": sum(ranks_before[16:24], [])},
        "ranksAfter": {"first": sum(ranks_after[:8], []), "third": sum(ranks_after[16:24], [])},
        "misuse": misuse,
        "withoutRegulariser": trained(steps=300, penalty=0),
        "overRegularised": trained(steps=300, penalty=1),
        "after120": {
            "two": trained(steps=120),
            "shared": trained(steps=120, shared=True),
            "channel": trained(steps=120, form=channel),
        },
    },
    sys.stdout,
    indent=1,
)
