"""Renders the data sets: frames of random scenes with COCO annotations. One scene is one unit of work; finished scenes are kept."""

import json
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from .files import claim_cache, write_text_whole
from .ground_truth import Seen, TruthMeter
from .lighting import Softness
from .motion import placements
from .random_scenes import random_shot
from .seeding import derived_seed, rendered_by
from .sensor import CameraPipeline

NAME = "parcels-2026-11"
WIDTH, HEIGHT = 480, 270
TRUTH_WIDTH, TRUTH_HEIGHT = 960, 540
CATEGORIES = [{"id": 1, "name": "parcel"}, {"id": 2, "name": "damaged-parcel"}, {"id": 3, "name": "tote"}]
CATEGORY_OF = {str(c["name"]): int(str(c["id"])) for c in CATEGORIES}
LEAST_VISIBILITY = 0.25
LEAST_DAMAGE_SEEN = 0.12
LEAST_SIDE = 7.5


@dataclass(frozen=True)
class Split:
    """How many scenes a split has, and how many frames of each; jpeg: lowest and highest quality."""

    name: str
    scenes: int
    frames: int
    jpeg: tuple[int, int]


SPLITS = (Split("val", 40, 5, (60, 92)), Split("train", 340, 6, (55, 95)), Split("holdout", 68, 5, (54, 86)))


def scene_seed(seed: int, split: str, index: int) -> int:
    """The seed of a scene; splits never share one (see the manifest's check)."""
    return derived_seed(seed, "dataset", split, index)


def annotation(seen: Seen) -> list[dict[str, object]]:
    """COCO annotations of one object, without ids. Objects hardly seen are crowd: neither wanted nor punished.

    A damaged parcel whose damage is hidden is crowd in both classes, since a picture cannot tell them apart.
    """
    x, y, w, h = (round(v * s, 2) for v, s in zip(seen.box, (WIDTH, HEIGHT, WIDTH, HEIGHT)))
    hardly_seen = seen.visibility < LEAST_VISIBILITY or min(w, h) < LEAST_SIDE
    hidden_damage = seen.damage is not None and seen.damage_seen < LEAST_DAMAGE_SEEN
    common = {"bbox": [x, y, w, h], "area": round(w * h, 2), "iscrowd": int(hardly_seen or hidden_damage), "visibility": round(seen.visibility, 3), "damage": seen.damage}
    labels = ["damaged-parcel", "parcel"] if seen.damage and (hidden_damage or hardly_seen) else [seen.label]
    return [{"category_id": CATEGORY_OF[label], **common} for label in labels]


def render_scene(seed: int, split: Split, index: int, out: Path) -> None:
    """Renders the frames of one scene into `out/images` and its annotations into `out/scenes`; nothing if they are there."""
    done = out / "scenes" / f"{index:04d}.json"
    if done.exists():
        return
    rng = np.random.default_rng(scene_seed(seed, split.name, index))
    shot = random_shot(rng)
    renderer = shot.scene.renderer(WIDTH, HEIGHT, Softness(1, 3))
    meter = TruthMeter(renderer, TRUTH_WIDTH, TRUTH_HEIGHT)
    quality = int(rng.integers(*split.jpeg))
    frames, pipeline = [], CameraPipeline(shot.sensor, WIDTH, HEIGHT)
    for k in range(split.frames):
        time = (k + float(rng.uniform(0.1, 0.9))) / split.frames * shot.scene.loop
        things = shot.scene.present(time)
        light = renderer.render(lambda moment: placements(things, moment - time), time, shot.shutter)
        if k == 0:
            pipeline.expose(light, shot.meter)
        picture = pipeline.develop(light, rng)
        name = f"{split.name}-{index:04d}-{k}.jpg"
        cv2.imwrite(str(out / "images" / name), picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
        frames.append({"file_name": name, "annotations": [a for seen in meter.measure(things) for a in annotation(seen)]})
    scene = {"scene": f"{split.name}-{index:04d}", "seed": scene_seed(seed, split.name, index), "style": shot.style, "frames": frames}
    write_text_whole(done, json.dumps(scene))


def render_split(seed: int, split: Split, out: Path, workers: int) -> None:
    """Renders all scenes of a split, then writes `annotations.json`."""
    claim_cache(out / "scenes", rendered_by(seed))
    for folder in ("images", "scenes"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    jobs = [(seed, split, index, out) for index in range(split.scenes)]
    with get_context("spawn").Pool(workers) as pool:
        for count, _ in enumerate(pool.imap_unordered(_render_job, jobs), 1):
            if count % 20 == 0:
                print(f"{split.name}: {count} of {split.scenes} scenes", flush=True)
                write_text_whole(out / "annotations.json", json.dumps(coco(out), separators=(",", ":")))
    write_text_whole(out / "annotations.json", json.dumps(coco(out), separators=(",", ":")))


def _render_job(job: tuple[int, Split, int, Path]) -> None:
    cv2.setNumThreads(1)
    render_scene(*job)


def coco(out: Path) -> dict[str, object]:
    """The annotations of all finished scenes of a split, in COCO's format."""
    images: list[dict[str, object]] = []
    annotations: list[dict[str, object]] = []
    for path in sorted((out / "scenes").glob("*.json")):
        scene = json.loads(path.read_text())
        for frame in scene["frames"]:
            images.append({"id": len(images) + 1, "file_name": frame["file_name"], "width": WIDTH, "height": HEIGHT, "scene": scene["scene"]})
            for entry in frame["annotations"]:
                annotations.append({"id": len(annotations) + 1, "image_id": len(images), **entry})
    return {"info": {"description": f"{NAME}: rendered parcel hub, made by demo/footage/generator"}, "images": images, "annotations": annotations, "categories": CATEGORIES}
