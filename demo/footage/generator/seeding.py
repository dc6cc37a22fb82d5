"""Random numbers that depend on a seed and on what they are for, never on the order of calls."""

import hashlib

import numpy as np

from . import VERSION


def derived_seed(seed: int, *labels: str | int) -> int:
    """A 63-bit seed for one purpose; the same arguments give the same number on every machine."""
    text = "/".join(str(part) for part in (seed, *labels))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def generator_for(seed: int, *labels: str | int) -> np.random.Generator:
    """A generator of its own for one purpose, so that a change elsewhere leaves it alone."""
    return np.random.default_rng(derived_seed(seed, *labels))


def rendered_by(seed: int) -> str:
    """Whose files a cache holds: those of this version of the generator and this seed."""
    return f"generator {VERSION}, seed {seed}"
