"""Runs the ONNX file over a split, as the engine would: letterbox, infer, decode."""

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from .data import read_annotations, read_picture
from .letterbox import letterbox


def open_model(path: Path) -> onnxruntime.InferenceSession:
    """On the CPU with one thread, as the engine runs it; waiting threads would take the cores from other work."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def answers(model: Path, folder: Path) -> list[tuple[dict, NDArray[np.float32]]]:
    """For every image of the split: its COCO entry and the raw output [4 + classes, anchors]."""
    session = open_model(model)
    images = sorted(read_annotations(folder)["images"], key=lambda image: image["id"])
    return [(image, infer(session, letterbox(read_picture(folder, image)))) for image in images]


def infer(session: onnxruntime.InferenceSession, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """`picture` [HEIGHT, WIDTH, 3] RGB."""
    planar = np.ascontiguousarray(picture.transpose(2, 0, 1))[None]
    return session.run(None, {"images": planar})[0][0]
