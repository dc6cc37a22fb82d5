"""A fixed camera: from places in the hall to places in the picture, with lens distortion."""

from dataclasses import dataclass

import numpy as np

from .arrays import FLOAT, Array

NEAR = 0.15
FARTHEST_BEND = 2.2


@dataclass(frozen=True)
class Camera:
    """A pinhole camera with radial distortion. Lengths in metres, angles in degrees, z up.

    bend: share by which a point half a picture's width from the middle moves outwards (negative: barrel).
    """

    position: tuple[float, float, float]
    target: tuple[float, float, float]
    field_of_view: float
    roll: float = 0.0
    bend: float = -0.04

    def axes(self) -> Array:
        """Rows: right, down, forward."""
        forward = np.subtract(self.target, self.position)
        forward = forward / np.linalg.norm(forward)
        right = np.cross(forward, (0, 0, 1))
        right /= np.linalg.norm(right)
        down = np.cross(forward, right)
        c, s = np.cos(np.radians(self.roll)), np.sin(np.radians(self.roll))
        return np.stack([c * right + s * down, c * down - s * right, forward])

    def project(self, points: Array, width: int, height: int) -> tuple[Array, Array, Array]:
        """Pixel places x, y (0 is the left or upper border) and distance along the view; points nearer than NEAR have no place."""
        right, down, forward = ((np.asarray(points, np.float64) - self.position) @ axis for axis in self.axes())
        depth = np.maximum(forward, NEAR)
        scale = 1 / np.tan(np.radians(self.field_of_view) / 2)
        u, v = right / depth * scale, down / depth * scale
        factor = 1 + self.bend * np.minimum(u * u + v * v, FARTHEST_BEND)
        x = (1 + u * factor) * width / 2
        y = height / 2 + v * factor * width / 2
        return x.astype(FLOAT), y.astype(FLOAT), forward.astype(FLOAT)
