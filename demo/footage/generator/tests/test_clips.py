"""The committed clips: their form, and their ground truth told twice."""

import json
import subprocess

import numpy as np
import pytest

from generator.clips import all_clips, wrong_clips
from generator.command_line import FOOTAGE
from generator.scene_facts import crossing

CLIPS = [clip.path for clip in [*all_clips(), *wrong_clips()]]


def truth(path: str) -> dict:
    """The ground truth of a clip."""
    return json.loads((FOOTAGE / f"{path}.json").read_text())


@pytest.mark.parametrize("path", CLIPS)
def test_a_clip_is_h264_with_a_key_frame_every_two_seconds_and_no_b_frames(path: str) -> None:
    file = FOOTAGE / f"{path}.mp4"
    command = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "frame=pict_type,key_frame:stream=codec_name,profile,pix_fmt,width,height,r_frame_rate", "-of", "json", str(file)]
    probed = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    stream, kinds = probed["streams"][0], [frame["pict_type"] for frame in probed["frames"]]
    facts = truth(path)
    assert (stream["codec_name"], stream["profile"], stream["pix_fmt"]) == ("h264", "High", "yuv420p")
    assert (stream["width"], stream["height"], stream["r_frame_rate"]) == (facts["width"], facts["height"], f"{facts['fps']}/1")
    assert len(kinds) == facts["frames"] == len(facts["objects"])
    assert set(kinds) == {"I", "P"}
    assert [k for k, kind in enumerate(kinds) if kind == "I"] == list(range(0, len(kinds), 2 * facts["fps"]))
    assert file.stat().st_size <= (2.2e6 if facts["loop"] else 0.9e6)


@pytest.mark.parametrize("path", CLIPS)
def test_ground_truth_is_within_the_picture_and_its_classes_are_known(path: str) -> None:
    for objects in truth(path)["objects"]:
        for entry in objects:
            x, y, w, h = entry["box"]
            assert 0 <= x and 0 <= y and x + w <= 1.00002 and y + h <= 1.00002 and w > 0 and h > 0
            assert 0 <= entry["visibility"] <= 1
            assert entry["class"] in ("parcel", "damaged-parcel", "tote") or (entry["class"] == "bag" and path == "wrong/bags")
            assert ("damage" in entry) == (entry["class"] == "damaged-parcel")


@pytest.mark.parametrize("path", [clip.path for clip in all_clips()])
def test_counting_box_middles_from_frame_to_frame_gives_the_stated_crossings(path: str) -> None:
    facts = truth(path)
    start, end = np.array(facts["line"]["from"]), np.array(facts["line"]["to"])
    counts: dict[str, dict[str, int]] = {}
    before: dict[int, np.ndarray] = {}
    for objects in facts["objects"]:
        now = {e["id"]: np.array([e["box"][0] + e["box"][2] / 2, e["box"][1] + e["box"][3] / 2]) for e in objects}
        labels = {e["id"]: e["class"] for e in objects}
        for same in now.keys() & before.keys():
            way = crossing(start, end, before[same], now[same])
            if way:
                entry = counts.setdefault(labels[same], {"in": 0, "out": 0})
                entry["in" if way == facts["line"]["in"] else "out"] += 1
        before = now
    assert counts == facts["crossings"]


def test_bags_come_only_where_they_are_what_goes_wrong() -> None:
    labels = {path: {e["class"] for objects in truth(path)["objects"] for e in objects} for path in CLIPS}
    assert {path for path, found in labels.items() if "bag" in found} == {"wrong/bags"}


def test_the_view_jumps_upwards_in_the_frames_that_the_knock_states() -> None:
    facts = truth("wrong/knocked")
    first, last = facts["fault"]["from"], facts["fault"]["until"]
    middles = [{e["id"]: e["box"][1] + e["box"][3] / 2 for e in objects} for objects in facts["objects"]]

    def rise(k: int) -> float:
        return float(np.median([abs(middles[k + 1][i] - middles[k][i]) for i in middles[k].keys() & middles[k + 1].keys()]))

    assert max(rise(k) for k in range(first)) < 0.01
    assert max(rise(k) for k in range(first, last)) > 0.1
    assert max(rise(k) for k in range(last + 5, facts["frames"] - 1)) < 0.01
