"""From the network's answers to detections: threshold, non-maximum suppression, at most MOST boxes a picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST = 100


@dataclass(frozen=True)
class Suppression:
    """Which boxes give way: those above `iou` with a better one, of the same class only if `per_class`."""

    iou: float
    per_class: bool


@dataclass(frozen=True)
class Detections:
    """`boxes` [k, 4] corners, `classes` [k], `scores` [k], best first."""

    boxes: NDArray[np.float64]
    classes: NDArray[np.int64]
    scores: NDArray[np.float64]


def decode(answer: NDArray[np.float32], score: float, suppression: Suppression) -> Detections:
    """`answer` [4 + classes, anchors] of one picture; boxes stay in input pixels.

    Per class, every class of an anchor above `score` is a candidate; else only the anchor's best class.
    """
    candidates = all_classes(answer, score) if suppression.per_class else best_class(answer, score)
    order = np.argsort(-candidates.scores, kind="stable")
    ranked = Detections(candidates.boxes[order], candidates.classes[order], candidates.scores[order])
    groups = ranked.classes if suppression.per_class else np.zeros_like(ranked.classes)
    kept = survivors(ranked.boxes, groups, suppression.iou)[:MOST]
    return Detections(ranked.boxes[kept], ranked.classes[kept], ranked.scores[kept])


def all_classes(answer: NDArray[np.float32], score: float) -> Detections:
    anchors, classes = np.nonzero(answer[4:].T >= score)
    return Detections(corners(answer[:4, anchors]), classes, answer[4 + classes, anchors].astype(np.float64))


def best_class(answer: NDArray[np.float32], score: float) -> Detections:
    best = answer[4:].argmax(0)
    scores = answer[4:].max(0)
    anchors = np.nonzero(scores >= score)[0]
    return Detections(corners(answer[:4, anchors]), best[anchors], scores[anchors].astype(np.float64))


def corners(centred: NDArray[np.float32]) -> NDArray[np.float64]:
    """[4, k] centre and size to [k, 4] corners."""
    x, y, width, height = centred.astype(np.float64)
    return np.stack([x - width / 2, y - height / 2, x + width / 2, y + height / 2], 1)


def survivors(boxes: NDArray[np.float64], groups: NDArray[np.int64], limit: float) -> list[int]:
    """Indices kept by greedy suppression; `boxes` come best first."""
    alive = np.ones(len(boxes), bool)
    kept = []
    for i in range(len(boxes)):
        if not alive[i]:
            continue
        kept.append(i)
        if len(kept) == MOST:
            break
        rest = i + 1 + np.nonzero(alive[i + 1 :] & (groups[i + 1 :] == groups[i]))[0]
        alive[rest[overlap(boxes[i], boxes[rest]) > limit]] = False
    return kept


def overlap(box: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Intersection over union of one box with many."""
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    inter = np.prod(np.maximum(high - low, 0), 1)
    sizes = np.prod(others[:, 2:] - others[:, :2], 1)
    return inter / np.maximum(np.prod(box[2:] - box[:2]) + sizes - inter, 1e-12)
