"""Shadow maps: for each small light the heights that it sees first."""

from dataclasses import dataclass

import numpy as np

from .arrays import FLOAT, Array
from .raster import rasterize_height


@dataclass(frozen=True)
class Stage:
    """The part of the hall that takes part in shadows: a ball. Beyond it everything is lit."""

    middle: tuple[float, float, float]
    radius: float


def shadow_matrices(lights: Array, stage: Stage, size: int) -> Array:
    """For each light a [3, 4] matrix: column, row, and height towards the light (metres)."""
    result = np.zeros((len(lights), 3, 4), FLOAT)
    for matrix, light in zip(result, lights):
        towards = light[:3].astype(float)
        across = np.cross(towards, (0, 1, 0) if abs(towards[2]) > 0.7 else (0, 0, 1))
        across /= np.linalg.norm(across)
        scale = size / (2 * stage.radius)
        for row, axis in enumerate((across * scale, np.cross(towards, across) * scale, towards)):
            matrix[row, :3] = axis
            matrix[row, 3] = (size / 2 if row < 2 else 0) - axis @ stage.middle
    return result


def draw_shadows(maps: Array, matrices: Array, points: Array, triangles: Array) -> None:
    """Draws triangles into the maps [l, size, size] of all lights."""
    for shadow, matrix in zip(maps, matrices):
        x, y, height = (points @ matrix[:, :3].T + matrix[:, 3]).T.astype(FLOAT)
        rasterize_height(np.ascontiguousarray(x), np.ascontiguousarray(y), np.ascontiguousarray(height), triangles, shadow)
