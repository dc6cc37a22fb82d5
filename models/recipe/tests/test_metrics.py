"""Average precision on a case with known figures."""

import math
from pathlib import Path

import pytest

from ..metrics import precision_of, score_against
from .coco_vector import found_rows, write_truth


def test_gives_the_known_precisions(tmp_path: Path) -> None:
    evaluation = score_against(write_truth(tmp_path / "truth.json"), found_rows())
    assert precision_of(evaluation) == pytest.approx(0.580644, abs=1e-6)
    assert precision_of(evaluation, iou=0.5) == pytest.approx(0.890594, abs=1e-6)
    assert precision_of(evaluation, iou=0.75) == pytest.approx(0.890594, abs=1e-6)
    assert precision_of(evaluation, name="parcel") == pytest.approx(0.586535, abs=1e-6)
    assert precision_of(evaluation, iou=0.5, name="damaged-parcel") == pytest.approx(0.915842, abs=1e-6)
    assert math.isnan(precision_of(evaluation, name="tote"))


def test_gives_zero_when_nothing_was_found(tmp_path: Path) -> None:
    assert precision_of(score_against(write_truth(tmp_path / "truth.json"), [])) == 0.0
