"""The largest difference between the answers of the ONNX file and of the torch network, on real pictures."""

from pathlib import Path

import numpy as np
import torch

from .data import Split
from .export import Deployed
from .inference import infer, open_model
from .network import Detector


@torch.no_grad()
def compare(detector: Detector, model: Path, split: Split) -> dict[str, float]:
    """Largest absolute difference of box coordinates (input pixels) and of scores, over all pictures."""
    torch.set_num_threads(1)
    deployed, session = Deployed(detector).eval(), open_model(model)
    worst = np.zeros(2)
    for example in split.examples:
        planar = torch.from_numpy(np.ascontiguousarray(example.picture.transpose(2, 0, 1)))[None]
        apart = np.abs(deployed(planar)[0].numpy() - infer(session, example.picture))
        worst = np.maximum(worst, [apart[:4].max(), apart[4:].max()])
    return {"pictures": len(split.examples), "boxPixels": float(f"{worst[0]:.3g}"), "score": float(f"{worst[1]:.3g}")}
