"""A slow moving average of the weights: steadier than the last step's, and what is exported."""

import copy
import math

import torch
from torch import nn


class Average:
    """Follows a network; `decay` nears its final value over the first RAMP steps."""

    DECAY, RAMP = 0.9995, 800

    def __init__(self, network: nn.Module) -> None:
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self.steps = 0

    @torch.no_grad()
    def follow(self, network: nn.Module) -> None:
        self.steps += 1
        decay = self.DECAY * (1 - math.exp(-self.steps / self.RAMP))
        latest = network.state_dict()
        for name, value in self.network.state_dict().items():
            if value.dtype.is_floating_point:
                value.lerp_(latest[name].float(), 1 - decay)
            else:
                value.copy_(latest[name])
