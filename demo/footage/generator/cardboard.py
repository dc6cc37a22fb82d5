"""Paints the six faces of a cardboard box into one atlas of 3 × 2 cells."""

from dataclasses import dataclass

import numpy as np

from . import print_marks as marks
from .arrays import FLOAT, Array
from .noise import plane_noise, smooth_step
from .solids import BOTTOM, TOP, face_points

CELL = 128

BROWNS = [(0.36, 0.23, 0.12), (0.42, 0.28, 0.16), (0.30, 0.185, 0.095), (0.46, 0.33, 0.20), (0.33, 0.22, 0.13)]
COLOURS = [(0.62, 0.62, 0.59), (0.68, 0.66, 0.60), (0.10, 0.20, 0.36), (0.42, 0.06, 0.05), (0.08, 0.26, 0.14), (0.52, 0.36, 0.04), (0.24, 0.24, 0.25), (0.45, 0.16, 0.28)]


@dataclass(frozen=True)
class Cardboard:
    """The look of one box: colours are linear."""

    colour: tuple[float, float, float]
    tape: str
    tape_width: float
    marked: bool


def random_cardboard(rng: np.random.Generator) -> Cardboard:
    """Mostly brown, some white or coloured."""
    palette = BROWNS if rng.random() < 0.66 else COLOURS[:2] if rng.random() < 0.5 else COLOURS
    colour = np.clip(np.array(palette[int(rng.integers(len(palette)))]) * rng.uniform(0.85, 1.15), 0, 0.8)
    tape = str(rng.choice(["brown", "clear", "white", "printed"], p=[0.4, 0.35, 0.13, 0.12]))
    return Cardboard((float(colour[0]), float(colour[1]), float(colour[2])), tape, float(rng.uniform(0.09, 0.18)), bool(rng.random() < 0.6))


def face_cell(atlas: Array, face: int) -> Array:
    """The part of the atlas that belongs to a face; rows run with b, columns with a."""
    row, column = face // 3, face % 3
    return atlas[row * CELL : (row + 1) * CELL, column * CELL : (column + 1) * CELL]


def texel_points(face: int, half: Array) -> Array:
    """Where the texels of a face lie on the box, metres [CELL, CELL, 3]."""
    place = (np.arange(CELL) + 0.5) / CELL * 2 - 1
    a, b = np.meshgrid(place, place)
    return (face_points(face, a, b) * half).astype(FLOAT)


def paint_box(rng: np.random.Generator, look: Cardboard, size: Array) -> Array:
    """An atlas [2·CELL, 3·CELL, 4] of linear colour and roughness."""
    atlas = np.empty((2 * CELL, 3 * CELL, 4), FLOAT)
    atlas[...] = (*look.colour, 0.82)
    atlas[..., :3] *= paper_grain(rng, *atlas.shape[:2])[..., None]
    for face in range(6):
        paint_face(rng, look, face_cell(atlas, face), face, size)
    return np.clip(atlas, 0, 1)


def paper_grain(rng: np.random.Generator, height: int, width: int) -> Array:
    """Fibres, faint flutes and stains, as a factor about 1."""
    fibres = plane_noise(rng, height, width, 120, 2, 0.35)
    stains = plane_noise(rng, height, width, 7, 4)
    flutes = np.sin(np.arange(width) * 0.9)[None, :]
    return (1 + 0.035 * fibres + 0.05 * stains + 0.015 * flutes).astype(FLOAT)


def paint_face(rng: np.random.Generator, look: Cardboard, cell: Array, face: int, size: Array) -> None:
    """Tape, prints, label, worn edges and dirt of one face."""
    if face in (TOP, BOTTOM):
        cell[CELL // 2 - 1 : CELL // 2 + 1, :, :3] *= 0.45
        marks.tape_strip(rng, cell, True, 0.5, look.tape_width, look.tape)
    elif face in (0, 1):
        hang = int(CELL * rng.uniform(0.18, 0.4))
        marks.tape_strip(rng, cell[CELL - hang :], False, 0.5, look.tape_width, look.tape)
    ink = marks.INKS[int(rng.integers(len(marks.INKS)))]
    if look.marked and face not in (TOP, BOTTOM) and rng.random() < 0.6:
        marks.maker_mark(rng, cell, ink)
    if look.marked and face in (2, 3) and rng.random() < 0.5:
        marks.arrows_up(cell, (CELL * 0.82, CELL * 0.6), CELL * 0.09, ink)
    if (face == TOP and rng.random() < 0.75) or (face not in (TOP, BOTTOM) and rng.random() < 0.3):
        add_label(rng, cell, face, size)
    wear_edges(rng, cell)


def add_label(rng: np.random.Generator, cell: Array, face: int, size: Array) -> None:
    """A label of about 15 × 10 cm (at most most of the face), whatever the face's proportions are."""
    across = {0: 1, 1: 1, 2: 0, 3: 0, 4: 0, 5: 0}[face]
    up = 1 if face in (TOP, BOTTOM) else 2
    width = min(0.72, rng.uniform(0.13, 0.19) / size[across])
    height = min(0.72, rng.uniform(0.09, 0.14) / size[up])
    patch = marks.shipping_label(rng, max(12, int(height * CELL)), max(16, int(width * CELL)))
    room_x, room_y = 0.47 - width / 2, 0.47 - height / 2
    centre = CELL * (0.5 + rng.uniform(-room_x, room_x)), CELL * (0.5 + rng.uniform(-room_y, room_y))
    marks.stick(cell, patch[::-1], centre, float(rng.normal(0, 4)))


def wear_edges(rng: np.random.Generator, cell: Array) -> None:
    """Edges rubbed pale and corners dark with dirt, irregularly."""
    place = np.abs((np.arange(CELL) + 0.5) / CELL * 2 - 1)
    edge = np.maximum(place[:, None], place[None, :]).astype(FLOAT)
    rubbed = smooth_step(0.955, 1.0, edge + 0.012 * plane_noise(rng, CELL, CELL, 14, 2))
    cell[..., :3] *= (1 + 0.22 * rubbed)[..., None]
    grime = smooth_step(0.6, 2.2, plane_noise(rng, CELL, CELL, 5, 3) + edge - 0.6)
    cell[..., :3] *= (1 - 0.22 * rng.random() * grime)[..., None]
