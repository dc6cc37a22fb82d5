"""Where things lie. The cache is git-ignored; OCELLI_CACHE moves it."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("OCELLI_CACHE", REPOSITORY / ".cache"))
DATASET_NAME = "parcels-2026-11"
DATASET = CACHE / "datasets" / DATASET_NAME
PUBLISHED_DATASET = REPOSITORY / "models" / "datasets" / DATASET_NAME
TRAINING = CACHE / "training" / "parcels"
MODEL_FOLDER = REPOSITORY / "models" / "parcels"
