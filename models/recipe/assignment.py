"""Which anchor points answer for which object: task-aligned assignment (TOOD, Feng et al., 2021).

A point inside an object's box qualifies by alignment = score^ALPHA * IoU^BETA; the TOP best of each object are
taken, and a point wanted by several objects goes to the one it overlaps most. The better a point does, the higher
the score it is asked to give, so that after training the score also tells how well the box fits.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from .boxes import iou
from .network import Predictions

ALPHA, BETA, TOP = 0.5, 6.0, 10
TINY = 1e-9


@dataclass(frozen=True)
class Targets:
    """Objects of a batch, padded to the same number: `boxes` [n, objects, 4] corners in input pixels, `classes`
    [n, objects], `kind` [n, objects]: OBJECT, IGNORED (neither wanted nor punished) or PADDING."""

    boxes: Tensor
    classes: Tensor
    kind: Tensor


PADDING, OBJECT, IGNORED = 0, 1, 2


@dataclass(frozen=True)
class Assignment:
    """`scores` [n, anchors, classes] wanted; `boxes` [n, anchors, 4] wanted where `taken` [n, anchors];
    `silent` [n, anchors]: points in an ignored region, which teach nothing."""

    scores: Tensor
    boxes: Tensor
    taken: Tensor
    silent: Tensor


@torch.no_grad()
def assign(found: Predictions, points: Tensor, wanted: Targets) -> Assignment:
    covers = inside(points, wanted.boxes)
    overlap = iou(wanted.boxes[:, :, None], found.boxes[:, None]).clamp(0, 1)
    covers_object = covers & (wanted.kind == OBJECT)[..., None]
    alignment = (score_of_class(found.logits, wanted.classes) ** ALPHA * overlap**BETA) * covers_object
    chosen = best_points(alignment, covers_object)
    chosen = one_object_each(chosen, overlap)
    return targets_of(chosen, alignment, overlap, covers, wanted, found.logits.shape[-1])


def inside(points: Tensor, boxes: Tensor) -> Tensor:
    """[n, objects, anchors]: whether the point lies in the box."""
    low, high = boxes[:, :, None, :2], boxes[:, :, None, 2:]
    return ((points > low) & (points < high)).all(-1)


def score_of_class(logits: Tensor, classes: Tensor) -> Tensor:
    """[n, objects, anchors]: each point's present score for the object's own class."""
    index = classes[..., None].expand(-1, -1, logits.shape[1])
    return logits.sigmoid().transpose(1, 2).gather(1, index)


def best_points(alignment: Tensor, allowed: Tensor) -> Tensor:
    """[n, objects, anchors]: the TOP best allowed points of each object."""
    ranked = torch.where(allowed, alignment, -1.0)
    best = ranked.topk(min(TOP, ranked.shape[-1]), dim=-1).indices
    return torch.zeros_like(allowed).scatter_(-1, best, True) & allowed


def one_object_each(chosen: Tensor, overlap: Tensor) -> Tensor:
    """Gives a point that several objects chose to the one it overlaps most."""
    nearest = torch.where(chosen, overlap, -1.0).argmax(1, keepdim=True)
    return torch.zeros_like(chosen).scatter_(1, nearest, True) & chosen


def targets_of(
    chosen: Tensor, alignment: Tensor, overlap: Tensor, covers: Tensor, wanted: Targets, classes: int
) -> Assignment:
    taken = chosen.any(1)
    owner = chosen.float().argmax(1)
    boxes = wanted.boxes.gather(1, owner[..., None].expand(-1, -1, 4))
    kept = alignment * chosen
    best_overlap = (overlap * chosen).amax(-1, keepdim=True)
    quality = (kept / (kept.amax(-1, keepdim=True) + TINY) * best_overlap).amax(1)
    scores = torch.nn.functional.one_hot(wanted.classes.gather(1, owner), classes) * quality[..., None]
    ignored = (covers & (wanted.kind == IGNORED)[..., None]).any(1)
    return Assignment(scores * taken[..., None], boxes, taken, ignored & ~taken)
