"""Trains the detector from scratch. Interrupt it at any time: the same command goes on from the last epoch."""

import json
import os
import time
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from .assignment import Targets, assign
from .augmentation import GENTLE, STRONG
from .averaging import Average
from .batches import epoch_batches
from .data import Split, load_split
from .losses import detection_loss
from .network import Detector, Predictions
from .parallel import Share, default_processes, run_in_processes, shared, wait_for_all
from .provenance import hardware, training_code_version
from .schedule import is_falling, rate_factor
from .validation import validate

EPOCHS_BETWEEN_VALIDATIONS = 2


@dataclass(frozen=True)
class Plan:
    """What a run does: `pictures` is the number of picture passes over all epochs, `batch` counts all processes."""

    pictures: int = 150_000
    batch: int = 16
    rate: float = 2e-3
    decay: float = 0.05
    seed: int = 20261101


class Training:
    """Everything a checkpoint holds."""

    def __init__(self, plan: Plan, device: torch.device, share: Share) -> None:
        torch.manual_seed(plan.seed)
        self.plan, self.device, self.work = plan, device, share
        self.network = Detector().to(device, memory_format=torch.channels_last)
        self.shared = shared(self.network, share)
        self.average = Average(self.network)
        self.optimizer = optimizer_for(self.network, plan)
        self.code_version = training_code_version()
        self.epoch, self.seen, self.images, self.hours = 0, 0, 0, 0.0

    @property
    def progress(self) -> float:
        return self.seen / self.plan.pictures

    def state(self) -> dict:
        return {
            "network": self.network.state_dict(),
            "average": self.average.network.state_dict(),
            "average_steps": self.average.steps,
            "optimizer": self.optimizer.state_dict(),
            "epoch": self.epoch,
            "seen": self.seen,
            "images": self.images,
            "hours": self.hours,
            "plan": asdict(self.plan),
            "torch": str(torch.__version__),
            "hardware": hardware(self.device),
            "code_version": self.code_version,
        }

    def restore(self, state: dict) -> None:
        self.network.load_state_dict(state["network"])
        self.average.network.load_state_dict(state["average"])
        self.average.steps = state["average_steps"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.epoch, self.seen, self.hours = state["epoch"], state["seen"], state["hours"]


def train(dataset: Path, out: Path, plan: Plan, processes: int | None = None) -> None:
    """Reads `dataset`/train and `dataset`/val; writes `out`/last.pt, `out`/best.pt and `out`/log.jsonl."""
    out.mkdir(parents=True, exist_ok=True)
    run_in_processes(partial(train_share, dataset, out, plan), processes or default_processes())


def train_share(dataset: Path, out: Path, plan: Plan, share: Share) -> None:
    run = Training(plan, torch.device("cuda" if torch.cuda.is_available() else "cpu"), share)
    if (out / "last.pt").is_file():
        run.restore(torch.load(out / "last.pt", map_location=run.device, weights_only=True))
    wait_for_all(share)
    learn_from = load_split(dataset / "train")
    check_with = load_split(dataset / "val") if share.leads else None
    run.images = len(learn_from.examples)
    while run.progress < 1:
        row = one_epoch(run, learn_from)
        if check_with is not None:
            keep(run, row, check_with, dataset / "val", out)
        wait_for_all(share)


def keep(run: Training, row: dict[str, float], check_with: Split, folder: Path, out: Path) -> None:
    """Validates when due, saves the checkpoint (as the best one too, if it is), and writes the log."""
    if run.epoch % EPOCHS_BETWEEN_VALIDATIONS == 0 or run.progress >= 1:
        row |= validate(run.average.network, check_with, folder)
    if row.get("ap", -1.0) > best_so_far(out):
        save(run.state() | {"val": row}, out / "best.pt")
    save(run.state(), out / "last.pt")
    append(out / "log.jsonl", row)


def one_epoch(run: Training, split: Split) -> dict[str, float]:
    """One pass over the split; returns what the log keeps."""
    started = time.monotonic()
    strength = GENTLE if is_falling(run.progress) else STRONG
    sums = torch.zeros(2)
    steps = 0
    run.network.train()
    seed = (run.plan.seed, run.epoch)
    for pictures, wanted in epoch_batches(split.examples, run.plan.batch, strength, seed, run.work):
        sums += step(run, pictures, wanted)
        steps += 1
    if steps == 0:
        raise ValueError(f"expected at least {run.plan.batch} training pictures, got {len(split.examples)}")
    run.epoch += 1
    took = time.monotonic() - started
    run.hours += took / 3600
    score, box = (sums / steps).tolist()
    return {"epoch": run.epoch, "seen": run.seen, "score_loss": score, "box_loss": box, "seconds": round(took, 1)}


def step(run: Training, pictures: Tensor, wanted: Targets) -> Tensor:
    for group in run.optimizer.param_groups:
        group["lr"] = run.plan.rate * rate_factor(run.progress)
    wanted = Targets(*(part.to(run.device) for part in (wanted.boxes, wanted.classes, wanted.kind)))
    found = answer(run, pictures)
    loss = detection_loss(found, assign(found, run.network.points, wanted))
    run.optimizer.zero_grad(set_to_none=True)
    loss.total.backward()
    nn.utils.clip_grad_norm_(run.network.parameters(), 50.0)
    run.optimizer.step()
    run.average.follow(run.network)
    run.seen += run.plan.batch
    return torch.stack([loss.score.detach(), loss.box.detach()]).cpu()


def answer(run: Training, pictures: Tensor) -> Predictions:
    scaled = pictures.to(run.device).to(memory_format=torch.channels_last).float() / 255
    with half_precision(run.device):
        return run.shared(scaled)


def half_precision(device: torch.device) -> AbstractContextManager[None]:
    """bfloat16 where the machine computes in it; float32 elsewhere, where bfloat16 would be slower."""
    fast = torch.cuda.is_bf16_supported() if device.type == "cuda" else torch.cpu.get_capabilities().get("avx512_bf16", False)
    return torch.autocast(device.type, torch.bfloat16, enabled=fast)


def optimizer_for(network: nn.Module, plan: Plan) -> torch.optim.Optimizer:
    """AdamW; weight decay on kernels only."""
    kernels = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    groups = [{"params": kernels, "weight_decay": plan.decay}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=plan.rate)


def best_so_far(out: Path) -> float:
    if not (out / "best.pt").is_file():
        return -1.0
    return torch.load(out / "best.pt", map_location="cpu", weights_only=True)["val"]["ap"]


def save(state: dict, path: Path) -> None:
    """Writes aside and renames, so that an interruption leaves the old checkpoint whole."""
    aside = path.with_suffix(".partial")
    torch.save(state, aside)
    os.replace(aside, path)


def append(path: Path, row: dict[str, float]) -> None:
    with path.open("a") as file:
        file.write(json.dumps({"at": time.strftime("%H:%M:%S", time.gmtime()), **row}) + "\n")
