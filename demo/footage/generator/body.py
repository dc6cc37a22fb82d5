"""A thing on a belt, before it has a place: its shape, its surfaces and what ground truth says of it."""

from dataclasses import dataclass, field

import numpy as np

from .arrays import Array
from .mesh import Mesh
from .surface import Material

CLASSES = ("parcel", "damaged-parcel", "tote", "bag")


@dataclass(frozen=True)
class Body:
    """Stands on z = 0 about the origin. Sizes in metres.

    damage_points [n, 3]: places of the damage on the surface, to tell whether a camera sees it.
    damage_side: the direction (radians about z) that the damage faces, to turn it to the camera.
    """

    label: str
    mesh: Mesh
    materials: list[Material]
    size: tuple[float, float, float]
    damage: str | None = None
    damage_points: Array = field(default_factory=lambda: np.zeros((0, 3)))
    damage_side: float = 0.0
