"""Chooses the product's thresholds on the validation split (never on the holdout)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .bootstrap import Matches, matches_of
from .decoding import Suppression, decode
from .metrics import coco_rows, precision_of, score_against
from .network import CLASSES

LOWEST_SCORE = 0.001
IOUS = (0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)
# One box a thing is worth this much validation AP: a parcel should not be reported as whole and damaged at once.
WORTH_OF_ONE_LABEL = 0.005
GRID = np.round(np.arange(0.05, 0.951, 0.01), 2)


@dataclass(frozen=True)
class Thresholds:
    """`score` for all classes, `per_class` by name, and the suppression; all maximise a figure on validation."""

    score: float
    per_class: dict[str, float]
    suppression: Suppression


def choose(answers: list[tuple[dict, NDArray[np.float32]]], annotations: Path) -> Thresholds:
    """Suppression by AP; score thresholds by F1 at IoU 0.5 (`score`: by the mean F1 of the classes)."""
    suppression = choose_suppression(answers, annotations)
    evaluation = score_against(annotations, rows_of(answers, suppression))
    names = [evaluation.cocoGt.cats[number]["name"] for number in evaluation.params.catIds]
    curves = {name: f1_curve(matches) for name, matches in zip(names, matches_of(evaluation))}
    best = {name: float(GRID[curves[name].argmax()]) for name in CLASSES}
    overall = float(GRID[np.mean([curves[name] for name in CLASSES], 0).argmax()])
    return Thresholds(overall, best, suppression)


def choose_suppression(answers: list[tuple[dict, NDArray[np.float32]]], annotations: Path) -> Suppression:
    def best(per_class: bool) -> tuple[float, Suppression]:
        tried = [Suppression(iou, per_class) for iou in IOUS]
        return max(((precision_of(score_against(annotations, rows_of(answers, s))), s) for s in tried), key=lambda p: p[0])

    (split_ap, split), (joint_ap, joint) = best(True), best(False)
    return joint if joint_ap >= split_ap - WORTH_OF_ONE_LABEL else split


def rows_of(answers: list[tuple[dict, NDArray[np.float32]]], suppression: Suppression) -> list[dict]:
    """COCO result rows of all images, down to the lowest score."""
    return [row for image, answer in answers for row in coco_rows(image, decode(answer, LOWEST_SCORE, suppression))]


def f1_curve(matches: Matches) -> NDArray[np.float64]:
    """F1 at IoU 0.5 for each threshold of GRID."""
    wanted = max(1, int(matches.wanted.sum()))
    kept = matches.score[None] >= GRID[:, None]
    hits = (kept & matches.hit[0]).sum(1)
    seen = (kept & matches.counted[0]).sum(1)
    return 2 * hits / np.maximum(seen + wanted, 1)
