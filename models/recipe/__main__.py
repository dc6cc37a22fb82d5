"""`python -m recipe <command>`, from the folder `models/`."""

import argparse
import json
from pathlib import Path

import torch
import yaml

from .card import write_card
from .causes import causes
from .compare import compare
from .data import load_split
from .decoding import Suppression
from .evaluate import evaluate
from .export import export
from .network import Detector
from .paths import DATASET, MODEL_FOLDER, PUBLISHED_DATASET, TRAINING
from .speed import speed
from .train import Plan, train


def main() -> None:
    given = parser().parse_args()
    RUNS[given.command](given)


COMMANDS = {
    "train": "train from scratch, or go on where it stopped",
    "export": "write the ONNX file from the best checkpoint",
    "evaluate": "precision of the ONNX file on one split",
    "causes": "what keeps each class from a higher AP50, on validation",
    "compare": "largest difference between ONNX and torch answers",
    "speed": "operations and milliseconds of the ONNX file",
    "card": "choose thresholds, measure everything, write card.yaml and the README's table",
    "all": "train, export, card",
}


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="recipe", description="Train, export and measure the starter model.",
                                  epilog="\n".join(f"{name:9} {about}" for name, about in COMMANDS.items()),
                                  formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    top.add_argument("command", choices=COMMANDS)
    top.add_argument("--dataset", type=Path, default=DATASET, help="folder with train/ and val/")
    top.add_argument("--published", type=Path, default=PUBLISHED_DATASET, help="folder with manifest.json and holdout/")
    top.add_argument("--training", type=Path, default=TRAINING, help="folder of the checkpoints")
    top.add_argument("--checkpoint", type=Path, help="instead of best.pt of the training folder")
    top.add_argument("--model", type=Path, default=MODEL_FOLDER / "model.onnx", help="the ONNX file")
    top.add_argument("--split", choices=("train", "val", "holdout"), default="holdout", help="for evaluate")
    top.add_argument("--pictures", type=int, default=Plan.pictures, help="picture passes over the whole training")
    top.add_argument("--seed", type=int, default=Plan.seed)
    return top


def run_train(given: argparse.Namespace) -> None:
    train(given.dataset, given.training, Plan(pictures=given.pictures, seed=given.seed))


def run_export(given: argparse.Namespace) -> None:
    export(detector(given), given.model)


def run_evaluate(given: argparse.Namespace) -> None:
    folder = (given.published if given.split == "holdout" else given.dataset) / given.split
    show(evaluate(given.model, folder, suppression(given)))


def run_causes(given: argparse.Namespace) -> None:
    show(causes(given.model, given.dataset / "val", suppression(given)))


def suppression(given: argparse.Namespace) -> Suppression:
    nms = yaml.safe_load(given.model.with_name("card.yaml").read_text())["thresholds"]["nms"]
    return Suppression(nms["iou"], nms["perClass"])


def run_compare(given: argparse.Namespace) -> None:
    show(compare(detector(given), given.model, load_split(given.dataset / "val")))


def run_speed(given: argparse.Namespace) -> None:
    show(speed(given.model))


def run_card(given: argparse.Namespace) -> None:
    show(write_card(checkpoint(given), given.model, given.dataset, given.published))


def run_all(given: argparse.Namespace) -> None:
    run_train(given)
    run_export(given)
    run_card(given)


def checkpoint(given: argparse.Namespace) -> Path:
    return given.checkpoint or given.training / "best.pt"


def detector(given: argparse.Namespace) -> Detector:
    network = Detector()
    network.load_state_dict(torch.load(checkpoint(given), map_location="cpu", weights_only=True)["average"])
    return network.eval()


def show(result: dict) -> None:
    print(json.dumps(result, indent=2))


RUNS = {
    "train": run_train,
    "export": run_export,
    "evaluate": run_evaluate,
    "causes": run_causes,
    "compare": run_compare,
    "speed": run_speed,
    "card": run_card,
    "all": run_all,
}

main()
