"""Overlap of corner boxes (x1, y1, x2, y2), for training."""

import math

import torch
from torch import Tensor

TINY = 1e-7


def iou(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union, broadcasting over all but the last dimension."""
    inter = intersection(a, b)
    return inter / (area(a) + area(b) - inter + TINY)


def ciou(a: Tensor, b: Tensor) -> Tensor:
    """Complete IoU (Zheng et al., 2020): IoU minus centre distance and difference in proportions."""
    overlap = iou(a, b)
    low, high = torch.minimum(a[..., :2], b[..., :2]), torch.maximum(a[..., 2:], b[..., 2:])
    diagonal = (high - low).square().sum(-1) + TINY
    distance = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]).square().sum(-1) / 4
    shape = 4 / math.pi**2 * (slant(b) - slant(a)).square()
    with torch.no_grad():
        weight = shape / (1 - overlap + shape + TINY)
    return overlap - distance / diagonal - weight * shape


def intersection(a: Tensor, b: Tensor) -> Tensor:
    width = torch.minimum(a[..., 2], b[..., 2]) - torch.maximum(a[..., 0], b[..., 0])
    height = torch.minimum(a[..., 3], b[..., 3]) - torch.maximum(a[..., 1], b[..., 1])
    return width.clamp(min=0) * height.clamp(min=0)


def area(box: Tensor) -> Tensor:
    return (box[..., 2] - box[..., 0]) * (box[..., 3] - box[..., 1])


def slant(box: Tensor) -> Tensor:
    return torch.atan((box[..., 2] - box[..., 0]) / (box[..., 3] - box[..., 1] + TINY))
