"""The building: floor with markings, walls, columns, racks, lamps, a door. Collects meshes with their materials."""

import numpy as np

from . import paint_hall as paint
from .arrays import Array
from .mesh import Mesh, merged, moved, with_material
from .solids import box, cylinder, sheet
from .surface import Material


class Fittings:
    """Meshes of the hall, gathered with the materials that they use."""

    def __init__(self) -> None:
        self.meshes: list[Mesh] = []
        self.casting: list[Mesh] = []
        self.materials: list[Material] = []

    def material(self, material: Material) -> int:
        """Adds a material and returns its number."""
        self.materials.append(material)
        return len(self.materials) - 1

    def add(self, *meshes: Mesh, material: int | None = None, casts: bool = True) -> None:
        """Adds meshes, with one material for all if it is given; `casts`: they throw shadows (walls and floors need not)."""
        placed = [mesh if material is None else with_material(mesh, material) for mesh in meshes]
        self.meshes += placed
        self.casting += placed if casts else []

    def mesh(self) -> Mesh:
        """All of it as one mesh."""
        return merged(self.meshes)

    def casters(self) -> Mesh:
        """What throws shadows, as one mesh."""
        return merged(self.casting)


def floor(fittings: Fittings, rng: np.random.Generator, tint: tuple[float, float, float]) -> None:
    """Concrete, 16 × 16 m, in small pieces (a piece that reaches behind the camera is left out)."""
    turn = float(rng.uniform(-0.15, 0.15))
    concrete = fittings.material(Material((1, 1, 1), 0.7, 0.03, texture=paint.concrete(rng, tint)))
    fittings.add(moved(sheet(np.array([-8, -8, 0]), np.array([16, 0, 0]), np.array([0, 16, 0]), 0.4, 8.0), yaw=turn), material=concrete, casts=False)


def markings(fittings: Fittings, rng: np.random.Generator, lanes: list[float], colour: tuple[float, float, float]) -> None:
    """Painted lines along x on the floor, and a hatched keep-clear field."""
    paint_material = fittings.material(Material(colour, 0.6, 0.03))
    for y in lanes:
        fittings.add(sheet(np.array([-8, y, 0.01]), np.array([16, 0, 0]), np.array([0, 0.09, 0]), 0.4), material=paint_material, casts=False)
    x, y = float(rng.uniform(-2, 2)), lanes[0] - 0.9
    for k in range(6):
        fittings.add(moved(sheet(np.array([0, 0, 0.01]), np.array([0.08, 0, 0]), np.array([0, 0.8, 0]), 0.4), (x + k * 0.22, y, 0), 0.6), material=paint_material, casts=False)


def walls(fittings: Fittings, rng: np.random.Generator, tint: tuple[float, float, float], back: float = 5.0, side: float = 6.5) -> None:
    """Sheet-metal walls behind and to the sides, with a kick board."""
    metal = fittings.material(Material((1, 1, 1), 0.5, 0.03, texture=paint.corrugated(rng, tint)))
    kick = fittings.material(Material(tuple(0.45 * c for c in tint), 0.6))
    fittings.add(sheet(np.array([-8, back, 0]), np.array([16, 0, 0]), np.array([0, 0, 5]), 0.6, 1.6), material=metal, casts=False)
    fittings.add(box((16, 0.06, 0.35), (0, back - 0.03, 0.175)), material=kick, casts=False)
    for sign in (-1, 1):
        fittings.add(sheet(np.array([sign * side, -8, 0]), np.array([0, 14, 0]), np.array([0, 0, 5]), 0.6, 1.6), material=metal, casts=False)


def door(fittings: Fittings, x: float, y: float, light: tuple[float, float, float]) -> None:
    """An open dock door in the back wall: daylight beyond, a dark frame around."""
    bright = fittings.material(Material(light, 0.9, 0.0, 1.6))
    frame = fittings.material(Material((0.08, 0.085, 0.09), 0.5, 0.03))
    fittings.add(sheet(np.array([x - 1.3, y - 0.04, 0.05]), np.array([2.6, 0, 0]), np.array([0, 0, 2.8]), 0.5), material=bright, casts=False)
    for dx in (-1.4, 1.4):
        fittings.add(box((0.2, 0.2, 3.0), (x + dx, y - 0.08, 1.5)), material=frame, casts=False)
    fittings.add(box((3.0, 0.22, 0.25), (x, y - 0.08, 2.95)), material=frame, casts=False)


def column(fittings: Fittings, rng: np.random.Generator, x: float, y: float) -> None:
    """A steel column with a striped crash guard."""
    steel = fittings.material(Material((0.22, 0.24, 0.26), 0.5, 0.04))
    stripes = fittings.material(Material((1, 1, 1), 0.5, 0.03, texture=paint.hazard_stripes()))
    fittings.add(box((0.22, 0.22, 5), (x, y, 2.5)), material=steel)
    fittings.add(box((0.34, 0.34, 1.1), (x, y, 0.55), repeat=0.4), material=stripes)


def rack(fittings: Fittings, rng: np.random.Generator, x: float, y: float, length: float) -> None:
    """A shelf rack with drums and rolls (nothing that could pass for a parcel or a tote)."""
    post = fittings.material(Material((0.03, 0.08, 0.22), 0.5, 0.04))
    beam = fittings.material(Material((0.5, 0.16, 0.02), 0.5, 0.04))
    goods = [fittings.material(Material(c, 0.6, 0.03)) for c in ((0.06, 0.08, 0.10), (0.3, 0.3, 0.28), (0.05, 0.12, 0.18))]
    for px in np.arange(0, length + 0.1, 1.4):
        for py in (0.0, 0.8):
            fittings.add(box((0.09, 0.09, 3.2), (x + float(px), y + py, 1.6)), material=post)
    for level in (0.5, 1.6, 2.7):
        for py in (0.0, 0.8):
            fittings.add(box((length, 0.05, 0.11), (x + length / 2, y + py, level)), material=beam)
        at = 0.3
        while at < length - 0.3:
            radius = float(rng.uniform(0.16, 0.27))
            tall = float(rng.uniform(0.4, 0.75))
            start = np.array([x + at, y + 0.4, level + 0.06])
            fittings.add(cylinder(radius, start, start + (0, 0, tall), sides=14), material=goods[int(rng.integers(3))])
            at += 2 * radius + float(rng.uniform(0.05, 0.4))


def ceiling_lamp(fittings: Fittings, place: tuple[float, float, float], extent: tuple[float, float, float], light: Array) -> None:
    """The visible body of a lamp: a bright tray under a dark housing."""
    glow = fittings.material(Material(tuple(float(c) for c in light / max(light)), 0.9, 0.0, 6.0))
    housing = fittings.material(Material((0.2, 0.2, 0.2), 0.6))
    size = tuple(max(0.06, e) for e in extent)
    fittings.add(box(size, place), material=glow, casts=False)
    fittings.add(box((size[0] + 0.06, size[1] + 0.06, 0.08), (place[0], place[1], place[2] + size[2] / 2 + 0.05)), material=housing, casts=False)
