"""Builders of simple solids: boxes, cylinders, sheets, rounded boxes with a texture atlas."""

from collections.abc import Callable

import numpy as np

from .arrays import FLOAT, Array
from .mesh import Mesh, flat_mesh, flat_normals, merged, smooth_normals

# For each face of a cube: outward normal, and the two directions that a and b run in. Order: +x -x +y -y +z -z.
FACES = np.array(
    [
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [[-1, 0, 0], [0, -1, 0], [0, 0, 1]],
        [[0, 1, 0], [-1, 0, 0], [0, 0, 1]],
        [[0, -1, 0], [1, 0, 0], [0, 0, 1]],
        [[0, 0, 1], [1, 0, 0], [0, 1, 0]],
        [[0, 0, -1], [1, 0, 0], [0, -1, 0]],
    ],
    FLOAT,
)
TOP, BOTTOM = 4, 5
BOX_CORNERS = np.concatenate([[n - a - b, n + a - b, n + a + b, n - a + b] for n, a, b in FACES])
BOX_TRIANGLES = np.concatenate([[[k, k + 1, k + 2], [k, k + 2, k + 3]] for k in range(0, 24, 4)]).astype(np.int32)
BOX_NORMALS = np.repeat(np.repeat(FACES[:, 0], 2, 0)[:, None, :], 3, 1).astype(FLOAT)
BOX_UV = np.tile(np.array([[[0, 0], [1, 0], [1, 1]], [[0, 0], [1, 1], [0, 1]]], FLOAT), (6, 1, 1))


def face_points(face: int, a: Array, b: Array) -> Array:
    """Points of the cube -1..1 on a face, at places a, b in -1..1."""
    normal, along_a, along_b = FACES[face]
    return normal + a[..., None] * along_a + b[..., None] * along_b


