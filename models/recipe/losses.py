"""What training minimises: how far the scores are from the wanted ones, and how badly the boxes fit."""

from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional as F

from .assignment import Assignment
from .boxes import ciou
from .network import Predictions

BOX_WEIGHT = 2.5


@dataclass(frozen=True)
class Loss:
    """Parts of the loss, each a mean per unit of wanted score."""

    score: Tensor
    box: Tensor

    @property
    def total(self) -> Tensor:
        return self.score + BOX_WEIGHT * self.box


def detection_loss(found: Predictions, goal: Assignment) -> Loss:
    """Binary cross-entropy of the scores and 1 - CIoU of the boxes, weighted by the wanted score."""
    unit = goal.scores.sum().clamp(min=1.0)
    entropy = F.binary_cross_entropy_with_logits(found.logits, goal.scores, reduction="none").sum(-1)
    score = (entropy * ~goal.silent).sum() / unit
    weight = goal.scores.sum(-1)[goal.taken]
    misfit = 1 - ciou(found.boxes[goal.taken], goal.boxes[goal.taken])
    return Loss(score, (misfit * weight).sum() / unit)
