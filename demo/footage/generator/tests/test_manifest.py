"""Splits are disjoint, and the manifest says so or refuses."""

import json
from dataclasses import replace

import pytest

from generator.command_line import FOOTAGE, REPOSITORY, SEED
from generator.datasets import NAME, SPLITS, scene_seed
from generator.manifest import Frame, OverlapError, dataset_differences, footage_differences, identity, refuse_overlap

FRAMES = [Frame("train-0.jpg", "aa", "train-0", "train"), Frame("val-0.jpg", "bb", "val-0", "val")]
DATASET = REPOSITORY / "models" / "datasets" / NAME


def test_no_seed_is_in_two_splits() -> None:
    seeds = [scene_seed(SEED, split.name, index) for split in SPLITS for index in range(split.scenes)]
    assert len(set(seeds)) == len(seeds)


def test_frames_of_their_own_are_accepted() -> None:
    refuse_overlap(FRAMES, {"train": [1, 2], "val": [3]})


def test_a_frame_in_two_splits_is_refused() -> None:
    with pytest.raises(OverlapError, match="sha256.*train-0.jpg"):
        refuse_overlap([*FRAMES, replace(FRAMES[0], file="h.jpg", scene="h", split="holdout")], {})


def test_a_frame_listed_twice_in_one_split_is_refused() -> None:
    with pytest.raises(OverlapError, match="sha256"):
        refuse_overlap([*FRAMES, FRAMES[0]], {})


def test_a_scene_in_two_splits_is_refused() -> None:
    with pytest.raises(OverlapError, match="scene"):
        refuse_overlap([*FRAMES, Frame("h.jpg", "cc", "train-0", "holdout")], {})


def test_a_seed_in_two_splits_is_refused() -> None:
    with pytest.raises(OverlapError, match="seeds"):
        refuse_overlap(FRAMES, {"train": [1, 2], "val": [2]})


def test_the_committed_manifest_is_disjoint_and_carries_its_own_hash() -> None:
    manifest = json.loads((DATASET / "manifest.json").read_text())
    assert manifest["sha256"] == identity(manifest)
    refuse_overlap([Frame(**frame) for frame in manifest["frames"]], {name: split["seeds"] for name, split in manifest["splits"].items()})


def test_another_frame_makes_another_identity() -> None:
    manifest = json.loads((DATASET / "manifest.json").read_text())
    manifest["frames"][0]["sha256"] = "0" * 64
    assert manifest["sha256"] != identity(manifest)


def test_the_committed_holdout_is_what_the_manifest_lists() -> None:
    manifest = json.loads((DATASET / "manifest.json").read_text())
    assert dataset_differences(manifest, {"holdout": DATASET / "holdout"}) == []
    listed = {frame["file"] for frame in manifest["frames"] if frame["split"] == "holdout"}
    assert listed == {path.name for path in (DATASET / "holdout" / "images").iterdir()}
    assert 300 <= len(listed) <= 400


def test_the_committed_footage_is_what_its_manifest_lists() -> None:
    assert footage_differences(FOOTAGE) == []


def test_crowd_annotations_are_those_that_a_picture_cannot_settle() -> None:
    coco = json.loads((DATASET / "holdout" / "annotations.json").read_text())
    for entry in coco["annotations"]:
        if entry["visibility"] < 0.25:
            assert entry["iscrowd"] == 1
        if entry["category_id"] == 2:
            assert entry["damage"]
        assert entry["area"] == pytest.approx(entry["bbox"][2] * entry["bbox"][3], abs=0.01)
    wanted = [entry for entry in coco["annotations"] if not entry["iscrowd"] and entry["category_id"] < 3]
    assert sum(entry["category_id"] == 2 for entry in wanted) / len(wanted) >= 0.3
