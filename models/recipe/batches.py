"""Batches for training: augmented, collated, one prepared ahead while the network works on another."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from numpy.random import default_rng
from torch import Tensor

from .assignment import Targets
from .augmentation import Strength, augment
from .data import Example
from .parallel import Share

AHEAD = 2


def epoch_batches(
    examples: list[Example], size: int, strength: Strength, seed: tuple[int, int], share: Share
) -> Iterator[tuple[Tensor, Targets]]:
    """This process's share of every batch, each example once in an order that `seed` (run, epoch) decides; a last
    short batch is left out."""
    order = default_rng(seed).permutation(len(examples))
    groups = [order[i : i + size][share.rank :: share.ranks] for i in range(0, len(order) - size + 1, size)]

    def prepare(number: int) -> tuple[Tensor, Targets]:
        return collate([augment(examples, i, strength, default_rng((*seed, number, int(i)))) for i in groups[number]])

    with ThreadPoolExecutor(1) as pool:
        waiting = [pool.submit(prepare, number) for number in range(min(AHEAD, len(groups)))]
        for number in range(len(groups)):
            ready = waiting.pop(0).result()
            if number + AHEAD < len(groups):
                waiting.append(pool.submit(prepare, number + AHEAD))
            yield ready


def collate(examples: list[Example]) -> tuple[Tensor, Targets]:
    """Pictures uint8 [n, 3, HEIGHT, WIDTH] in channels-last memory, and padded targets."""
    stacked = torch.from_numpy(np.stack([example.picture for example in examples]))
    return stacked.permute(0, 3, 1, 2), padded(examples)


def padded(examples: list[Example]) -> Targets:
    most = max(1, *(len(example.labels.classes) for example in examples))
    boxes = torch.zeros(len(examples), most, 4)
    classes, kind = (torch.zeros(len(examples), most, dtype=torch.long) for _ in range(2))
    for row, example in enumerate(examples):
        count = len(example.labels.classes)
        boxes[row, :count] = torch.from_numpy(example.labels.boxes)
        classes[row, :count] = torch.from_numpy(example.labels.classes)
        kind[row, :count] = torch.from_numpy(example.labels.kind)
    return Targets(boxes, classes, kind)
