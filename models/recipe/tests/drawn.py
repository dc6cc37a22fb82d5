"""A tiny data set of drawn rectangles, for tests of the training code."""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from ..network import CLASSES

COLOURS = ((180, 130, 80), (90, 40, 30), (80, 90, 170))


def draw_split(folder: Path, count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    (folder / "images").mkdir(parents=True)
    images, annotations = [], []
    for number in range(1, count + 1):
        picture = random.integers(120, 140, (180, 320, 3)).astype(np.uint8)
        for place in range(2):
            width, height = (int(v) for v in random.integers(30, 80, 2))
            x, y = int(random.integers(0, 150 - width)) + 160 * place, int(random.integers(0, 180 - height))
            kind = int(random.integers(3))
            picture[y : y + height, x : x + width] = COLOURS[kind]
            annotations.append({"id": len(annotations) + 1, "image_id": number, "category_id": kind + 1,
                                "bbox": [x, y, width, height], "area": width * height, "iscrowd": 0})
        Image.fromarray(picture).save(folder / "images" / f"{number}.jpg", quality=95)
        images.append({"id": number, "file_name": f"{number}.jpg", "width": 320, "height": 180})
    categories = [{"id": number, "name": name} for number, name in enumerate(CLASSES, 1)]
    coco = {"images": images, "annotations": annotations, "categories": categories}
    (folder / "annotations.json").write_text(json.dumps(coco))
