"""What is printed on and stuck to a parcel: labels, bar codes, tape, arrows, stripes. All drawn into one face of [h, w, 4]."""

import cv2
import numpy as np

from .arrays import FLOAT, Array
from .noise import plane_noise

INKS = [(0.03, 0.03, 0.035), (0.02, 0.06, 0.22), (0.30, 0.02, 0.02), (0.02, 0.15, 0.05), (0.42, 0.12, 0.01)]


def blend(face: Array, mask: Array, colour: tuple[float, float, float], roughness: float, strength: float = 1.0) -> None:
    """Covers the face where `mask` (0..1) says so."""
    cover = (mask * strength)[..., None].astype(FLOAT)
    face += cover * (np.array([*colour, roughness], FLOAT) - face)


def turned_rectangle(shape: tuple[int, int], centre: tuple[float, float], size: tuple[float, float], angle: float) -> Array:
    """A mask of a rectangle; centre and size in texels, angle in degrees."""
    mask = np.zeros(shape, np.uint8)
    corners = cv2.boxPoints((centre, size, angle))
    cv2.fillConvexPoly(mask, np.round(corners * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
    return mask.astype(FLOAT) / 255


def shipping_label(rng: np.random.Generator, height: int, width: int) -> Array:
    """An address label: white paper, lines of text, a bar code, sometimes a coloured band and a square code."""
    label = np.full((height, width, 4), (0.78, 0.78, 0.76, 0.55), FLOAT)
    bars_top, bars_bottom = int(height * rng.uniform(0.5, 0.62)), int(height * rng.uniform(0.84, 0.93))
    x = int(width * 0.1)
    while x < width * 0.9:
        bar = int(rng.integers(1, 4))
        label[bars_top:bars_bottom, x : x + bar, :3] = 0.03
        x += bar + int(rng.integers(1, 4))
    for line in range(int(rng.integers(3, 6))):
        y = int(height * (0.1 + 0.085 * line))
        label[y : y + max(1, height // 34), int(width * 0.08) : int(width * rng.uniform(0.4, 0.75)), :3] = 0.1
    if rng.random() < 0.5:
        label[: int(height * 0.08), :, :3] = INKS[int(rng.integers(len(INKS)))]
    if rng.random() < 0.5:
        side = int(height * 0.22)
        code = rng.integers(0, 2, (max(2, side // 2), max(2, side // 2))).astype(FLOAT) * 0.75
        code = cv2.resize(code, (side, side), interpolation=cv2.INTER_NEAREST)
        label[int(height * 0.14) : int(height * 0.14) + side, width - side - width // 12 : width - width // 12, :3] = code[..., None]
    return label


def stick(face: Array, patch: Array, centre: tuple[float, float], angle: float) -> None:
    """Puts a patch onto a face, turned by `angle` degrees about its centre (texels)."""
    height, width = patch.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    matrix[:, 2] += np.array(centre) - (width / 2, height / 2)
    size = (face.shape[1], face.shape[0])
    cover = cv2.warpAffine(np.ones((height, width), FLOAT), matrix, size)[..., None]
    face += cover * (cv2.warpAffine(patch, matrix, size) - face)


def tape_strip(rng: np.random.Generator, face: Array, along_columns: bool, place: float, width: float, kind: str) -> None:
    """A strip of tape over the whole face; `place` and `width` as shares of the face."""
    height, columns = face.shape[:2]
    across = np.linspace(0, 1, height if along_columns else columns)
    line = (np.abs(across - place) < width / 2).astype(FLOAT)
    mask = np.repeat(line[:, None], columns, 1) if along_columns else np.repeat(line[None, :], height, 0)
    wrinkles = 1 + 0.12 * plane_noise(rng, height, columns, 18, 2)
    colour, strength = {"brown": ((0.20, 0.11, 0.045), 0.85), "clear": ((0.42, 0.30, 0.18), 0.45), "white": ((0.7, 0.7, 0.68), 0.85), "printed": ((0.06, 0.16, 0.45), 0.9)}[kind]
    blend(face, mask * np.clip(wrinkles, 0, 1.2), colour, 0.28, strength)


def arrows_up(face: Array, centre: tuple[float, float], size: float, ink: tuple[float, float, float]) -> None:
    """The two arrows that mean 'this way up'."""
    mask = np.zeros(face.shape[:2], np.uint8)
    for side in (-0.6, 0.6):
        x, y = centre[0] + side * size, centre[1]
        head = np.array([[x - size * 0.4, y], [x + size * 0.4, y], [x, y + size * 0.8]])
        shaft = np.array([[x - size * 0.14, y - size], [x + size * 0.14, y - size], [x + size * 0.14, y], [x - size * 0.14, y]])
        for polygon in (head, shaft):
            cv2.fillPoly(mask, [np.round(polygon * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    blend(face, mask.astype(FLOAT) / 255, ink, 0.8, 0.85)


def maker_mark(rng: np.random.Generator, face: Array, ink: tuple[float, float, float]) -> None:
    """A printed sign of an invented maker: a bar, a disc or a ring beside lines of letters."""
    height, width = face.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    size = rng.uniform(0.1, 0.22) * min(height, width)
    x, y = rng.uniform(0.3, 0.7) * width, rng.uniform(0.3, 0.7) * height
    shape = int(rng.integers(3))
    if shape == 0:
        cv2.circle(mask, (int(x), int(y)), int(size), 255, -1, cv2.LINE_AA)
    elif shape == 1:
        cv2.circle(mask, (int(x), int(y)), int(size), 255, max(2, int(size * 0.35)), cv2.LINE_AA)
    else:
        cv2.rectangle(mask, (int(x - size * 1.6), int(y - size * 0.5)), (int(x + size * 1.6), int(y + size * 0.5)), 255, -1)
    for letter in range(int(rng.integers(3, 8))):
        left = int(x - size * 1.6 + letter * size * 0.55)
        cv2.rectangle(mask, (left, int(y - size * 1.7)), (left + int(size * 0.36), int(y - size * 1.25)), 255, -1)
    blend(face, mask.astype(FLOAT) / 255, ink, 0.8, 0.85)
