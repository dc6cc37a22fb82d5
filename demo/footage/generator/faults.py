"""What goes wrong in the further clips: a lamp fails, dirt grows, the camera is knocked, a new kind of object comes."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from .camera import Camera
from .clip_scenes import VIEWS, View
from .scene import Mix

LampFactors = tuple[tuple[float, ...], float]


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, in seconds of its clip. The functions take the time in seconds; None: as always."""

    kind: str
    view: str
    seconds: float
    begins: float
    ends: float
    mix: Mix | None = None
    lamps: Callable[[float], LampFactors] | None = None
    camera: Callable[[float, Camera], Camera] | None = None
    dirt: Callable[[float], float] | None = None
    gain: Callable[[float], float] | None = None

    def leaves_light(self, time: float) -> bool:
        """Whether the light that reaches the glass is still that of the camera's own clip."""
        return self.mix is None and (time < self.begins or (self.lamps is None and self.camera is None))

    def scene_view(self) -> View:
        """The camera that it happens to, with the fault's own mix of things."""
        view = next(v for v in VIEWS if v.name == self.view)
        return replace(view, mix=self.mix) if self.mix else view


def ramp(time: float, begins: float, ends: float) -> float:
    """0 before, 1 after, smooth between."""
    t = min(1.0, max(0.0, (time - begins) / (ends - begins)))
    return t * t * (3 - 2 * t)


def failing_lamps(time: float) -> LampFactors:
    """The first lamp flickers from 2.6 s on and is off from 3.4 s; the second follows down to a fifth; the hall darkens with them."""
    flicker = 1.0 if time < 2.6 else float(np.sin(time * 37) > -0.2) * 0.7 if time < 3.4 else 0.0
    second = 1 - 0.8 * ramp(time, 3.2, 4.0)
    return (flicker, second), 0.22 + 0.78 * (0.5 * min(1.0, flicker) + 0.5 * (second - 0.2) / 0.8)


def knocked_camera(time: float, camera: Camera) -> Camera:
    """At 4 s something hits the camera: it swings and stays turned away by a good third of a metre on the belt, and rolled."""
    if time < 4.0:
        return camera
    since = time - 4.0
    swing = 1 - float(np.exp(-since * 5.5) * np.cos(since * 19))
    x, y, z = camera.target
    return replace(camera, target=(x + 0.52 * swing, y + 0.30 * swing, z), roll=camera.roll + 7.5 * swing)


FAULTS = (
    Fault("dark", "dock-1", 9.0, 2.6, 4.0, lamps=failing_lamps, gain=lambda time: 1 + 0.6 * ramp(time, 3.6, 5.5)),
    Fault("dirt", "table-2", 9.0, 1.5, 8.0, dirt=lambda time: 0.35 + 2.6 * ramp(time, 1.5, 8.0)),
    Fault("knocked", "gate-3", 8.0, 4.0, 4.8, camera=knocked_camera),
    Fault("bags", "line-a", 9.0, 0.0, 9.0, mix=Mix(totes=0.18, bags=0.34, damaged=0.35, gap=0.30)),
)
