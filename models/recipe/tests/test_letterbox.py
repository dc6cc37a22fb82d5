"""The preprocessing against its published vector and an implementation in exact fractions."""

import json
from fractions import Fraction
from math import floor
from pathlib import Path

import numpy as np
import pytest

from ..letterbox import fit, letterbox, shrink

VECTOR = Path(__file__).parents[1] / "letterbox-vector.json"


def shrunk_in_fractions(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    """Area average by the definition: the integral of the source over each target pixel, rounded half up."""
    source_height, source_width, channels = picture.shape
    out = np.zeros((height, width, channels), np.uint8)
    for y, x, c in np.ndindex(out.shape):
        total = Fraction(0)
        for sy, wy in covered(y, source_height, height):
            for sx, wx in covered(x, source_width, width):
                total += int(picture[sy, sx, c]) * wx * wy
        out[y, x, c] = floor(total * width * height / (source_width * source_height) + Fraction(1, 2))
    return out


def covered(target: int, source_size: int, target_size: int) -> list[tuple[int, Fraction]]:
    low, high = Fraction(target * source_size, target_size), Fraction((target + 1) * source_size, target_size)
    shares = [(s, min(high, Fraction(s + 1)) - max(low, Fraction(s))) for s in range(source_size)]
    return [(s, share) for s, share in shares if share > 0]


def test_gives_the_published_vector() -> None:
    vector = json.loads(VECTOR.read_text())
    got = letterbox(np.array(vector["source"], np.uint8), vector["width"], vector["height"])
    assert got.tolist() == vector["expected"]


@pytest.mark.parametrize(("source", "target"), [((12, 6), (7, 4)), ((9, 5), (3, 2)), ((5, 3), (8, 7)), ((6, 4), (2, 2))])
def test_equals_the_average_in_exact_fractions(source: tuple[int, int], target: tuple[int, int]) -> None:
    picture = np.random.default_rng(3).integers(0, 256, (source[1], source[0], 3), np.uint8)
    assert shrink(picture, *target).tolist() == shrunk_in_fractions(picture, *target).tolist()


def test_leaves_a_picture_of_the_right_size_as_it_is() -> None:
    picture = np.random.default_rng(4).integers(0, 256, (180, 320, 3), np.uint8)
    assert (letterbox(picture)[6:186] == picture).all()


@pytest.mark.parametrize(
    ("size", "placed"),
    [((1920, 1080), (0, 6, 320, 180)), ((480, 270), (0, 6, 320, 180)), ((640, 480), (32, 0, 256, 192)), ((100, 400), (136, 0, 48, 192))],
)
def test_fits_and_centres(size: tuple[int, int], placed: tuple[int, int, int, int]) -> None:
    place = fit(*size)
    assert (place.left, place.top, place.width, place.height) == placed


def test_brings_boxes_back_to_where_they_were() -> None:
    place = fit(1283, 719)
    boxes = np.array([[0.0, 0.0, 1283.0, 719.0], [100.5, 20.25, 900.0, 700.75]])
    assert np.allclose(place.to_source(place.to_input(boxes)), boxes, atol=1e-9)


def test_refuses_an_empty_picture() -> None:
    with pytest.raises(ValueError, match="at least 1x1 pixels, got 0x5"):
        fit(0, 5)
