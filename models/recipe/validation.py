"""Average precision of a torch network on a split, while it trains."""

from pathlib import Path

import numpy as np
import torch
from torch import nn

from .data import Split
from .decoding import Suppression, decode
from .export import Deployed
from .metrics import coco_rows, precision_of, score_against
from .network import CLASSES

SUPPRESSION = Suppression(iou=0.65, per_class=True)
LOWEST_SCORE = 0.001


@torch.no_grad()
def validate(network: nn.Module, split: Split, folder: Path) -> dict[str, float]:
    """AP, AP50 and AP50 per class."""
    deployed = Deployed(network).eval()
    device = next(network.parameters()).device
    rows = []
    for image, example in zip(split.images, split.examples):
        planar = torch.from_numpy(np.ascontiguousarray(example.picture.transpose(2, 0, 1)))[None].to(device)
        found = decode(deployed(planar)[0].cpu().numpy(), LOWEST_SCORE, SUPPRESSION)
        rows += coco_rows(image, found)
    evaluation = score_against(folder / "annotations.json", rows)
    summary = {"ap": precision_of(evaluation), "ap50": precision_of(evaluation, iou=0.5)}
    return summary | {f"ap50 {name}": precision_of(evaluation, iou=0.5, name=name) for name in CLASSES}
