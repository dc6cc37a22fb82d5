"""The commands of the generator."""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2

from . import manifest
from .clip_scenes import VIEWS
from .clips import HEIGHT, METER, WIDTH, all_clips, make, wrong_clips
from .contact_sheet import clip_sheet, dataset_sheet
from .datasets import NAME, SPLITS, render_split
from .files import write_text_whole
from .motion import placements
from .seeding import generator_for
from .sensor import CameraPipeline
from .timings import timing_rows

FOOTAGE = Path(__file__).resolve().parent.parent
REPOSITORY = FOOTAGE.parent.parent
SEED = 20261101


@dataclass(frozen=True)
class Places:
    """Where things go: `out` what is committed of the footage, `models` what is committed of the data set, `cache` the rest."""

    out: Path
    models: Path
    cache: Path

    @property
    def dataset(self) -> dict[str, Path]:
        """The folder of each split; the holdout's is the committed one."""
        rendered = self.cache / "datasets" / NAME
        return {"train": rendered / "train", "val": rendered / "val", "holdout": self.models / NAME / "holdout"}


def sample(seed: int, places: Places, workers: int) -> int:
    """Renders one picture of each camera into the cache."""
    folder = places.cache / "sample"
    folder.mkdir(parents=True, exist_ok=True)
    for view in VIEWS:
        scene = view.build(seed, view.mix)
        things = scene.present(7.0)
        light = scene.renderer(WIDTH, HEIGHT).render(lambda moment: placements(things, moment - 7.0), 7.0, view.shutter)
        pipeline = CameraPipeline(view.sensor, WIDTH, HEIGHT)
        pipeline.expose(light, METER)
        cv2.imwrite(str(folder / f"{view.name}.png"), pipeline.develop(light, generator_for(seed, "sample", view.name))[..., ::-1])
        print(folder / f"{view.name}.png")
    return 0


def clips(seed: int, places: Places, workers: int) -> int:
    """Makes the four clips."""
    make(all_clips(), seed, places.out, places.cache / "footage", workers)
    return 0


def wrong(seed: int, places: Places, workers: int) -> int:
    """Makes the clips in which something goes wrong, then the footage manifest."""
    make(wrong_clips(), seed, places.out, places.cache / "footage", workers)
    write_text_whole(places.out / "manifest.json", manifest_text(manifest.footage_manifest(seed, places.out)))
    return 0


def manifest_text(content: dict[str, object]) -> str:
    """The footage manifest as JSON."""
    return json.dumps(content, indent=2) + "\n"


def datasets(seed: int, places: Places, workers: int) -> int:
    """Renders train, validation and holdout into the cache, copies the holdout to its place, writes the manifest."""
    rendered = places.cache / "datasets" / NAME
    for split in SPLITS:
        render_split(seed, split, rendered / split.name, workers)
    target = places.dataset["holdout"]
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(rendered / "holdout", target, ignore=shutil.ignore_patterns("scenes"))
    write_text_whole(places.models / NAME / "manifest.json", manifest.dataset_text(manifest.dataset_manifest(seed, places.dataset)))
    return 0


def check(seed: int, places: Places, workers: int) -> int:
    """Compares footage and data set with their manifests; splits that are not on this machine are left out, and said."""
    problems = manifest.footage_differences(places.out)
    listed = json.loads((places.models / NAME / "manifest.json").read_text())
    present = {name: folder for name, folder in places.dataset.items() if (folder / "annotations.json").exists()}
    problems += manifest.dataset_differences(listed, present)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"checked: footage, {', '.join(present)}; not on this machine: {', '.join(places.dataset.keys() - present.keys()) or 'nothing'}; {len(problems)} differences")
    return 1 if problems else 0


def sheets(seed: int, places: Places, workers: int) -> int:
    """Draws contact sheets, with the ground truth, of all that is there into the cache."""
    folder = places.cache / "sheets"
    folder.mkdir(parents=True, exist_ok=True)
    for name, split in places.dataset.items():
        if (split / "annotations.json").exists():
            cv2.imwrite(str(folder / f"{name}.jpg"), dataset_sheet(split, 5, 8, step=7))
    for clip in [*all_clips(), *wrong_clips()]:
        if (places.out / f"{clip.path}.mp4").exists():
            cv2.imwrite(str(folder / f"{clip.path.replace('/', '-')}.jpg"), clip_sheet(places.out / clip.path, 4, 5))
    print(folder)
    return 0


def timings(seed: int, places: Places, workers: int) -> int:
    """Prints where the time goes, in milliseconds of one core."""
    print(f"{'':46}{'data set':>10}{'clip':>8}")
    for name, dataset, clip in timing_rows(seed):
        print(f"{name:46}{dataset:10.0f}{clip:8.0f}")
    return 0


def everything(seed: int, places: Places, workers: int) -> int:
    """Data sets, clips, clips gone wrong."""
    return datasets(seed, places, workers) or clips(seed, places, workers) or wrong(seed, places, workers)


COMMANDS: dict[str, Callable[[int, Places, int], int]] = {
    "all": everything, "sample": sample, "clips": clips, "wrong": wrong, "datasets": datasets, "check": check, "sheets": sheets, "timings": timings,
}


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m generator", description="Makes Ocelli's demo footage and data sets from a seed.")
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=FOOTAGE, help="where clips and their ground truth go (default: demo/footage)")
    parser.add_argument("--models", type=Path, default=REPOSITORY / "models" / "datasets", help="where the holdout and the data set's manifest go")
    parser.add_argument("--cache", type=Path, default=Path(os.environ.get("OCELLI_CACHE", REPOSITORY / ".cache")), help="where rendered frames, train and val go (default: $OCELLI_CACHE or .cache)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args(arguments)
    return COMMANDS[given.command](given.seed, Places(given.out, given.models, given.cache), given.workers)
