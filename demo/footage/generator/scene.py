"""A scene: hall, things and their ways, camera and light. And how belts are filled with things."""

from dataclasses import dataclass, field

import numpy as np

from . import motion
from .bags import bag
from .body import Body
from .camera import Camera
from .conveyor import BELT_HEIGHT, Belt
from .hall import Fittings
from .lighting import Lighting, Softness
from .motion import Item, Ride, Steps
from .parcels import cardboard_box, random_parcel
from .renderer import Renderer
from .shadow import Stage
from .totes import tote


@dataclass
class Scene:
    """All that a renderer needs, and what ground truth tells about the place. `loop` in seconds."""

    fittings: Fittings
    camera: Camera
    lighting: Lighting
    belts: list[Belt]
    loop: float
    bodies: list[Body] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    stage: Stage = Stage((0.0, 0.0, 0.9), 3.3)

    def renderer(self, width: int, height: int, softness: Softness = Softness()) -> Renderer:
        """A renderer for this scene."""
        return Renderer(self.fittings.mesh(), self.fittings.casters(), self.fittings.materials, self.bodies, self.camera, self.lighting, self.stage, width, height, softness)

    def present(self, time: float) -> list[motion.Present]:
        """What is there at a moment of the loop."""
        return motion.present(self.items, self.loop, time)


@dataclass(frozen=True)
class Mix:
    """What comes down a belt: shares of totes and bags among all, of damaged ones among parcels, of stacked ones; mean gap in metres."""

    totes: float = 0.2
    bags: float = 0.0
    damaged: float = 0.4
    stacked: float = 0.1
    gap: float = 0.28
    top_share: float = 0.45


def random_body(rng: np.random.Generator, mix: Mix) -> Body:
    """One thing, by the shares of the mix."""
    draw = rng.random()
    if draw < mix.bags:
        return bag(rng)
    if draw < mix.bags + mix.totes:
        return tote(rng)
    return random_parcel(rng, bool(rng.random() < mix.damaged), mix.top_share)


def random_yaw(rng: np.random.Generator, body: Body, camera: Camera, y: float) -> float:
    """Damage is turned about to the camera; totes lie along the belt; the rest lies as it fell."""
    if body.damage:
        towards = np.arctan2(camera.position[1] - y, camera.position[0] - camera.target[0])
        return float(towards - body.damage_side + np.clip(rng.normal(0, 0.4), -0.8, 0.8))
    if body.label == "tote":
        return float(rng.choice([0, np.pi / 2, np.pi]) + rng.normal(0, 0.08))
    return float(rng.integers(4) * np.pi / 2 + rng.normal(0, 0.3))


def reach(body: Body, yaw: float) -> tuple[float, float]:
    """Half of the room that a turned body takes along x and along y."""
    points = body.mesh.points[:, :2]
    c, s = np.cos(yaw), np.sin(yaw)
    return float(np.abs(points[:, 0] * c - points[:, 1] * s).max()), float(np.abs(points[:, 0] * s + points[:, 1] * c).max())


def fill_belt(rng: np.random.Generator, scene: Scene, belt: Belt, ride: Ride, mix: Mix, most: int = 99) -> None:
    """Puts things onto a belt, one behind the other, so that nothing touches, also over the seam of the loop."""
    total = abs(ride.speed) * scene.loop
    at, last_reach, first_reach = 0.0, 0.0, None
    placed = 0
    while placed < most:
        body = random_body(rng, mix)
        yaw = random_yaw(rng, body, scene.camera, belt.y)
        along, across = reach(body, yaw)
        if across > belt.width / 2:
            continue
        step = 0.0 if first_reach is None else last_reach + along + rng.exponential(mix.gap) + 0.03
        if at + step + along + (first_reach or along) + 0.03 > total:
            break
        at += step
        first_reach = along if first_reach is None else first_reach
        room = max(0.0, belt.width / 2 - across - 0.01)
        place_with_load(rng, scene, ride, body, yaw, at / abs(ride.speed), belt.y + float(rng.uniform(-room, room)), mix)
        last_reach = along
        placed += 1


def place_with_load(rng: np.random.Generator, scene: Scene, path: Ride | Steps, body: Body, yaw: float, enters: float, y: float, mix: Mix) -> None:
    """Adds a thing, sometimes with a smaller parcel on top of it."""
    scene.bodies.append(body)
    scene.items.append(Item(len(scene.bodies) - 1, path, enters % scene.loop, y, BELT_HEIGHT + 0.001, yaw))
    flat = body.label == "parcel" and body.size[2] > 0.11 and len(body.materials) > 1
    if flat and rng.random() < mix.stacked and min(body.size[:2]) > 0.22:
        size = np.array([body.size[0] * rng.uniform(0.5, 0.75), body.size[1] * rng.uniform(0.6, 0.85), rng.uniform(0.09, 0.2)])
        kind = str(rng.choice(("wet patch", "torn side"))) if rng.random() < mix.damaged * 0.5 else None
        load = cardboard_box(rng, kind, size, mix.top_share)
        scene.bodies.append(load)
        scene.items.append(Item(len(scene.bodies) - 1, path, enters % scene.loop, y, BELT_HEIGHT + body.size[2] + 0.004, yaw + float(rng.normal(0, 0.15))))


def fill_table(rng: np.random.Generator, scene: Scene, belt: Belt, path: Steps, y: float, room: float, mix: Mix, delay: float, share: float = 0.85) -> None:
    """Puts things onto one lane of a sorting table: one for each step of the loop, some steps empty."""
    for step in range(round(scene.loop / path.period)):
        if rng.random() > share:
            continue
        body = random_body(rng, mix)
        for _ in range(12):
            yaw = random_yaw(rng, body, scene.camera, y)
            along, across = reach(body, yaw)
            if across < room and along < path.pitch / 2 - 0.01:
                place_with_load(rng, scene, path, body, yaw, step * path.period + delay, y + float(rng.uniform(-1, 1)) * (room - across), mix)
                break

