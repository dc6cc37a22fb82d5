"""Renders the clips frame by frame (finished frames are kept), measures their truth, develops and encodes them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from .arrays import FLOAT, Array
from .clip_scenes import LOOP, VIEWS, View
from .faults import FAULTS, Fault
from .files import claim_cache, write_text_whole
from .ground_truth import Seen, TruthMeter
from .motion import placements
from .scene import Scene
from .scene_facts import crossings, facts
from .seeding import generator_for, rendered_by
from .sensor import CameraPipeline
from .video import encode

WIDTH, HEIGHT, FPS = 960, 540, 15
RENDER_WIDTH, RENDER_HEIGHT = 640, 360
METER = 0.24
CHUNK = 15
BRIGHTEST = 16.0
CLIP_KILOBITS, WRONG_KILOBITS = 800, 700


@dataclass(frozen=True)
class Clip:
    """One file to make: a view as it is, or with a fault."""

    view: View
    fault: Fault | None = None

    @property
    def path(self) -> str:
        """Where it goes inside the footage folder, without its ending."""
        return f"wrong/{self.fault.kind}" if self.fault else f"clips/{self.view.name}"

    @property
    def frames(self) -> int:
        """Number of frames."""
        return round((self.fault.seconds if self.fault else LOOP) * FPS)


def all_clips() -> list[Clip]:
    """The four cameras as they are."""
    return [Clip(view) for view in VIEWS]


def wrong_clips() -> list[Clip]:
    """The clips in which something goes wrong."""
    return [Clip(fault.scene_view(), fault) for fault in FAULTS]


def make(clips: list[Clip], seed: int, out: Path, cache: Path, workers: int) -> None:
    """Makes clips with their ground truth below `out`; frames are kept in `cache` until they are no longer wanted."""
    jobs = [(clip.path, seed, first, cache) for clip in clips for first in range(0, clip.frames, CHUNK)]
    claim_cache(cache, rendered_by(seed))
    with get_context("spawn").Pool(workers) as pool:
        for count, _ in enumerate(pool.imap(_render_job, jobs), 1):
            if count % 10 == 0:
                print(f"clips: {count * CHUNK} of {len(jobs) * CHUNK} frames", flush=True)
    for clip in clips:
        finish(clip, seed, out, cache)


def clip_at(path: str) -> Clip:
    """The clip of a path."""
    return next(clip for clip in [*all_clips(), *wrong_clips()] if clip.path == path)


def _render_job(job: tuple[str, int, int, Path]) -> None:
    cv2.setNumThreads(1)
    path, seed, first, cache = job
    render_chunk(clip_at(path), seed, first, cache)


def render_chunk(clip: Clip, seed: int, first: int, cache: Path) -> None:
    """Renders the frames of a chunk that are not there yet."""
    wanted = [k for k in range(first, min(first + CHUNK, clip.frames)) if not frame_file(clip, k, cache).with_suffix(".json").exists()]
    if not wanted:
        return
    scene = clip.view.build(seed, clip.view.mix)
    renderer = scene.renderer(RENDER_WIDTH, RENDER_HEIGHT)
    meter = TruthMeter(renderer, WIDTH, HEIGHT)
    for k in wanted:
        time = k / FPS
        if clip.fault and clip.fault.lamps:
            renderer.recolour_lights(scene.lighting.dimmed(*clip.fault.lamps(time)))
        if clip.fault and clip.fault.camera:
            camera = clip.fault.camera(time, scene.camera)
            if camera != renderer.camera:
                renderer.set_camera(camera)
                meter.camera_changed()
        things = scene.present(time)
        light = renderer.render(lambda moment: placements(things, moment - time), time, clip.view.shutter)
        file = frame_file(clip, k, cache)
        file.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(file), stored(light), [cv2.IMWRITE_PNG_COMPRESSION, 1])
        write_text_whole(file.with_suffix(".json"), json.dumps([truth_entry(seen) for seen in meter.measure(things)]))


def frame_file(clip: Clip, frame: int, cache: Path) -> Path:
    """Where a rendered frame lies; a fault that has not changed the light yet shares the frames of its camera's clip."""
    shared = clip.fault is not None and clip.fault.leaves_light(frame / FPS)
    return cache / (f"clips/{clip.view.name}" if shared else clip.path) / f"{frame:04d}.png"


