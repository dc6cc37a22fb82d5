"""What a camera's owner knows about the place: where belts lie in the picture and which way they run, and the counting line."""

import numpy as np

from .arrays import Array
from .camera import NEAR, Camera
from .clip_scenes import View
from .conveyor import BELT_HEIGHT, Belt
from .motion import Present, placements
from .scene import Scene

LINE_HEIGHT = BELT_HEIGHT + 0.12


def in_picture(camera: Camera, points: Array, width: int, height: int) -> Array:
    """Places [n, 2] in 0..1 of the picture (they may lie outside of it)."""
    x, y, _ = camera.project(np.asarray(points, float), width, height)
    return np.stack([x / width, y / height], 1)


def belt_polygon(camera: Camera, belt: Belt, width: int, height: int) -> list[list[float]]:
    """The belt's surface in the picture, cut at its borders."""
    along = np.linspace(belt.start, belt.end, 57)
    near, far = belt.y - belt.width / 2, belt.y + belt.width / 2
    outline = np.array([[x, near, BELT_HEIGHT] for x in along] + [[x, far, BELT_HEIGHT] for x in along[::-1]])
    _, _, depth = camera.project(outline, width, height)
    polygon = in_picture(camera, outline[depth > 4 * NEAR], width, height)
    for axis, limit, sign in ((0, 0.0, 1), (0, 1.0, -1), (1, 0.0, 1), (1, 1.0, -1)):
        polygon = cut(polygon, axis, limit, sign)
    return [[round(float(x), 4), round(float(y), 4)] for x, y in polygon]


def cut(polygon: Array, axis: int, limit: float, sign: int) -> Array:
    """The part of a polygon on one side of a border (Sutherland and Hodgman, 1974)."""
    kept = []
    for a, b in zip(polygon, np.roll(polygon, -1, axis=0)):
        inside_a, inside_b = sign * (a[axis] - limit) >= 0, sign * (b[axis] - limit) >= 0
        if inside_a:
            kept.append(a)
        if inside_a != inside_b:
            kept.append(a + (b - a) * (limit - a[axis]) / (b[axis] - a[axis]))
    return np.array(kept)


def belt_direction(camera: Camera, belt: Belt, width: int, height: int) -> list[float]:
    """Which way the belt runs in the middle of the picture, a unit vector (y down, measured in pixels)."""
    middle = np.array([camera.target[0], belt.y, BELT_HEIGHT])
    step = np.array([0.2 * np.sign(belt.speed), 0, 0])
    a, b = in_picture(camera, np.stack([middle - step, middle + step]), width, height) * (width, height)
    unit = (b - a) / np.linalg.norm(b - a)
    return [round(float(unit[0]), 4), round(float(unit[1]), 4)]


def facts(scene: Scene, view: View, camera: Camera, width: int, height: int) -> dict[str, object]:
    """Belts and counting line of a camera. The line's `in` is the side that the first belt runs to, seen from `from` to `to`."""
    start, end = line_ends(view, camera, width, height)
    side = inward_side(scene, camera, start, end, width, height)
    return {
        "belt": [{"direction": belt_direction(camera, belt, width, height), "polygon": belt_polygon(camera, belt, width, height)} for belt in scene.belts],
        "line": {"name": "count", "from": [round(float(v), 4) for v in start], "to": [round(float(v), 4) for v in end], "in": side},
    }


def inward_side(scene: Scene, camera: Camera, start: Array, end: Array, width: int, height: int) -> str:
    """The side of the line that the first belt runs to, seen along the line in the picture."""
    direction = belt_direction(camera, scene.belts[0], width, height)
    way = (end - start) * (width, height)
    return "right" if way[0] * direction[1] - way[1] * direction[0] > 0 else "left"


def line_ends(view: View, camera: Camera, width: int, height: int) -> tuple[Array, Array]:
    """The counting line in the picture: at about the middle height of parcels, a little longer than the belts are wide."""
    (x0, y0), (x1, y1) = view.line
    ends = in_picture(camera, np.array([[x0, y0 - 0.12, LINE_HEIGHT], [x1, y1 + 0.18, LINE_HEIGHT]]), width, height)
    return ends[0], ends[1]


def crossings(scene: Scene, view: View, frames: int, fps: int, width: int, height: int) -> dict[str, dict[str, int]]:
    """How many objects cross the line in one loop, by class and way: the middle of a body, from one frame to the next, seen in the picture."""
    camera = scene.camera
    start, end = line_ends(view, camera, width, height)
    inwards = inward_side(scene, camera, start, end, width, height)
    counts: dict[str, dict[str, int]] = {}
    for frame in range(frames):
        things = scene.present(frame / fps)
        if not things:
            continue
        before, after = (in_picture(camera, middles(scene, things, later), width, height) for later in (0.0, 1 / fps))
        for thing, a, b in zip(things, before, after):
            way = crossing(start, end, a, b)
            if way:
                entry = counts.setdefault(scene.bodies[thing.item.body].label, {"in": 0, "out": 0})
                entry["in" if way == inwards else "out"] += 1
    return counts


def middles(scene: Scene, things: list[Present], later: float) -> Array:
    """The middle of each body, metres [n, 3]."""
    return np.array([np.asarray(p.place) + (0, 0, scene.bodies[p.body].size[2] / 2) for p in placements(things, later)])


def crossing(start: Array, end: Array, a: Array, b: Array) -> str | None:
    """The side that a step from a to b reaches if it crosses the line, seen along the line in the picture; None if it does not."""
    def turn(p: Array, q: Array, r: Array) -> float:
        return float((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))

    before, after = turn(start, end, a), turn(start, end, b)
    if (before > 0) == (after > 0) or (turn(a, b, start) > 0) == (turn(a, b, end) > 0):
        return None
    return "right" if after > 0 else "left"
