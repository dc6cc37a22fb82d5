"""Black plastic bags: the kind of object that no data set shows."""

import numpy as np

from .arrays import FLOAT, Array
from .body import Body
from .mesh import moved
from .noise import space_noise
from .solids import rounded_box
from .surface import Material


def bag(rng: np.random.Generator) -> Body:
    """A filled, knotted refuse bag, creased and glossy."""
    size = np.array([rng.uniform(0.38, 0.55), rng.uniform(0.32, 0.45), rng.uniform(0.22, 0.34)])
    half = size / 2
    state = rng.bit_generator.state

    def slump(points: Array) -> Array:
        rng.bit_generator.state = state
        ball = points / np.maximum(np.linalg.norm(points / half, axis=-1, keepdims=True), 1e-6)
        shape = 0.72 * ball + 0.28 * points
        creases = 0.018 * space_noise(rng, points.astype(FLOAT), 13, 8) + 0.013 * space_noise(rng, points.astype(FLOAT), 55, 8)
        shape = shape + creases[..., None] * points / np.linalg.norm(points, axis=-1, keepdims=True)
        knot = np.exp(-((shape[..., 0] ** 2 + shape[..., 1] ** 2) / 0.0035)) * (shape[..., 2] > 0)
        shape[..., 2] += 0.07 * knot
        shape[..., 2] = np.maximum(shape[..., 2], -half[2] * 0.8)
        return shape

    mesh = rounded_box(size, 0.05, 26, slump)
    mesh = moved(mesh, (0, 0, float(-mesh.points[:, 2].min())))
    return Body("bag", mesh, [Material((0.008, 0.008, 0.010), 0.36, 0.045)], tuple(float(v) for v in size))
