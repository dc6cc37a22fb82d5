"""Thresholds come from the validation figures."""

from pathlib import Path

import numpy as np

from ..bootstrap import Matches
from ..thresholds import GRID, choose, f1_curve
from .coco_vector import write_truth


def test_f1_counts_hits_misses_and_false_alarms() -> None:
    """Four objects; a threshold of 0.5 keeps two hits and one false alarm: F1 = 4 / (3 + 4)."""
    hit = np.array([[True, False, True, False]])
    matches = Matches(np.array([0.9, 0.8, 0.6, 0.3]), np.zeros(4, int), hit, np.ones((1, 4), bool), np.array([4]))
    curve = dict(zip(GRID.tolist(), f1_curve(matches).tolist()))
    assert curve[0.5] == 4 / 7
    assert curve[0.85] == 2 / 5
    assert GRID[f1_curve(matches).argmax()] == 0.31


def test_chooses_one_label_a_thing_when_it_costs_little(tmp_path: Path) -> None:
    """Both answers see the parcel; the second class on the same box must not survive."""
    truth = write_truth(tmp_path / "truth.json")
    answer = np.zeros((7, 1200), np.float32)
    answer[:, 0] = (10, 21, 10, 20, 0.9, 0.2, 0.0)
    images = [{"id": number, "width": 640, "height": 480} for number in (1, 2, 3)]
    chosen = choose([(image, answer) for image in images], truth)
    assert not chosen.suppression.per_class
    assert set(chosen.per_class) == {"parcel", "damaged-parcel", "tote"}
