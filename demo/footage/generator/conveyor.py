"""Conveyors and what stands about them: belt, frame, rails, legs, rollers, emergency stop, scanner portal, hood, sorting table."""

from dataclasses import dataclass

import numpy as np

from . import paint_hall as paint
from .hall import Fittings
from .mesh import moved
from .solids import box, cylinder, sheet
from .surface import Material

BELT_HEIGHT = 0.80
PATTERN = 3.0  # metres of belt after which its texture repeats


@dataclass(frozen=True)
class Belt:
    """A straight conveyor along x. Lengths in metres; speed in metres a second, negative: towards −x."""

    y: float
    width: float
    start: float
    end: float
    speed: float
    pattern: float = PATTERN


@dataclass(frozen=True)
class Paint:
    """Colours (linear) of one installation."""

    belt: tuple[float, float, float]
    frame: tuple[float, float, float]
    rail: tuple[float, float, float]


def conveyor(fittings: Fittings, rng: np.random.Generator, belt: Belt, colours: Paint, rail_height: float) -> None:
    """The whole machine; its moving surface is the texture of one material."""
    length, middle = belt.end - belt.start, (belt.end + belt.start) / 2
    rubber = fittings.material(Material((1, 1, 1), 0.55, 0.03, texture=paint.belt_rubber(rng, colours.belt), scroll=(-belt.speed / belt.pattern, 0)))
    frame = fittings.material(Material((1, 1, 1), 0.4, 0.04, texture=paint.steel(rng, colours.frame)))
    dark = fittings.material(Material((0.03, 0.03, 0.032), 0.6, 0.03))
    surface = sheet(np.array([belt.start, belt.y - belt.width / 2, BELT_HEIGHT]), np.array([length, 0, 0]), np.array([0, belt.width, 0]), 0.25)
    scaled = surface.uv * np.array([1 / belt.pattern, 1 / belt.width], np.float32)
    fittings.add(type(surface)(surface.points, surface.triangles, surface.normals, scaled, surface.material), material=rubber)
    fittings.add(box((length, belt.width - 0.04, 0.12), (middle, belt.y, BELT_HEIGHT - 0.10)), material=dark)
    for side in (-1, 1):
        fittings.add(box((length, 0.06, 0.20), (middle, belt.y + side * (belt.width / 2 + 0.03), BELT_HEIGHT - 0.09)), material=frame)
        fittings.add(box((length, 0.015, 0.02), (middle, belt.y + side * (belt.width / 2 + 0.062), BELT_HEIGHT - 0.05)), material=dark)
    legs(fittings, belt, frame)
    rails(fittings, belt, colours, rail_height)
    rollers(fittings, belt, dark)
    motor(fittings, rng, belt)


def legs(fittings: Fittings, belt: Belt, material: int) -> None:
    """A pair of legs every 1.6 m, with a cross bar and foot plates."""
    for x in np.arange(belt.start + 0.4, belt.end, 1.6):
        for side in (-1, 1):
            y = belt.y + side * (belt.width / 2 + 0.03)
            fittings.add(box((0.07, 0.05, BELT_HEIGHT - 0.15), (float(x), y, (BELT_HEIGHT - 0.15) / 2)), box((0.16, 0.12, 0.015), (float(x), y, 0.008)), material=material)
        fittings.add(box((0.05, belt.width, 0.05), (float(x), belt.y, 0.3)), material=material)


def rails(fittings: Fittings, belt: Belt, colours: Paint, height: float) -> None:
    """Side guides on short posts; height above the belt, 0: none."""
    if height <= 0:
        return
    rail = fittings.material(Material(colours.rail, 0.45, 0.05))
    length, middle = belt.end - belt.start, (belt.end + belt.start) / 2
    for side in (-1, 1):
        y = belt.y + side * (belt.width / 2 + 0.05)
        fittings.add(box((length, 0.025, 0.06), (middle, y, BELT_HEIGHT + height)), material=rail)
        for x in np.arange(belt.start + 0.3, belt.end, 0.8):
            fittings.add(box((0.03, 0.02, height + 0.1), (float(x), y + side * 0.022, BELT_HEIGHT + height / 2 - 0.05)), material=rail)


def rollers(fittings: Fittings, belt: Belt, material: int) -> None:
    """Return rollers under the belt."""
    for x in np.arange(belt.start + 0.2, belt.end, 0.7):
        fittings.add(cylinder(0.035, np.array([x, belt.y - belt.width / 2, 0.6]), np.array([x, belt.y + belt.width / 2, 0.6]), sides=8), material=material)


def motor(fittings: Fittings, rng: np.random.Generator, belt: Belt) -> None:
    """A drive under the belt and an emergency stop on the side towards the camera."""
    housing = fittings.material(Material((0.05, 0.12, 0.25), 0.5, 0.05))
    yellow, red = fittings.material(Material((0.65, 0.45, 0.02), 0.5, 0.04)), fittings.material(Material((0.5, 0.015, 0.012), 0.35, 0.06))
    x, y = float(rng.uniform(-1.2, 1.2)), belt.y - belt.width / 2 - 0.13
    fittings.add(box((0.4, 0.2, 0.24), (x + 0.5, y + 0.05, 0.5)), cylinder(0.09, np.array([x + 0.7, y + 0.05, 0.5]), np.array([x + 1.0, y + 0.05, 0.5])), material=housing)
    fittings.add(box((0.1, 0.09, 0.12), (x, y + 0.03, BELT_HEIGHT - 0.02)), material=yellow)
    fittings.add(cylinder(0.032, np.array([x, y - 0.02, BELT_HEIGHT - 0.01]), np.array([x, y - 0.07, BELT_HEIGHT - 0.01])), material=red)


