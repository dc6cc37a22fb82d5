"""Changes training pictures as cameras, lamps and places differ. Labels follow exactly.

About a third of the pictures keep their geometry, so that the network also learns from pixels exactly as the
engine will give them.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from .assignment import IGNORED
from .data import Example, Labels
from .letterbox import PAD
from .network import HEIGHT, WIDTH

# An object cut by the border of a crop keeps its label while this share of it is left. Below, damage may have been
# cut away, and the region teaches nothing.
LEAST_LEFT = 0.7


@dataclass(frozen=True)
class Strength:
    """How often each change is made (0..1)."""

    mosaic: float
    geometry: float
    colour: float
    texture: float


STRONG = Strength(mosaic=0.1, geometry=0.6, colour=0.7, texture=0.3)
GENTLE = Strength(mosaic=0.0, geometry=0.4, colour=0.5, texture=0.2)


def augment(examples: list[Example], index: int, strength: Strength, random: Generator) -> Example:
    """Example number `index`, changed; a mosaic borrows three others."""
    if random.random() < strength.mosaic:
        changed = mosaic([examples[index], *(examples[i] for i in random.integers(len(examples), size=3))], random)
    elif random.random() < strength.geometry:
        changed = zoom(examples[index], random)
    else:
        changed = examples[index]
    changed = mirror(changed) if random.random() < 0.5 else changed
    picture = retouch(changed.picture.copy(), strength, random)
    return Example(picture, changed.labels)


def mirror(example: Example) -> Example:
    boxes = example.labels.boxes.copy()
    boxes[:, [0, 2]] = WIDTH - boxes[:, [2, 0]]
    return Example(example.picture[:, ::-1], Labels(boxes, example.labels.classes, example.labels.kind))


def zoom(example: Example, random: Generator) -> Example:
    """Scales by 0.7 to 1.5, stretches by up to 10 %, and moves."""
    scale = np.exp(random.uniform(np.log(0.7), np.log(1.5)))
    stretch = np.exp(random.uniform(-0.1, 0.1) / 2)
    width, height = round(WIDTH * scale * stretch), round(HEIGHT * scale / stretch)
    shift = (slide(WIDTH - width, random), slide(HEIGHT - height, random))
    canvas = np.full((HEIGHT, WIDTH, 3), PAD, np.uint8)
    labels = paste(canvas, example, (width, height), shift, (0, 0, WIDTH, HEIGHT))
    return Example(canvas, labels)


def slide(room: int, random: Generator) -> int:
    """An offset anywhere between both borders, whether the picture is smaller or larger than the canvas."""
    return int(random.integers(min(room, 0), max(room, 0) + 1))


def mosaic(examples: list[Example], random: Generator) -> Example:
    """Four pictures around a point, each a crop of its own."""
    x, y = (int(random.uniform(0.35, 0.65) * size) for size in (WIDTH, HEIGHT))
    tiles = [(0, 0, x, y), (x, 0, WIDTH, y), (0, y, x, HEIGHT), (x, y, WIDTH, HEIGHT)]
    canvas = np.full((HEIGHT, WIDTH, 3), PAD, np.uint8)
    parts = [paste_crop(canvas, example, tile, random) for example, tile in zip(examples, tiles)]
    return Example(canvas, joined(parts))


def paste_crop(canvas: NDArray[np.uint8], example: Example, tile: tuple[int, int, int, int], random: Generator) -> Labels:
    scale = random.uniform(0.7, 1.1)
    size = (round(WIDTH * scale), round(HEIGHT * scale))
    left = tile[0] + slide(tile[2] - tile[0] - size[0], random)
    top = tile[1] + slide(tile[3] - tile[1] - size[1], random)
    return paste(canvas, example, size, (left, top), tile)


def paste(
    canvas: NDArray[np.uint8],
    example: Example,
    size: tuple[int, int],
    shift: tuple[int, int],
    tile: tuple[int, int, int, int],
) -> Labels:
    """Draws the picture, resized to `size` with its corner at `shift`, where `tile` of the canvas shows it."""
    method = cv2.INTER_AREA if size[0] < WIDTH else cv2.INTER_LINEAR
    resized = cv2.resize(example.picture, size, interpolation=method)
    left, top = max(tile[0], shift[0]), max(tile[1], shift[1])
    right, bottom = min(tile[2], shift[0] + size[0]), min(tile[3], shift[1] + size[1])
    canvas[top:bottom, left:right] = resized[top - shift[1] : bottom - shift[1], left - shift[0] : right - shift[0]]
    scale = np.array([size[0] / WIDTH, size[1] / HEIGHT] * 2, np.float32)
    moved = example.labels.boxes * scale + np.array(shift * 2, np.float32)
    return cut(Labels(moved, example.labels.classes, example.labels.kind), (left, top, right, bottom))


def cut(labels: Labels, window: tuple[int, int, int, int]) -> Labels:
    """Labels as seen through `window`: clipped, ignored where too little is left, dropped where nothing is."""
    boxes = labels.boxes.copy()
    boxes[:, 0::2] = boxes[:, 0::2].clip(window[0], window[2])
    boxes[:, 1::2] = boxes[:, 1::2].clip(window[1], window[3])
    left = area(boxes) / np.maximum(area(labels.boxes), 1e-6)
    kind = np.where(left < LEAST_LEFT, IGNORED, labels.kind)
    seen = area(boxes) > 4
    return Labels(boxes[seen], labels.classes[seen], kind[seen])


def area(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def joined(parts: list[Labels]) -> Labels:
    return Labels(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("boxes", "classes", "kind")))


def retouch(picture: NDArray[np.uint8], strength: Strength, random: Generator) -> NDArray[np.uint8]:
    """Colour and texture; the padding stays what it is for the engine."""
    padding = (picture == PAD).all(2)
    if random.random() < strength.colour:
        picture = recolour(picture, random)
    if random.random() < strength.texture:
        picture = random.choice([blur, noise, compress])(picture, random)
    picture[padding] = PAD
    return picture


def recolour(picture: NDArray[np.uint8], random: Generator) -> NDArray[np.uint8]:
    """Exposure, gamma, contrast and white balance in one table a channel; then saturation."""
    gain, gamma, floor = random.uniform(0.65, 1.4), np.exp(random.uniform(-0.3, 0.3)), random.uniform(-0.06, 0.06)
    balance = random.uniform(0.9, 1.1, 3)
    ramp = np.linspace(0, 1, 256)[:, None] ** gamma * gain * balance + floor
    table = (ramp * 255).round().clip(0, 255).astype(np.uint8)[None]
    coloured = cv2.LUT(picture, table)
    return saturate(coloured, 0.0 if random.random() < 0.04 else random.uniform(0.5, 1.5))


def saturate(picture: NDArray[np.uint8], amount: float) -> NDArray[np.uint8]:
    grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    return cv2.addWeighted(picture, amount, grey, 1 - amount, 0)


def blur(picture: NDArray[np.uint8], random: Generator) -> NDArray[np.uint8]:
    return cv2.GaussianBlur(picture, (3, 3), random.uniform(0.4, 1.1))


def noise(picture: NDArray[np.uint8], random: Generator) -> NDArray[np.uint8]:
    grain = random.standard_normal(picture.shape, np.float32) * np.float32(random.uniform(1, 8))
    return (picture + grain).clip(0, 255).astype(np.uint8)


def compress(picture: NDArray[np.uint8], random: Generator) -> NDArray[np.uint8]:
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(30, 85))]
    _, coded = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), quality)
    return cv2.cvtColor(cv2.imdecode(coded, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
