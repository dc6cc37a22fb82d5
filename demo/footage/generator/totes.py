"""Totes: ribbed plastic crates with an open top, handle holes, sometimes with something in them."""

import numpy as np

from .arrays import FLOAT
from .body import Body
from .mesh import Mesh, flat_mesh, merged, smooth_normals
from .noise import space_noise
from .solids import box, grid_triangles
from .surface import Material

COLOURS = [(0.28, 0.29, 0.30), (0.17, 0.18, 0.19), (0.035, 0.10, 0.32), (0.40, 0.05, 0.035), (0.03, 0.22, 0.10), (0.55, 0.36, 0.02), (0.02, 0.24, 0.30)]
SIZES = [(0.60, 0.40, 0.32), (0.60, 0.40, 0.22), (0.40, 0.30, 0.22), (0.40, 0.30, 0.27), (0.60, 0.40, 0.27)]
FILLINGS = [(0.10, 0.12, 0.2), (0.35, 0.32, 0.28), (0.45, 0.45, 0.45), (0.3, 0.06, 0.08), (0.1, 0.2, 0.12), (0.5, 0.42, 0.2)]


def tote(rng: np.random.Generator) -> Body:
    """A crate of one of the usual sizes; in half of them lies something soft."""
    size = SIZES[int(rng.integers(len(SIZES)))]
    colour = np.array(COLOURS[int(rng.integers(len(COLOURS)))]) * rng.uniform(0.8, 1.2)
    plastic = tuple(float(c) for c in colour)
    dark = tuple(float(c) * 0.06 for c in colour)
    filling = FILLINGS[int(rng.integers(len(FILLINGS)))]
    materials = [Material(plastic, 0.42, 0.05), Material(dark, 0.8), Material(filling, 0.8), Material((0.75, 0.75, 0.73), 0.6)]
    parts = [*walls(size), *ribs(size), *handles(size)]
    if rng.random() < 0.5:
        parts.append(soft_filling(rng, size))
    if rng.random() < 0.6:
        parts.append(box((0.10, 0.004, 0.05), (float(rng.uniform(-0.12, 0.12)), -size[1] / 2 - 0.011, size[2] * 0.32), 3))
        parts.append(box((0.10, 0.004, 0.05), (float(rng.uniform(-0.12, 0.12)), size[1] / 2 + 0.011, size[2] * 0.32), 3))
    return Body("tote", merged(parts), materials, size)


def walls(size: tuple[float, float, float]) -> list[Mesh]:
    """Floor, four walls, and the broad rim on top."""
    x, y, z = size
    thick, rim = 0.012, 0.03
    wide = [((x, thick, z), (0, side * (y - thick) / 2, z / 2)) for side in (-1, 1)]
    narrow = [((thick, y, z), (side * (x - thick) / 2, 0, z / 2)) for side in (-1, 1)]
    rims = [((x + 0.03, rim, rim), (0, side * (y / 2 + 0.002), z - rim / 2)) for side in (-1, 1)]
    rims += [((rim, y + 0.03, rim), (side * (x / 2 + 0.002), 0, z - rim / 2)) for side in (-1, 1)]
    return [box(s, c) for s, c in [((x - 0.02, y - 0.02, thick), (0, 0, thick)), *wide, *narrow, *rims]]


def ribs(size: tuple[float, float, float]) -> list[Mesh]:
    """Upright ribs around, and one that runs around the middle."""
    x, y, z = size
    height, deep = z - 0.05, 0.012
    long_side = [box((0.014, deep, height), (float(at), side * (y + deep) / 2, height / 2 + 0.01)) for side in (-1, 1) for at in np.linspace(-0.44, 0.44, 6) * x]
    short_side = [box((deep, 0.014, height), (side * (x + deep) / 2, float(at), height / 2 + 0.01)) for side in (-1, 1) for at in np.linspace(-0.42, 0.42, 4) * y]
    around = [box((x + 0.016, 0.01, 0.016), (0, side * (y + 0.008) / 2, z * 0.55)) for side in (-1, 1)]
    return [*long_side, *short_side, *around]


def handles(size: tuple[float, float, float]) -> list[Mesh]:
    """Dark grips in the short sides."""
    x, y, z = size
    return [box((0.03, 0.13, 0.035), (side * (x / 2 + 0.0), 0, z - 0.065), 1) for side in (-1, 1)]


def soft_filling(rng: np.random.Generator, size: tuple[float, float, float]) -> Mesh:
    """A heap of cloth-like goods, up to a level between the floor and the rim."""
    n = 10
    a, b = np.meshgrid(np.linspace(-0.48, 0.48, n + 1), np.linspace(-0.48, 0.48, n + 1), indexing="ij")
    points = np.stack([a * size[0], b * size[1], np.zeros_like(a)], -1).reshape(-1, 3).astype(FLOAT)
    level = size[2] * rng.uniform(0.3, 0.8)
    points[:, 2] = np.clip(level + 0.05 * space_noise(rng, points, 18), 0.02, size[2] - 0.02)
    triangles = grid_triangles(n, n)
    flat = flat_mesh(points, triangles, material=2)
    return Mesh(flat.points, triangles, smooth_normals(points, triangles, np.arange(len(points))), flat.uv, flat.material)
