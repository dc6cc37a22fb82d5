"""Files that are there whole or not at all, and their fingerprints."""

import hashlib
from pathlib import Path


def write_text_whole(path: Path, text: str) -> None:
    """Writes a file so that it is there whole or not at all."""
    part = path.with_suffix(path.suffix + ".part")
    part.write_text(text)
    part.rename(path)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def claim_cache(folder: Path, owner: str) -> None:
    """Marks a cache folder as `owner`'s, so that a run goes on from its own files only. Raises ValueError if it is another's."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / "owner.txt"
    if not mark.exists():
        write_text_whole(mark, owner)
    if mark.read_text() != owner:
        raise ValueError(f"expected {folder} to hold files of {owner}, but they are of {mark.read_text()}: remove the folder or give another --cache")
