"""Parcels: cardboard boxes, whole or damaged, and padded mailers."""

from collections.abc import Callable

import numpy as np

from . import damage as harm
from .arrays import FLOAT, Array
from .body import Body
from .cardboard import CELL, face_cell, paint_box, random_cardboard
from .mesh import Mesh, merged, moved
from .noise import plane_noise, space_noise
from .print_marks import shipping_label, stick
from .solids import TOP, rounded_box
from .surface import Material

INSIDE = Material((0.12, 0.075, 0.04), 0.9)


def random_size(rng: np.random.Generator) -> Array:
    """Outer size of a box, metres: length, width, height."""
    length = rng.uniform(0.24, 0.58)
    width = length * rng.uniform(0.55, 0.95)
    return np.array([length, max(0.18, width), np.clip(length * rng.uniform(0.3, 0.85), 0.11, 0.42)])


def bulging(rng: np.random.Generator, half: Array) -> Callable[[Array], Array]:
    """A slight swelling or sinking of the sides, as real boxes have."""
    strength = rng.uniform(-0.006, 0.012, 3)

    def bend(points: Array) -> Array:
        share = points / half
        dome = (1 - np.clip(share, -1, 1) ** 2)
        across = np.stack([dome[..., 1] * dome[..., 2], dome[..., 0] * dome[..., 2], dome[..., 0] * dome[..., 1]], -1)
        return points + strength * across * np.sign(points)

    return bend


def cardboard_box(rng: np.random.Generator, kind: str | None = None, size: Array | None = None, top_share: float = 0.4) -> Body:
    """A cardboard parcel; `kind` is one of the damage kinds or None for a whole one."""
    size = random_size(rng) if size is None else size
    half = size / 2
    look = random_cardboard(rng)
    atlas = paint_box(rng, look, size)
    swell = bulging(rng, half)
    if kind is None:
        shape, extra, points, side = rounded_box(size, 0.008, 6, swell), [], np.zeros((0, 3)), 0.0
    else:
        shape, extra, wound = damaged_shape(rng, kind, half, atlas, swell, top_share)
        points = harm.wound_points(wound)
        side = damage_side(wound)
    board = Material(tuple(float(c) * 0.9 for c in look.colour), 0.85)
    torn = Material((0.55, 0.41, 0.26), 0.9)
    materials = [Material((1, 1, 1), 0.8, 0.03, texture=atlas), board, INSIDE, torn]
    up = (0.0, 0.0, float(half[2]))
    return Body("damaged-parcel" if kind else "parcel", moved(merged([shape, *extra]), up), materials, tuple(float(v) for v in size), kind, points + up, side)


def damaged_shape(rng: np.random.Generator, kind: str, half: Array, atlas: Array, swell: Callable[[Array], Array], top_share: float) -> tuple[Mesh, list[Mesh], harm.Wound]:
    """Shape, additional parts and place of a damage; paints the atlas too. Materials: 0 atlas, 1 board, 2 inside, 3 torn paper."""
    wound = harm.random_wound(rng, kind, half, top_share)
    size = half * 2
    if kind == "crushed corner":
        harm.paint_crush(rng, wound, atlas)
        return rounded_box(size, 0.008, 14, lambda points: harm.crush(rng, wound, swell(points))), [], wound
    if kind == "wet patch":
        harm.paint_wet(rng, wound, atlas)
        return rounded_box(size, 0.008, 6, swell), [], wound
    if kind == "torn side":
        outline = harm.paint_torn(rng, wound, atlas)
        return rounded_box(size, 0.008, 6, swell), [harm.rags(rng, wound, outline, 3)], wound
    return rounded_box(size, 0.004, 6, None, (0, 1, 2, 3, 5)), [harm.opened_top(rng, wound, 1, 2)], wound


def damage_side(wound: harm.Wound) -> float:
    """The direction that the wound faces, radians about z."""
    if wound.kind == "crushed corner":
        return float(np.arctan2(wound.centre[1], wound.centre[0]))
    return -np.pi / 2


def mailer(rng: np.random.Generator) -> Body:
    """A padded mailer or light plastic bag of a shop: flat, soft, with a label. Counts as a parcel."""
    size = np.array([rng.uniform(0.28, 0.46), rng.uniform(0.2, 0.32), rng.uniform(0.05, 0.1)])
    half = size / 2
    colours = [(0.62, 0.62, 0.60), (0.50, 0.36, 0.16), (0.33, 0.40, 0.48), (0.55, 0.2, 0.3), (0.30, 0.42, 0.34), (0.6, 0.55, 0.2)]
    colour = colours[int(rng.integers(len(colours)))]
    atlas = np.empty((2 * CELL, 3 * CELL, 4), FLOAT)
    atlas[...] = (*colour, 0.45)
    creases = plane_noise(rng, 2 * CELL, 3 * CELL, 26, 3, 0.6)
    atlas[..., :3] *= (1 + 0.08 * creases)[..., None]
    patch = shipping_label(rng, int(CELL * 0.42), int(CELL * 0.4))
    stick(face_cell(atlas, TOP), patch[::-1], (CELL * rng.uniform(0.32, 0.68), CELL * rng.uniform(0.35, 0.65)), float(rng.normal(0, 8)))
    state = rng.bit_generator.state

    def soften(points: Array) -> Array:
        rng.bit_generator.state = state
        share = np.clip(points / half, -1, 1)
        pillow = np.sqrt(np.clip((1 - share[..., 0] ** 4) * (1 - share[..., 1] ** 4), 0, 1)) * 0.92 + 0.08
        out = points.copy()
        out[..., 2] = np.where(points[..., 2] > -half[2] * 0.9, (points[..., 2] + half[2]) * pillow - half[2], points[..., 2])
        out[..., 2] += 0.05 * size[2] * space_noise(rng, points.astype(FLOAT), 30) * (points[..., 2] > 0)
        return out

    mesh = moved(rounded_box(size, float(half[2]) * 0.9, 12, soften), (0, 0, float(half[2])))
    return Body("parcel", mesh, [Material((1, 1, 1), 0.45, 0.06, texture=np.clip(atlas, 0, 1))], tuple(float(v) for v in size))


def random_parcel(rng: np.random.Generator, damaged: bool, top_share: float = 0.4) -> Body:
    """A parcel of any make; only boxes come damaged."""
    if damaged:
        return cardboard_box(rng, str(rng.choice(harm.KINDS)), top_share=top_share)
    return mailer(rng) if rng.random() < 0.12 else cardboard_box(rng)
