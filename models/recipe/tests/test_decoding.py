"""From raw answers to detections."""

import numpy as np

from ..decoding import MOST, Suppression, decode


def answer(*rows: tuple[float, ...]) -> np.ndarray:
    """Rows of centre x, centre y, width, height, scores of three classes."""
    return np.array(rows, np.float32).T


TWICE = answer((50, 50, 20, 20, 0.9, 0.0, 0.0), (51, 50, 20, 20, 0.2, 0.8, 0.0), (150, 50, 20, 20, 0.0, 0.0, 0.5))


def test_keeps_the_better_of_two_boxes_on_one_thing() -> None:
    found = decode(TWICE, 0.1, Suppression(0.65, per_class=False))
    assert found.classes.tolist() == [0, 2]
    assert np.allclose(found.boxes[0], [40, 40, 60, 60])


def test_keeps_one_box_of_each_class_when_told() -> None:
    found = decode(TWICE, 0.1, Suppression(0.65, per_class=True))
    assert found.classes.tolist() == [0, 1, 2]
    assert np.allclose(found.scores, [0.9, 0.8, 0.5])


def test_drops_what_scores_too_low() -> None:
    assert decode(TWICE, 0.6, Suppression(0.65, per_class=True)).classes.tolist() == [0, 1]


def test_keeps_boxes_that_overlap_no_more_than_the_limit() -> None:
    apart = answer((50, 50, 20, 20, 0.9, 0, 0), (60, 50, 20, 20, 0.8, 0, 0))
    assert len(decode(apart, 0.1, Suppression(0.34, per_class=True)).scores) == 2
    assert len(decode(apart, 0.1, Suppression(0.33, per_class=True)).scores) == 1


def test_ends_at_a_hundred_boxes() -> None:
    many = answer(*((10.0 * i, 10.0, 4.0, 4.0, 0.9 - i / 1000, 0.0, 0.0) for i in range(MOST + 20)))
    found = decode(many, 0.1, Suppression(0.65, per_class=True))
    assert len(found.scores) == MOST
    assert found.scores.min() > 0.8


def test_finds_nothing_in_nothing() -> None:
    assert decode(answer((5, 5, 2, 2, 0, 0, 0)), 0.1, Suppression(0.5, per_class=True)).boxes.shape == (0, 4)
