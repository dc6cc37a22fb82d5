"""What is true of a frame: which objects are seen, where, and how much of them. Measured on the z-buffer of the rendered meshes."""

from dataclasses import dataclass

import numpy as np
from numba import njit

from .arrays import FLOAT, Array
from .camera import NEAR
from .motion import Present, placements
from .raster import EMPTY, rasterize
from .renderer import Renderer


@dataclass(frozen=True)
class Seen:
    """One visible object. box: x, y, width, height in 0..1 of the picture, bounds of its visible pixels.

    visibility: visible pixels by the pixels of the whole object, neither hidden nor cut off. damage_seen: share of the damage's places that are seen.
    """

    id: int
    label: str
    box: tuple[float, float, float, float]
    visibility: float
    damage: str | None
    damage_seen: float


class TruthMeter:
    """Measures frames of one renderer's scene at a resolution of its own (at least the picture's)."""

    def __init__(self, renderer: Renderer, width: int, height: int) -> None:
        self.renderer, self.width, self.height = renderer, width, height
        self.camera_changed()

    def camera_changed(self) -> None:
        """Draws the hall anew, after the renderer's camera has moved."""
        hall = self.renderer.hall
        self.hall_buffer = np.zeros((self.height, self.width), FLOAT)
        self.hall_names = np.full((self.height, self.width), EMPTY, np.int32)
        x, y, closeness = self._seen(hall.points)
        rasterize(x, y, closeness, hall.triangles, 0, 0.0, self.hall_buffer, self.hall_names)

    def owners(self, things: list[Present]) -> tuple[Array, Array]:
        """For each pixel the index of the thing that it sees or −1 [h, w], and the closeness [h, w]."""
        geometry = self.renderer.geometry(placements(things))
        buffer, names = self.hall_buffer.copy(), np.full((self.height, self.width), EMPTY, np.int32)
        x, y, closeness = self._seen(geometry.points)
        rasterize(x, y, closeness, geometry.triangles, 0, 0.0, buffer, names)
        return np.where(names >= 0, geometry.owner[np.maximum(names, 0)], EMPTY) if len(geometry.owner) else names, buffer

    def measure(self, things: list[Present]) -> list[Seen]:
        """All visible objects of a frame."""
        owners, buffer = self.owners(things)
        pixels, bounds = visible_bounds(owners, len(things))
        return [self._seen_object(thing, bounds[index], int(pixels[index]), buffer) for index, thing in enumerate(things) if pixels[index] > 0]

    def _seen_object(self, thing: Present, bounds: Array, pixels: int, buffer: Array) -> Seen:
        left, top, right, bottom = (int(v) for v in bounds)
        box = (left / self.width, top / self.height, (right + 1 - left) / self.width, (bottom + 1 - top) / self.height)
        body = self.renderer.bodies[thing.item.body]
        whole = max(pixels, self._whole_pixels(thing))
        return Seen(thing.id, body.label, box, pixels / whole, body.damage, self._damage_seen(thing, buffer) if body.damage else 0.0)

    def _whole_pixels(self, thing: Present) -> int:
        geometry = self.renderer.geometry(placements([thing]))
        x, y, closeness = self._seen(geometry.points)
        left, top = np.floor(x.min()), np.floor(y.min())
        width, height = int(np.ceil(x.max()) - left) + 1, int(np.ceil(y.max()) - top) + 1
        names = np.full((height, width), EMPTY, np.int32)
        rasterize(x - FLOAT(left), y - FLOAT(top), closeness, geometry.triangles, 0, 0.0, np.zeros((height, width), FLOAT), names)
        return int(np.count_nonzero(names >= 0))

    def _damage_seen(self, thing: Present, buffer: Array) -> float:
        body = self.renderer.bodies[thing.item.body]
        place = placements([thing])[0]
        c, s = np.cos(place.yaw), np.sin(place.yaw)
        points = body.damage_points @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]).T + place.place
        x, y, depth = self.renderer.camera.project(points, self.width, self.height)
        inside = (x >= 0) & (x < self.width) & (y >= 0) & (y < self.height)
        column, row = np.clip(x.astype(int), 0, self.width - 1), np.clip(y.astype(int), 0, self.height - 1)
        tolerance = 0.3 * min(body.size) if body.damage in ("crushed corner", "open flap") else 0.02
        front = 1 / np.maximum(buffer[row, column], 1e-6)
        return float(np.mean(inside & (np.abs(depth - front) < tolerance)))

    def _seen(self, points: Array) -> tuple[Array, Array, Array]:
        x, y, depth = self.renderer.camera.project(points, self.width, self.height)
        return x, y, np.where(depth > NEAR, 1 / np.maximum(depth, NEAR), -1).astype(FLOAT)


@njit(cache=True, nogil=True)
def visible_bounds(owners: Array, count: int) -> tuple[Array, Array]:
    """Number of pixels [count] and first and last column and row [count, 4] (left, top, right, bottom) of each owner."""
    pixels, bounds = np.zeros(count, np.int64), np.zeros((count, 4), np.int64)
    bounds[:, :2] = 1 << 30
    bounds[:, 2:] = -1
    for row in range(owners.shape[0]):
        for column in range(owners.shape[1]):
            owner = owners[row, column]
            if owner >= 0:
                pixels[owner] += 1
                bounds[owner, 0] = min(bounds[owner, 0], column)
                bounds[owner, 1] = min(bounds[owner, 1], row)
                bounds[owner, 2] = max(bounds[owner, 2], column)
                bounds[owner, 3] = max(bounds[owner, 3], row)
    return pixels, bounds
