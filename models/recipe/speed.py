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
        **median_times(model),
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


def median_times(model: Path) -> dict[str, float]:
    """Wall clock, and processor time of the one thread, which other work on the machine disturbs less."""
    session = open_model(model)
    frame = np.random.default_rng(0).integers(0, 256, (1, 3, HEIGHT, WIDTH), np.uint8)
    times = np.array([timed_run(session, frame) for _ in range(WARM_UP + RUNS)])[WARM_UP:]
    wall, processor_time = np.median(times, 0) * 1000
    return {"medianMs": round(float(wall), 2), "medianCpuMs": round(float(processor_time), 2)}


def timed_run(session: onnxruntime.InferenceSession, frame: np.ndarray) -> tuple[float, float]:
    wall, processor_time = time.perf_counter(), time.thread_time()
    session.run(None, {"images": frame})
    return time.perf_counter() - wall, time.thread_time() - processor_time
