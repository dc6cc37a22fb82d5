"""Labels follow the pixels through every change of geometry."""

import numpy as np
import pytest

from ..assignment import IGNORED, OBJECT
from ..augmentation import Strength, augment, cut, mosaic
from ..data import Example, Labels
from ..letterbox import PAD
from ..network import HEIGHT, WIDTH


def white_box(x: int, y: int, width: int, height: int) -> Example:
    """A white object on black."""
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    picture[y : y + height, x : x + width] = 255
    return Example(picture, labels([[x, y, x + width, y + height]]))


def labels(boxes: list[list[float]]) -> Labels:
    count = len(boxes)
    return Labels(np.array(boxes, np.float32), np.zeros(count, np.int64), np.full(count, OBJECT))


@pytest.mark.parametrize("seed", range(30))
def test_the_box_still_bounds_the_object(seed: int) -> None:
    example = white_box(100, 60, 70, 50)
    changed = augment([example], 0, Strength(0, 1, 0, 0), np.random.default_rng(seed))
    ys, xs = np.nonzero((changed.picture > 127).all(2))
    if len(changed.labels.boxes) == 0:
        assert len(xs) <= 8
        return
    assert changed.labels.boxes[0] == pytest.approx([xs.min(), ys.min(), xs.max() + 1, ys.max() + 1], abs=1.6)


@pytest.mark.parametrize("seed", range(10))
def test_a_mosaic_keeps_every_box_inside_its_tile(seed: int) -> None:
    example = white_box(100, 60, 70, 50)
    changed = mosaic([example] * 4, np.random.default_rng(seed))
    bright = (changed.picture > 127).all(2)
    covered = np.zeros_like(bright)
    for x1, y1, x2, y2 in changed.labels.boxes.round().astype(int):
        covered[max(0, y1 - 2) : y2 + 2, max(0, x1 - 2) : x2 + 2] = True
        assert bright[y1 + 2 : y2 - 2, x1 + 2 : x2 - 2].all()
    assert (bright & ~covered).sum() <= 40


def test_a_cut_object_teaches_nothing_about_its_class() -> None:
    seen = cut(labels([[0, 0, 100, 50], [90, 0, 190, 50], [200, 0, 260, 50]]), (50, 0, 195, 192))
    assert seen.kind.tolist() == [IGNORED, OBJECT]
    assert seen.boxes.tolist() == [[50, 0, 100, 50], [90, 0, 190, 50]]


def test_changes_are_the_same_for_the_same_seed() -> None:
    examples = [white_box(20 * i + 10, 30, 40, 40) for i in range(4)]
    once, again = (augment(examples, 1, Strength(0.5, 1, 1, 1), np.random.default_rng(9)) for _ in range(2))
    assert (once.picture == again.picture).all()
    assert (once.labels.boxes == again.labels.boxes).all()


NOTHING = Labels(np.zeros((0, 4), np.float32), np.zeros(0, np.int64), np.zeros(0, np.int64))


def test_the_padding_keeps_its_grey() -> None:
    picture = np.full((HEIGHT, WIDTH, 3), PAD, np.uint8)
    picture[6:186] = 40
    example = Example(picture, NOTHING)
    changed = augment([example], 0, Strength(0, 0, 1, 1), np.random.default_rng(2))
    assert (changed.picture[:6] == PAD).all() and (changed.picture[186:] == PAD).all()
    assert (changed.picture[6:186] != 40).any()
