"""What the model aims at, beside what its card says it reached."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """`reached` finds the figure in a card; more is better unless `at_most`."""

    title: str
    aim: float
    digits: int
    reached: Callable[[dict], float]
    at_most: bool = False


def class_ap50(name: str) -> Callable[[dict], float]:
    return lambda card: card["holdout"]["classes"][name]["ap50"]["value"]


TARGETS = (
    Target("AP50 `parcel`", 0.90, 3, class_ap50("parcel")),
    Target("AP50 `damaged-parcel`", 0.80, 3, class_ap50("damaged-parcel")),
    Target("AP50 `tote`", 0.90, 3, class_ap50("tote")),
    Target("AP over all", 0.60, 3, lambda card: card["holdout"]["all"]["ap"]["value"]),
    Target("GFLOP a frame", 0.7, 3, lambda card: card["speed"]["gflop"], at_most=True),
    Target("ms, one thread", 8, 2, lambda card: card["speed"]["medianMs"], at_most=True),
)


def target_table(card: dict) -> str:
    """The targets as a table for people."""
    rows = [f"| {t.title} | {t.aim:.{2 if t.aim < 1 else 0}f} | {verdict(t, t.reached(card))} |" for t in TARGETS]
    return "\n".join(["| holdout | target | reached |", "| --- | --- | --- |", *rows])


def verdict(target: Target, reached: float) -> str:
    """The figure, and by how much it misses the target, if it does."""
    short = reached - target.aim if target.at_most else target.aim - reached
    shown = f"{reached:.{target.digits}f}"
    return shown if short <= 0 else f"{shown}, missed by {short:.{target.digits}f}"
