"""Byte-pair encoding in CLIP's own format (Sennrich et al. 2016; Radford et al. 2021)."""

import json
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

START = "<|startoftext|>"
END = "<|endoftext|>"
MERGES = 2600
WORD = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def _front(tokenizer: Tokenizer) -> Tokenizer:
    """CLIP's normaliser and pre-tokeniser."""
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORD), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def learn_merges(texts: list[str]) -> list[tuple[str, str]]:
    """The first `MERGES` merges over the texts."""
    learner = _front(Tokenizer(models.BPE(end_of_word_suffix="</w>", unk_token=END)))
    trainer = trainers.BpeTrainer(
        vocab_size=MERGES + 2048,
        min_frequency=2,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        end_of_word_suffix="</w>",
        show_progress=False,
    )
    learner.train_from_iterator(texts, trainer)
    merges = json.loads(learner.to_str())["model"]["merges"]
    return [tuple(merge) for merge in merges[:MERGES]]


def build(merges: list[tuple[str, str]]) -> Tokenizer:
    """A tokenizer whose vocabulary is ordered as CLIP's: bytes, bytes that end a word, merges, specials."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokens = [
        *alphabet,
        *(character + "</w>" for character in alphabet),
        *("".join(merge) for merge in merges),
    ]
    tokens = [*dict.fromkeys(tokens), START, END]
    vocabulary = {token: index for index, token in enumerate(tokens)}
    tokenizer = _front(
        Tokenizer(
            models.BPE(
                vocab=vocabulary,
                merges=merges,
                unk_token=END,
                continuing_subword_prefix="",
                end_of_word_suffix="</w>",
                fuse_unk=False,
            )
        )
    )
    tokenizer.add_special_tokens([START, END])
    tokenizer.post_processor = processors.RobertaProcessing(
        sep=(END, vocabulary[END]),
        cls_token=(START, vocabulary[START]),
        trim_offsets=False,
        add_prefix_space=False,
    )
    return tokenizer


def encode(tokenizer: Tokenizer, texts: list[str], context: int) -> list[list[int]]:
    """Ids cut to `context` with the end token kept, padded with the end token."""
    end = tokenizer.token_to_id(END)
    rows = []
    for encoding in tokenizer.encode_batch(texts):
        ids = encoding.ids
        ids = ids if len(ids) <= context else [*ids[: context - 1], end]
        rows.append(ids + [end] * (context - len(ids)))
    return rows


def save(tokenizer: Tokenizer, folder: Path, context: int) -> None:
    """tokenizer.json, vocab.json, merges.txt and the two configuration files."""
    folder.mkdir(parents=True, exist_ok=True)
    data = json.loads(tokenizer.to_str())
    (folder / "tokenizer.json").write_text(json.dumps(data, ensure_ascii=False, indent=None) + "\n")
    (folder / "vocab.json").write_text(json.dumps(data["model"]["vocab"], ensure_ascii=False) + "\n")
    lines = [" ".join(merge) for merge in data["model"]["merges"]]
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *lines]) + "\n")
    special = {"bos_token": START, "eos_token": END, "pad_token": END, "unk_token": END}
    (folder / "special_tokens_map.json").write_text(json.dumps(special, indent=2) + "\n")
    config = {
        **special,
        "add_prefix_space": False,
        "clean_up_tokenization_spaces": True,
        "do_lower_case": True,
        "errors": "replace",
        "model_max_length": context,
        "tokenizer_class": "CLIPTokenizer",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")
