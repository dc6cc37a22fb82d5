"""`python -m recipe <command>`, from the folder `models/`."""

import argparse
import json
from pathlib import Path

import torch
import yaml

from .card import write_card
from .data import load_split
from .decoding import Suppression
from .evaluate import evaluate
from .export import export
from .network import Detector
from .compare import compare
from .paths import DATASET, MODEL_FOLDER, PUBLISHED_DATASET, TRAINING
from .speed import speed
from .train import Plan, train


def main() -> None:
    arguments = parser().parse_args()
    arguments.run(arguments)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="recipe", description="Train, export and measure the starter model.")
    commands = top.add_subparsers(required=True)
    add(commands, "train", run_train, "train from scratch, or go on where it stopped")
    add(commands, "export", run_export, "write the ONNX file from the best checkpoint")
    measure = add(commands, "evaluate", run_evaluate, "precision of the ONNX file")
    measure.add_argument("--split", choices=("val", "holdout"), default="holdout")
    add(commands, "compare", run_compare, "largest difference between ONNX and torch answers")
    add(commands, "speed", run_speed, "operations and milliseconds of the ONNX file")
    add(commands, "card", run_card, "choose thresholds, measure everything, write card.yaml and the README's table")
    add(commands, "all", run_all, "train, export, card")
    return top


def add(commands: argparse._SubParsersAction, name: str, run: object, about: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=about)
    command.add_argument("--dataset", type=Path, default=DATASET, help="folder with train/ and val/")
    command.add_argument("--published", type=Path, default=PUBLISHED_DATASET, help="folder with manifest.json and holdout/")
    command.add_argument("--training", type=Path, default=TRAINING, help="folder of the checkpoints")
    command.add_argument("--model", type=Path, default=MODEL_FOLDER / "model.onnx")
    command.add_argument("--checkpoint", type=Path, help="instead of best.pt of the training folder")
    command.add_argument("--pictures", type=int, default=Plan.pictures, help="picture passes over the whole training")
    command.add_argument("--seed", type=int, default=Plan.seed)
    command.set_defaults(run=run)
    return command


def run_train(given: argparse.Namespace) -> None:
    train(given.dataset, given.training, Plan(pictures=given.pictures, seed=given.seed))


def run_export(given: argparse.Namespace) -> None:
    export(detector(given), given.model)


def run_evaluate(given: argparse.Namespace) -> None:
    folder = given.published / "holdout" if given.split == "holdout" else given.dataset / "val"
    nms = yaml.safe_load(given.model.with_name("card.yaml").read_text())["thresholds"]["nms"]
    show(evaluate(given.model, folder, Suppression(nms["iou"], nms["perClass"])))


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


main()
