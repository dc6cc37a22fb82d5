"""Manifests: what belongs to the footage and to the data set, with hashes, so that each is a version and not a folder."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from . import VERSION
from .datasets import NAME, SPLITS, Split, scene_seed
from .files import sha256


@dataclass(frozen=True)
class Frame:
    """One picture of a data set."""

    file: str
    sha256: str
    scene: str
    split: str


class OverlapError(ValueError):
    """A frame, a scene or a seed is in two splits."""


def refuse_overlap(frames: Sequence[Frame], seeds: dict[str, list[int]]) -> None:
    """Raises OverlapError if a picture (by content or name), a scene or a scene's seed belongs to two splits, or a picture is listed twice."""
    for what in ("sha256", "scene", "file"):
        first: dict[str, Frame] = {}
        for frame in frames:
            other = first.get(getattr(frame, what))
            first[getattr(frame, what)] = frame
            if other and (what != "scene" or other.split != frame.split):
                raise OverlapError(f"expected every {what} in one place, but {other.split}/{other.file} and {frame.split}/{frame.file} share {getattr(frame, what)}: give the splits different seeds and render anew")
    owner: dict[int, str] = {}
    for split, numbers in seeds.items():
        for number in numbers:
            if owner.setdefault(number, split) != split:
                raise OverlapError(f"expected seeds in one split only, but {number} is in {owner[number]} and {split}")


def split_frames(split: str, folder: Path) -> list[Frame]:
    """The frames of a rendered split, in order of their names."""
    images = json.loads((folder / "annotations.json").read_text())["images"]
    return [Frame(image["file_name"], sha256(folder / "images" / image["file_name"]), image["scene"], split) for image in images]


def dataset_manifest(seed: int, folders: dict[str, Path], splits: Sequence[Split] = SPLITS) -> dict[str, object]:
    """The manifest of a data set; refuses overlaps. `sha256` is the hash of all the rest in canonical form: the data set's identity."""
    frames = [frame for name, folder in folders.items() for frame in split_frames(name, folder)]
    seeds = {split.name: [scene_seed(seed, split.name, index) for index in range(split.scenes)] for split in splits}
    refuse_overlap(frames, seeds)
    body: dict[str, object] = {
        "name": NAME, "generator": VERSION, "seed": seed,
        "annotations": {name: sha256(folder / "annotations.json") for name, folder in folders.items()},
        "splits": {split.name: {"scenes": split.scenes, "frames": sum(f.split == split.name for f in frames), "seeds": seeds[split.name]} for split in splits},
        "frames": [asdict(frame) for frame in frames],
    }
    return {"sha256": identity(body), **body}


def identity(manifest: dict[str, object]) -> str:
    """SHA-256 of the manifest without its own `sha256`: JSON, keys sorted, no spaces, UTF-8."""
    body = {key: value for key, value in manifest.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def dataset_text(manifest: dict[str, object]) -> str:
    """The manifest as JSON with one line a frame."""
    head = {key: value for key, value in manifest.items() if key != "frames"}
    frames = ",\n".join(json.dumps(frame, separators=(",", ":")) for frame in manifest["frames"])  # type: ignore[attr-defined]
    return json.dumps(head)[:-1] + ',\n"frames": [\n' + frames + "\n]}\n"


def footage_manifest(seed: int, folder: Path) -> dict[str, object]:
    """Size and hash of every clip and its ground truth."""
    files = sorted(p for kind in ("clips", "wrong") for p in (folder / kind).glob("*.*"))
    return {"generator": VERSION, "seed": seed, "files": [{"file": p.relative_to(folder).as_posix(), "bytes": p.stat().st_size, "sha256": sha256(p)} for p in files]}


def footage_differences(folder: Path) -> list[str]:
    """What differs between the footage manifest and the files beside it; nothing if all is as it was made."""
    listed = {entry["file"]: entry for entry in json.loads((folder / "manifest.json").read_text())["files"]}
    found = {p.relative_to(folder).as_posix() for kind in ("clips", "wrong") for p in (folder / kind).glob("*.*")}
    problems = [f"{name}: not in the manifest" for name in sorted(found - listed.keys())]
    for name, entry in listed.items():
        if name not in found:
            problems.append(f"{name}: missing")
        elif sha256(folder / name) != entry["sha256"]:
            problems.append(f"{name}: SHA-256 differs from the manifest's")
    return problems


def dataset_differences(manifest: dict[str, object], folders: dict[str, Path]) -> list[str]:
    """What differs between a data set's manifest and the splits that are given."""
    problems = [] if identity(manifest) == manifest["sha256"] else ["manifest.json: its own hash differs"]
    for name, folder in folders.items():
        if sha256(folder / "annotations.json") != manifest["annotations"][name]:  # type: ignore[index]
            problems.append(f"{name}/annotations.json: SHA-256 differs")
        for frame in manifest["frames"]:  # type: ignore[attr-defined]
            path = folder / "images" / frame["file"]
            if frame["split"] == name and (not path.exists() or sha256(path) != frame["sha256"]):
                problems.append(f"{name}/images/{frame['file']}: missing or different")
    return problems
