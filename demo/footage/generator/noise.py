"""Smooth noise in the plane and in space, as natural irregularity for surfaces."""

import cv2
import numpy as np

from .arrays import Array


def plane_noise(rng: np.random.Generator, height: int, width: int, cells: float, octaves: int = 3, stretch: float = 1.0) -> Array:
    """Fractal noise of about unit deviation, mean 0; `cells` bumps across the width, `stretch` times as many down."""
    total = np.zeros((height, width), np.float32)
    strength = 1.0
    for octave in range(octaves):
        columns = max(2, int(cells * 2**octave))
        rows = max(2, int(cells * stretch * 2**octave * height / width))
        grid = rng.standard_normal((rows, columns)).astype(np.float32)
        total += strength * cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
        strength *= 0.5
    return total / 1.1


def space_noise(rng: np.random.Generator, points: Array, frequency: float, waves: int = 6) -> Array:
    """Smooth noise in about -1..1 at points `[..., 3]`: a sum of random plane waves."""
    total = np.zeros(points.shape[:-1], np.float32)
    for _ in range(waves):
        direction = rng.standard_normal(3)
        direction *= frequency * rng.uniform(0.5, 1.8) / np.linalg.norm(direction)
        total += np.sin(points @ direction.astype(np.float32) + np.float32(rng.uniform(0, 6.28)))
    return total / np.float32(waves**0.5)


def smooth_step(low: float, high: float, value: Array) -> Array:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return t * t * (3 - 2 * t)
