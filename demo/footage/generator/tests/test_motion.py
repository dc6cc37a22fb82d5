"""The loop has no seam."""

import pytest

from generator.clip_scenes import LOOP, VIEWS, View
from generator.clips import FPS
from generator.command_line import SEED
from generator.conveyor import BELT_HEIGHT
from generator.motion import Item, Present, Ride, Steps, placements, present
from generator.scene import Scene, reach


def poses(things: list[Present], later: float) -> set[tuple[int, float, float, float]]:
    """Where bodies are, rounded to a tenth of a millimetre, those that are about to leave or have just entered left out."""
    return {
        (p.body, round(p.place[0], 4), round(p.place[1], 4), round(p.yaw, 4))
        for thing, p in zip(things, placements(things, later))
        if 0.01 < thing.age + later < thing.item.path.lifetime() - 0.01
    }


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_after_the_last_frame_things_are_where_the_first_frame_has_them(view: View) -> None:
    scene = view.build(SEED, view.mix)
    last = LOOP - 1 / FPS
    first = poses(scene.present(0.0), 0.0)
    assert len(first) >= 5
    assert poses(scene.present(last), 1 / FPS) == first


@pytest.mark.parametrize("view", [view for view in VIEWS if view.name != "table-2"], ids=lambda view: view.name)
def test_a_belt_shows_whole_repeats_of_its_pattern_in_a_loop(view: View) -> None:
    for belt in view.build(SEED, view.mix).belts:
        repeats = abs(belt.speed) * LOOP / belt.pattern
        assert repeats == pytest.approx(round(repeats), abs=1e-9)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_ids_are_unique_in_every_frame_and_things_keep_theirs_within_the_loop(view: View) -> None:
    scene = view.build(SEED, view.mix)
    before: dict[int, float] = {}
    for frame in range(0, round(LOOP * FPS), 5):
        things = scene.present(frame / FPS)
        ids = {thing.id: thing.age for thing in things}
        assert len(ids) == len(things)
        for same in ids.keys() & before.keys():
            assert ids[same] == pytest.approx(before[same] + 5 / FPS)
        before = ids


def test_a_thing_that_lives_longer_than_the_loop_is_there_twice_under_two_ids() -> None:
    item = Item(0, Ride(0.0, 10.0, 1.0), 2.0, 0.0, 0.8, 0.0)
    assert [(p.id, p.age) for p in present([item], 6.0, 3.0)] == [(1, 1.0), (2, 7.0)]


def test_a_step_lies_still_then_slides_one_pitch() -> None:
    path = Steps(0.0, 3.0, 0.5, 4.0, 1.0)
    assert [path.x(age) for age in (0.0, 2.9, 3.5, 4.0, 6.0)] == [0.0, 0.0, 0.25, 0.5, 0.5]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_things_on_one_level_never_overlap(view: View) -> None:
    scene = view.build(SEED, view.mix)
    for time in (0.0, 4.3, 9.9, 15.2):
        boxes = [footprint(scene, thing) for thing in scene.present(time)]
        for k, a in enumerate(boxes):
            for b in boxes[:k]:
                overlap = min(a[1], b[1]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[2], b[2])
                assert a[4] != b[4] or min(overlap) <= 1e-3


def footprint(scene: Scene, thing: Present) -> tuple[float, float, float, float, bool]:
    """Bounds in x and y, and whether it stands on the belt (not on another thing)."""
    place = placements([thing])[0]
    along, across = reach(scene.bodies[place.body], place.yaw)
    x, y, z = place.place
    return x - along, x + along, y - across, y + across, z < BELT_HEIGHT + 0.01
