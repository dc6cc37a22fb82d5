"""What is in the cache is taken up only by the run that it belongs to."""

from pathlib import Path

import pytest

from generator.clips import make
from generator.datasets import Split, render_split
from generator.files import claim_cache

EMPTY = Split("none", 0, 0, (60, 90))


def test_a_cache_is_taken_up_again_by_the_same_seed(tmp_path: Path) -> None:
    render_split(1, EMPTY, tmp_path, workers=1)
    render_split(1, EMPTY, tmp_path, workers=1)
    assert (tmp_path / "annotations.json").exists()


def test_frames_of_another_seed_do_not_pass_for_those_of_this_one(tmp_path: Path) -> None:
    render_split(1, EMPTY, tmp_path / "split", workers=1)
    with pytest.raises(ValueError, match="seed 2, but they are of generator 1, seed 1"):
        render_split(2, EMPTY, tmp_path / "split", workers=1)
    make([], 1, tmp_path, tmp_path / "clips", workers=1)
    with pytest.raises(ValueError, match="seed 2, but they are of generator 1, seed 1"):
        make([], 2, tmp_path, tmp_path / "clips", workers=1)


def test_a_cache_without_an_owner_is_claimed(tmp_path: Path) -> None:
    claim_cache(tmp_path / "new", "a")
    assert (tmp_path / "new" / "owner.txt").read_text() == "a"
