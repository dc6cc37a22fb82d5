"""Contact sheets for looking: pictures of a data set with their boxes drawn, many on one page."""

import json
from pathlib import Path

import cv2
import numpy as np

from .arrays import Array

COLOURS = {1: (80, 220, 80), 2: (60, 60, 255), 3: (255, 160, 40)}


def dataset_sheet(split: Path, columns: int, rows: int, first: int = 0, step: int = 1, width: int = 320) -> Array:
    """A page of annotated frames of a split (BGR); crowd boxes are thin and grey."""
    coco = json.loads((split / "annotations.json").read_text())
    boxes: dict[int, list[dict]] = {}
    for entry in coco["annotations"]:
        boxes.setdefault(entry["image_id"], []).append(entry)
    tiles = []
    for image in coco["images"][first::step][: columns * rows]:
        picture = cv2.imread(str(split / "images" / image["file_name"]))
        for entry in boxes.get(image["id"], []):
            x, y, w, h = (int(round(v)) for v in entry["bbox"])
            colour = (160, 160, 160) if entry["iscrowd"] else COLOURS[entry["category_id"]]
            cv2.rectangle(picture, (x, y), (x + w, y + h), colour, 1 if entry["iscrowd"] else 2)
        tiles.append(cv2.resize(picture, (width, width * 9 // 16), interpolation=cv2.INTER_AREA))
    return page(tiles, columns)


def page(tiles: list[Array], columns: int) -> Array:
    """Tiles of one size in rows, the last row filled up with black."""
    missing = -len(tiles) % columns
    tiles = tiles + [np.zeros_like(tiles[0])] * missing
    return np.vstack([np.hstack(tiles[k : k + columns]) for k in range(0, len(tiles), columns)])
