"""Boxes and visibility against masks that Cycles rendered of the same scenes."""

from pathlib import Path

import numpy as np
import pytest

from generator.clip_scenes import VIEWS, View
from generator.command_line import SEED
from generator.ground_truth import TruthMeter, visible_bounds
from generator.lighting import Softness
from generator.motion import placements

cycles_mask = pytest.importorskip("cycles_mask", reason="needs bpy (see requirements-check.txt)")

WIDTH, HEIGHT = 320, 180


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_boxes_agree_with_a_mask_that_cycles_rendered(view: View, tmp_path: Path) -> None:
    scene = view.build(SEED, view.mix)
    renderer = scene.renderer(WIDTH, HEIGHT, Softness(1, 1))
    things = scene.present(7.0)
    meshes = [cycles_mask.placed(scene.bodies[p.body].mesh, p.place, p.yaw) for p in placements(things)]
    expected = cycles_mask.rendered_ids(renderer.hall, meshes, scene.camera, WIDTH, HEIGHT, tmp_path)
    meter = TruthMeter(renderer, WIDTH, HEIGHT)
    owners, _ = meter.owners(things)
    pixels, bounds = visible_bounds(np.ascontiguousarray(expected, np.int32), len(things))
    seen = {entry.id: entry for entry in meter.measure(things)}
    large = [index for index in range(len(things)) if pixels[index] > 30]
    assert len(large) >= 5
    assert np.mean(owners == expected) > 0.993
    for index in large:
        x, y, w, h = seen[things[index].id].box
        edges = np.array([x * WIDTH, y * HEIGHT, (x + w) * WIDTH - 1, (y + h) * HEIGHT - 1])
        assert np.abs(edges - bounds[index]).max() <= 1.01, (things[index].id, edges, bounds[index])


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_visibility_is_the_share_of_pixels_that_cycles_sees_of_the_object_alone(view: View, tmp_path: Path) -> None:
    scene = view.build(SEED, view.mix)
    renderer = scene.renderer(WIDTH, HEIGHT, Softness(1, 1))
    things = scene.present(7.0)
    seen = {entry.id: entry for entry in TruthMeter(renderer, WIDTH, HEIGHT).measure(things)}
    placed = placements(things)
    meshes = [cycles_mask.placed(scene.bodies[p.body].mesh, p.place, p.yaw) for p in placed]
    all_of_them = cycles_mask.rendered_ids(renderer.hall, meshes, scene.camera, WIDTH, HEIGHT, tmp_path)
    hidden = min((e for e in seen.values() if inside(e.box)), key=lambda e: e.visibility)
    index = next(k for k, thing in enumerate(things) if thing.id == hidden.id)
    far_below = cycles_mask.placed(scene.bodies[placed[0].body].mesh, (0, 0, -50), 0)
    alone = cycles_mask.rendered_ids(far_below, [meshes[index]], scene.camera, WIDTH, HEIGHT, tmp_path)
    expected = np.sum(all_of_them == index) / np.sum(alone == 0)
    assert hidden.visibility == pytest.approx(expected, abs=0.03)


def inside(box: tuple[float, float, float, float]) -> bool:
    """Whether a box keeps off the picture's border."""
    return box[0] > 0.01 and box[1] > 0.01 and box[0] + box[2] < 0.99 and box[1] + box[3] < 0.99