def scanner_portal(fittings: Fittings, belt: Belt, x: float, colour: tuple[float, float, float], height: float = 0.95) -> None:
    """A gantry over the belt with scanner heads and a red light."""
    post = fittings.material(Material(colour, 0.45, 0.05))
    head = fittings.material(Material((0.04, 0.042, 0.045), 0.4, 0.05))
    glow = fittings.material(Material((0.9, 0.05, 0.03), 0.9, 0.0, 1.2))
    top = BELT_HEIGHT + height
    for side in (-1, 1):
        y = belt.y + side * (belt.width / 2 + 0.18)
        fittings.add(box((0.09, 0.09, top), (x, y, top / 2)), material=post)
        fittings.add(box((0.14, 0.08, 0.22), (x, y - side * 0.09, BELT_HEIGHT + height * 0.5)), material=head)
    fittings.add(box((0.09, belt.width + 0.45, 0.09), (x, belt.y, top)), material=post)
    for dy in (-0.2, 0.2):
        fittings.add(box((0.2, 0.24, 0.13), (x, belt.y + dy * belt.width * 1.1, top - 0.1)), material=head)
        fittings.add(box((0.14, 0.16, 0.01), (x, belt.y + dy * belt.width * 1.1, top - 0.168)), material=glow)


def hood(fittings: Fittings, belt: Belt, x: float, length: float, colour: tuple[float, float, float], height: float = 0.62) -> None:
    """A housing over the belt, open at its ends, with rubber strips: things come out of it and go into it."""
    shell = fittings.material(Material(colour, 0.45, 0.04))
    dark = fittings.material(Material((0.012, 0.012, 0.013), 0.7, 0.02))
    top, half = BELT_HEIGHT + height, belt.width / 2 + 0.09
    fittings.add(box((length, 2 * half, 0.04), (x, belt.y, top)), material=shell)
    for side in (-1, 1):
        fittings.add(box((length, 0.03, height + 0.2), (x, belt.y + side * half, BELT_HEIGHT + height / 2 - 0.1)), material=shell)
    for end in (-1, 1):
        for k in range(5):
            y = belt.y - belt.width / 2 + (k + 0.5) * belt.width / 5
            fittings.add(box((0.01, belt.width / 5 - 0.015, 0.10), (x + end * (length / 2 - 0.02), y, top - 0.07)), material=dark)


def cable_duct(fittings: Fittings, start: tuple[float, float, float], end: tuple[float, float, float], radius: float = 0.045) -> None:
    """A pipe or duct in the air, often between the camera and the belt."""
    grey = fittings.material(Material((0.16, 0.165, 0.17), 0.5, 0.04))
    a, b = np.asarray(start), np.asarray(end)
    steps = max(2, int(np.linalg.norm(b - a) / 0.4))
    for k in range(steps):
        fittings.add(cylinder(radius, a + (b - a) * k / steps, a + (b - a) * (k + 1) / steps, sides=10), material=grey)


def control_box(fittings: Fittings, x: float, y: float, yaw: float) -> None:
    """A cabinet on a post with a screen and lights."""
    shell, screen = fittings.material(Material((0.42, 0.43, 0.42), 0.5, 0.04)), fittings.material(Material((0.02, 0.10, 0.12), 0.2, 0.05, 0.8))
    green = fittings.material(Material((0.02, 0.5, 0.08), 0.4, 0.0, 1.5))
    for mesh, material in ((box((0.08, 0.08, 1.0), (0, 0, 0.5)), shell), (box((0.42, 0.16, 0.5), (0, 0, 1.2)), shell), (box((0.26, 0.01, 0.18), (0, -0.086, 1.28)), screen), (box((0.03, 0.02, 0.03), (0.12, -0.09, 1.05)), green)):
        fittings.add(moved(mesh, (x, y, 0), yaw), material=material)


def sorting_table(fittings: Fittings, rng: np.random.Generator, belt: Belt, top: tuple[float, float, float], frame_colour: tuple[float, float, float]) -> None:
    """A steel table with a raised rim, ball-transfer dots and a shelf below."""
    texture = paint.steel(rng, top)
    rows, columns = np.meshgrid(np.arange(texture.shape[0]), np.arange(texture.shape[1]), indexing="ij")
    dots = ((rows % 64 - 32) ** 2 + (columns % 64 - 32) ** 2) < 20
    texture[dots, :3] *= 0.5
    steel = fittings.material(Material((1, 1, 1), 0.38, 0.05, texture=texture))
    frame = fittings.material(Material(frame_colour, 0.5, 0.04))
    length, middle = belt.end - belt.start, (belt.start + belt.end) / 2
    fittings.add(sheet(np.array([belt.start, belt.y - belt.width / 2, BELT_HEIGHT]), np.array([length, 0, 0]), np.array([0, belt.width, 0]), 0.25, 1.2), material=steel)
    fittings.add(box((length, belt.width, 0.05), (middle, belt.y, BELT_HEIGHT - 0.06), longest=0.3), material=frame)
    for side in (-1, 1):
        fittings.add(box((length, 0.03, 0.09), (middle, belt.y + side * (belt.width / 2 + 0.015), BELT_HEIGHT + 0.02)), material=frame)
    for x in np.arange(belt.start + 0.3, belt.end, 1.3):
        for side in (-1, 1):
            fittings.add(box((0.07, 0.07, BELT_HEIGHT), (float(x), belt.y + side * (belt.width / 2 - 0.08), BELT_HEIGHT / 2)), material=frame)
    fittings.add(box((length - 0.4, belt.width - 0.3, 0.03), (middle, belt.y, 0.25)), material=frame)
