"""A small COCO case whose metrics were computed by pycocotools 2.0.11 on its own."""

import json
from pathlib import Path

NAMES = ("parcel", "damaged-parcel", "tote")
TRUTH = (
    (1, 1, (10, 10, 20, 40), 0),
    (1, 1, (100, 100, 60, 120), 0),
    (1, 2, (300, 200, 120, 80), 0),
    (2, 1, (50, 60, 25, 25), 0),
    (2, 2, (10, 10, 40, 30), 0),
    (2, 1, (200, 100, 300, 200), 1),
    (3, 2, (400, 300, 100, 100), 0),
)
FOUND = (
    (1, 1, (11, 11, 20, 40), 0.9),
    (1, 1, (105, 105, 60, 120), 0.8),
    (1, 1, (12, 12, 20, 40), 0.7),
    (1, 2, (310, 205, 120, 80), 0.95),
    (1, 2, (0, 0, 50, 50), 0.4),
    (2, 1, (52, 61, 25, 25), 0.6),
    (2, 1, (210, 110, 50, 80), 0.85),
    (2, 1, (300, 400, 30, 30), 0.5),
    (2, 2, (12, 12, 40, 30), 0.6),
    (3, 2, (402, 298, 100, 100), 0.3),
    (3, 1, (20, 20, 40, 80), 0.55),
    (1, 1, (400, 20, 40, 80), 0.6),
)


def write_truth(path: Path, images: tuple[int, ...] = (1, 2, 3)) -> Path:
    """A COCO file that holds the named images in order, one as often as it is named."""
    annotations = [
        {"image_id": place, "category_id": number, "bbox": list(box), "area": box[2] * box[3], "iscrowd": crowd}
        for place, source in enumerate(images, 1)
        for image, number, box, crowd in TRUTH
        if image == source
    ]
    coco = {
        "images": [{"id": place, "width": 640, "height": 480} for place in range(1, len(images) + 1)],
        "annotations": [{"id": number, **a} for number, a in enumerate(annotations, 1)],
        "categories": [{"id": number, "name": name} for number, name in enumerate(NAMES, 1)],
    }
    path.write_text(json.dumps(coco))
    return path


def found_rows(images: tuple[int, ...] = (1, 2, 3)) -> list[dict]:
    return [
        {"image_id": place, "category_name": NAMES[number - 1], "bbox": list(box), "score": score}
        for place, source in enumerate(images, 1)
        for image, number, box, score in FOUND
        if image == source
    ]
