"""Triangle meshes: what is rendered and what ground truth is measured on."""

from dataclasses import dataclass

import numpy as np

from .arrays import FLOAT, Array


@dataclass(frozen=True)
class Mesh:
    """Triangles with a normal and a texture place at every corner. Lengths in metres, z up.

    points [n, 3], triangles [m, 3] (indices), normals [m, 3, 3], uv [m, 3, 2] in 0..1, material [m] (index into a list of materials).
    """

    points: Array
    triangles: Array
    normals: Array
    uv: Array
    material: Array

    def __post_init__(self) -> None:
        count = len(self.triangles)
        if not (self.normals.shape == (count, 3, 3) and self.uv.shape == (count, 3, 2) and len(self.material) == count):
            raise ValueError(f"mesh with {count} triangles expects as many normals, uv and materials; got {self.normals.shape}, {self.uv.shape}, {self.material.shape}")


def flat_normals(points: Array, triangles: Array) -> Array:
    """One normal a triangle, repeated at its corners."""
    a, b, c = (points[triangles[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    return np.repeat(normal[:, None, :], 3, axis=1).astype(FLOAT)


def smooth_normals(points: Array, triangles: Array, shared: Array) -> Array:
    """Normals averaged (by area) over the triangles that meet in a place; `shared` [n] names the place of each point."""
    a, b, c = (points[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    total = np.zeros((int(shared.max()) + 1, 3))
    for k in range(3):
        np.add.at(total, shared[triangles[:, k]], face)
    total /= np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)
    return total[shared[triangles]].astype(FLOAT)


def flat_mesh(points: Array, triangles: Array, uv: Array | None = None, material: int = 0) -> Mesh:
    """A mesh with flat shading; without `uv` every corner takes the texture's first place."""
    points, triangles = np.asarray(points, FLOAT), np.asarray(triangles, np.int32)
    corners = np.zeros((len(triangles), 3, 2), FLOAT) if uv is None else np.asarray(uv, FLOAT)
    return Mesh(points, triangles, flat_normals(points, triangles), corners, np.full(len(triangles), material, np.int32))


def merged(meshes: list[Mesh]) -> Mesh:
    """All meshes as one; material indices stay as they are."""
    offsets = np.cumsum([0] + [len(mesh.points) for mesh in meshes[:-1]])
    return Mesh(
        np.concatenate([mesh.points for mesh in meshes]).astype(FLOAT),
        np.concatenate([mesh.triangles + offset for mesh, offset in zip(meshes, offsets)]).astype(np.int32),
        np.concatenate([mesh.normals for mesh in meshes]).astype(FLOAT),
        np.concatenate([mesh.uv for mesh in meshes]).astype(FLOAT),
        np.concatenate([mesh.material for mesh in meshes]).astype(np.int32),
    )


def moved(mesh: Mesh, offset: tuple[float, float, float] = (0, 0, 0), yaw: float = 0.0) -> Mesh:
    """The mesh turned by `yaw` radians about z, then shifted."""
    turn = rotation(yaw)
    return Mesh((mesh.points @ turn.T + np.asarray(offset)).astype(FLOAT), mesh.triangles, (mesh.normals @ turn.T).astype(FLOAT), mesh.uv, mesh.material)


def with_material(mesh: Mesh, material: int) -> Mesh:
    """The same shape of one material."""
    return Mesh(mesh.points, mesh.triangles, mesh.normals, mesh.uv, np.full(len(mesh.triangles), material, np.int32))


def rotation(yaw: float) -> Array:
    """The 3 × 3 matrix that turns by `yaw` radians about z."""
    c, s = np.cos(yaw), np.sin(yaw)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]], FLOAT)