def stored(light: Array) -> Array:
    """Linear light as 16 bits (square root, up to BRIGHTEST)."""
    return np.round(np.sqrt(np.clip(light / BRIGHTEST, 0, 1)) * 65535).astype(np.uint16)


def loaded(path: Path) -> Array:
    """Linear light from its file, brought to the picture's size."""
    root = cv2.resize(cv2.imread(str(path), cv2.IMREAD_UNCHANGED), (WIDTH, HEIGHT), interpolation=cv2.INTER_LANCZOS4)
    return (root.astype(FLOAT) / 65535) ** 2 * FLOAT(BRIGHTEST)


def truth_entry(seen: Seen) -> dict[str, object]:
    """One object of a frame, as the ground truth file has it."""
    entry: dict[str, object] = {"id": seen.id, "class": seen.label, "box": [round(v, 5) for v in seen.box], "visibility": round(seen.visibility, 3)}
    return {**entry, "damage": seen.damage} if seen.damage else entry


def developed(clip: Clip, seed: int, cache: Path) -> Iterator[Array]:
    """The pictures of a clip as its camera sends them."""
    pipeline = CameraPipeline(clip.view.sensor, WIDTH, HEIGHT)
    pipeline.expose(loaded(frame_file(clip, 0, cache)), METER)
    for k in range(clip.frames):
        time = k / FPS
        dirt = clip.fault.dirt(time) if clip.fault and clip.fault.dirt else None
        gain = clip.fault.gain(time) if clip.fault and clip.fault.gain else 1.0
        yield pipeline.develop(loaded(frame_file(clip, k, cache)), generator_for(seed, clip.path, k), time / LOOP, dirt, gain)


def finish(clip: Clip, seed: int, out: Path, cache: Path) -> None:
    """Encodes a clip and writes its ground truth."""
    target = out / clip.path
    kilobits = WRONG_KILOBITS if clip.fault else CLIP_KILOBITS
    encode(developed(clip, seed, cache), target.with_suffix(".mp4"), WIDTH, HEIGHT, FPS, kilobits, cache / "encode")
    frames = [json.loads(frame_file(clip, k, cache).with_suffix(".json").read_text()) for k in range(clip.frames)]
    target.with_suffix(".json").write_text(truth_text(truth_head(clip, seed, clip.view.build(seed, clip.view.mix)), frames))
    print(f"{clip.path}: {target.with_suffix('.mp4').stat().st_size / 1e6:.2f} MB", flush=True)


def truth_head(clip: Clip, seed: int, scene: Scene) -> dict[str, object]:
    """All of a ground truth file but the objects."""
    head: dict[str, object] = {"camera": clip.view.name, "width": WIDTH, "height": HEIGHT, "fps": FPS, "frames": clip.frames, "loop": clip.fault is None, "seed": seed}
    head |= facts(scene, clip.view, scene.camera, WIDTH, HEIGHT)
    if clip.fault is None:
        return head | {"crossings": crossings(scene, clip.view, clip.frames, FPS, WIDTH, HEIGHT)}
    wrong: dict[str, object] = {"kind": clip.fault.kind, "from": round(clip.fault.begins * FPS), "until": round(clip.fault.ends * FPS)}
    if clip.fault.camera:
        wrong |= {"after": facts(scene, clip.view, clip.fault.camera(clip.fault.seconds, scene.camera), WIDTH, HEIGHT)}
    return head | {"fault": wrong}


def truth_text(head: dict[str, object], frames: list[object]) -> str:
    """JSON with one line a frame."""
    lines = ",\n".join(json.dumps(frame, separators=(",", ":")) for frame in frames)
    return json.dumps(head, separators=(", ", ": "))[:-1] + ',\n"objects": [\n' + lines + "\n]}\n"
