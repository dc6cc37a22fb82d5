"""The ONNX file against the network that it came from."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from ..export import Deployed, export
from ..inference import open_model
from ..network import HEIGHT, WIDTH, Detector
from ..speed import multiply_adds, parameters


def restless_detector() -> Detector:
    """Random weights, and batch norm statistics of which none is trivial."""
    torch.manual_seed(5)
    network = Detector()
    for layer in network.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(layer.weight, 0.5, 1.5)
            torch.nn.init.uniform_(layer.bias, -0.2, 0.2)
            layer.running_mean.uniform_(-0.2, 0.2)
            layer.running_var.uniform_(0.5, 1.5)
    return network.eval()


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Detector, Path]:
    network, path = restless_detector(), tmp_path_factory.mktemp("export") / "model.onnx"
    export(network, path)
    return network, path


@pytest.mark.parametrize("count", [1, 3])
def test_answers_like_the_network_for_any_batch(exported: tuple[Detector, Path], count: int) -> None:
    network, path = exported
    pictures = np.random.default_rng(count).integers(0, 256, (count, 3, HEIGHT, WIDTH), np.uint8)
    with torch.no_grad():
        expected = Deployed(network).eval()(torch.from_numpy(pictures)).numpy()
    got = open_model(path).run(["output0"], {"images": pictures})[0]
    assert got.shape == (count, 7, 1200)
    assert np.abs(got - expected).max() < 1e-2
    assert np.abs(got[:, 4:] - expected[:, 4:]).max() < 1e-4


def test_states_its_sizes_and_leaves_the_batch_free(exported: tuple[Detector, Path]) -> None:
    graph = onnx.load(exported[1]).graph
    sizes = [[d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim] for value in (*graph.input, *graph.output)]
    assert sizes == [["n", 3, HEIGHT, WIDTH], ["n", 7, 1200]]


def test_carries_the_customary_metadata(exported: tuple[Detector, Path]) -> None:
    model = onnx.load(exported[1])
    facts = {entry.key: entry.value for entry in model.metadata_props}
    assert facts["names"] == "{0: 'parcel', 1: 'damaged-parcel', 2: 'tote'}"
    assert (facts["imgsz"], facts["stride"], facts["task"]) == ("[192, 320]", "16", "detect")
    assert model.opset_import[0].version >= 17


def test_holds_convolutions_only_and_stays_in_its_budget(exported: tuple[Detector, Path]) -> None:
    model = onnx.load(exported[1])
    assert "BatchNormalization" not in {node.op_type for node in model.graph.node}
    assert exported[1].stat().st_size <= 6_000_000
    assert 2 * multiply_adds(exported[1]) <= 0.7e9
    assert parameters(exported[1]) == pytest.approx(sum(p.numel() for p in exported[0].parameters()), rel=0.01)


def test_has_no_external_data(exported: tuple[Detector, Path]) -> None:
    assert not any(tensor.external_data for tensor in onnx.load(exported[1], load_external_data=False).graph.initializer)
