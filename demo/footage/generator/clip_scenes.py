"""The four cameras of the demo: places, machines, light, and what comes down the belts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import conveyor as machines
from . import hall
from .camera import Camera
from .conveyor import Belt, Paint
from .hall import Fittings
from .lighting import Lamp, Lighting
from .motion import Ride, Steps
from .scene import Mix, Scene, fill_belt, fill_table
from .seeding import generator_for
from .sensor import Sensor

LOOP = 20.0
# Which of many possible lists of things a camera shows: chosen by eye, so that all kinds of damage come by.
TAKES = {"dock-1": 12, "line-a": 4, "gate-3": 4, "table-2": 12}


@dataclass(frozen=True)
class View:
    """One camera of the demo: how to build its scene, its sensor, and its counting line (two places on the floor plan at belt height)."""

    name: str
    build: Callable[[int, Mix], Scene]
    sensor: Sensor
    shutter: float
    line: tuple[tuple[float, float], tuple[float, float]]
    mix: Mix


def lit(fittings: Fittings, lamps: list[Lamp], visible: bool = True) -> tuple[Lamp, ...]:
    """Hangs up the bodies of the lamps and returns them."""
    for lamp in lamps:
        if visible:
            hall.ceiling_lamp(fittings, lamp.place, lamp.extent, np.asarray(lamp.light))
    return tuple(lamps)


def dock_1(seed: int, mix: Mix) -> Scene:
    """High and oblique: one slow belt out of a scanner hood, cold light."""
    rng, f = generator_for(seed, "dock-1", "hall"), Fittings()
    belt = Belt(0.0, 0.92, -7.0, 7.0, 0.45, 0.45 * LOOP / 3)
    hall.floor(f, rng, (0.26, 0.27, 0.27))
    hall.markings(f, rng, [-1.25, 1.35], (0.5, 0.42, 0.05))
    hall.walls(f, rng, (0.32, 0.35, 0.37), back=3.6)
    hall.rack(f, rng, -2.2, 2.4, 5.6)
    hall.column(f, rng, 2.6, 1.5)
    machines.conveyor(f, rng, belt, Paint((0.05, 0.052, 0.055), (0.06, 0.13, 0.27), (0.5, 0.5, 0.5)), 0.10)
    machines.scanner_portal(f, belt, 1.25, (0.45, 0.47, 0.48))
    machines.control_box(f, 0.6, 1.1, 0.2)
    camera = Camera((-1.9, -2.75, 3.35), (0.15, 0.06, 0.80), 52, 1.0, -0.05)
    lamps = [Lamp((-1.5, 0.6, 4.8), (2.4, 0.25, 0.05), (0.85, 1.0, 1.18)), Lamp((1.8, -1.2, 4.8), (2.4, 0.25, 0.05), (0.8, 0.95, 1.12))]
    scene = Scene(f, camera, Lighting(lit(f, lamps, False), (0.42, 0.48, 0.56), (0.16, 0.17, 0.18)), [belt], LOOP)
    fill_belt(generator_for(seed, "dock-1", "things", TAKES["dock-1"]), scene, belt, Ride(-5.0, 10.5, belt.speed), mix)
    return scene


def line_a(seed: int, mix: Mix) -> Scene:
    """Low and from the side: a fast belt, warm light, a foreground pipe."""
    rng, f = generator_for(seed, "line-a", "hall"), Fittings()
    belt = Belt(0.0, 0.80, -7.0, 7.0, 0.96, 0.96 * LOOP / 6)
    hall.floor(f, rng, (0.30, 0.27, 0.24))
    hall.markings(f, rng, [1.1, -1.6], (0.55, 0.55, 0.5))
    hall.walls(f, rng, (0.40, 0.36, 0.28), back=3.2)
    hall.column(f, rng, -1.7, 1.2)
    hall.rack(f, rng, -0.6, 2.2, 4.2)
    machines.conveyor(f, rng, belt, Paint((0.028, 0.055, 0.04), (0.36, 0.37, 0.38), (0.55, 0.36, 0.03)), 0.07)
    machines.hood(f, belt, 2.75, 1.7, (0.34, 0.35, 0.35))
    machines.cable_duct(f, (-3.0, -1.35, 1.62), (3.0, -1.15, 1.50), 0.022)
    camera = Camera((-0.35, -2.7, 2.02), (0.12, 0.05, 0.86), 60, -0.8, -0.06)
    lamps = [Lamp((-1.2, -0.6, 3.6), (0.35, 1.6, 0.05), (1.35, 1.0, 0.62)), Lamp((1.9, 0.9, 3.6), (0.35, 1.6, 0.05), (1.05, 0.78, 0.48))]
    scene = Scene(f, camera, Lighting(lit(f, lamps, False), (0.34, 0.30, 0.24), (0.15, 0.13, 0.11)), [belt], LOOP)
    fill_belt(generator_for(seed, "line-a", "things", TAKES["line-a"]), scene, belt, Ride(-4.6, 8.4, belt.speed), mix)
    return scene


def gate_3(seed: int, mix: Mix) -> Scene:
    """Steep from above: two belts in opposite directions, daylight from a door."""
    rng, f = generator_for(seed, "gate-3", "hall"), Fittings()
    near, far = Belt(-0.62, 0.85, -7.0, 7.0, 0.6, 0.6 * LOOP / 4), Belt(0.62, 0.85, -7.0, 7.0, -0.75, 0.75 * LOOP / 5)
    hall.floor(f, rng, (0.31, 0.31, 0.29))
    hall.markings(f, rng, [-1.5, 1.6], (0.6, 0.6, 0.58))
    hall.walls(f, rng, (0.35, 0.35, 0.33), back=5.0)
    hall.door(f, -2.6, 5.0, (1.0, 1.1, 1.25))
    colours = Paint((0.045, 0.045, 0.047), (0.45, 0.17, 0.03), (0.42, 0.43, 0.45))
    for belt in (near, far):
        machines.conveyor(f, rng, belt, colours, 0.0 if belt is near else 0.09)
    machines.scanner_portal(f, far, -1.35, (0.5, 0.36, 0.03), 0.85)
    machines.cable_duct(f, (1.42, -3.0, 2.25), (1.30, 3.0, 2.35), 0.05)
    camera = Camera((0.25, -1.75, 4.35), (0.05, 0.02, 0.80), 50, 2.0, -0.045)
    lamps = [Lamp((-3.4, 4.4, 3.2), (2.4, 0.05, 2.2), (1.5, 1.6, 1.75)), Lamp((1.5, -0.5, 5.2), (1.8, 0.3, 0.05), (0.45, 0.43, 0.38))]
    scene = Scene(f, camera, Lighting(lit(f, lamps, False), (0.36, 0.38, 0.41), (0.15, 0.15, 0.15)), [near, far], LOOP)
    things = generator_for(seed, "gate-3", "things", TAKES["gate-3"])
    fill_belt(things, scene, near, Ride(-4.2, 8.4, near.speed), mix)
    fill_belt(things, scene, far, Ride(4.2, 8.4, far.speed), mix)
    return scene


def table_2(seed: int, mix: Mix) -> Scene:
    """A sorting table: things slide on step by step and lie still for seconds; a lamp close above."""
    rng, f = generator_for(seed, "table-2", "hall"), Fittings()
    table = Belt(0.0, 1.36, -1.9, 1.9, 1.0)
    hall.floor(f, rng, (0.20, 0.22, 0.23))
    hall.markings(f, rng, [-1.3], (0.5, 0.1, 0.05))
    hall.walls(f, rng, (0.30, 0.33, 0.30), back=3.0)
    hall.rack(f, rng, -2.6, 1.9, 5.6)
    machines.sorting_table(f, rng, table, (0.36, 0.37, 0.38), (0.04, 0.10, 0.08))
    left, right = Belt(0.0, 1.36, -5.0, -1.9, 1.0, 2.0), Belt(0.0, 1.36, 1.9, 5.0, 1.0, 2.0)
    for side, x in ((left, -2.35), (right, 2.35)):
        machines.hood(f, side, x, 0.9, (0.40, 0.42, 0.40), 0.75)
    machines.control_box(f, -0.2, 1.15, 0.0)
    camera = Camera((-0.75, -2.45, 2.95), (0.02, 0.02, 0.80), 56, 0.5, -0.05)
    lamps = [Lamp((0.3, 0.35, 2.75), (1.3, 0.22, 0.05), (1.1, 1.06, 0.95)), Lamp((-2.4, -1.5, 4.6), (0.3, 2.0, 0.05), (0.5, 0.53, 0.56))]
    scene = Scene(f, camera, Lighting(lit(f, lamps, False), (0.28, 0.29, 0.30), (0.14, 0.14, 0.14)), [table], LOOP)
    things = generator_for(seed, "table-2", "things", TAKES["table-2"])
    for y, delay in ((-0.34, 0.0), (0.34, 2.0)):
        fill_table(things, scene, table, Steps(-2.8, 5.6, 0.7, 4.0, 1.1), y, 0.31, mix, delay)
    return scene


VIEWS = (
    View("dock-1", dock_1, Sensor(1.0, (0.97, 1.0, 1.05), 0.014, 0.8, 0.9, 0.25, 0.85, 0.02, 0.25, 11, 0.02), 1 / 40, ((0.25, -0.46), (0.25, 0.46)), Mix(gap=0.24)),
    View("line-a", line_a, Sensor(1.0, (1.04, 1.0, 0.93), 0.016, 0.7, 1.0, 0.2, 0.95, 0.025, 0.3, 12, 0.02), 1 / 50, ((0.3, -0.4), (0.3, 0.4)), Mix(gap=0.45)),
    View("gate-3", gate_3, Sensor(1.0, (1.0, 1.0, 1.02), 0.012, 0.75, 0.8, 0.28, 0.9, 0.035, 0.3, 13, 0.03), 1 / 60, ((0.2, -1.05), (0.2, 1.05)), Mix(gap=0.40, top_share=0.75)),
    View("table-2", table_2, Sensor(1.0, (1.0, 1.01, 0.98), 0.02, 0.9, 0.7, 0.3, 0.88, 0.02, 0.35, 14, 0.015), 1 / 30, ((0.35, -0.68), (0.35, 0.68)), Mix(gap=0.3, stacked=0.15)),
)
