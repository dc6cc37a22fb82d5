"""What a frame costs: operations, parameters, and milliseconds on one core."""

import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from .inference import open_model
from .network import HEIGHT, WIDTH
from .provenance import processor

RUNS, WARM_UP = 200, 20


def speed(model: Path) -> dict:
    """GFLOP counts 2 x multiply-adds of all convolutions, for one frame."""
    return {
        "gflop": round(2 * multiply_adds(model) / 1e9, 4),
        "parameters": parameters(model),
        "medianMs": round(median_ms(model), 2),
        "threads": 1,
        "runs": RUNS,
        "runtime": f"onnxruntime {onnxruntime.__version__}, CPUExecutionProvider, {processor()}",
    }


def multiply_adds(model: Path) -> int:
    graph = onnx.shape_inference.infer_shapes(onnx.load(model)).graph
    kernels = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    sizes = {value.name: [d.dim_value for d in value.type.tensor_type.shape.dim] for value in graph.value_info}
    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    return sum(int(np.prod(kernels[node.input[1]])) * int(np.prod(sizes[node.output[0]][2:])) for node in convolutions)


def parameters(model: Path) -> int:
    """Weights and biases of the convolutions, after folding."""
    graph = onnx.load(model).graph
    used = {name for node in graph.node if node.op_type == "Conv" for name in node.input[1:]}
    return sum(int(np.prod(tensor.dims)) for tensor in graph.initializer if tensor.name in used)


def median_ms(model: Path) -> float:
    session = open_model(model, threads=1)
    frame = np.random.default_rng(0).integers(0, 256, (1, 3, HEIGHT, WIDTH), np.uint8)
    times = [timed_run(session, frame) for _ in range(WARM_UP + RUNS)]
    return 1000 * float(np.median(times[WARM_UP:]))


def timed_run(session: onnxruntime.InferenceSession, frame: np.ndarray) -> float:
    started = time.perf_counter()
    session.run(None, {"images": frame})
    return time.perf_counter() - started
