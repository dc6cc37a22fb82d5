"""What made a model: hashes of files and sources, and the machine."""

import hashlib
import os
import platform
from pathlib import Path

import torch

HERE = Path(__file__).parent
# The files that decide which weights come out of training; a change in any other file leaves the version as it is.
TRAINING_SOURCES = (
    "assignment.py",
    "augmentation.py",
    "averaging.py",
    "batches.py",
    "boxes.py",
    "data.py",
    "letterbox.py",
    "losses.py",
    "network.py",
    "parallel.py",
    "requirements.txt",
    "schedule.py",
    "train.py",
)


def training_code_version() -> str:
    """SHA-256 over the names and contents of TRAINING_SOURCES."""
    digest = hashlib.sha256()
    for name in TRAINING_SOURCES:
        digest.update(f"{name}\0{sha256_of(HERE / name)}\n".encode())
    return digest.hexdigest()


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def hardware(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{processor()}, {len(os.sched_getaffinity(0))} cores"


def processor() -> str:
    info = Path("/proc/cpuinfo")
    if not info.is_file():
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()
