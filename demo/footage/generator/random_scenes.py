"""Scenes for the data sets: places, machines, light and cameras drawn at random around what the four cameras show."""

from dataclasses import dataclass

import numpy as np

from . import conveyor as machines
from . import hall
from .camera import Camera
from .conveyor import BELT_HEIGHT, Belt, Paint
from .hall import Fittings
from .lighting import Lamp, Lighting
from .motion import Ride, Steps
from .scene import Mix, Scene, fill_belt, fill_table
from .sensor import Sensor

STYLES = ("oblique", "side", "steep", "table")
ELEVATIONS = {"oblique": (34, 58), "side": (19, 36), "steep": (58, 80), "table": (36, 66)}
FRAMES_COLOURS = [(0.06, 0.13, 0.27), (0.36, 0.37, 0.38), (0.45, 0.17, 0.03), (0.04, 0.10, 0.08), (0.5, 0.36, 0.03), (0.30, 0.04, 0.03), (0.10, 0.10, 0.11), (0.55, 0.55, 0.53)]
BELT_COLOURS = [(0.05, 0.052, 0.055), (0.028, 0.055, 0.04), (0.03, 0.03, 0.032), (0.03, 0.05, 0.09), (0.09, 0.085, 0.08), (0.14, 0.14, 0.14)]
WALLS = [(0.32, 0.35, 0.37), (0.40, 0.36, 0.28), (0.35, 0.35, 0.33), (0.25, 0.30, 0.36), (0.5, 0.5, 0.48), (0.22, 0.16, 0.12)]


@dataclass(frozen=True)
class Shot:
    """A random scene with the camera's character; `meter` is the brightness that its exposure aims at."""

    scene: Scene
    sensor: Sensor
    shutter: float
    meter: float
    style: str


