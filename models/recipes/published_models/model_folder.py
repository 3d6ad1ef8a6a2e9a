"""The card of a model that was just made, with sizes and hashes of its files."""

import hashlib
import json
from pathlib import Path

CARDS = Path(__file__).resolve().parents[2] / "cards/cards"


def write_card(name: str, out: Path) -> None:
    """Copies a card of `models/cards` into a folder and fills in what the files there are."""
    card = json.loads((CARDS / name / "card.json").read_text("utf8"))
    card["files"] = [file_entry(out, file["path"]) for file in card["files"]]
    (out / "card.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", "utf8")


def file_entry(folder: Path, path: str) -> dict:
    with (folder / path).open("rb") as file:
        return {
            "path": path,
            "bytes": (folder / path).stat().st_size,
            "sha256": hashlib.file_digest(file, "sha256").hexdigest(),
        }
