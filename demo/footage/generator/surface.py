"""Materials, and the flat tables that the renderer reads them from."""

from dataclasses import dataclass

import cv2
import numpy as np

from .arrays import FLOAT, Array

COLUMNS = 11  # tint r g b · roughness · specular · emission · texture · scroll u · scroll v · metal · brushed


@dataclass(frozen=True)
class Material:
    """How a surface answers light. Colours are linear, 0..1.

    texture [h, w, 4]: linear colour and roughness, 0..1; multiplies `tint`, replaces `roughness`.
    scroll: texture places a second (a belt's surface moves by its texture).
    """

    tint: tuple[float, float, float]
    roughness: float = 0.8
    specular: float = 0.02
    emission: float = 0.0
    metal: float = 0.0
    texture: Array | None = None
    scroll: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class SurfaceTable:
    """Materials [k, COLUMNS], textures [t, 4 levels, 3] (start, width, height) and all texels as bytes (square root of the linear value)."""

    materials: Array
    textures: Array
    texels: Array


LEVELS = 5


def surface_table(materials: list[Material]) -> SurfaceTable:
    """Packs materials with their textures, each with smaller copies for surfaces that are far away."""
    rows = np.zeros((len(materials), COLUMNS), FLOAT)
    textures: list[Array] = []
    chunks: list[Array] = []
    start = 0
    for row, material in zip(rows, materials):
        row[:6] = (*material.tint, material.roughness, material.specular, material.emission)
        row[6] = -1
        row[7:10] = (*material.scroll, material.metal)
        if material.texture is None:
            continue
        row[6] = len(textures)
        levels = np.zeros((LEVELS, 3), np.int64)
        for level, texels in enumerate(shrinking_copies(material.texture)):
            levels[level] = (start, texels.shape[1], texels.shape[0])
            chunks.append(texels.reshape(-1))
            start += texels.size
        textures.append(levels)
    table = np.stack(textures) if textures else np.zeros((1, LEVELS, 3), np.int64)
    texels = np.concatenate(chunks) if chunks else np.zeros(4, np.uint8)
    return SurfaceTable(rows, table, texels)


def shrinking_copies(texture: Array) -> list[Array]:
    """The texture as bytes, and the same at a half, a quarter, … of its size."""
    copies = [(cv2.sqrt(np.clip(texture, 0, 1)) * 255 + 0.5).astype(np.uint8)]
    for _ in range(LEVELS - 1):
        last = copies[-1]
        copies.append(cv2.resize(last, (max(1, last.shape[1] // 2), max(1, last.shape[0] // 2)), interpolation=cv2.INTER_AREA))
    return copies
