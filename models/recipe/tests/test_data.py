"""Reading a COCO split."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ..assignment import IGNORED, OBJECT
from ..data import load_split

TWICE_THE_SIZE = {"id": 7, "file_name": "a.jpg", "width": 640, "height": 360}


def write(folder: Path, annotations: list[dict], categories: tuple[str, ...] = ("tote", "parcel", "damaged-parcel")) -> Path:
    (folder / "images").mkdir()
    Image.fromarray(np.full((360, 640, 3), 90, np.uint8)).save(folder / "images" / "a.jpg")
    named = [{"id": number, "name": name} for number, name in enumerate(categories, 5)]
    coco = {"images": [TWICE_THE_SIZE], "annotations": annotations, "categories": named}
    (folder / "annotations.json").write_text(json.dumps(coco))
    return folder


def entry(category: int, box: list[float], crowd: int = 0) -> dict:
    return {"id": 1, "image_id": 7, "category_id": category, "bbox": box, "area": 1, "iscrowd": crowd}


def test_brings_boxes_and_classes_into_the_network_s_terms(tmp_path: Path) -> None:
    split = load_split(write(tmp_path, [entry(5, [100, 40, 60, 20]), entry(6, [0, 0, 640, 360], crowd=1)]))
    labels = split.examples[0].labels
    assert labels.boxes.tolist() == [[50, 26, 80, 36], [0, 6, 320, 186]]
    assert labels.classes.tolist() == [2, 0]
    assert labels.kind.tolist() == [OBJECT, IGNORED]


def test_takes_a_picture_without_objects(tmp_path: Path) -> None:
    assert load_split(write(tmp_path, [])).examples[0].labels.boxes.shape == (0, 4)


def test_says_which_class_a_data_set_lacks(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="missing \\['damaged-parcel'\\]"):
        load_split(write(tmp_path, [], categories=("parcel", "tote")))


def test_refuses_a_picture_of_another_size_than_stated(tmp_path: Path) -> None:
    folder = write(tmp_path, [])
    Image.fromarray(np.zeros((180, 320, 3), np.uint8)).save(folder / "images" / "a.jpg")
    with pytest.raises(ValueError, match="a.jpg: expected 640x360, got 320x180"):
        load_split(folder)


def test_says_where_it_looked_for_the_annotations(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="annotations.json; make the data sets first"):
        load_split(tmp_path)
