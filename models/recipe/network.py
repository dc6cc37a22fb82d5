"""The detector: a small residual backbone, a two-level pyramid, one anchor point per cell.

Everything is 3x3 and 1x1 convolutions with batch norm (folded on export) and ReLU, the operations
that CPU inference runs fastest. Strides 8 and 16 predict; stride 32 only lends its view of the whole.

    picture 320x192 ─ /2 ─ /4 ─ /8 ─────────────▶ merge ─▶ head  (40 x 24 cells)
                                 └ /16 ──▶ merge ──┘ └──▶ head  (20 x 12 cells)
                                     └ /32 ──┘
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CLASSES = ("parcel", "damaged-parcel", "tote")
WIDTH, HEIGHT = 320, 192
STRIDES = (8, 16)
# An untrained head answers 1 % everywhere, so that the many empty cells do not drown the first steps.
PRIOR_LOGIT = -4.6
# Distances are exp(raw) in cells; the clamp keeps them finite (e^4 = 55 cells is wider than the picture).
LONGEST_LOG_DISTANCE = 4.0


@dataclass(frozen=True)
class Predictions:
    """Raw answers for every anchor point: `logits` [n, anchors, classes]; `boxes` [n, anchors, 4] as corners
    x1, y1, x2, y2 in input pixels."""

    logits: Tensor
    boxes: Tensor


class ConvUnit(nn.Sequential):
    """Convolution, batch norm and (unless `active` is false) ReLU."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1, active: bool = True):
        layers = [
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
            nn.BatchNorm2d(outputs, momentum=0.03),
        ]
        super().__init__(*layers, *([nn.ReLU(inplace=True)] if active else []))


class Residual(nn.Module):
    """Two 3x3 convolutions through a narrower middle, added to the input."""

    def __init__(self, channels: int, middle: int):
        super().__init__()
        self.narrow = ConvUnit(channels, middle)
        self.widen = ConvUnit(middle, channels, active=False)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.widen(self.narrow(x)))


class Backbone(nn.Module):
    """Features at strides 8, 16 and 32."""

    def __init__(self) -> None:
        super().__init__()
        self.to4 = nn.Sequential(ConvUnit(3, 16, stride=2), ConvUnit(16, 32, stride=2), Residual(32, 16))
        self.to8 = nn.Sequential(ConvUnit(32, 64, stride=2), Residual(64, 32), Residual(64, 32))
        self.to16 = nn.Sequential(ConvUnit(64, 128, stride=2), Residual(128, 64), Residual(128, 64))
        self.to32 = nn.Sequential(ConvUnit(128, 192, stride=2), Residual(192, 64))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        at8 = self.to8(self.to4(x))
        at16 = self.to16(at8)
        return at8, at16, self.to32(at16)


class Pyramid(nn.Module):
    """Brings the coarse levels' context down to strides 16 and 8."""

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.from32 = ConvUnit(192, width, 1)
        self.from16 = ConvUnit(128, width, 1, active=False)
        self.from8 = ConvUnit(64, width, 1, active=False)
        self.smooth16 = ConvUnit(width, width)

    def forward(self, at8: Tensor, at16: Tensor, at32: Tensor) -> tuple[Tensor, Tensor]:
        merged16 = self.smooth16(F.relu(self.from16(at16) + double(self.from32(at32))))
        merged8 = F.relu(self.from8(at8) + double(merged16))
        return merged8, merged16


class Head(nn.Module):
    """Class logits and box distances of one level, from branches of their own."""

    def __init__(self, channels: int = 64, branch: int = 48) -> None:
        super().__init__()
        self.see = ConvUnit(channels, branch)
        self.bound = ConvUnit(channels, branch)
        self.classes = nn.Conv2d(branch, len(CLASSES), 1)
        self.distances = nn.Conv2d(branch, 4, 1)
        nn.init.constant_(self.classes.bias, PRIOR_LOGIT)
        nn.init.constant_(self.distances.bias, 0.7)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return self.classes(self.see(x)), self.distances(self.bound(x))


class Detector(nn.Module):
    """Input float [n, 3, HEIGHT, WIDTH] in 0..1, RGB."""

    def __init__(self) -> None:
        super().__init__()
        self.backbone = Backbone()
        self.pyramid = Pyramid()
        self.heads = nn.ModuleList(Head() for _ in STRIDES)
        self.register_buffer("points", anchor_points(), persistent=False)
        self.register_buffer("strides", anchor_strides(), persistent=False)

    def forward(self, x: Tensor) -> Predictions:
        levels = self.pyramid(*self.backbone(x))
        answers = [head(level) for head, level in zip(self.heads, levels)]
        logits = torch.cat([flat(classes) for classes, _ in answers], 2).transpose(1, 2).float()
        raw = torch.cat([flat(distances) for _, distances in answers], 2).transpose(1, 2).float()
        distances = raw.clamp(max=LONGEST_LOG_DISTANCE).exp() * self.strides
        boxes = torch.cat([self.points - distances[..., :2], self.points + distances[..., 2:]], -1)
        return Predictions(logits, boxes)


def double(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2.0, mode="nearest")


def flat(x: Tensor) -> Tensor:
    return x.flatten(2)


def anchor_points() -> Tensor:
    """Centres of all cells in input pixels, [anchors, 2], stride 8 first, row by row."""
    return torch.cat([cell_centres(stride) for stride in STRIDES])


def anchor_strides() -> Tensor:
    """Stride of each anchor point, [anchors, 1]."""
    return torch.cat([torch.full((len(cell_centres(s)), 1), float(s)) for s in STRIDES])


def cell_centres(stride: int) -> Tensor:
    ys, xs = torch.meshgrid(torch.arange(HEIGHT // stride), torch.arange(WIDTH // stride), indexing="ij")
    return (torch.stack([xs.flatten(), ys.flatten()], 1).float() + 0.5) * stride
