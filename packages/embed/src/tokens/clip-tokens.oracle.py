"""Writes what the tokenizer.json of the published CLIP models, and open_clip, make of texts.

Both agree but for what open_clip cleans first: ftfy mends mojibake and curly quotes, HTML entities are resolved twice.

Run from the root of the repository: python packages/embed/src/tokens/clip-tokens.oracle.py
Needs tokenizers 0.23.2 and open_clip_torch 3.3.0, and ../shared/data (or ASSAY_DATA): the merges of CLIP, of which
nothing is kept here, and the PartiPrompts, of whose tokens a hash is kept.
"""

import csv
import gzip
import hashlib
import json
import os
from pathlib import Path

import open_clip
import tokenizers

ROOT = Path(__file__).resolve().parents[4]
DATA = Path(os.environ.get("ASSAY_DATA", ROOT / "../shared/data"))
END = 49407


def byte_characters() -> list[str]:
    """The printable stand-ins for the 256 bytes, in the order of CLIP's vocabulary."""
    printable = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + place) for place in range(len(others))]


def tokenizer_json() -> dict:
    """tokenizer.json as `CLIPTokenizerFast` writes it, from the merges of openai/CLIP."""
    packed = (DATA / "models/clip-bpe-vocab.txt.gz").read_bytes()
    lines = gzip.decompress(packed).decode("utf8").split("\n")
    merges = lines[1 : 49152 - 256 - 2 + 1]
    letters = byte_characters()
    pieces = letters + [letter + "</w>" for letter in letters] + [merge.replace(" ", "") for merge in merges]
    specials = ["<|startoftext|>", "<|endoftext|>"]
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    pattern = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{"id": 49406 + place, "content": text, **flags} for place, text in enumerate(specials)],
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "}, {"type": "Lowercase"},
        ]},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Removed", "invert": True},
            {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        ]},
        "post_processor": {"type": "RobertaProcessing", "sep": [specials[1], END], "cls": [specials[0], 49406],
                           "trim_offsets": False, "add_prefix_space": False},
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {"type": "BPE", "dropout": None, "unk_token": specials[1], "continuing_subword_prefix": "",
                  "end_of_word_suffix": "</w>", "fuse_unk": False, "byte_fallback": False,
                  "vocab": {piece: place for place, piece in enumerate(pieces + specials)},
                  "merges": [merge.split(" ") for merge in merges]},
    }  # fmt: skip


TEXTS = [
    "a photo of a cat", "A cat with two horns on its head", "Weird image. ", "", " ",
    "   \t\n ", "a", "A", ".", "!?!?",
    "  two  spaces  ", "tab\tand\nline", "\u3000wide\u3000space", "no\u00a0break",
    "zero\u200bwidth", "\ufeffmark",
    "a\x00b", "a\x01b\x1f\x7fc", "\x85next\u2028line\u2029end", "\x1cfile separator",
    "🍎", "a red 🍎 and a 🐱‍👤", "👩‍👩‍👧‍👦", "🏳️‍🌈", "\U0001f1e9\U0001f1ea", "⌚️ 1️⃣", "猫と犬",
    "一只猫坐在沙发上", "고양이", "ｆｕｌｌｗｉｄｔｈ ＣＡＴ",
    "ﾈｺ", "ﬁsh and ﬂower", "café", "cafe\u0301", "naïve coöperation", "Ångström \u212b",
    "İstanbul", "STRASSE straße ẞ", "ΣΊΣΥΦΟΣ",
    "привет мир", "שלום", "مرحبا", "नमस्ते", "ก็ไม่", "½ cup", "x² + y³", "№ 5 ℃ ™ ®",
    "“quoted” — dash…", "Ⅷ ⅷ ②",
    "don't, can't; won't've I'll she'd it's", "DON'T", "'s 't 're", "''''s", "rock'n'roll", "o'clock",
    "<|startoftext|>", "<|endoftext|> a cat", "a<|endoftext|>b", "<|EndOfText|>", "<|im_start|>",
    "&amp; &lt;b&gt;", "&amp;amp; &eacute; &#233; &#x1F600;", "schÃ¶n â€œmojibakeâ€\u009d", "âœ”",
    "C:\\path\\file.png", "user@example.com #tag 100%", "1234567890", "3.14159",
    "e\u0301\u0301", "\u0301", "\ufffd\ufffd",
    "a_b-c/d", "@@@@@@@@", "...", "-----", "supercalifragilisticexpialidocious",
    "antidisestablishmentarianism" * 3,
    "a" * 300, "cat " * 100, "catcatcat", "q̶z̶", "\U0010ffff", "\ue000", "a\u00adb", "ﷺ",
    "か\u3099", "\u1100\u1161",
]  # fmt: skip


def main() -> None:
    published = tokenizers.Tokenizer.from_str(json.dumps(tokenizer_json()))
    reference = open_clip.tokenizer.SimpleTokenizer()
    tokens = lambda text: published.encode(text).ids  # noqa: E731
    opened = lambda text: [49406, *reference.encode(text), END]  # noqa: E731
    rows = list(
        csv.reader((DATA / "prompts/parti-prompts.tsv").open(encoding="utf8"), delimiter="\t", quoting=csv.QUOTE_NONE)
    )[1:]
    prompts = [row[0] for row in rows]
    digest = hashlib.sha256("".join(f"{tokens(prompt)}\n".replace(" ", "") for prompt in prompts).encode()).hexdigest()
    different = [prompt for prompt in prompts if opened(prompt) != tokens(prompt)]
    rows77 = reference([prompt for prompt in prompts if prompt not in different], context_length=77).tolist()
    digest77 = hashlib.sha256("".join(f"{row}\n".replace(" ", "") for row in rows77).encode()).hexdigest()
    entries = [[text, tokens(text), None if opened(text) == tokens(text) else opened(text)] for text in TEXTS]
    oracle = {
        "by": f"tokenizers {tokenizers.__version__}, open_clip_torch {open_clip.__version__}",
        "partiPrompts": {
            "count": len(prompts),
            "sha256": digest,
            "differentInOpenClip": different,
            "over77": sum(len(tokens(prompt)) > 77 for prompt in prompts),
            "openClip77Sha256": digest77,
        },
    }
    head = json.dumps(oracle, indent=1)[1:-1].strip()
    body = ",\n".join(f"  {json.dumps(entry)}" for entry in entries)
    path = Path(__file__).with_suffix(".json")
    path.write_text(f'{{\n {head},\n "texts": [\n{body}\n ]\n}}\n', "utf8")


if __name__ == "__main__":
    main()
