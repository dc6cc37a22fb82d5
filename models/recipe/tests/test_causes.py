"""What a class loses, against pycocotools on what is left, and against a case counted by hand."""

import json
from pathlib import Path

import pytest

from ..causes import causes_of
from ..metrics import precision_of, score_against
from .coco_vector import found_rows, write_truth

PARCEL, TOTE = 1, 3


def truth_of(path: Path, objects: list[tuple[int, tuple[int, int, int, int]]]) -> Path:
    """One picture of 480 x 270 (two thirds of it in the input) with these objects, as (category, box)."""
    annotations = [
        {"id": number, "image_id": 1, "category_id": category, "bbox": list(box), "area": box[2] * box[3], "iscrowd": 0}
        for number, (category, box) in enumerate(objects, 1)
    ]
    categories = [{"id": 1, "name": "parcel"}, {"id": 2, "name": "damaged-parcel"}, {"id": 3, "name": "tote"}]
    images = [{"id": 1, "width": 480, "height": 270}]
    path.write_text(json.dumps({"images": images, "annotations": annotations, "categories": categories}))
    return path


def parcel(box: tuple[int, int, int, int], score: float) -> dict:
    return {"image_id": 1, "category_name": "parcel", "bbox": list(box), "score": score}


@pytest.fixture
def told(tmp_path: Path) -> dict:
    """Two of three parcels are found; before them come a tote, a second box on the first, a poor one and an empty place."""
    objects = [(PARCEL, (0, 0, 60, 60)), (PARCEL, (100, 0, 18, 18)), (PARCEL, (200, 0, 60, 60)), (TOTE, (0, 100, 60, 60))]
    rows = [parcel((0, 0, 60, 60), 0.9), parcel((1, 0, 60, 60), 0.8), parcel((0, 100, 60, 60), 0.7),
            parcel((240, 0, 60, 60), 0.6), parcel((400, 200, 40, 40), 0.5), parcel((200, 0, 60, 60), 0.4)]  # fmt: skip
    return causes_of(score_against(truth_of(tmp_path / "truth.json", objects), rows), "parcel")


def test_names_each_false_alarm_by_what_lies_under_it(told: dict) -> None:
    counts = {cause: told["falseAlarms"][cause]["count"] for cause in told["falseAlarms"]}
    assert counts == {"otherClass": 1, "duplicate": 1, "poorPlace": 1, "background": 1}


def test_an_object_that_nothing_finds_costs_the_recall_it_takes(told: dict) -> None:
    """34 points of recall at precision 1 and 33 at 2/6; of two objects instead of three 51 and 50."""
    assert told["ap50"] == pytest.approx((34 + 33 * 2 / 6) / 101, abs=5e-5)
    gained = (51 + 50 * 2 / 6) / 101 - (34 + 33 * 2 / 6) / 101
    assert told["missed"] == {"objects": 1, "missed": 1, "gained": pytest.approx(gained, abs=1e-4)}


def test_counts_small_objects_by_their_side_in_the_input(told: dict) -> None:
    """18 source pixels are 12 in the input, 60 are 40."""
    assert [told["smaller"][side]["objects"] for side in (16, 21, 32)] == [1, 1, 1]


def test_gains_what_pycocotools_finds_without_the_false_alarm(tmp_path: Path) -> None:
    truth, rows = write_truth(tmp_path / "truth.json"), found_rows()
    told = causes_of(score_against(truth, rows), "parcel")
    duplicate = next(row for row in rows if row["score"] == 0.7)
    rest = score_against(truth, [row for row in rows if row is not duplicate])
    before = precision_of(score_against(truth, rows), iou=0.5, name="parcel")
    gained = precision_of(rest, iou=0.5, name="parcel") - before
    assert told["ap50"] == round(before, 4)
    assert told["falseAlarms"]["duplicate"] == {"count": 1, "gained": round(gained, 4)}
