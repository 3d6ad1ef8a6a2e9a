"""Captions of the training pictures, and the grounds they may name."""

import re

import numpy as np

GROUNDS = {
    "white": (255, 255, 255),
    "black": (0, 0, 0),
    "grey": (128, 128, 128),
    "red": (220, 40, 40),
    "yellow": (250, 215, 50),
    "green": (60, 170, 75),
    "blue": (50, 100, 220),
    "purple": (140, 60, 180),
}
COLOUR_WORD = re.compile(
    r"\b(white|black|gr[ae]y|red|yellow|green|blue|purple|violet|orange|pink|brown|gold|golden|silver|tan|"
    r"beige|cyan|turquoise|magenta|blonde?|rainbow|colou?r(ed|ful)?)\b"
)
SIDED_WORD = re.compile(r"\b(left|right|clock|oclock|thirty|letters?|input|button|latin|text|numbers?|keycap|sign)\b")


def with_article(name: str) -> str:
    """The name behind "a" or "an"."""
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def names_colour(text: str) -> bool:
    """Whether the text names a colour, so that the colours of its picture may not be changed."""
    return COLOUR_WORD.search(text) is not None


def has_side(text: str) -> bool:
    """Whether a mirrored picture could make the text untrue."""
    return SIDED_WORD.search(text.replace("'", "")) is not None


def caption(row: dict, random: np.random.Generator) -> str:
    """One caption of a picture, without its ground: 55 % of them say the name alone."""
    name, tags = row["name"], row["tags"]
    kind = random.random()
    if kind < 0.30 or (kind >= 0.70 and not tags and kind < 0.95):
        return name
    if kind < 0.55:
        return f"a picture of {with_article(name)}"
    if kind < 0.63:
        return f"{with_article(row['style'])} style picture of {with_article(name)}"
    if kind < 0.70:
        return f"{name}, {row['style']} style"
    if kind < 0.83:
        return ", ".join([name, *_some(tags, 3, random)])
    if kind < 0.95:
        return ", ".join(_some(tags, 4, random))
    return ", ".join([*(_some(tags, 2, random) if tags else [name]), row["group"]])


def _some(tags: list[str], most: int, random: np.random.Generator) -> list[str]:
    count = min(len(tags), int(random.integers(1, most + 1)))
    return [tags[i] for i in random.choice(len(tags), count, replace=False)]
