"""Runs the reference trackers over generated scenes and scores them and ours with trackeval.

    python score.py <folder>

The folder holds one JSON file a scene, written by accuracy.ts: name, fps, image, thresholds, frames with truth and detections, and `runs`, our
own output under several settings. Prints one JSON line for each scene, tracker and metric, and for all scenes together.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import supervision as sv
from trackers import ByteTrackTracker
from trackeval.metrics import CLEAR, HOTA, Identity

warnings.filterwarnings("ignore")


def main(folder: Path) -> None:
    check_metrics()
    results: dict[str, dict[str, dict]] = {}
    for path in sorted(folder.glob("*.json")):
        scene = json.loads(path.read_text())
        for tracker, frames in {**scene["runs"], **reference_runs(scene)}.items():
            metrics = evaluate(scene["truth"], frames)
            results.setdefault(tracker, {})[scene["name"]] = metrics
            report(tracker, scene["name"], metrics)
    for tracker, scenes in results.items():
        report(tracker, "all scenes", combine(scenes))


def reference_runs(scene: dict) -> dict[str, list]:
    limits = scene["thresholds"]
    paper = sv.ByteTrack(
        track_activation_threshold=limits["high"],
        lost_track_buffer=limits["coastFrames"],
        minimum_matching_threshold=1 - limits["match"],
        frame_rate=30,
        minimum_consecutive_frames=1,
    )
    single = ByteTrackTracker(
        lost_track_buffer=limits["coastFrames"],
        frame_rate=30,
        track_activation_threshold=limits["start"],
        minimum_consecutive_frames=2,
        minimum_iou_threshold=limits["match"],
        high_conf_det_threshold=limits["high"],
    )
    return {
        "supervision": [boxes_of(paper.update_with_detections(d)) for d in detections_of(scene)],
        "trackers": [boxes_of(single.update(d)) for d in detections_of(scene)],
    }


def detections_of(scene: dict):
    for frame in scene["detections"]:
        rows = np.array(frame, dtype=float).reshape(-1, 5)
        corners = np.column_stack([rows[:, 0:2], rows[:, 0:2] + rows[:, 2:4]])
        yield sv.Detections(xyxy=corners, confidence=rows[:, 4], class_id=np.zeros(len(rows), dtype=int))


def boxes_of(tracked: sv.Detections) -> list:
    return [
        [int(track), x1, y1, x2 - x1, y2 - y1]
        for (x1, y1, x2, y2), track in zip(tracked.xyxy.tolist(), tracked.tracker_id)
        if track != -1
    ]


def evaluate(truth: list, tracked: list) -> dict:
    return evaluate_data(matching_data(truth, tracked))


def evaluate_data(data: dict) -> dict:
    quiet = {"PRINT_CONFIG": False}
    return {
        "HOTA": HOTA().eval_sequence(data),
        "CLEAR": CLEAR(quiet).eval_sequence(data),
        "Identity": Identity(quiet).eval_sequence(data),
    }


def combine(scenes: dict[str, dict]) -> dict:
    quiet = {"PRINT_CONFIG": False}
    metrics = {"HOTA": HOTA(), "CLEAR": CLEAR(quiet), "Identity": Identity(quiet)}
    return {name: metric.combine_sequences({scene: m[name] for scene, m in scenes.items()}) for name, metric in metrics.items()}


def matching_data(truth: list, tracked: list) -> dict:
    gt_ids = renumber([[int(row[0]) for row in frame] for frame in truth])
    tracker_ids = renumber([[int(row[0]) for row in frame] for frame in tracked])
    return counted(gt_ids, tracker_ids, [similarity(a, b) for a, b in zip(truth, tracked)])


def counted(gt_ids: list, tracker_ids: list, similarities: list) -> dict:
    return {
        "num_timesteps": len(gt_ids),
        "num_gt_ids": len({i for frame in gt_ids for i in frame}),
        "num_tracker_ids": len({i for frame in tracker_ids for i in frame}),
        "num_gt_dets": sum(map(len, gt_ids)),
        "num_tracker_dets": sum(map(len, tracker_ids)),
        "gt_ids": gt_ids,
        "tracker_ids": tracker_ids,
        "similarity_scores": similarities,
    }


def renumber(frames: list) -> list:
    order = {track: n for n, track in enumerate(sorted({i for frame in frames for i in frame}))}
    return [np.array([order[i] for i in frame], dtype=int) for frame in frames]


def similarity(truth: list, tracked: list) -> np.ndarray:
    if not truth or not tracked:
        return np.zeros((len(truth), len(tracked)))
    a = np.array(truth, dtype=float)[:, None, 1:5]
    b = np.array(tracked, dtype=float)[None, :, 1:5]
    low = np.maximum(a[..., :2], b[..., :2])
    high = np.minimum(a[..., :2] + a[..., 2:], b[..., :2] + b[..., 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=-1)
    return shared / (np.prod(a[..., 2:], axis=-1) + np.prod(b[..., 2:], axis=-1) - shared)


def report(tracker: str, case: str, metrics: dict) -> None:
    values = {
        "HOTA": (100 * np.mean(metrics["HOTA"]["HOTA"]), "%"),
        "MOTA": (100 * metrics["CLEAR"]["MOTA"], "%"),
        "IDF1": (100 * metrics["Identity"]["IDF1"], "%"),
        "IDSW": (metrics["CLEAR"]["IDSW"], "switches"),
    }
    for metric, (value, unit) in values.items():
        print(json.dumps({"name": f"tracking {metric}", "case": f"{case}: {tracker}", "value": round(float(value), 3), "unit": unit}))


def check_metrics() -> None:
    """A vector worked out before: trackeval of this installation must say what it said then."""
    gt = [[0, 1], [0, 1], [0, 1], [0, 1], [0], [0]]
    tracker = [[0, 1], [0, 1], [0], [0, 2], [0, 2], [2]]
    likeness = [[[0.9, 0], [0, 0.8]], [[0.8, 0.1], [0.1, 0.7]], [[0.85], [0.2]], [[0.6, 0.3], [0.2, 0.75]], [[0.55, 0.1]], [[0.65]]]
    found = evaluate_data(counted([np.array(f) for f in gt], [np.array(f) for f in tracker], [np.array(f) for f in likeness]))
    expected = {
        ("HOTA", "HOTA"): 0.524379,
        ("HOTA", "DetA"): 0.598988,
        ("HOTA", "AssA"): 0.463024,
        ("HOTA", "LocA"): 0.780736,
        ("CLEAR", "MOTA"): 0.6,
        ("CLEAR", "MOTP"): 0.733333,
        ("CLEAR", "IDSW"): 2,
        ("CLEAR", "Frag"): 1,
        ("Identity", "IDF1"): 0.7,
    }
    for (family, metric), value in expected.items():
        got = float(np.mean(found[family][metric]))
        if abs(got - value) > 1e-6:
            sys.exit(f"trackeval should say {metric} {value} for the known vector, but says {got}: install bench/tracking/requirements.txt")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