def atlas_uv(face: int, a: Array, b: Array) -> Array:
    """Places in an atlas of 3 × 2 cells, one a face, kept off the border of its cell."""
    inset = 0.985
    return np.stack([(face % 3 + 0.5 + 0.5 * inset * a) / 3, (face // 3 + 0.5 + 0.5 * inset * b) / 2], -1)


def sheet(origin: Array, along_a: Array, along_b: Array, longest: float, repeat: float = 1.0) -> Mesh:
    """A rectangle in pieces no longer than `longest`; uv runs one unit in `repeat` metres."""
    lengths = np.linalg.norm(along_a), np.linalg.norm(along_b)
    na, nb = (max(1, int(np.ceil(length / longest))) for length in lengths)
    i, j = np.meshgrid(np.linspace(0, 1, na + 1), np.linspace(0, 1, nb + 1), indexing="ij")
    points = np.asarray(origin) + i[..., None] * np.asarray(along_a) + j[..., None] * np.asarray(along_b)
    triangles = grid_triangles(na, nb)
    uv = np.stack([i * lengths[0], j * lengths[1]], -1).reshape(-1, 2) / repeat
    return flat_mesh(points.reshape(-1, 3), triangles, uv[triangles])


def grid_triangles(rows: int, columns: int) -> Array:
    """Triangles of a grid with (rows + 1) × (columns + 1) points, numbered row by row."""
    first = (np.arange(rows)[:, None] * (columns + 1) + np.arange(columns)).ravel()
    below = first + columns + 1
    return np.concatenate([np.stack([first, below, below + 1], 1), np.stack([first, below + 1, first + 1], 1)]).astype(np.int32)


def box(size: tuple[float, float, float], centre: tuple[float, float, float], material: int = 0, longest: float = 0.6, repeat: float = 1.0) -> Mesh:
    """A box with sharp edges, in pieces no longer than `longest` so that lens distortion bends it."""
    half, middle = np.asarray(size) / 2, np.asarray(centre)
    if max(size) <= longest:
        return plain_box(half, middle, material, repeat)
    sides = []
    for face in range(6):
        normal, along_a, along_b = FACES[face]
        corner = middle + half * (normal - along_a - along_b)
        sides.append(sheet(corner, 2 * half * along_a, 2 * half * along_b, longest, repeat))
    whole = merged(sides)
    return Mesh(whole.points, whole.triangles, whole.normals, whole.uv, np.full(len(whole.triangles), material, np.int32))


def plain_box(half: Array, middle: Array, material: int, repeat: float) -> Mesh:
    """A box of twelve triangles."""
    points = (BOX_CORNERS * half + middle).astype(FLOAT)
    lengths = np.stack([np.abs(FACES[:, 1]) @ half, np.abs(FACES[:, 2]) @ half], 1).astype(FLOAT)
    uv = BOX_UV * (lengths * FLOAT(2 / repeat)).repeat(2, 0)[:, None, :]
    return Mesh(points, BOX_TRIANGLES, BOX_NORMALS, uv, np.full(12, material, np.int32))


def cylinder(radius: float, start: Array, end: Array, material: int = 0, sides: int = 12) -> Mesh:
    """A closed cylinder between two points."""
    start, end = np.asarray(start, float), np.asarray(end, float)
    axis = (end - start) / np.linalg.norm(end - start)
    across = np.cross(axis, [0, 0, 1.0] if abs(axis[2]) < 0.9 else [1.0, 0, 0])
    across /= np.linalg.norm(across)
    angle = np.arange(sides) * 2 * np.pi / sides
    ring = radius * (np.cos(angle)[:, None] * across + np.sin(angle)[:, None] * np.cross(axis, across))
    points = np.concatenate([start + ring, end + ring, [start, end]])
    near, nxt = np.arange(sides), (np.arange(sides) + 1) % sides
    triangles = np.concatenate([
        np.stack([near, near + sides, nxt + sides], 1), np.stack([near, nxt + sides, nxt], 1),
        np.stack([near, nxt, np.full(sides, 2 * sides)], 1), np.stack([near + sides, np.full(sides, 2 * sides + 1), nxt + sides], 1),
    ])
    return flat_mesh(points, triangles, material=material)


def rounded_box(size: Array, radius: float, pieces: int, bend: Callable[[Array], Array] | None = None, faces: tuple[int, ...] = (0, 1, 2, 3, 4, 5)) -> Mesh:
    """A box with rounded edges about the origin and an atlas of its faces; `bend` moves its points (same place, same move)."""
    half = np.asarray(size, FLOAT) / 2
    a, b = np.meshgrid(np.linspace(-1, 1, pieces + 1), np.linspace(-1, 1, pieces + 1), indexing="ij")
    points, uv, triangles = [], [], []
    for count, face in enumerate(faces):
        cube = edge_stretched(face_points(face, a, b).reshape(-1, 3), half, radius, pieces)
        points.append(cube)
        uv.append(atlas_uv(face, (cube / half) @ FACES[face][1], (cube / half) @ FACES[face][2]))
        triangles.append(grid_triangles(pieces, pieces) + count * (pieces + 1) ** 2)
    flat, index = np.concatenate(points).astype(FLOAT), np.concatenate(triangles)
    _, shared = np.unique(np.round(flat * 1e5).astype(int), axis=0, return_inverse=True)
    placed = rounded(flat, half, radius)
    placed = (bend(placed) if bend else placed).astype(FLOAT)
    normals = blended(flat_normals(placed, index), smooth_normals(placed, index, shared.ravel()), 0.75)
    return Mesh(placed, index, normals, np.concatenate(uv)[index].astype(FLOAT), np.zeros(len(index), np.int32))


def edge_stretched(cube: Array, half: Array, radius: float, pieces: int) -> Array:
    """Places a cube's grid on the box so that the outermost inner grid lines lie where the rounding begins."""
    inner = 1 - 2 / pieces
    flat = np.clip(cube, -inner, inner) / inner * (half - radius)
    rim = (np.abs(cube) - inner) / (1 - inner) * radius
    return np.where(np.abs(cube) <= inner + 1e-6, flat, flat + np.sign(cube) * rim)


def rounded(points: Array, half: Array, radius: float) -> Array:
    """Points of a box's surface pulled onto the same box with rounded edges."""
    core = np.clip(points, -(half - radius), half - radius)
    away = points - core
    length = np.maximum(np.linalg.norm(away, axis=-1, keepdims=True), 1e-9)
    return core + away / length * np.minimum(length, radius)


def blended(a: Array, b: Array, share: float) -> Array:
    """Unit vectors between `a` and `b`."""
    mix = (1 - share) * a + share * b
    return (mix / np.maximum(np.linalg.norm(mix, axis=-1, keepdims=True), 1e-9)).astype(FLOAT)
