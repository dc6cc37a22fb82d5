"""Where the time goes: processor milliseconds of each step for a data set frame and a clip frame."""

import time
from collections.abc import Callable

import cv2

from .clip_scenes import VIEWS
from .clips import HEIGHT, RENDER_HEIGHT, RENDER_WIDTH, WIDTH
from .ground_truth import TruthMeter
from .lighting import Softness
from .motion import placements
from .seeding import generator_for
from .sensor import CameraPipeline

REPEATS = 5


def milliseconds(step: Callable[[], object]) -> float:
    """Processor time of a step, the median of some repeats (one before them is not counted: it compiles)."""
    step()
    taken = []
    for _ in range(REPEATS):
        start = time.process_time()
        step()
        taken.append((time.process_time() - start) * 1000)
    return sorted(taken)[REPEATS // 2]


def timing_rows(seed: int) -> list[tuple[str, float, float]]:
    """Name of each step, its time for a data set frame (480 × 270) and for a clip frame (640 × 360, developed at 960 × 540)."""
    cv2.setNumThreads(1)
    view = VIEWS[0]
    scene = view.build(seed, view.mix)
    things = scene.present(7.0)
    columns = []
    for width, height, softness, size in ((480, 270, Softness(1, 3), (480, 270)), (RENDER_WIDTH, RENDER_HEIGHT, Softness(), (WIDTH, HEIGHT))):
        renderer = scene.renderer(width, height, softness)
        meter = TruthMeter(renderer, WIDTH, HEIGHT)
        light = renderer.render(lambda moment: placements(things, moment - 7.0), 7.0, view.shutter)
        pipeline, scaled = CameraPipeline(view.sensor, *size), cv2.resize(light, size)
        columns.append([
            milliseconds(lambda: view.build(seed, view.mix)),
            milliseconds(lambda: scene.renderer(width, height, softness)),
            milliseconds(lambda: renderer.geometry(placements(things))),
            milliseconds(lambda: renderer.render(lambda moment: placements(things, moment - 7.0), 7.0, view.shutter)),
            milliseconds(lambda: meter.measure(things)),
            milliseconds(lambda: pipeline.develop(scaled, generator_for(seed, "timing"))),
        ])
    names = ["scene: build (once a scene)", "scene: pack and draw the hall (once a scene)", "frame: place things", "frame: render", "frame: ground truth", "frame: camera pipeline"]
    return list(zip(names, *columns))
