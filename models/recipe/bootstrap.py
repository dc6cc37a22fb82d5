"""95 % intervals of average precision: images are drawn again with replacement, many times.

pycocotools' matches are kept and only the accumulation is done again, with each image's detections weighted by how
often it was drawn. That equals running pycocotools on the repeated images (a test does).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pycocotools.cocoeval import COCOeval

RESAMPLES = 1000


@dataclass(frozen=True)
class Matches:
    """One class's detections, best first: `score` and `image` (its row) [k], `hit` and `counted` [ious, k]; `wanted`
    [images]: objects that each image holds."""

    score: NDArray[np.float64]
    image: NDArray[np.int64]
    hit: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    wanted: NDArray[np.int64]


def draws(images: int, seed: int, resamples: int = RESAMPLES) -> NDArray[np.int64]:
    """[resamples, images]: how often each image was drawn."""
    random = np.random.default_rng(seed)
    return random.multinomial(images, np.full(images, 1 / images), size=resamples)


def precisions(evaluation: COCOeval, drawn: NDArray[np.int64]) -> NDArray[np.float64]:
    """AP [resamples, classes, ious]; NaN where a draw holds no object of the class."""
    per_class = [class_precisions(matches, drawn, evaluation.params.recThrs) for matches in matches_of(evaluation)]
    return np.stack(per_class, 1)


def matches_of(evaluation: COCOeval) -> list[Matches]:
    """Per class, from pycocotools' cached matching over all areas."""
    images, areas = len(evaluation.params.imgIds), len(evaluation.params.areaRng)
    cached = np.array(evaluation.evalImgs, dtype=object).reshape(-1, areas, images)[:, 0]
    return [join([cached[number][row] for row in range(images)], evaluation) for number in range(len(cached))]


def join(per_image: list[dict | None], evaluation: COCOeval) -> Matches:
    most, ious = evaluation.params.maxDets[-1], len(evaluation.params.iouThrs)
    found = [(row, entry) for row, entry in enumerate(per_image) if entry is not None]
    scores = np.concatenate([np.zeros(0), *(entry["dtScores"][:most] for _, entry in found)])
    order = np.argsort(-scores, kind="mergesort")
    rows = np.concatenate([np.zeros(0, int), *(np.full(len(entry["dtScores"][:most]), row) for row, entry in found)])
    none = np.zeros((ious, 0))
    matched = np.concatenate([none, *(entry["dtMatches"][:, :most] for _, entry in found)], 1)[:, order] > 0
    ignored = np.concatenate([none, *(entry["dtIgnore"][:, :most] for _, entry in found)], 1)[:, order] > 0
    wanted = np.zeros(len(per_image), np.int64)
    for row, entry in found:
        wanted[row] = int((np.asarray(entry["gtIgnore"]) == 0).sum())
    return Matches(scores[order], rows[order].astype(np.int64), matched & ~ignored, ~ignored, wanted)


def class_precisions(matches: Matches, drawn: NDArray[np.int64], recalls: NDArray[np.float64]) -> NDArray[np.float64]:
    """[resamples, ious] for one class."""
    result = np.full((len(drawn), len(matches.hit)), np.nan)
    for number, times in enumerate(drawn):
        objects = int((times * matches.wanted).sum())
        if objects > 0:
            result[number] = weighted_precisions(matches, times[matches.image], objects, recalls)
    return result


def weighted_precisions(
    matches: Matches, weight: NDArray[np.int64], objects: int, recalls: NDArray[np.float64]
) -> NDArray[np.float64]:
    """[ious]: the 101-point average precision, each detection counted `weight` times."""
    hits = np.cumsum(matches.hit * weight, 1)
    seen = np.cumsum(matches.counted * weight, 1)
    precision = hits / np.maximum(seen, 1)
    envelope = np.maximum.accumulate(precision[:, ::-1], 1)[:, ::-1]
    return np.array([interpolated(row, curve, recalls) for row, curve in zip(hits / objects, envelope)])


def interpolated(recall: NDArray[np.float64], envelope: NDArray[np.float64], points: NDArray[np.float64]) -> float:
    where = np.searchsorted(recall, points, side="left")
    reached = where < len(recall)
    return float(envelope[where[reached]].sum() / len(points))


def interval(samples: NDArray[np.float64]) -> tuple[float, float]:
    """The middle 95 % of the samples."""
    low, high = np.nanpercentile(samples, [2.5, 97.5])
    return float(low), float(high)
