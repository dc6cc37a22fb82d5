"""Measures the ONNX file on a split with pycocotools, with intervals by bootstrap over images."""

from pathlib import Path

import numpy as np
from pycocotools.cocoeval import COCOeval

from .bootstrap import RESAMPLES, draws, interval, precisions
from .decoding import Suppression
from .inference import answers
from .metrics import class_row, precision_of, score_against
from .network import CLASSES
from .thresholds import LOWEST_SCORE, rows_of

BOOTSTRAP_SEED = 1


def evaluate(model: Path, folder: Path, suppression: Suppression) -> dict:
    """Frames, objects, and AP, AP50, AP75 with 95 % intervals, over all and per class."""
    found = answers(model, folder)
    evaluation = score_against(folder / "annotations.json", rows_of(found, suppression))
    samples = precisions(evaluation, draws(len(evaluation.params.imgIds), BOOTSTRAP_SEED))
    return {
        "frames": len(found),
        "evaluation": {"score": LOWEST_SCORE, "maxDetections": 100, "bootstrapResamples": RESAMPLES},
        "all": figures(evaluation, samples, None),
        "classes": {name: figures(evaluation, samples, name) for name in CLASSES},
    }


def figures(evaluation: COCOeval, samples: np.ndarray, name: str | None) -> dict:
    """The three customary precisions of one class, or over all."""
    return {"objects": objects(evaluation, name)} | {
        title: figure(evaluation, samples, name, iou) for title, iou in (("ap", None), ("ap50", 0.5), ("ap75", 0.75))
    }


def figure(evaluation: COCOeval, samples: np.ndarray, name: str | None, iou: float | None) -> dict:
    classes = slice(None) if name is None else [class_row(evaluation, name)]
    ious = slice(None) if iou is None else np.isclose(evaluation.params.iouThrs, iou)
    low, high = interval(np.nanmean(samples[:, classes][:, :, ious], axis=(1, 2)))
    value = precision_of(evaluation, iou, name)
    return {"value": round(value, 4), "low": round(low, 4), "high": round(high, 4)}


def objects(evaluation: COCOeval, name: str | None) -> int:
    """Annotated objects that count (crowd regions do not)."""
    truth = evaluation.cocoGt
    counted = [a for a in truth.anns.values() if not a.get("iscrowd")]
    return sum(name is None or truth.cats[a["category_id"]]["name"] == name for a in counted)
