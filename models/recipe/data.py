"""A split of a COCO data set, letterboxed once and kept in memory."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .assignment import IGNORED, OBJECT
from .letterbox import fit, letterbox
from .network import CLASSES


@dataclass(frozen=True)
class Labels:
    """Objects of one picture: `boxes` [k, 4] corners in input pixels, `classes` [k], `kind` [k] (OBJECT, IGNORED)."""

    boxes: NDArray[np.float32]
    classes: NDArray[np.int64]
    kind: NDArray[np.int64]


@dataclass(frozen=True)
class Example:
    """`picture` [HEIGHT, WIDTH, 3] RGB, and its objects."""

    picture: NDArray[np.uint8]
    labels: Labels


@dataclass(frozen=True)
class Split:
    """`examples`, with the COCO image entries in the same order."""

    images: list[dict]
    examples: list[Example]


def load_split(folder: Path) -> Split:
    """Reads `folder`/annotations.json and `folder`/images/, in the order of image ids."""
    coco = read_annotations(folder)
    objects = group_by_image(coco)
    index = class_index(coco["categories"], folder)
    images = sorted(coco["images"], key=lambda image: image["id"])

    def load(image: dict) -> Example:
        labels = labels_of(objects.get(image["id"], []), index, image)
        return Example(letterbox(read_picture(folder, image)), labels)

    with ThreadPoolExecutor(2) as pool:
        return Split(images, list(pool.map(load, images)))


def read_annotations(folder: Path) -> dict:
    path = folder / "annotations.json"
    if not path.is_file():
        raise FileNotFoundError(f"expected a COCO file at {path}; make the data sets first (see demo/footage/README.md)")
    return json.loads(path.read_text())


def read_picture(folder: Path, image: dict) -> NDArray[np.uint8]:
    """RGB [height, width, 3], checked against the size that the annotations state."""
    name = Path(image["file_name"])
    path = folder / name if name.parts[0] == "images" else folder / "images" / name
    with Image.open(path) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    if pixels.shape[:2] != (image["height"], image["width"]):
        raise ValueError(f"{path}: expected {image['width']}x{image['height']}, got {pixels.shape[1]}x{pixels.shape[0]}")
    return pixels


def group_by_image(coco: dict) -> dict[int, list[dict]]:
    grouped: dict[int, list[dict]] = {}
    for annotation in coco["annotations"]:
        grouped.setdefault(annotation["image_id"], []).append(annotation)
    return grouped


def class_index(categories: list[dict], folder: Path) -> dict[int, int]:
    """From the data set's category ids to the network's class numbers."""
    names = {category["name"]: category["id"] for category in categories}
    missing = [name for name in CLASSES if name not in names]
    if missing:
        raise ValueError(f"{folder}: expected the categories {list(CLASSES)}, missing {missing}")
    return {names[name]: number for number, name in enumerate(CLASSES)}


def labels_of(annotations: list[dict], index: dict[int, int], image: dict) -> Labels:
    corners = [[x, y, x + w, y + h] for x, y, w, h in (a["bbox"] for a in annotations)]
    place = fit(image["width"], image["height"])
    boxes = place.to_input(np.array(corners, np.float64).reshape(-1, 4)).astype(np.float32)
    classes = np.array([index[a["category_id"]] for a in annotations], np.int64)
    kind = np.array([IGNORED if a.get("iscrowd") else OBJECT for a in annotations], np.int64)
    return Labels(boxes, classes, kind)
