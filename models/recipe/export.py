"""Writes the trained network as one ONNX file that takes camera bytes and answers boxes and scores."""

import json
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from .network import CLASSES, HEIGHT, STRIDES, WIDTH, Detector

OPSET = 17


class Deployed(nn.Module):
    """The detector from bytes to answers.

    Input `images`: uint8 [n, 3, HEIGHT, WIDTH], planar RGB. Output `output0`: float32 [n, 4 + classes, anchors]:
    centre x, centre y, width, height in input pixels, then one score in 0..1 for each class.
    """

    def __init__(self, detector: Detector) -> None:
        super().__init__()
        self.detector = detector

    def forward(self, images: Tensor) -> Tensor:
        found = self.detector(images.float() * (1.0 / 255.0))
        near, far = found.boxes[..., :2], found.boxes[..., 2:]
        answers = torch.cat([(near + far) * 0.5, far - near, found.logits.sigmoid()], -1)
        return answers.transpose(1, 2)


def export(detector: Detector, path: Path) -> None:
    """Writes `path`, batch norm folded into the convolutions, batch size free, no external data."""
    deployed = Deployed(detector).eval()
    torch.onnx.export(
        deployed,
        (torch.zeros(1, 3, HEIGHT, WIDTH, dtype=torch.uint8),),
        str(path),
        input_names=["images"],
        output_names=["output0"],
        dynamic_axes={"images": {0: "n"}, "output0": {0: "n"}},
        opset_version=OPSET,
        do_constant_folding=True,
        dynamo=False,
    )
    describe(path)


def describe(path: Path) -> None:
    """States the sizes of the output, adds the metadata that common YOLO exports carry, and checks the file."""
    model = onnx.load(path)
    anchors = sum((HEIGHT // stride) * (WIDTH // stride) for stride in STRIDES)
    _, channels, cells = model.graph.output[0].type.tensor_type.shape.dim
    channels.dim_value, cells.dim_value = 4 + len(CLASSES), anchors
    onnx.helper.set_model_props(model, metadata())
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def metadata() -> dict[str, str]:
    return {
        "names": "{" + ", ".join(f"{i}: {name!r}" for i, name in enumerate(CLASSES)) + "}",
        "task": "detect",
        "imgsz": json.dumps([HEIGHT, WIDTH]),
        "stride": str(max(STRIDES)),
        "channels": "3",
        "batch": "1",
        "description": "Ocelli starter model: parcels, damaged parcels, totes",
    }
