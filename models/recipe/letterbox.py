"""Brings a picture of any size into the network's input, in integer arithmetic that any language can repeat.

The README states this as the specification; `letterbox-vector.json` holds a worked example.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .network import HEIGHT, WIDTH

PAD = 114


@dataclass(frozen=True)
class Fit:
    """Where a source of `source_width` x `source_height` lies inside the input, in input pixels."""

    source_width: int
    source_height: int
    left: int
    top: int
    width: int
    height: int

    def to_source(self, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Corner boxes [k, 4] from input pixels to source pixels, clipped to the source."""
        scale = np.array([self.source_width / self.width, self.source_height / self.height] * 2)
        limit = np.array([self.source_width, self.source_height] * 2, np.float64)
        return np.clip((boxes - [self.left, self.top] * 2) * scale, 0, limit)

    def to_input(self, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Corner boxes [k, 4] from source pixels to input pixels."""
        scale = np.array([self.width / self.source_width, self.height / self.source_height] * 2)
        return boxes * scale + [self.left, self.top] * 2


def fit(width: int, height: int, into_width: int = WIDTH, into_height: int = HEIGHT) -> Fit:
    """The largest placement with the source's proportions: sizes rounded half up, offsets rounded down."""
    if width < 1 or height < 1:
        raise ValueError(f"expected a picture of at least 1x1 pixels, got {width}x{height}")
    if width * into_height >= height * into_width:
        fitted_width, fitted_height = into_width, max(1, (2 * height * into_width + width) // (2 * width))
    else:
        fitted_width, fitted_height = max(1, (2 * width * into_height + height) // (2 * height)), into_height
    left, top = (into_width - fitted_width) // 2, (into_height - fitted_height) // 2
    return Fit(width, height, left, top, fitted_width, fitted_height)


def letterbox(picture: NDArray[np.uint8], into_width: int = WIDTH, into_height: int = HEIGHT) -> NDArray[np.uint8]:
    """[height, width, 3] to [into_height, into_width, 3], area-averaged, centred, padded with PAD."""
    place = fit(picture.shape[1], picture.shape[0], into_width, into_height)
    canvas = np.full((into_height, into_width, 3), PAD, np.uint8)
    inner = shrink(picture, place.width, place.height)
    canvas[place.top : place.top + place.height, place.left : place.left + place.width] = inner
    return canvas


def shrink(picture: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Exact area average, rounded half up."""
    source_height, source_width = picture.shape[:2]
    if (source_width, source_height) == (width, height):
        return picture
    sums = integrals(integrals(picture.astype(np.int64), height, 0), width, 1)
    area = source_width * source_height
    return ((sums + area // 2) // area).astype(np.uint8)


def integrals(values: NDArray[np.int64], target: int, axis: int) -> NDArray[np.int64]:
    """Integrals over `target` equal parts of an axis, in units of 1/target source pixels.

    Part t covers [t * source, (t + 1) * source), source pixel s covers [s * target, (s + 1) * target); the integral
    up to a border is the whole pixels before it and the share of the pixel that it cuts.
    """
    source = values.shape[axis]
    whole, share = np.divmod(np.arange(target + 1) * source, target)
    before = np.cumsum(values, axis) - values
    last = np.minimum(whole, source - 1)
    share = np.where(whole < source, share, target).reshape([-1 if a == axis else 1 for a in range(values.ndim)])
    upto = np.take(before, last, axis) * target + np.take(values, last, axis) * share
    return np.diff(upto, axis=axis)
