"""An independent picture of who is where: the same meshes rendered by Blender's Cycles, each object in a colour of its own."""

import os

os.environ.setdefault("OPENCV_IO_ENABLE_OPENEXR", "1")

from pathlib import Path

import bpy
import cv2
import numpy as np

from generator.arrays import Array
from generator.camera import FARTHEST_BEND, Camera
from generator.mesh import Mesh, moved

OVERSCAN = 1.3


def rendered_ids(hall: Mesh, objects: list[Mesh], camera: Camera, width: int, height: int, folder: Path) -> Array:
    """For each pixel of the (distorted) picture the number of the object that Cycles sees there, −1 for none [height, width]."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    add_object(hall, 0)
    for number, mesh in enumerate(objects, 1):
        add_object(mesh, number)
    add_camera(camera)
    straight = render(int(width * OVERSCAN), int(height * OVERSCAN), folder / "ids.exr")
    return bent(straight, camera, width, height) - 1


def add_object(mesh: Mesh, number: int) -> None:
    """Adds a mesh that shines with its number as red."""
    data = bpy.data.meshes.new(str(number))
    data.from_pydata(mesh.points.tolist(), [], mesh.triangles.tolist())
    material = bpy.data.materials.new(str(number))
    nodes, links = material.node_tree.nodes, material.node_tree.links
    nodes.clear()
    emission, output = nodes.new("ShaderNodeEmission"), nodes.new("ShaderNodeOutputMaterial")
    emission.inputs["Color"].default_value = (float(number), 0, 0, 1)
    links.new(emission.outputs[0], output.inputs[0])
    data.materials.append(material)
    bpy.context.scene.collection.objects.link(bpy.data.objects.new(str(number), data))


def add_camera(camera: Camera) -> None:
    """The pinhole camera, a little wider so that the distorted picture's corners are in it."""
    import mathutils

    data = bpy.data.cameras.new("camera")
    data.sensor_fit, data.angle = "HORIZONTAL", 2 * float(np.arctan(OVERSCAN * np.tan(np.radians(camera.field_of_view) / 2)))
    data.clip_start = 0.15
    holder = bpy.data.objects.new("camera", data)
    right, down, forward = camera.axes()
    matrix = np.eye(4)
    matrix[:3, 0], matrix[:3, 1], matrix[:3, 2], matrix[:3, 3] = right, -down, -forward, camera.position
    holder.matrix_world = mathutils.Matrix(matrix.tolist())
    bpy.context.scene.collection.objects.link(holder)
    bpy.context.scene.camera = holder


def render(width: int, height: int, path: Path) -> Array:
    """One sample in the middle of each pixel; returns red as numbers."""
    scene = bpy.context.scene
    scene.render.engine, scene.cycles.device, scene.cycles.samples = "CYCLES", "CPU", 1
    scene.cycles.use_denoising, scene.cycles.max_bounces = False, 0
    scene.cycles.pixel_filter_type, scene.cycles.filter_width = "BOX", 0.01
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = width, height, 100
    scene.render.image_settings.file_format, scene.render.image_settings.color_depth = "OPEN_EXR", "32"
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)
    return np.round(cv2.imread(str(path), cv2.IMREAD_UNCHANGED)[..., 2]).astype(int)


def bent(straight: Array, camera: Camera, width: int, height: int) -> Array:
    """Applies the lens distortion to a straight picture: for each pixel the place that the lens brings there, by Newton's method."""
    x, y = np.meshgrid((np.arange(width) + 0.5) / width * 2 - 1, (np.arange(height) + 0.5) / height * 2 - 1)
    v = y * height / width
    radius = np.hypot(x, v)
    source = radius.copy()
    for _ in range(8):
        source -= (source * (1 + camera.bend * np.minimum(source**2, FARTHEST_BEND)) - radius) / (1 + 3 * camera.bend * source**2)
    scale = np.where(radius > 1e-9, source / np.maximum(radius, 1e-9), 1) / OVERSCAN
    column = ((x * scale + 1) / 2 * straight.shape[1]).astype(int)
    row = ((v * scale * straight.shape[1] / straight.shape[0] + 1) / 2 * straight.shape[0]).astype(int)
    return straight[np.clip(row, 0, straight.shape[0] - 1), np.clip(column, 0, straight.shape[1] - 1)]


def placed(mesh: Mesh, place: tuple[float, float, float], yaw: float) -> Mesh:
    """A body where it stands."""
    return moved(mesh, place, yaw)
