"""Textures of the hall: concrete, belt rubber, corrugated wall, steel. Linear colour and roughness, all drawn here."""

import cv2
import numpy as np

from .arrays import FLOAT, Array
from .noise import plane_noise, smooth_step


def concrete(rng: np.random.Generator, tint: tuple[float, float, float], size: int = 768, metres: float = 8.0) -> Array:
    """A worn floor: stains, cracks, joints, tyre marks, small chips."""
    texture = np.full((size, size, 4), (*tint, 0.7), FLOAT)
    texture[..., :3] *= (1 + 0.10 * plane_noise(rng, size, size, 5, 5) + 0.03 * plane_noise(rng, size, size, 220, 1))[..., None]
    stains = smooth_step(1.0, 2.0, plane_noise(rng, size, size, 9, 4))
    texture[..., :3] *= (1 - 0.45 * stains)[..., None]
    lines = np.zeros((size, size), np.uint8)
    for _ in range(5):
        walk = np.cumsum(rng.normal(0, 1, (90, 2)) * 6 + rng.normal(0, 4, 2), 0) + rng.uniform(0, size, 2)
        cv2.polylines(lines, [walk.astype(np.int32)], False, 255, 1, cv2.LINE_AA)
    texture[..., :3] *= 1 - 0.5 * (lines.astype(FLOAT) / 255)[..., None]
    tyres = np.zeros((size, size), np.uint8)
    for _ in range(4):
        centre, radius, start = rng.uniform(-0.5, 1.5, 2) * size, rng.uniform(0.4, 1.2) * size, rng.uniform(0, 360)
        for offset in (0, size * 0.13):
            cv2.ellipse(tyres, (int(centre[0]), int(centre[1])), (int(radius + offset), int(radius + offset)), 0, start, start + 70, 255, int(size * 0.018), cv2.LINE_AA)
    worn = np.clip(0.5 + 0.4 * plane_noise(rng, size, size, 30, 2), 0, 1)
    texture[..., :3] *= (1 - 0.28 * worn * cv2.GaussianBlur(tyres, (0, 0), 3).astype(FLOAT) / 255)[..., None]
    joint = int(size * 4 / metres)
    texture[::joint, :, :3] *= 0.4
    texture[:, ::joint, :3] *= 0.4
    return np.clip(texture, 0, 1)


def belt_rubber(rng: np.random.Generator, tint: tuple[float, float, float], length: int = 1024, width: int = 192) -> Array:
    """A belt's surface: ribs across, scuffs along, a seam; repeats along its length (the columns)."""
    texture = np.full((width, length, 4), (*tint, 0.55), FLOAT)
    ribs = 1 + 0.05 * np.sin(np.arange(length) * 2 * np.pi / 8)
    scuffs = plane_noise(rng, width, length, 6, 4, 8.0)
    blotches = plane_noise(rng, width, length, 14, 3)
    texture[..., :3] *= (ribs[None, :] * (1 + 0.16 * scuffs + 0.10 * blotches))[..., None]
    for _ in range(int(rng.integers(5, 10))):
        x, y, long = rng.uniform(0, length), rng.uniform(0.1, 0.9) * width, rng.uniform(10, 90)
        mask = np.zeros((width, length), np.uint8)
        cv2.line(mask, (int(x), int(y)), (int(x + long), int(y + rng.normal(0, 10))), 255, int(rng.integers(1, 4)), cv2.LINE_AA)
        texture[..., :3] += (rng.uniform(0.02, 0.09) * mask.astype(FLOAT) / 255)[..., None]
    seam = int(length * 0.37)
    for row in range(width):
        at = (seam + row // 3) % length
        texture[row, at : at + 3, :3] *= 0.35
        texture[row, at + 5 : at + 7, :3] += 0.05
    edge = np.abs(np.linspace(-1, 1, width))
    texture[..., :3] *= (1 + 0.5 * smooth_step(0.86, 0.95, edge))[:, None, None]
    return np.clip(seamless(texture), 0, 1)


def seamless(texture: Array, share: float = 0.06) -> Array:
    """Makes the columns repeat without an edge."""
    columns = texture.shape[1]
    band = int(columns * share)
    mix = np.linspace(0, 1, band, dtype=FLOAT)[None, :, None]
    head, tail = texture[:, :band].copy(), texture[:, columns - band :].copy()
    whole = texture.copy()
    whole[:, columns - band :] = tail * (1 - mix) + head[:, ::-1] * mix
    return whole


def corrugated(rng: np.random.Generator, tint: tuple[float, float, float], size: int = 512) -> Array:
    """Sheet metal with upright folds, dirty towards the floor."""
    texture = np.full((size, size, 4), (*tint, 0.5), FLOAT)
    folds = 1 + 0.22 * np.sign(np.sin(np.arange(size) * 2 * np.pi / 32)) * np.abs(np.sin(np.arange(size) * 2 * np.pi / 32)) ** 0.5
    dirt = 1 - 0.2 * smooth_step(0, 2, plane_noise(rng, size, size, 8, 4, 0.3))
    texture[..., :3] *= (folds[None, :] * dirt)[..., None]
    return np.clip(texture, 0, 1)


def steel(rng: np.random.Generator, tint: tuple[float, float, float], size: int = 512) -> Array:
    """Brushed, scratched sheet steel or worn paint."""
    texture = np.full((size, size, 4), (*tint, 0.38), FLOAT)
    brushed = plane_noise(rng, size, size, 4, 3, 60.0)
    blotches = plane_noise(rng, size, size, 10, 4)
    texture[..., :3] *= (1 + 0.06 * brushed + 0.09 * blotches)[..., None]
    mask = np.zeros((size, size), np.uint8)
    for _ in range(60):
        a = rng.uniform(0, size, 2)
        b = a + rng.normal(0, 40, 2)
        cv2.line(mask, (int(a[0]), int(a[1])), (int(b[0]), int(b[1])), int(rng.integers(60, 255)), 1, cv2.LINE_AA)
    texture[..., :3] *= (1 - 0.3 * mask.astype(FLOAT) / 255)[..., None]
    return np.clip(texture, 0, 1)


def hazard_stripes(first: tuple[float, float, float] = (0.62, 0.42, 0.02), second: tuple[float, float, float] = (0.02, 0.02, 0.02), size: int = 128) -> Array:
    """Slanted warning stripes."""
    x, y = np.meshgrid(np.arange(size), np.arange(size))
    stripe = ((x + y) // (size // 4)) % 2
    texture = np.empty((size, size, 4), FLOAT)
    texture[stripe == 0] = (*first, 0.5)
    texture[stripe == 1] = (*second, 0.5)
    return texture
