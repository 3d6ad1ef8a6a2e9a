"""tokenizer.json of CLIP's byte-pair encoding, as transformers writes it, from the merges of openai/CLIP."""

import gzip
import json
from pathlib import Path

SIZE = 49408
SPECIALS = ["<|startoftext|>", "<|endoftext|>"]
SPLIT = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def write_clip_tokenizer(merges_file: Path, path: Path) -> None:
    """Writes tokenizer.json from `bpe_simple_vocab_16e6.txt.gz`."""
    lines = gzip.decompress(merges_file.read_bytes()).decode("utf8").split("\n")
    merges = lines[1 : 1 + SIZE - 512 - len(SPECIALS)]
    letters = _byte_characters()
    pieces = [*letters, *(letter + "</w>" for letter in letters), *(merge.replace(" ", "") for merge in merges)]
    start, end = SIZE - 2, SIZE - 1
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    tokenizer = {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{"id": start + place, "content": text, **flags} for place, text in enumerate(SPECIALS)],
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "}, {"type": "Lowercase"},
        ]},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": SPLIT}, "behavior": "Removed", "invert": True},
            {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        ]},
        "post_processor": {"type": "RobertaProcessing", "sep": [SPECIALS[1], end], "cls": [SPECIALS[0], start],
                           "trim_offsets": False, "add_prefix_space": False},
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {"type": "BPE", "dropout": None, "unk_token": SPECIALS[1], "continuing_subword_prefix": "",
                  "end_of_word_suffix": "</w>", "fuse_unk": False, "byte_fallback": False,
                  "vocab": {piece: place for place, piece in enumerate(pieces + SPECIALS)},
                  "merges": [merge.split(" ") for merge in merges]},
    }  # fmt: skip
    path.write_text(json.dumps(tokenizer, ensure_ascii=False), "utf8")


def _byte_characters() -> list[str]:
    """The printable stand-ins for the 256 bytes, in the order of CLIP's vocabulary."""
    printable = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    return [chr(byte) for byte in printable] + [chr(256 + place) for place in range(256 - len(printable))]