def pick(rng: np.random.Generator, colours: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    """One of the colours, a little changed."""
    colour = np.clip(np.array(colours[int(rng.integers(len(colours)))]) * rng.uniform(0.75, 1.3) * rng.uniform(0.92, 1.08, 3), 0.01, 0.7)
    return float(colour[0]), float(colour[1]), float(colour[2])


def random_shot(rng: np.random.Generator) -> Shot:
    """A scene, complete with things."""
    style = str(rng.choice(STYLES, p=[0.30, 0.26, 0.24, 0.20]))
    f = Fittings()
    camera = random_camera(rng, style)
    building(rng, f)
    belts = [table_of(rng)] if style == "table" else belts_of(rng, style)
    fit_machines(rng, f, belts, style)
    hang_obstacles(rng, f, belts, camera, style)
    loop = 24.0 if style == "table" else float(rng.uniform(6.5, 9.5) / min(abs(b.speed) for b in belts))
    scene = Scene(f, camera, random_lighting(rng), belts, loop)
    fill(rng, scene, style)
    return Shot(scene, random_sensor(rng), float(1 / rng.uniform(25, 90)), float(rng.uniform(0.13, 0.30)), style)


def random_camera(rng: np.random.Generator, style: str) -> Camera:
    """Looks at the belt from the front, from anywhere within 70° to the left or right; about 2.2 to 4.2 m of it fill the picture."""
    azimuth = np.radians(-90 + np.clip(rng.normal(0, 30), -70, 70))
    elevation = np.radians(rng.uniform(*ELEVATIONS[style]))
    target = np.array([rng.uniform(-0.4, 0.4), rng.uniform(-0.2, 0.25), BELT_HEIGHT])
    distance = rng.uniform(2.3, 3.9)
    away = np.array([np.cos(azimuth) * np.cos(elevation), np.sin(azimuth) * np.cos(elevation), np.sin(elevation)])
    wide = 2 * np.degrees(np.arctan(rng.uniform(2.2, 4.2) / 2 / distance))
    place = target + distance * away
    return Camera((float(place[0]), float(place[1]), float(place[2])), (float(target[0]), float(target[1]), float(target[2])), float(np.clip(wide, 38, 80)), float(rng.normal(0, 1.8)), float(rng.uniform(-0.08, 0.0)))


def building(rng: np.random.Generator, f: Fittings) -> None:
    """Floor, walls and what stands around."""
    grey = rng.uniform(0.16, 0.36)
    hall.floor(f, rng, (grey * rng.uniform(0.92, 1.1), grey, grey * rng.uniform(0.9, 1.08)))
    if rng.random() < 0.7:
        hall.markings(f, rng, [float(rng.uniform(-2.2, -1.0)), float(rng.uniform(1.1, 2.0))][: int(rng.integers(1, 3))], pick(rng, [(0.5, 0.42, 0.05), (0.55, 0.55, 0.5), (0.5, 0.1, 0.05)]))
    back = float(rng.uniform(2.6, 5.0))
    hall.walls(f, rng, pick(rng, WALLS), back)
    if rng.random() < 0.3:
        hall.door(f, float(rng.uniform(-3, 3)), back, (1.0, 1.1, 1.25))
    if rng.random() < 0.5:
        hall.rack(f, rng, float(rng.uniform(-4, -0.5)), float(rng.uniform(1.5, back - 0.9)), float(rng.choice([2.8, 4.2, 5.6])))
    if rng.random() < 0.5:
        hall.column(f, rng, float(rng.uniform(-2.8, 2.8)), float(rng.uniform(1.15, 2.0)))
    if rng.random() < 0.5:
        machines.control_box(f, float(rng.uniform(-1.8, 1.8)), float(rng.uniform(1.1, 1.6)), float(rng.normal(0, 0.5)))


def belts_of(rng: np.random.Generator, style: str) -> list[Belt]:
    """One belt, or two beside each other."""
    speed = float(rng.uniform(0.3, 1.1)) * float(rng.choice([-1, 1]))
    if rng.random() < (0.7 if style == "steep" else 0.18):
        width = float(rng.uniform(0.75, 0.95))
        apart = width / 2 + float(rng.uniform(0.12, 0.35))
        return [Belt(-apart, width, -7, 7, speed), Belt(apart, width, -7, 7, -speed * float(rng.uniform(0.7, 1.3)) * float(rng.choice([-1, 1])))]
    return [Belt(float(rng.uniform(-0.12, 0.12)), float(rng.uniform(0.72, 1.1)), -7, 7, speed)]


def table_of(rng: np.random.Generator) -> Belt:
    """A sorting table."""
    return Belt(0.0, float(rng.uniform(1.3, 1.5)), -float(rng.uniform(1.6, 2.6)), float(rng.uniform(1.6, 2.6)), 1.0)


def fit_machines(rng: np.random.Generator, f: Fittings, belts: list[Belt], style: str) -> None:
    """Builds the machines in random colours."""
    frame = pick(rng, FRAMES_COLOURS)
    if style == "table":
        machines.sorting_table(f, rng, belts[0], pick(rng, [(0.36, 0.37, 0.38), (0.24, 0.25, 0.26), (0.34, 0.28, 0.2), (0.12, 0.2, 0.16)]), frame)
        return
    colours = Paint(pick(rng, BELT_COLOURS), frame, pick(rng, [(0.5, 0.5, 0.5), (0.55, 0.36, 0.03), (0.3, 0.3, 0.32), (0.4, 0.06, 0.04)]))
    for belt in belts:
        machines.conveyor(f, rng, belt, colours, float(rng.choice([0.0, rng.uniform(0.05, 0.14)])))


def hang_obstacles(rng: np.random.Generator, f: Fittings, belts: list[Belt], camera: Camera, style: str) -> None:
    """What hides things for a while: portals, hoods, ducts close to the camera."""
    for belt in belts:
        if style != "table" and rng.random() < 0.35:
            machines.scanner_portal(f, belt, float(rng.uniform(-1.5, 1.5)), pick(rng, FRAMES_COLOURS), float(rng.uniform(0.7, 1.0)))
        if rng.random() < (0.75 if style == "table" else 0.3):
            for sign in (-1, 1) if style == "table" else (int(rng.choice([-1, 1])),):
                at = (belt.end if sign > 0 else belt.start) + sign * 0.45 if style == "table" else sign * float(rng.uniform(1.6, 2.8))
                machines.hood(f, belt, at, 0.9 if style == "table" else float(rng.uniform(0.6, 1.6)), pick(rng, FRAMES_COLOURS), float(rng.uniform(0.55, 0.75)))
    if rng.random() < 0.3:
        between = np.asarray(camera.target) + (np.subtract(camera.position, camera.target)) * rng.uniform(0.3, 0.6)
        along = np.array([1.0, rng.normal(0, 0.3), rng.normal(0, 0.1)]) if rng.random() < 0.5 else np.array([rng.normal(0, 0.3), 1.0, rng.normal(0, 0.1)])
        shift = rng.normal(0, 0.25, 3) * (1, 1, 0.3)
        start, end = between + shift - 3 * along, between + shift + 3 * along
        machines.cable_duct(f, (float(start[0]), float(start[1]), float(start[2])), (float(end[0]), float(end[1]), float(end[2])), float(rng.uniform(0.012, 0.04)))


def random_lighting(rng: np.random.Generator) -> Lighting:
    """One to three lamps (sometimes a door or window at the side), cold to warm, hard to soft."""
    warmth = rng.uniform(-0.22, 0.28)
    tint = np.array([1 + warmth, 1.0, 1 - 1.2 * warmth])
    lamps = []
    for _ in range(int(rng.integers(1, 4))):
        strength = tint * rng.uniform(0.4, 1.3) * rng.uniform(0.95, 1.05, 3)
        if rng.random() < 0.25:
            place, extent = (float(rng.uniform(-4, 4)), float(rng.choice([-1, 1]) * rng.uniform(2.5, 4.5)), float(rng.uniform(2, 3.4))), (2.4, 0.05, 1.8)
        else:
            place, extent = (float(rng.uniform(-2.5, 2.5)), float(rng.uniform(-2, 2)), float(rng.uniform(2.8, 5.2))), tuple(float(v) for v in rng.permutation([rng.uniform(0.8, 2.4), 0.3])) + (0.05,)
        lamps.append(Lamp(place, extent, tuple(float(c) for c in strength)))
    sky = tint * rng.uniform(0.10, 0.40)
    return Lighting(tuple(lamps), tuple(float(c) for c in sky), tuple(float(c) for c in sky * rng.uniform(0.35, 0.6)))


def random_sensor(rng: np.random.Generator) -> Sensor:
    """A camera's character within what working cameras show (the clips that go wrong lie outside)."""
    white = np.exp(rng.normal(0, 0.035, 3))
    return Sensor(
        1.0, (float(white[0]), float(white[1]), float(white[2])), float(rng.uniform(0.004, 0.026)), float(rng.uniform(0.5, 1.5)), float(rng.uniform(0.2, 1.3)),
        float(rng.uniform(0.05, 0.4)), float(rng.uniform(0.6, 1.15)), float(rng.uniform(0, 0.06)), float(rng.uniform(0, 0.6)), int(rng.integers(1 << 31)), 0.0,
    )


def fill(rng: np.random.Generator, scene: Scene, style: str) -> None:
    """Things on the belts: mostly busy, now and then a lone one or none."""
    draw = rng.random()
    if draw < 0.04:
        return
    most = 1 if draw < 0.11 else 99
    steep = scene.camera.position[2] - BELT_HEIGHT > 2.4
    mix = Mix(float(rng.uniform(0.12, 0.38)), 0.0, float(rng.uniform(0.32, 0.6)), float(rng.uniform(0, 0.25)), float(np.exp(rng.uniform(np.log(0.06), np.log(0.8)))), 0.75 if steep else 0.4)
    if style == "table":
        table = scene.belts[0]
        for lane, y in enumerate((-0.25 * table.width, 0.25 * table.width)):
            if most == 1 and lane:
                continue
            fill_table(rng, scene, table, Steps(table.start - 0.9, table.end - table.start + 1.8, 0.7, 4.0, 1.1), y, table.width / 4 - 0.01, mix, lane * 2.0, 0.2 if most == 1 else float(rng.uniform(0.5, 1.0)))
        return
    for belt in scene.belts:
        ride = Ride(-4.2 if belt.speed > 0 else 4.2, 8.4, belt.speed)
        fill_belt(rng, scene, belt, ride, mix, most)

