"""The fast bootstrap against pycocotools on images that are really repeated."""

from pathlib import Path

import numpy as np
import pytest

from ..bootstrap import draws, interval, precisions
from ..metrics import precision_of, score_against
from .coco_vector import NAMES, found_rows, write_truth


@pytest.mark.parametrize("images", [(1, 2, 3), (1, 1, 2), (2, 3, 3), (1, 3, 3), (2, 2, 2)])
def test_equals_pycocotools_on_the_repeated_images(tmp_path: Path, images: tuple[int, ...]) -> None:
    evaluation = score_against(write_truth(tmp_path / "truth.json"), found_rows())
    drawn = np.array([[images.count(1), images.count(2), images.count(3)]])
    fast = np.nanmean(precisions(evaluation, drawn)[0, :2], axis=1)
    repeated = score_against(write_truth(tmp_path / "repeated.json", images), found_rows(images))
    assert fast.tolist() == pytest.approx([precision_of(repeated, name=name) for name in NAMES[:2]], abs=1e-9)


def test_draws_as_many_images_as_there_are_and_the_same_each_time() -> None:
    first, second = draws(340, seed=1, resamples=50), draws(340, seed=1, resamples=50)
    assert (first.sum(1) == 340).all()
    assert (first == second).all()
    assert len({row.tobytes() for row in first}) == 50


def test_the_interval_is_the_middle_of_the_samples() -> None:
    assert interval(np.arange(1001) / 1000) == pytest.approx((0.025, 0.975))
