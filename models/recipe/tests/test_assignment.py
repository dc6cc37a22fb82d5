"""Which anchor points learn which object."""

import torch

from ..assignment import IGNORED, OBJECT, PADDING, TOP, Targets, assign
from ..network import CLASSES, Predictions, anchor_points


POINTS = anchor_points()


def wanted(boxes: list[list[float]], classes: list[int], kind: list[int]) -> Targets:
    return Targets(torch.tensor([boxes]), torch.tensor([classes]), torch.tensor([kind]))


def answers(box: list[float]) -> Predictions:
    """Every point answers the same box, with score 0.5 for every class."""
    count = len(POINTS)
    return Predictions(torch.zeros(1, count, len(CLASSES)), torch.tensor([[box]]).expand(1, count, 4))


def test_takes_the_best_points_inside_the_object_only() -> None:
    box = [40.0, 40.0, 120.0, 100.0]
    goal = assign(answers(box), POINTS, wanted([box], [2], [OBJECT]))
    taken = POINTS[goal.taken[0]]
    assert len(taken) == TOP
    assert ((taken > torch.tensor([40.0, 40.0])) & (taken < torch.tensor([120.0, 100.0]))).all()


def test_asks_for_the_score_that_the_overlap_deserves() -> None:
    goal = assign(answers([40.0, 40.0, 120.0, 100.0]), POINTS, wanted([[40.0, 40.0, 120.0, 70.0]], [1], [OBJECT]))
    scores = goal.scores[0][goal.taken[0]]
    assert torch.allclose(scores[:, 1], torch.tensor(0.5), atol=1e-4)
    assert scores[:, [0, 2]].sum() == 0


def test_gives_a_contested_point_to_the_object_it_overlaps_most() -> None:
    small, large = [40.0, 40.0, 72.0, 72.0], [32.0, 32.0, 80.0, 80.0]
    goal = assign(answers(small), POINTS, wanted([large, small], [0, 1], [OBJECT, OBJECT]))
    both = (POINTS > 40).all(1) & (POINTS < 72).all(1) & goal.taken[0]
    assert both.any()
    assert (goal.boxes[0][both] == torch.tensor(small)).all(1).sum() >= TOP // 2


def test_is_silent_in_ignored_regions_and_blind_to_padding() -> None:
    goal = assign(
        answers([0.0, 0.0, 10.0, 10.0]),
        POINTS,
        wanted([[160.0, 96.0, 240.0, 160.0], [0.0, 0.0, 64.0, 64.0]], [0, 0], [IGNORED, PADDING]),
    )
    covered = (POINTS > torch.tensor([160.0, 96.0])).all(1) & (POINTS < torch.tensor([240.0, 160.0])).all(1)
    assert not goal.taken.any()
    assert (goal.silent[0] == covered).all()


def test_prefers_points_that_already_name_the_class() -> None:
    box = [40.0, 40.0, 120.0, 100.0]
    found = answers(box)
    favourite = int(((POINTS - torch.tensor([100.0, 60.0])).abs().sum(1)).argmin())
    found.logits[0, favourite, 0] = 3.0
    goal = assign(found, POINTS, wanted([box], [0], [OBJECT]))
    assert goal.taken[0, favourite]
    assert goal.scores[0, :, 0].argmax() == favourite
