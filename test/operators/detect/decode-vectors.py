"""Writes `decode-vectors.json`: answers of a detector and what the model recipe's NumPy decoder makes of them.

    .cache/venv-onnx/bin/python test/operators/detect/decode-vectors.py
"""

import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2] / "models"))
from recipe.decoding import Suppression, decode  # noqa: E402

ANCHORS, CLASSES = 60, 3


def answer(seed: int) -> np.ndarray:
    """Boxes crowded around six places, so that suppression has work; scores with ties."""
    random = np.random.default_rng(seed)
    centres = random.uniform(40, 150, (6, 2))[random.integers(0, 6, ANCHORS)] + random.normal(0, 5, (ANCHORS, 2))
    sizes = random.uniform(30, 60, (ANCHORS, 2))
    scores = np.round(random.beta(0.6, 1.5, (ANCHORS, CLASSES)), 2)
    return np.concatenate([np.round(centres, 1), np.round(sizes, 1), scores], 1).T.astype(np.float32)


def case(seed: int, iou: float, per_class: bool, score: float) -> dict:
    found = decode(answer(seed), score, Suppression(iou, per_class))
    rows = [[int(c), round(float(s), 6), *np.round(b, 4).tolist()] for c, s, b in zip(found.classes, found.scores, found.boxes)]
    return {"seed": seed, "iou": iou, "perClass": per_class, "score": score, "expected": rows}


def main() -> None:
    answers = {seed: np.round(answer(seed).astype(float), 3).ravel().tolist() for seed in (1, 2)}
    cases = [case(seed, iou, per_class, 0.25) for seed in (1, 2) for iou in (0.45, 0.65) for per_class in (True, False)]
    vectors = {"anchors": ANCHORS, "classes": CLASSES, "answers": answers, "cases": cases}
    (HERE / "decode-vectors.json").write_text(json.dumps(vectors, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
