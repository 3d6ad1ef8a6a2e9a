"""Trains a small unigram model on this project's captions and writes what the sentencepiece wheel makes of texts.

Run from the root of the repository: python packages/embed/src/tokens/sentence-piece/sentence-piece-tokens.oracle.py
Needs sentencepiece 0.2.2. With ../shared/data (or ASSAY_DATA) it also hashes the tokens of the PartiPrompts.

The model has the settings of SigLIP's: unigram, <pad>, </s>, <unk> as 0, 1, 2, no byte fallback, a space before the
text, white space collapsed, NFKC-like rules. Its rules are a part of `nmt_nfkc`, whose whole map has 240 kB; with
--whole-rules FILE a model with all of them is written elsewhere, to compare by hand.
"""

import argparse
import contextlib
import csv
import hashlib
import io
import json
import os
import random
import re
import string
import tempfile
import unicodedata
from pathlib import Path

import sentencepiece

ROOT = Path(__file__).resolve().parents[5]
HERE = Path(__file__).resolve().with_suffix("")
WORLD = ROOT / "models/tiny-world"
DATA = Path(os.environ.get("ASSAY_DATA", ROOT / "../shared/data"))


def corpus() -> list[str]:
    """The distinct captions of the demo, and the whole words of the tiny CLIP's vocabulary."""
    captions = {
        json.loads(line)["prompt"]
        for part in ("outputs", "protected", "reference")
        for line in (WORLD / "demo" / part / "metadata.jsonl").read_text("utf8").splitlines()
    }
    vocabulary = json.loads((WORLD / "tiny-clip/vocab.json").read_text("utf8"))
    words = [word.removesuffix("</w>") for word in vocabulary if word.endswith("</w>")]
    return sorted(captions) + [word for word in words if word.isascii() and word.isalpha()]


def rules() -> list[tuple[str, str]]:
    """Control characters vanish, white space is a space, and NFKC within some blocks."""
    controls = [*range(0x01, 0x09), 0x0B, *range(0x0E, 0x20), 0x7F, 0x8F, 0x9F]
    spaces = [0x09, 0x0A, 0x0C, 0x0D, 0x1680, *range(0x200B, 0x2010), 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD]
    found = {chr(code): "" for code in controls} | {chr(code): " " for code in spaces}
    blocks = [(0xA0, 0x180), (0x2000, 0x2070), (0x2100, 0x2150), (0x3000, 0x3100), (0xFB00, 0xFB07), (0xFF01, 0xFFA0)]
    for start, end in blocks:
        for code in range(start, end):
            composed = unicodedata.normalize("NFKC", chr(code))
            if composed != chr(code):
                found.setdefault(chr(code), composed)
            decomposed = unicodedata.normalize("NFD", chr(code))
            if len(decomposed) > 1:
                found.setdefault(decomposed, unicodedata.normalize("NFKC", chr(code)))
    return sorted(found.items())


def train(whole_rules: bool) -> bytes:
    sentences = corpus()
    # The model keeps the name of the file with the rules, so it must be the same everywhere.
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("rules.tsv").write_text("".join(f"{codes(before)}\t{codes(after)}\n" for before, after in rules()), "utf8")
        some = {"normalization_rule_tsv": "rules.tsv"}
        normalization = {"normalization_rule_name": "nmt_nfkc"} if whole_rules else some
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(sentences), model_writer=model, model_type="unigram", vocab_size=1200,
            character_coverage=1.0, hard_vocab_limit=False, num_threads=1, pad_id=0, eos_id=1, unk_id=2, bos_id=-1,
            minloglevel=2, **normalization,
        )  # fmt: skip
    return model.getvalue()


def codes(text: str) -> str:
    return " ".join(f"{ord(character):X}" for character in text)


def canonical(text: str) -> str:
    """`canonicalize_text` of SigLIP, where white space is what Unicode calls so."""
    text = text.lower().translate(str.maketrans("", "", string.punctuation))
    space = "[\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+"
    return re.sub(space, " ", text).strip(" ")


NASTY = [
    "", " ", "   ", "\t\n", "a", "A", ".", "!?", "  two  spaces  ", "tab\tand\nline",
    "trailing ", "\u3000wide\u3000space",
    "no\u00a0break", "zero\u200bwidth", "\ufeffmark", "a\x00b", "a\x01b\x1f\x7fc",
    "\x85next\u2028line\u2029end",
    "🍎", "a red 🍎 and a 🐱‍👤", "👩‍👩‍👧‍👦", "🏳️‍🌈", "\U0001f1e9\U0001f1ea", "猫と犬",
    "一只猫坐在沙发上", "고양이", "ｆｕｌｌｗｉｄｔｈ ＣＡＴ",
    "ﾈｺ", "ﬁsh and ﬂower", "café", "cafe\u0301", "naïve coöperation", "Ångström Å Å",
    "İstanbul", "STRASSE straße ẞ", "Σίσυφος ΣΊΣΥΦΟΣ",
    "привет мир", "שלום", "مرحبا", "नमस्ते", "ก็ไม่", "½ cup", "x² + y³", "№ 5 ℃ ™ ®", "“quoted” — dash…",
    "don't, can't; won't",
    "</s>", "<unk>", "<pad> a cat </s>", "▁", "▁▁ a ▁b", "a▁cat", "a" * 300, "cat " * 100,
    "catcatcat", "&amp; &lt;b&gt;",
    "C:\\path\\file.png", "user@example.com #tag 100%", "e\u0301\u0301", "\u0301",
    "\ufffd\ufffd", "\u2581\u2581", "q̶z̶",
    "a\u0300\u0301b", "１２３", "㍿", "ｱ゛", "か\u3099", "\u1100\u1161", "ﷺ", "a\u00adb",
    "\U0010ffff", "\ue000",
]  # fmt: skip


def texts() -> list[str]:
    draw = random.Random(7)
    captions = corpus()
    alphabet = "abcdefghijklmnopqrstuvwxyz  ,.'-ABC019éü猫🍎ﬁ\u00a0\u200b\u0301Ａ\x01▁"
    mixed = ["".join(draw.choices(alphabet, k=draw.randint(1, 40))) for _ in range(150)]
    return NASTY + mixed + draw.sample(captions, 280)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--whole-rules", type=Path)
    arguments = parser.parse_args()
    model = train(arguments.whole_rules is not None)
    model_path = arguments.whole_rules or HERE.with_suffix(".oracle.model")
    model_path.write_bytes(model)
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    tokens = processor.encode
    oracle = {
        "by": f"sentencepiece {sentencepiece.__version__}",
        "texts": [[text, tokens(text), tokens(canonical(text))] for text in texts()],
    }
    prompts_file = DATA / "prompts/parti-prompts.tsv"
    if prompts_file.exists():
        rows = list(csv.reader(prompts_file.open(encoding="utf8"), delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
        lines = "".join(f"{tokens(row[0])}{tokens(canonical(row[0]))}\n".replace(" ", "") for row in rows)
        oracle["partiPrompts"] = {"count": len(rows), "sha256": hashlib.sha256(lines.encode()).hexdigest()}
    lines = [f"  {json.dumps(entry)}" for entry in oracle["texts"]]
    rest = {key: value for key, value in oracle.items() if key != "texts"}
    head = json.dumps(rest, indent=1)[1:-1].strip()
    body = ",\n".join(lines)
    oracle_path = model_path.with_suffix(".json")
    oracle_path.write_text(f'{{\n {head},\n "texts": [\n{body}\n ]\n}}\n', "utf8")


if __name__ == "__main__":
    main()
