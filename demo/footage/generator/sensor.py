"""What a cheap network camera adds to the light: optics, dirt, vignette, noise, tone curve, sharpening. All in numpy."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from .arrays import FLOAT, Array


@dataclass(frozen=True)
class Sensor:
    """One camera's character; lengths in pixels of a 960 pixels wide picture.

    exposure: brightness of the middle grey of the tone curve. noise: deviation at middle grey, 0..1. drift: share by which exposure and white balance swing.
    """

    exposure: float = 1.0
    white: tuple[float, float, float] = (1.0, 1.0, 1.0)
    noise: float = 0.018
    blur: float = 0.7
    sharpen: float = 0.8
    vignette: float = 0.22
    saturation: float = 0.9
    haze: float = 0.02
    dirt: float = 0.3
    dirt_seed: int = 1
    drift: float = 0.02


def dirt_map(seed: int, width: int, height: int, spots: int = 26) -> Array:
    """Dust and smears on the front glass, far out of focus: 0 clean … 1 opaque [h, w]."""
    rng = np.random.default_rng(seed)
    scale = width / 960
    layer = np.zeros((height, width), FLOAT)
    for _ in range(spots):
        x, y, radius = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(5, 26) * scale
        spot = np.zeros_like(layer)
        cv2.ellipse(spot, (int(x), int(y)), (int(radius) + 1, int(radius * rng.uniform(0.5, 1)) + 1), rng.uniform(0, 180), 0, 360, 1.0, -1)
        layer = np.maximum(layer, cv2.GaussianBlur(spot, (0, 0), 1 + radius * 0.3) * float(rng.uniform(0.25, 1.0)))
    for _ in range(3):
        smear = np.zeros_like(layer)
        a, b = rng.uniform(0, 1, 2) * (width, height), rng.uniform(0, 1, 2) * (width, height)
        cv2.line(smear, (int(a[0]), int(a[1])), (int(b[0]), int(b[1])), 1.0, int(rng.uniform(10, 40) * scale) + 1)
        layer = np.maximum(layer, 0.3 * cv2.GaussianBlur(smear, (0, 0), 18 * scale))
    return np.clip(layer, 0, 1)


class CameraPipeline:
    """Turns linear light into the picture that the camera sends."""

    def __init__(self, sensor: Sensor, width: int, height: int) -> None:
        self.sensor, self.width, self.height = sensor, width, height
        self.scale = width / 960
        x, y = np.meshgrid((np.arange(width) + 0.5) / width * 2 - 1, ((np.arange(height) + 0.5) / height * 2 - 1) * height / width)
        self.falloff = (1 - sensor.vignette * (x * x + y * y))[..., None].astype(FLOAT)
        self.dirt = dirt_map(sensor.dirt_seed, width, height)[..., None]

    def expose(self, light: Array, target: float) -> None:
        """Sets the exposure by this picture, once, as a camera does when it starts."""
        self.sensor = replace(self.sensor, exposure=metered_exposure(light, target))

    def develop(self, light: Array, rng: np.random.Generator, phase: float = 0.0, dirt: float | None = None, gain: float = 1.0) -> Array:
        """Linear light [h, w, 3] to 8-bit sRGB [h, w, 3].

        phase: place in the loop 0..1, for the slow drift. dirt: replaces the sensor's. gain: what the camera amplifies in the dark, noise included.
        """
        seen = self._optics(light, self.sensor.dirt if dirt is None else dirt)
        exposed = seen * self._gain(phase) * FLOAT(gain)
        return self._process(self._noisy(exposed, rng, gain**0.5))

    def _optics(self, light: Array, dirt: float) -> Array:
        """Dirt above 1 is a film over the whole glass: it veils and blurs."""
        sensor = self.sensor
        film = max(0.0, dirt - 1.0)
        seen = cv2.GaussianBlur(light, (0, 0), max(0.3, (sensor.blur + 1.9 * film) * self.scale))
        small = cv2.resize(seen, (self.width // 8, self.height // 8), interpolation=cv2.INTER_AREA)
        glow = cv2.resize(cv2.GaussianBlur(np.minimum(small, 4), (0, 0), 6), (self.width, self.height), interpolation=cv2.INTER_LINEAR)
        seen = seen * (1 - sensor.haze) + glow * sensor.haze * 1.5
        cover = np.clip(self.dirt * dirt + 0.14 * film, 0, 0.97)
        veil = 0.75 * glow + 0.03
        return (seen * (1 - cover) + veil * cover * 0.85) * self.falloff

    def _gain(self, phase: float) -> Array:
        swing = self.sensor.drift * np.sin(2 * np.pi * (phase + np.array([0.0, 0.31, 0.63])))
        return (self.sensor.exposure * np.asarray(self.sensor.white) * (1 + swing)).astype(FLOAT)

    def _noisy(self, exposed: Array, rng: np.random.Generator, strength: float) -> Array:
        """Photon noise (grows with the root of the light) and read noise; colour noise is coarser than grey noise."""
        level = np.sqrt(np.maximum(exposed, 0) * 0.18 + 0.006) * FLOAT(self.sensor.noise * strength / 0.19)
        grey = rng.standard_normal((self.height, self.width, 1), FLOAT)
        coarse = rng.standard_normal((self.height // 2, self.width // 2, 3), FLOAT)
        colour = cv2.resize(coarse, (self.width, self.height), interpolation=cv2.INTER_LINEAR)
        return exposed + level * (0.8 * grey + 0.6 * colour)

    def _process(self, light: Array) -> Array:
        light = np.maximum(light, 0)
        tone = light * (1 + light / 9.0) / (1 + light)
        picture = np.power(np.clip(tone, 0, 1), 1 / 2.2, dtype=FLOAT)
        picture += 0.45 * (picture * picture * (3 - 2 * picture) - picture)
        grey = picture @ np.array([0.3, 0.59, 0.11], FLOAT)
        picture = grey[..., None] + self.sensor.saturation * (picture - grey[..., None])
        soft = cv2.GaussianBlur(picture, (0, 0), max(0.6, 1.3 * self.scale))
        picture = picture + self.sensor.sharpen * (picture - soft)
        return np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)


def metered_exposure(light: Array, target: float = 0.20) -> float:
    """The gain that brings the picture's mean (bright places cut off) to `target`, as automatic exposure does."""
    grey = np.minimum(light.mean(-1), 3 * np.median(light) + 1e-4)
    return float(target / max(1e-4, grey.mean()))

