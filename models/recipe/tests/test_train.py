"""Training learns, and goes on after an interruption as if nothing had happened."""

import json
from pathlib import Path

import pytest
import torch

from .. import train as training
from ..train import Plan, train
from .drawn import draw_split

PLAN = Plan(pictures=64, batch=16, seed=3)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn")
    draw_split(folder / "train", 32, seed=1)
    draw_split(folder / "val", 4, seed=2)
    return folder


def test_goes_on_where_it_was_interrupted(dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train(dataset, tmp_path / "whole", PLAN, processes=1)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(training, "append", interrupt)
        train(dataset, tmp_path / "parts", PLAN, processes=1)
    train(dataset, tmp_path / "parts", PLAN, processes=1)
    whole, parts = (torch.load(tmp_path / name / "last.pt", weights_only=True) for name in ("whole", "parts"))
    assert parts["epoch"] == whole["epoch"] == 2
    assert all(torch.equal(value, parts["network"][name]) for name, value in whole["network"].items())
    assert all(torch.equal(value, parts["average"][name]) for name, value in whole["average"].items())


def interrupt(path: Path, row: dict) -> None:
    raise KeyboardInterrupt


def test_the_loss_falls_with_two_processes(dataset: Path, tmp_path: Path) -> None:
    train(dataset, tmp_path, Plan(pictures=320, batch=16, seed=3), processes=2)
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert rows[-1]["score_loss"] < rows[0]["score_loss"] / 2
    assert rows[-1]["box_loss"] < rows[0]["box_loss"]
    assert "ap" in rows[-1]
