"""What keeps a class from a higher AP50: false alarms by cause, objects that nothing finds, and small objects.

Every cause comes with the AP50 that the class would gain if this cause alone were gone, as in TIDE (Bolya et al.,
2020); gains of several causes do not add up. The matches are pycocotools' own, at IoU 0.5.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pycocotools.cocoeval import COCOeval

from .bootstrap import Matches, weighted_precisions
from .decoding import Suppression, overlap
from .inference import answers
from .letterbox import fit
from .metrics import class_row, score_against
from .network import CLASSES
from .thresholds import rows_of

SAME, TOUCHING = 0.5, 0.1
# A detection below this score is far under any threshold of use: what it alone finds counts as missed.
LEAST_USEFUL_SCORE = 0.05
SIDES = (16, 21, 32)
CAUSES = ("otherClass", "duplicate", "poorPlace", "background")


@dataclass(frozen=True)
class Found:
    """A detection: its COCO row, and the id of the object it matched (0: none; None: a region that does not count)."""

    row: dict
    object: int | None


def causes(model: Path, folder: Path, suppression: Suppression) -> dict:
    """For each class: `ap50`, and what it would gain without each cause of false alarms, without `missed` objects, and
    without the objects `smaller` than a side in input pixels."""
    evaluation = score_against(folder / "annotations.json", rows_of(answers(model, folder), suppression))
    return {name: causes_of(evaluation, name) for name in CLASSES}


def causes_of(evaluation: COCOeval, name: str) -> dict:
    found, wanted = detections(evaluation, name), objects(evaluation, name)
    seen = {item.object for item in found if item.object and item.row["score"] >= LEAST_USEFUL_SCORE}
    before = ap50(found, set(wanted), evaluation)

    def without(objects: set[int]) -> dict:
        gained = ap50(found, set(wanted) - objects, evaluation) - before
        return {"objects": len(objects), "missed": len(objects - seen), "gained": round(gained, 4)}

    return {
        "objects": len(wanted),
        "ap50": round(before, 4),
        "falseAlarms": alarms(evaluation, name, found, set(wanted)),
        "missed": without(set(wanted) - seen),
        "smaller": {side: without({i for i, size in wanted.items() if size < side}) for side in SIDES},
    }


def alarms(evaluation: COCOeval, name: str, found: list[Found], wanted: set[int]) -> dict:
    """AP50 gained without the false alarms of each cause, and how many of them have a useful score."""
    cause = [cause_of(evaluation, item, name) if item.object == 0 else None for item in found]
    before, result = ap50(found, wanted, evaluation), {}
    for title in CAUSES:
        useful = sum(c == title and item.row["score"] >= LEAST_USEFUL_SCORE for item, c in zip(found, cause))
        kept = [item for item, c in zip(found, cause) if c != title]
        result[title] = {"count": useful, "gained": round(ap50(kept, wanted, evaluation) - before, 4)}
    return result


def objects(evaluation: COCOeval, name: str) -> dict[int, float]:
    """The wanted objects of a class: by id, the side in input pixels."""
    counted = [a for a in evaluation.cocoGt.anns.values() if named(evaluation, a) == name and not a["iscrowd"]]
    return {a["id"]: side_in_input(evaluation, a) for a in counted}


def detections(evaluation: COCOeval, name: str) -> list[Found]:
    """The class's detections as pycocotools matched them, best first."""
    images, areas = len(evaluation.params.imgIds), len(evaluation.params.areaRng)
    first = class_row(evaluation, name) * areas * images
    entries = [entry for entry in evaluation.evalImgs[first : first + images] if entry is not None]
    found = [
        Found(evaluation.cocoDt.anns[number], None if ignored else int(matched))
        for entry in entries
        for number, matched, ignored in zip(entry["dtIds"], entry["dtMatches"][0], entry["dtIgnore"][0])
    ]
    return sorted(found, key=lambda item: -item.row["score"])


def ap50(found: list[Found], objects: set[int], evaluation: COCOeval) -> float:
    """AP50 if only `objects` were wanted; what matched another object is neither wanted nor punished."""
    hit = np.array([[item.object in objects for item in found]], bool)
    counted = np.array([[item.object == 0 for item in found]], bool) | hit
    none = np.zeros(len(found), np.int64)
    matches = Matches(none.astype(float), none, hit, counted, np.array([len(objects)]))
    return float(weighted_precisions(matches, np.ones(len(found), int), len(objects), evaluation.params.recThrs)[0])


def cause_of(evaluation: COCOeval, item: Found, name: str) -> str:
    """Why a false alarm is one, by what lies under it."""
    lying = evaluation.cocoGt.imgToAnns[item.row["image_id"]]
    same = most_overlap(item.row, [a for a in lying if named(evaluation, a) == name])
    other = most_overlap(item.row, [a for a in lying if named(evaluation, a) != name])
    if same >= SAME:
        return "duplicate"
    if other >= SAME:
        return "otherClass"
    return "poorPlace" if same >= TOUCHING else "background"


def most_overlap(row: dict, annotations: list[dict]) -> float:
    boxes = np.array([a["bbox"] for a in annotations], np.float64).reshape(-1, 4)
    return float(overlap(corners(np.array(row["bbox"])), corners(boxes)).max(initial=0.0))


def corners(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """[..., 4] corner and size to two corners."""
    return np.concatenate([boxes[..., :2], boxes[..., :2] + boxes[..., 2:]], -1)


def named(evaluation: COCOeval, annotation: dict) -> str:
    return evaluation.cocoGt.cats[annotation["category_id"]]["name"]


def side_in_input(evaluation: COCOeval, annotation: dict) -> float:
    """Side, in input pixels, of the square of the same area."""
    image = evaluation.cocoGt.imgs[annotation["image_id"]]
    place = fit(image["width"], image["height"])
    return float(np.sqrt(annotation["bbox"][2] * annotation["bbox"][3]) * place.width / image["width"])
