"""Writes `coco-vectors.json`: random detections against random truth, and what pycocotools says of them.

    .cache/venv-onnx/bin/pip install pycocotools==2.0.11 && .cache/venv-onnx/bin/python test/models/coco-vectors.py
"""

import contextlib
import io
import json
from pathlib import Path

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

IMAGES, CATEGORIES, SEEDS = 12, 3, (1, 2, 3)


def box(random: np.random.Generator) -> list[float]:
    """Small, medium and large ones; in whole pixels, so that areas meet their bounds."""
    side = int(random.choice([24, 32, 40, 96, 110]))
    x, y = (int(v) for v in random.integers(0, 300, 2))
    return [x, y, side, int(random.choice([side, side + 8]))]


def moved(random: np.random.Generator, of: list[float]) -> list[float]:
    shift = random.normal(0, 0.08, 4) * of[2]
    return [round(v, 2) for v in (of[0] + shift[0], of[1] + shift[1], max(4, of[2] + shift[2]), max(4, of[3] + shift[3]))]


def truth(random: np.random.Generator) -> list[dict]:
    rows = []
    for image in range(1, IMAGES + 1):
        for _ in range(int(random.integers(0, 7))):
            bbox = box(random)
            category = int(random.integers(1, CATEGORIES))  # the last category has no object
            crowd = int(random.random() < 0.15)
            rows.append({"id": len(rows) + 1, "image_id": image, "category_id": category, "bbox": bbox, "area": bbox[2] * bbox[3], "iscrowd": crowd})
    return rows


def detections(random: np.random.Generator, objects: list[dict]) -> list[dict]:
    """Up to three on each object, and false ones; scores with many ties."""
    rows = []
    for row in objects:
        for _ in range(int(random.integers(0, 4))):
            wrong = random.random() < 0.1
            category = int(random.integers(1, CATEGORIES + 1)) if wrong else row["category_id"]
            rows.append({"image_id": row["image_id"], "category_id": category, "bbox": moved(random, row["bbox"])})
    for _ in range(25):
        rows.append({"image_id": int(random.integers(1, IMAGES + 1)), "category_id": int(random.integers(1, CATEGORIES + 1)), "bbox": box(random)})
    random.shuffle(rows)
    return [{**row, "score": round(float(random.random()), 1)} for row in rows]


def evaluated(coco: dict, found: list[dict]) -> list[float | None]:
    """The twelve figures of `summarize`, -1 as null."""
    with contextlib.redirect_stdout(io.StringIO()):
        ground = COCO()
        ground.dataset = coco
        ground.createIndex()
        evaluation = COCOeval(ground, ground.loadRes(found), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return [None if value < 0 else float(value) for value in evaluation.stats]


def case(seed: int) -> dict:
    random = np.random.default_rng(seed)
    objects = truth(random)
    coco = {
        "images": [{"id": i, "file_name": f"{i}.jpg", "width": 400, "height": 400} for i in range(1, IMAGES + 1)],
        "categories": [{"id": i, "name": f"class-{i}"} for i in range(1, CATEGORIES + 1)],
        "annotations": objects,
    }
    found = detections(random, objects)
    return {"seed": seed, "truth": coco, "detections": found, "stats": evaluated(coco, found)}


if __name__ == "__main__":
    path = Path(__file__).with_name("coco-vectors.json")
    path.write_text("[\n" + ",\n".join(json.dumps(case(seed), separators=(",", ":")) for seed in SEEDS) + "\n]\n")
