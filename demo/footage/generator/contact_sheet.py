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


CLASS_COLOURS = {"parcel": (80, 220, 80), "damaged-parcel": (60, 60, 255), "tote": (255, 160, 40), "bag": (255, 60, 255)}


def clip_sheet(clip: Path, columns: int, rows: int, width: int = 480) -> Array:
    """A page of frames of a clip, evenly spread, with boxes, counting line and belts from its ground truth (BGR)."""
    truth = json.loads(clip.with_suffix(".json").read_text())
    video = cv2.VideoCapture(str(clip.with_suffix(".mp4")))
    wanted = set(np.linspace(0, truth["frames"] - 1, columns * rows).round().astype(int).tolist())
    tiles = []
    for frame in range(truth["frames"]):
        there, picture = video.read()
        if not there:
            raise ValueError(f"expected {truth['frames']} frames in {clip}.mp4, but frame {frame} cannot be read")
        if frame in wanted:
            draw_truth(picture, truth, frame)
            tiles.append(cv2.resize(picture, (width, width * 9 // 16), interpolation=cv2.INTER_AREA))
    return page(tiles, columns)


def draw_truth(picture: Array, truth: dict, frame: int) -> None:
    """Draws boxes with ids, the counting line and the belts of a frame."""
    size = np.array([picture.shape[1], picture.shape[0]])
    for belt in truth["belt"]:
        cv2.polylines(picture, [np.round(np.array(belt["polygon"]) * size).astype(np.int32)], True, (200, 200, 0), 1)
    start, end = (tuple(int(v) for v in np.array(truth["line"][key]) * size) for key in ("from", "to"))
    cv2.line(picture, start, end, (0, 255, 255), 2)
    for entry in truth["objects"][frame]:
        x, y, w, h = (int(v) for v in np.round(np.array(entry["box"]) * np.tile(size, 2)))
        cv2.rectangle(picture, (x, y), (x + w, y + h), CLASS_COLOURS[entry["class"]], 2)
        cv2.putText(picture, f"{entry['id']} {entry['visibility']:.2f}", (x + 2, y + 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255, 255, 255), 1)
