"""Lamps and daylight as many small lights, each with a shadow map: together they make soft shadows."""

from dataclasses import dataclass, replace

import numpy as np

from .arrays import FLOAT, Array


@dataclass(frozen=True)
class Lamp:
    """A rectangular source. `light` is the linear colour that it throws at the middle of the stage, unshadowed and head-on."""

    place: tuple[float, float, float]
    extent: tuple[float, float, float]
    light: tuple[float, float, float]


@dataclass(frozen=True)
class Lighting:
    """All light of a scene: lamps, light from all around above (`sky`), light thrown back from below (`floor`)."""

    lamps: tuple[Lamp, ...]
    sky: tuple[float, float, float]
    floor: tuple[float, float, float]

    def dimmed(self, lamp_factors: tuple[float, ...], sky_factor: float) -> "Lighting":
        """The same lights at other strengths, one factor a lamp."""
        lamps = tuple(replace(lamp, light=tuple(factor * c for c in lamp.light)) for lamp, factor in zip(self.lamps, lamp_factors, strict=True))
        return Lighting(lamps, tuple(sky_factor * c for c in self.sky), tuple(sky_factor * c for c in self.floor))


@dataclass(frozen=True)
class Softness:
    """How many small lights stand for a lamp and for the sky in each pass of a frame: more are softer and slower."""

    lamp: int = 2
    sky: int = 4


def light_samples(lighting: Lighting, passes: int, middle: Array, softness: Softness) -> list[Array]:
    """For each pass its lights [l, 10] (see `shade`); all passes together cover lamps and sky evenly."""
    total_lamp, total_sky = passes * softness.lamp, passes * softness.sky
    lists: list[list[Array]] = [[] for _ in range(passes)]
    for lamp in lighting.lamps:
        for k in range(total_lamp):
            lists[k % passes].append(lamp_row(lamp, halton_pair(k + 1), middle, softness.lamp))
    for k in range(total_sky):
        lists[k % passes].append(sky_row(lighting.sky, halton_pair(k + 7), softness.sky))
    return [np.array(rows, FLOAT) for rows in lists]


def lamp_row(lamp: Lamp, place: tuple[float, float], middle: Array, samples: int) -> Array:
    """One place on a lamp; directions are taken as parallel over the stage, strength falls with the distance."""
    extent = np.asarray(lamp.extent)
    u, v = place[0] - 0.5, place[1] - 0.5
    axis = [extent[0] * u, extent[1] * v, extent[2] * v] if extent[1] > extent[2] else [extent[0] * u, extent[1] * u, extent[2] * v]
    spot = np.asarray(lamp.place) + axis
    away = spot - middle
    distance = np.linalg.norm(away)
    return np.array([*(away / distance), *(c / samples for c in lamp.light), *spot, distance**2])


def sky_row(sky: tuple[float, float, float], place: tuple[float, float], samples: int) -> Array:
    """One direction of the light from above; directions are spread by the cosine, so all weigh the same."""
    sine, angle = np.sqrt(0.92 * place[0]), 2 * np.pi * place[1]
    up = np.sqrt(1 - sine**2)
    weight = 1 / (samples * up)
    return np.array([sine * np.cos(angle), sine * np.sin(angle), up, *(c * min(weight, 3 / samples) for c in sky), 0, 0, 0, 0])


def halton_pair(index: int) -> tuple[float, float]:
    """Evenly spread places in the unit square."""
    return halton(index, 2), halton(index, 3)


def halton(index: int, base: int) -> float:
    """The radical inverse of `index` in `base`."""
    result, factor = 0.0, 1.0
    while index:
        factor /= base
        result += factor * (index % base)
        index //= base
    return result


def ambient_table(lighting: Lighting) -> Array:
    """Light from below, and what glossy surfaces mirror from below and above [3, 3]."""
    lamps = np.sum([lamp.light for lamp in lighting.lamps], axis=0) if lighting.lamps else np.zeros(3)
    sky, floor = np.asarray(lighting.sky), np.asarray(lighting.floor)
    return np.array([floor, 0.35 * floor, 0.8 * sky + 0.12 * lamps], FLOAT)
