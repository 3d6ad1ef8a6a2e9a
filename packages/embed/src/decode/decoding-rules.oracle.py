"""Small pictures of every kind that has a decoding rule, and what Pillow sees in them.

python decoding-rules.oracle.py > decoding-rules.oracle.json

Each case names the rule that it is about, how far a value may be off, and where the expected pixels are not
`Image.open(file).convert("RGB")`, the function here that says what is expected instead.
"""

import base64
import hashlib
import io
import json
import struct
import zlib
from collections.abc import Iterator

import numpy as np
import PIL
from PIL import Image, ImageCms, ImageOps

WIDTH, HEIGHT = 21, 13
random = np.random.default_rng(18)


def smooth(channels: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """Soft shapes with some noise, as uint8 [height, width, channels]."""
    y, x = np.mgrid[0:height, 0:width]
    waves = [127 + 110 * np.sin(x / (3 + i) + i) * np.cos(y / (4 + i) + 2 * i) for i in range(channels)]
    return np.clip(np.stack(waves, -1) + random.normal(0, 6, (height, width, channels)), 0, 255).astype(np.uint8)


def noise(*shape: int, high: int = 256) -> np.ndarray:
    """Values that have nothing to do with each other."""
    return random.integers(0, high, shape)


def saved(image: Image.Image, format: str, **options) -> bytes:
    """The file that Pillow writes."""
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(samples: np.ndarray, depth: int, colour: int, *extra: bytes) -> bytes:
    """A PNG of [height, width, channels] samples of any depth, which Pillow cannot write."""
    height, width, channels = samples.shape
    rows = samples.reshape(height, width * channels)
    if depth == 16:
        packed = rows.astype(">u2").view(np.uint8)
    else:
        bits = (rows[..., None] >> np.arange(depth - 1, -1, -1)) & 1
        packed = np.packbits(bits.reshape(height, -1).astype(np.uint8), axis=1)
    data = b"".join(b"\0" + row.tobytes() for row in packed)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = [chunk(b"IHDR", header), *extra, chunk(b"IDAT", zlib.compress(data, 9)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def profile() -> bytes:
    """An ICC profile that is unmistakably not sRGB: red and green change places, gamma 1.8."""
    xyz = lambda *values: b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in values))  # noqa: E731
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(1.8 * 256)) + b"\0\0"
    text = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + b"\0" * 78
    red, green, blue = (0.4360, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)
    tags = {
        b"desc": text, b"cprt": b"text\0\0\0\0none\0", b"wtpt": xyz(0.9642, 1, 0.8249),
        b"rXYZ": xyz(*green), b"gXYZ": xyz(*red), b"bXYZ": xyz(*blue), b"rTRC": curve, b"gTRC": curve, b"bTRC": curve,
    }  # fmt: skip
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += name + struct.pack(">II", 128 + 4 + 12 * len(tags) + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    header = struct.pack(">I4sI4s4s4s", 128 + len(table) + len(body), b"\0" * 4, 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H", 2000, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    header += struct.pack(">3i", 63190, 65536, 54061) + b"\0" * 48
    return header[:128].ljust(128, b"\0") + table + body


def rgb(file: bytes) -> Image.Image:
    """What Python pipelines do."""
    return Image.open(io.BytesIO(file)).convert("RGB")


def upright(file: bytes) -> Image.Image:
    """Turned as EXIF says."""
    return ImageOps.exif_transpose(Image.open(io.BytesIO(file))).convert("RGB")


def on_background(file: bytes, colour=(255, 255, 255)) -> Image.Image:
    """Pasted on a colour."""
    picture = Image.open(io.BytesIO(file)).convert("RGBA")
    ground = Image.new("RGB", picture.size, colour)
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def in_srgb(file: bytes) -> Image.Image:
    """With the embedded profile applied."""
    picture = Image.open(io.BytesIO(file))
    source = ImageCms.ImageCmsProfile(io.BytesIO(picture.info["icc_profile"]))
    return ImageCms.profileToProfile(
        picture, source, ImageCms.createProfile("sRGB"), ImageCms.Intent.PERCEPTUAL, "RGB"
    )


def case(rule: str, name: str, file: bytes, tolerance: int = 0, expected=rgb, **options) -> dict:
    """One file, and of the expected pixels their hash, or all of them where values may be off by `tolerance`.

    `expected` is a function of the file, or an array.
    """
    pixels = np.asarray(expected(file) if callable(expected) else expected)
    values = pixels.astype(np.uint8).tobytes()
    return {
        "rule": rule, "name": name, "options": options, "width": pixels.shape[1], "height": pixels.shape[0],
        "file": base64.b64encode(file).decode(),
        "sha256": hashlib.sha256(values).hexdigest(),
        **({"tolerance": tolerance, "pixels": base64.b64encode(values).decode()} if tolerance else {}),
    }  # fmt: skip


def orientations() -> Iterator[dict]:
    """The eight EXIF orientations of three formats."""
    picture = Image.fromarray(smooth(3, 9, 6))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        for format, options in (("JPEG", {"quality": 90}), ("PNG", {}), ("WEBP", {"lossless": True})):
            file = saved(picture, format, exif=exif, **options)
            yield case("orientation-applied", f"{format} {orientation}", file, expected=upright)


def transparency() -> Iterator[dict]:
    """Alpha channels, and single colours that are transparent."""
    rgba, grey_alpha = noise(HEIGHT, WIDTH, 4), noise(HEIGHT, WIDTH, 2)
    files = {
        "RGBA PNG": png(rgba, 8, 6),
        "grey and alpha PNG": png(grey_alpha, 8, 4),
        "RGBA PNG of 16 bits": png(noise(HEIGHT, WIDTH, 4, high=65536), 16, 6),
        "RGBA WebP": saved(Image.fromarray(rgba.astype(np.uint8)), "WEBP", lossless=True, exact=True),
        "palette with alpha": png(
            noise(HEIGHT, WIDTH, 1, high=4), 2, 3,
            chunk(b"PLTE", noise(12).astype(np.uint8).tobytes()), chunk(b"tRNS", bytes([0, 90, 255])),
        ),
        "grey with a transparent value": png(noise(HEIGHT, WIDTH, 1, high=4), 8, 0, chunk(b"tRNS", b"\0\2")),
        "RGB with a transparent colour": png(
            noise(HEIGHT, WIDTH, 3, high=2) * 200, 8, 2, chunk(b"tRNS", struct.pack(">3H", 200, 0, 200))
        ),
    }  # fmt: skip
    for name, file in files.items():
        yield case("alpha-over-background", name, file, expected=on_background)
        teal = (10, 120, 130)
        yield case(
            "alpha-over-background", f"{name}, on teal", file,
            expected=on_background(file, teal), background=teal,
        )  # fmt: skip


    # Pillow compares the transparent value with values that it has widened to 8 bits, and finds none.
    samples = noise(HEIGHT, WIDTH, 1, high=4)
    file = png(samples, 2, 0, chunk(b"tRNS", b"\0\2"))
    expected = np.repeat(np.where(samples == 2, 255, samples * 85), 3, -1)
    yield case("alpha-over-background", "grey of 2 bits with a transparent value", file, expected=expected)


def greys_and_palettes() -> Iterator[dict]:
    """Fewer channels or bits than an RGB picture."""
    for depth in (1, 2, 4, 8):
        samples = noise(HEIGHT, WIDTH, 1, high=2**depth)
        yield case("grey-to-rgb", f"PNG of {depth} bits", png(samples, depth, 0))
        palette = chunk(b"PLTE", noise(3 * 2**depth).astype(np.uint8).tobytes())
        yield case("palette-to-rgb", f"PNG of {depth} bits", png(samples, depth, 3, palette))
    yield case("grey-to-rgb", "JPEG", saved(Image.fromarray(smooth(1)[..., 0]), "JPEG", quality=90))


def sixteen_bits() -> Iterator[dict]:
    """Pillow keeps the high byte of colour, but clips grey at 255; here grey keeps the high byte too."""
    colour, grey = noise(HEIGHT, WIDTH, 3, high=65536), noise(HEIGHT, WIDTH, 1, high=65536)
    yield case("sixteen-to-eight-bits", "RGB", png(colour, 16, 2))
    yield case("sixteen-to-eight-bits", "grey", png(grey, 16, 0), expected=np.repeat(grey >> 8, 3, -1))


def inks() -> Iterator[dict]:
    """CMYK: with Adobe's inverted values, without its marker, as YCCK, and with a profile that is ignored."""
    adobe = saved(Image.fromarray(smooth(4), "CMYK"), "JPEG", quality=95)
    start = adobe.index(b"\xff\xee")
    end = start + 2 + int.from_bytes(adobe[start + 2 : start + 4], "big")
    files = {
        "Adobe": adobe,
        "no Adobe marker": adobe[:start] + adobe[end:],
        "YCCK": adobe[: end - 1] + b"\2" + adobe[end:],
    }
    for name, file in files.items():
        yield case("cmyk-to-rgb", name, file)
        yield case("cmyk-to-rgb", f"{name}, profiles wanted but absent", file, colourProfile="convert")


def profiles() -> Iterator[dict]:
    """An embedded profile, ignored and applied."""
    picture = Image.fromarray(smooth(3))
    for format, options in (("PNG", {}), ("JPEG", {"quality": 95}), ("WEBP", {"lossless": True})):
        file = saved(picture, format, icc_profile=profile(), **options)
        yield case("profile-ignored", format, file)
        yield case("profile-ignored", f"{format}, applied where asked for", file, 1, in_srgb, colourProfile="convert")
    gamma = chunk(b"gAMA", struct.pack(">I", 100_000))
    yield case("profile-ignored", "PNG with a gamma", png(noise(HEIGHT, WIDTH, 3), 8, 2, gamma))


def frames() -> Iterator[dict]:
    """The first of several pictures."""
    pictures = [Image.fromarray(smooth(3)) for _ in range(3)]
    animation = {"save_all": True, "append_images": pictures[1:], "duration": 100}
    yield case("first-frame", "WebP", saved(pictures[0], "WEBP", lossless=True, **animation))
    yield case("first-frame", "PNG", saved(pictures[0], "PNG", **animation))
    still = saved(pictures[0], "PNG", default_image=True, **animation)
    yield case("first-frame", "PNG with a default image", still)


def resampled(file: bytes, from_factors: int, to_factors: int) -> bytes:
    """A JPEG that says of its blocks that they lie otherwise: Pillow cannot write 4:4:0 and 4:1:1."""
    frame = next(i for i in range(len(file)) if file[i] == 0xFF and file[i + 1] in (0xC0, 0xC2))
    factors = frame + 11
    assert file[factors] == from_factors
    return file[:factors] + bytes([to_factors]) + file[factors + 1 :]


def jpegs(picture: Image.Image) -> Iterator[tuple[str, bytes]]:
    """Every way of sampling colour, baseline and progressive."""
    for quality in (5, 90):
        for progressive in (False, True):
            kind = f"quality {quality}{', progressive' if progressive else ''}"
            options = {"quality": quality, "progressive": progressive}
            files = {
                sampling: saved(picture, "JPEG", subsampling=sampling, **options)
                for sampling in ("4:4:4", "4:2:2", "4:2:0")
            }
            for sampling, file in files.items():
                yield f"JPEG {sampling}, {kind}", file
            yield f"JPEG 4:4:0, {kind}", resampled(files["4:2:2"], 0x21, 0x12)
            yield f"JPEG 4:1:1, {kind}", resampled(files["4:2:0"], 0x22, 0x41)


def lossy() -> Iterator[dict]:
    """What decoders of lossy formats must agree on."""
    odd = Image.fromarray(smooth(3, 27, 19))
    for name, file in jpegs(Image.fromarray(smooth(3, 32, 32))):
        yield case("lossy", name, file)
    yield case("lossy", "JPEG 4:2:0 of odd size", saved(odd, "JPEG", quality=80, subsampling="4:2:0"))
    yield case("lossy", "JPEG of RGB", saved(odd, "JPEG", quality=90, keep_rgb=True))
    yield case("lossy", "JPEG with restarts", saved(odd, "JPEG", quality=90, restart_marker_blocks=2))
    for quality in (5, 90):
        yield case("lossy", f"WebP, quality {quality}", saved(odd, "WEBP", quality=quality))
        yield case("lossy", f"AVIF, quality {quality}", saved(odd, "AVIF", quality=quality, subsampling="4:4:4"), 1)


if __name__ == "__main__":
    kinds = (orientations, transparency, greys_and_palettes, sixteen_bits, inks, profiles, frames, lossy)
    cases = [each for kind in kinds for each in kind()]
    print(json.dumps({"pillow": PIL.__version__, "cases": cases}, indent=0))
