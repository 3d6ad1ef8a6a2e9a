"""Expected streams for the random numbers of core, transcribed from the published algorithms.

Python 3 with unbounded integers. Run: python random.oracle.py > random.oracle.json
xoshiro128** from the state (1, 2, 3, 4) agrees with the vector that its authors' C code prints
(11520, 0, 5927040, 70819200, 2031721883, 1637235492, ...).
"""

import json
import math

M32, M64 = 2**32 - 1, 2**64 - 1


def fnv1a64(text):
    value = 0xCBF29CE484222325
    for byte in text.encode("utf-8"):
        value = ((value ^ byte) * 0x100000001B3) & M64
    return value


def splitmix64(seed):
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & M64
        z = seed
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M64
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M64
        yield z ^ (z >> 31)


def rotl(x, k):
    return ((x << k) | (x >> (32 - k))) & M32


def xoshiro128(state):
    s = list(state)
    while True:
        yield (rotl((s[1] * 5) & M32, 7) * 9) & M32
        t = (s[1] << 9) & M32
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 11)


def mulberry32(seed):
    while True:
        seed = (seed + 0x6D2B79F5) & M32
        t = ((seed ^ (seed >> 15)) * (1 | seed)) & M32
        t = ((t + (((t ^ (t >> 7)) * (61 | t)) & M32)) & M32) ^ t
        yield (t ^ (t >> 14)) / 2**32


def doubles(words):
    while True:
        high, low = next(words) >> 5, next(words) >> 6
        yield (high * 2**26 + low) / 2**53


def normals(uniforms):
    while True:
        a, b = next(uniforms), next(uniforms)
        radius = math.sqrt(-2 * math.log(1 - a))
        yield radius * math.cos(2 * math.pi * b)
        yield radius * math.sin(2 * math.pi * b)


def stream(seed):
    mix = splitmix64(seed)
    low, high = next(mix), next(mix)
    return xoshiro128([low & M32, low >> 32, high & M32, high >> 32])


def take(iterator, count):
    return [next(iterator) for _ in range(count)]


seeds = {"1": 1, "-7": -7 & M64, "9007199254740991": 2**53 - 1}
texts = ["", "prompt", "Käse 🧀"]
fork = next(splitmix64(1 ^ fnv1a64("audit")))
print(
    json.dumps(
        {
            "fnv1a64": {text: str(fnv1a64(text)) for text in texts + ["a", "foobar"]},
            "splitMix64": [str(value) for value in take(splitmix64(1234567), 5)],
            "xoshiro128": take(xoshiro128([1, 2, 3, 4]), 100),
            "mulberryUniform": take(mulberry32(1), 20),
            "mulberryNormal": take(normals(mulberry32(1)), 20),
            "uniform": {
                **{name: take(doubles(stream(seed)), 10) for name, seed in seeds.items()},
                **{text: take(doubles(stream(fnv1a64(text))), 10) for text in texts},
            },
            "normal": take(normals(doubles(stream(1))), 10),
            "fork": take(doubles(stream(fork)), 10),
        },
        indent=1,
        ensure_ascii=True,
    )
)
