"""The four ways in which a parcel is damaged. Each changes the shape, the paint, or both."""

from dataclasses import dataclass

import numpy as np

from .arrays import FLOAT, Array
from .cardboard import CELL, face_cell, texel_points
from .mesh import Mesh, flat_mesh, merged
from .noise import plane_noise, smooth_step, space_noise
from .solids import FACES, TOP

KINDS = ("crushed corner", "torn side", "wet patch", "open flap")


@dataclass(frozen=True)
class Wound:
    """Where a damage lies on a box with half sizes `half`: which kind, its middle, how far it reaches (metres)."""

    kind: str
    face: int
    centre: Array
    reach: float
    half: Array


def random_wound(rng: np.random.Generator, kind: str, half: Array, top_share: float = 0.4) -> Wound:
    """A large wound on the side towards −y or on the top: the carrier turns it to the camera. `top_share`: how often the top."""
    face = TOP if kind == "open flap" or rng.random() < top_share else 3
    side = float(rng.choice([-1.0, 1.0]))
    if kind == "crushed corner":
        centre = np.array([side * half[0], -half[1], half[2]])
        return Wound(kind, 3, centre, float(rng.uniform(0.75, 1.05) * 2 * min(half[0], half[1], half[2] * 1.3)), half)
    if kind == "wet patch":
        low = np.array([side * half[0] * rng.uniform(0.2, 0.9), -half[1], half[2] * rng.uniform(0.2, 1.0)])
        return Wound(kind, face, low, float(rng.uniform(0.8, 1.15) * (half[0] + half[1]) * 0.75), half)
    normal, along_a, along_b = FACES[face]
    centre = half * (normal + rng.uniform(-0.3, 0.3) * along_a + rng.uniform(-0.2, 0.2) * along_b)
    width, height = half @ np.abs(along_a), half @ np.abs(along_b)
    return Wound(kind, face, centre, float(min(width * 1.15, height * 1.3) * rng.uniform(0.62, 0.8)), half)


def crush(rng: np.random.Generator, wound: Wound, points: Array) -> Array:
    """Pushes the corner in, with creases."""
    away = np.linalg.norm(points - wound.centre, axis=-1)
    depth = smooth_step(1.0, 0.1, away / wound.reach)
    inward = -wound.centre / np.linalg.norm(wound.centre) + np.array([0, 0, -0.35])
    creases = 0.22 * space_noise(rng, points.astype(FLOAT), 9 / wound.reach)
    amount = wound.reach * depth * (0.42 + creases)
    bulge = 0.06 * wound.reach * smooth_step(0.2, 0.6, depth) * (1 - depth)
    moved = points + amount[..., None] * inward + bulge[..., None] * np.sign(points)
    moved[..., 2] = np.maximum(moved[..., 2], -wound.half[2])
    return moved.astype(FLOAT)


def paint_crush(rng: np.random.Generator, wound: Wound, atlas: Array) -> None:
    """Creases: cracked dark lines and rubbed pale ones where the corner gave way."""
    phase = rng.bit_generator.state
    for face in range(6):
        points = texel_points(face, wound.half)
        rng.bit_generator.state = phase
        near = smooth_step(1.0, 0.35, np.linalg.norm(points - wound.centre, axis=-1) / wound.reach)
        folds = space_noise(rng, points, 26 / wound.reach)
        cracks = smooth_step(0.30, 0.05, np.abs(folds)) * near
        cell = face_cell(atlas, face)
        cell[..., :3] *= (1 - 0.6 * cracks - 0.25 * near * smooth_step(0.2, 1.2, folds))[..., None]
        tip = smooth_step(0.42, 0.3, np.linalg.norm(points - wound.centre, axis=-1) / wound.reach + 0.06 * folds)
        cell[..., :3] += tip[..., None] * (np.array([0.05, 0.03, 0.018], FLOAT) - cell[..., :3])


def paint_wet(rng: np.random.Generator, wound: Wound, atlas: Array) -> None:
    """A soaked region with an irregular rim, darker and glossy, over all the faces that it reaches."""
    phase = rng.bit_generator.state
    strength = 0.72
    for face in range(6):
        points = texel_points(face, wound.half)
        rng.bit_generator.state = phase
        far = np.linalg.norm(points - wound.centre, axis=-1) / wound.reach
        edge = far + 0.24 * space_noise(rng, points, 5 / wound.reach) + 0.06 * space_noise(rng, points, 22 / wound.reach)
        wet = smooth_step(0.86, 0.80, edge)
        rim = smooth_step(0.10, 0.0, np.abs(edge - 0.83))
        cell = face_cell(atlas, face)
        soaked = cell[..., :3] * np.array([1 - strength, 1 - strength * 1.04, 1 - strength * 1.1], FLOAT)
        cell[..., :3] += wet[..., None] * (soaked - cell[..., :3])
        cell[..., :3] *= (1 - 0.3 * rim)[..., None]
        cell[..., 3] += wet * (0.32 - cell[..., 3])


def torn_outline(rng: np.random.Generator, angle: Array) -> Array:
    """The radius of a ragged hole for each angle, about 1."""
    radius = np.ones_like(angle)
    for order in range(2, 11):
        radius += rng.normal(0, 0.42 / order) * np.cos(order * angle + rng.uniform(0, 6.28))
    return np.clip(radius, 0.55, 1.5)


