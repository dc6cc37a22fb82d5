"""Renders a stage: several passes a frame, each with its own place inside the pixel, moment of the exposure, and lights.

The mean of the passes therefore has smooth edges, motion blur and soft shadows at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .arrays import FLOAT, Array
from .body import Body
from .camera import NEAR, Camera
from .lighting import Lighting, Softness, ambient_table, light_samples
from .mesh import Mesh, rotation
from .raster import EMPTY, rasterize
from .shading import shade
from .shadow import Stage, draw_shadows, shadow_matrices
from .surface import Material, SurfaceTable, surface_table

SHADOW_SIZE = 384
PIXEL_PLACES = ((-0.125, -0.375), (0.375, -0.125), (-0.375, 0.125), (0.125, 0.375))


@dataclass(frozen=True)
class Placement:
    """Where a body stands: which one (index), place of its foot in metres, turn about z in radians."""

    body: int
    place: tuple[float, float, float]
    yaw: float


@dataclass(frozen=True)
class Geometry:
    """Triangles ready to draw, in the hall's coordinates; `owner` [m] is the index of the placement that a triangle belongs to."""

    points: Array
    triangles: Array
    normals: Array
    uv: Array
    material: Array
    owner: Array


class Renderer:
    """Draws one hall with any placements of a fixed set of bodies, seen by one camera."""

    def __init__(self, hall: Mesh, casters: Mesh, hall_materials: list[Material], bodies: Sequence[Body], camera: Camera, lighting: Lighting, stage: Stage, width: int, height: int, softness: Softness) -> None:
        self.width, self.height, self.stage, self.bodies = width, height, stage, bodies
        self.hall, self.casters, self.softness = hall, casters, softness
        firsts = np.cumsum([len(hall_materials)] + [len(body.materials) for body in bodies])
        self.first_material = firsts[:-1] if len(bodies) else firsts
        self.surfaces: SurfaceTable = surface_table([*hall_materials, *(m for body in bodies for m in body.materials)])
        self.set_camera(camera)
        self.set_lighting(lighting)

    def set_camera(self, camera: Camera) -> None:
        """Points the camera elsewhere; the hall is drawn anew."""
        self.camera = camera
        self.backdrops = [self._draw_hall(place) for place in PIXEL_PLACES]

    def set_lighting(self, lighting: Lighting) -> None:
        """Sets the lights and draws the hall's own shadows."""
        self.lights = light_samples(lighting, len(PIXEL_PLACES), np.asarray(self.stage.middle), self.softness)
        self.ambient = ambient_table(lighting)
        self.matrices = [shadow_matrices(lights, self.stage, SHADOW_SIZE) for lights in self.lights]
        self.hall_shadows = []
        for matrices in self.matrices:
            maps = np.full((len(matrices), SHADOW_SIZE, SHADOW_SIZE), -1e9, FLOAT)
            draw_shadows(maps, matrices, self.casters.points, self.casters.triangles)
            self.hall_shadows.append(maps)

    def recolour_lights(self, lighting: Lighting) -> None:
        """Sets strengths and colours of the same lamps; their shadows stay."""
        self.lights = light_samples(lighting, len(PIXEL_PLACES), np.asarray(self.stage.middle), self.softness)
        self.ambient = ambient_table(lighting)

    def render(self, placements_at: Callable[[float], list[Placement]], time: float, shutter: float) -> Array:
        """A picture [height, width, 3] of linear light, exposed for `shutter` seconds about `time`."""
        total = np.zeros((self.height, self.width, 3), FLOAT)
        count = len(PIXEL_PLACES)
        for index in range(count):
            moment = time + shutter * ((index + 0.5) / count - 0.5)
            self._add_pass(total, index, self.geometry(placements_at(moment)), moment)
        return total / count

    def _add_pass(self, total: Array, index: int, moving: Geometry, moment: float) -> None:
        hall, eye = self.hall, np.asarray(self.camera.position, FLOAT)
        buffer, names = (layer.copy() for layer in self.backdrops[index][:2])
        x, y, closeness = self._seen(moving.points, PIXEL_PLACES[index])
        rasterize(x, y, closeness, moving.triangles, len(hall.triangles), 0.0, buffer, names)
        maps = self.hall_shadows[index].copy()
        draw_shadows(maps, self.matrices[index], moving.points, moving.triangles)
        hx, hy, hz = self.backdrops[index][2:]
        shade(
            names, np.concatenate([hx, x]), np.concatenate([hy, y]), np.concatenate([hz, closeness]), np.concatenate([hall.points, moving.points]),
            np.concatenate([hall.triangles, moving.triangles + len(hall.points)]), np.concatenate([hall.normals, moving.normals]),
            np.concatenate([hall.uv, moving.uv]), np.concatenate([hall.material, moving.material]), self.surfaces.materials, self.surfaces.textures,
            self.surfaces.texels, moment, eye, self.lights[index], self.matrices[index], maps, self.ambient, total,
        )

    def geometry(self, placements: list[Placement]) -> Geometry:
        """All placed bodies as one set of triangles."""
        if not placements:
            return Geometry(np.zeros((0, 3), FLOAT), np.zeros((0, 3), np.int32), np.zeros((0, 3, 3), FLOAT), np.zeros((0, 3, 2), FLOAT), np.zeros(0, np.int32), np.zeros(0, np.int32))
        points, triangles, normals, uv, material, owner = [], [], [], [], [], []
        first = 0
        for number, placement in enumerate(placements):
            mesh, turn = self.bodies[placement.body].mesh, rotation(placement.yaw)
            points.append(mesh.points @ turn.T + np.asarray(placement.place, FLOAT))
            triangles.append(mesh.triangles + first)
            normals.append(mesh.normals @ turn.T)
            uv.append(mesh.uv)
            material.append(mesh.material + np.int32(self.first_material[placement.body]))
            owner.append(np.full(len(mesh.triangles), number, np.int32))
            first += len(mesh.points)
        return Geometry(*(np.concatenate(part) for part in (points, triangles, normals, uv, material, owner)))

    def _seen(self, points: Array, pixel_place: tuple[float, float]) -> tuple[Array, Array, Array]:
        x, y, depth = self.camera.project(points, self.width, self.height)
        closeness = np.where(depth > NEAR, 1 / np.maximum(depth, NEAR), -1).astype(FLOAT)
        return x - FLOAT(pixel_place[0]), y - FLOAT(pixel_place[1]), closeness

    def _draw_hall(self, pixel_place: tuple[float, float]) -> tuple[Array, Array, Array, Array, Array]:
        buffer = np.zeros((self.height, self.width), FLOAT)
        names = np.full((self.height, self.width), EMPTY, np.int32)
        x, y, closeness = self._seen(self.hall.points, pixel_place)
        rasterize(x, y, closeness, self.hall.triangles, 0, 0.0, buffer, names)
        return buffer, names, x, y, closeness
