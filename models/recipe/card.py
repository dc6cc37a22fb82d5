"""Writes the model's card: every figure is measured here, on the files as they are."""

import json
from pathlib import Path

import torch
import yaml

from .compare import compare
from .data import load_split
from .evaluate import evaluate
from .inference import answers
from .letterbox import PAD
from .network import CLASSES, HEIGHT, WIDTH, Detector
from .provenance import HERE, sha256_of
from .speed import speed
from .table import table, write_between
from .targets import target_table
from .thresholds import Thresholds, choose

NAME, VERSION = "parcels", "1"
TRAIN_COMMAND = "python -m recipe train"
LIMITS = (
    "Trained and measured on rendered footage only; how well it does on real cameras is unknown until measured there.",
    "Sees what 320 x 180 pixels show. Objects that are less than a quarter visible or thinner than 5 of these pixels "
    "were neither wanted nor punished, in training and in the figures.",
    "Damage on a side that the camera does not see cannot be reported; such a parcel is called whole.",
    "Knows three classes; other things on a belt (bags, people, tools) are ignored or mistaken for one of them.",
    "Expects fixed cameras that look down on belts and tables; pictures lying on their side are outside its training.",
    "Scores rank well but are no probabilities; thresholds were chosen on validation frames of the same generator.",
)


def write_card(checkpoint: Path, model: Path, dataset: Path, published: Path) -> dict:
    """Measures `model` (an export of `checkpoint`), writes card.yaml beside it and the tables of both READMEs."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    detector = Detector()
    detector.load_state_dict(state["average"])
    validation = dataset / "val"
    thresholds = choose(answers(model, validation), validation / "annotations.json")
    card = {
        "name": NAME,
        "version": VERSION,
        "sha256": sha256_of(model),
        "dataset": dataset_identity(published / "manifest.json"),
        "classes": list(CLASSES),
        "input": input_facts(),
        "output": {"layout": "yolo"},
        "thresholds": threshold_facts(thresholds),
        "training": training_facts(state),
        "speed": speed(model),
        "onnxAgainstTorch": compare(detector.eval(), model, load_split(validation)),
        "holdout": evaluate(model, published / "holdout", thresholds.suppression),
        "limits": list(LIMITS),
    }
    path = model.with_name("card.yaml")
    path.write_text("# Written by `python -m recipe card`; do not edit.\n" + dumped(card))
    write_between(model.with_name("README.md"), "card", table(card))
    write_between(HERE / "README.md", "targets", target_table(card))
    return card


def dataset_identity(manifest: Path) -> dict:
    facts = json.loads(manifest.read_text())
    return {"name": facts["name"], "sha256": facts["sha256"]}


def input_facts() -> dict:
    size = {"width": WIDTH, "height": HEIGHT}
    return {**size, "layout": "nchw", "type": "uint8", "colour": "rgb", "letterbox": {"pad": PAD}}


def threshold_facts(chosen: Thresholds) -> dict:
    suppression = {"iou": chosen.suppression.iou, "perClass": chosen.suppression.per_class}
    return {"score": chosen.score, "perClass": chosen.per_class, "nms": suppression}


def training_facts(state: dict) -> dict:
    return {
        "command": TRAIN_COMMAND,
        "seed": state["plan"]["seed"],
        "codeVersion": state["code_version"],
        "images": state["images"],
        "imagePasses": state["seen"],
        "epochs": state["epoch"],
        "hours": round(state["hours"], 2),
        "torch": state["torch"],
        "hardware": state["hardware"],
    }


def dumped(card: dict) -> str:
    return yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=120)