def paint_torn(rng: np.random.Generator, wound: Wound, atlas: Array) -> tuple[Array, Array]:
    """A dark hole with a pale, torn border of inner paper; returns angle and radius (metres) of its outline."""
    points = texel_points(wound.face, wound.half) - wound.centre
    _, along_a, along_b = FACES[wound.face]
    x, y = points @ along_a, points @ along_b
    angles = np.linspace(-np.pi, np.pi, 97)
    outline = torn_outline(rng, angles) * wound.reach
    outline[-1] = outline[0]
    edge = np.hypot(x, y) / np.interp(np.arctan2(y, x), angles, outline)
    edge += 0.035 * plane_noise(rng, CELL, CELL, 30, 2)
    cell = face_cell(atlas, wound.face)
    border = smooth_step(1.0, 0.93, edge)
    paper = np.array([0.62, 0.47, 0.31], FLOAT) * (1 + 0.25 * np.sin(x * 900))[..., None]
    cell[..., :3] += border[..., None] * (paper - cell[..., :3])
    hole = smooth_step(0.78, 0.72, edge)
    cell[..., :3] += hole[..., None] * (np.array([0.016, 0.011, 0.008], FLOAT) - cell[..., :3])
    cell[..., :3] *= (1 - 0.35 * smooth_step(1.25, 1.0, edge) * smooth_step(0.95, 1.0, edge))[..., None]
    return angles, outline


def rags(rng: np.random.Generator, wound: Wound, outline: tuple[Array, Array], material: int) -> Mesh:
    """Strips of board that the tear bent outwards."""
    normal, along_a, along_b = FACES[wound.face]
    angles, radii = outline
    strips = []
    for _ in range(int(rng.integers(3, 6))):
        middle, spread = rng.uniform(-np.pi, np.pi), rng.uniform(0.25, 0.5)
        length, lift = wound.reach * rng.uniform(0.35, 0.65), rng.uniform(0.5, 1.3)
        rows = []
        for step, share in enumerate((0.0, 0.5, 1.0)):
            bent = lift * (0.4 + 0.6 * share)
            for side in (-1, 1):
                angle = middle + side * spread * (1 - 0.6 * share)
                radius = np.interp((angle + np.pi) % (2 * np.pi) - np.pi, angles, radii) * 0.95
                ray = np.cos(angle) * along_a + np.sin(angle) * along_b
                rows.append(wound.centre + radius * ray + share * length * (np.sin(bent) * normal + np.cos(bent) * ray * (1 - step * 0.5)) + 0.002 * normal)
        strips.append(flat_mesh(np.array(rows), np.array([[0, 1, 3], [0, 3, 2], [2, 3, 5], [2, 5, 4]]), material=material))
    return merged(strips)


def opened_top(rng: np.random.Generator, wound: Wound, board: int, inside: int) -> Mesh:
    """The hollow under an open top and its flaps: the box itself must come without its top face."""
    hx, hy, hz = wound.half
    depth = min(1.5 * hz, 0.9 * hx)
    walls = []
    ring = np.array([[-hx, -hy], [hx, -hy], [hx, hy], [-hx, hy]]) * 0.97
    for k in range(4):
        a, b = ring[k], ring[(k + 1) % 4]
        points = np.array([[*a, hz], [*b, hz], [*b, hz - depth], [*a, hz - depth]])
        walls.append(flat_mesh(points, np.array([[0, 1, 2], [0, 2, 3]]), material=inside))
    floor = np.array([[*corner, hz - depth] for corner in ring])
    walls.append(flat_mesh(floor, np.array([[0, 1, 2], [0, 2, 3]]), material=inside))
    flaps = []
    for k in range(4):
        if k in (1, 3) and rng.random() < 0.35:
            continue
        flaps.append(flap(rng, ring[k] / 0.97, ring[(k + 1) % 4] / 0.97, hz, hy if k % 2 == 0 else min(hy, hx), board))
    return merged([*walls, *flaps])


def flap(rng: np.random.Generator, a: Array, b: Array, height: float, length: float, material: int) -> Mesh:
    """One flap that hangs on the edge from a to b, open by 95° to 200° from closed, a little bent."""
    angle = np.radians(rng.uniform(95, 200))
    inward = -np.array([(a[0] + b[0]), (a[1] + b[1]), 0]) / np.linalg.norm(a + b)
    edge = np.array([*(b - a), 0]) * 0.02
    rows = [np.array([*a, height]) + edge, np.array([*b, height]) - edge]
    for share in (0.5, 1.0):
        turn = angle + rng.normal(0, 0.12) * share
        shift = share * length * (np.cos(turn) * inward + np.array([0, 0, np.sin(turn)]))
        rows += [rows[0] + shift, rows[1] + shift]
    return flat_mesh(np.array(rows), np.array([[0, 1, 3], [0, 3, 2], [2, 3, 5], [2, 5, 4]]), material=material)


def wound_points(wound: Wound) -> Array:
    """Places spread over the damage, on the undamaged box's surface just outside of it, to ask whether they are seen."""
    if wound.kind == "open flap":
        x, y = np.meshgrid(np.linspace(-0.8, 0.8, 5), np.linspace(-0.8, 0.8, 5))
        return np.stack([x * wound.half[0], y * wound.half[1], np.full_like(x, wound.half[2])], -1).reshape(-1, 3)
    found = []
    for face in (0, 1, 2, 3, TOP):
        points = texel_points(face, wound.half)[8::16, 8::16].reshape(-1, 3)
        if wound.kind == "torn side" and face != wound.face:
            continue
        found.append(points[np.linalg.norm(points - wound.centre, axis=1) < 0.75 * wound.reach])
    return np.concatenate(found)
