"""COCO average precision, computed by pycocotools."""

import contextlib
import io
from pathlib import Path

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from .decoding import Detections
from .letterbox import fit
from .network import CLASSES


def coco_rows(image: dict, found: Detections) -> list[dict]:
    """Detections in input pixels as rows of a COCO result file, boxes in source pixels, category by class name."""
    boxes = fit(image["width"], image["height"]).to_source(found.boxes)
    return [
        {
            "image_id": image["id"],
            "category_name": CLASSES[number],
            "bbox": [x1, y1, x2 - x1, y2 - y1],
            "score": score,
        }
        for (x1, y1, x2, y2), number, score in zip(boxes.tolist(), found.classes.tolist(), found.scores.tolist())
    ]


def score_against(annotations: Path, rows: list[dict]) -> COCOeval:
    """Runs pycocotools; its printing is swallowed, its result arrays are kept."""
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(str(annotations))
        ids = {category["name"]: number for number, category in truth.cats.items()}
        results = [{**row, "category_id": ids[row["category_name"]]} for row in rows]
        evaluation = COCOeval(truth, load_results(truth, results), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
    return evaluation


def load_results(truth: COCO, results: list[dict]) -> COCO:
    """loadRes refuses an empty list; an untrained network may find nothing."""
    if results:
        return truth.loadRes(results)
    empty = COCO()
    empty.dataset = {"images": truth.dataset["images"], "categories": truth.dataset["categories"], "annotations": []}
    empty.createIndex()
    return empty


def precision_of(evaluation: COCOeval, iou: float | None = None, name: str | None = None) -> float:
    """AP over all areas, at most 100 detections; mean over all IoU thresholds and classes unless told. NaN without truth."""
    table = evaluation.eval["precision"][:, :, :, 0, -1]
    if iou is not None:
        table = table[np.isclose(evaluation.params.iouThrs, iou)]
    if name is not None:
        table = table[:, :, [class_row(evaluation, name)]]
    known = table[table > -1]
    return float(known.mean()) if known.size else float("nan")


def class_row(evaluation: COCOeval, name: str) -> int:
    names = [evaluation.cocoGt.cats[number]["name"] for number in evaluation.params.catIds]
    return names.index(name)
