"""How things travel: along a belt at its speed, or over a table in steps. Everything repeats after the loop."""

from dataclasses import dataclass

from .renderer import Placement


@dataclass(frozen=True)
class Ride:
    """Steady travel along x: from `start` at `speed` (metres a second, negative: towards −x) over `length` metres."""

    start: float
    length: float
    speed: float

    def lifetime(self) -> float:
        """Seconds from entering to leaving."""
        return self.length / abs(self.speed)

    def x(self, age: float) -> float:
        """Where a thing is `age` seconds after it entered."""
        return self.start + self.speed * age


@dataclass(frozen=True)
class Steps:
    """Travel in steps: lies still, then slides one `pitch` (metres) within `moving` seconds, every `period` seconds."""

    start: float
    length: float
    pitch: float
    period: float
    moving: float

    def lifetime(self) -> float:
        """Seconds from entering to leaving."""
        return self.length / self.pitch * self.period

    def x(self, age: float) -> float:
        """Where a thing is `age` seconds after it entered (it enters at the start of a still phase)."""
        whole, rest = divmod(age, self.period)
        share = min(1.0, max(0.0, (rest - (self.period - self.moving)) / self.moving))
        return self.start + self.pitch * (whole + share * share * (3 - 2 * share))


@dataclass(frozen=True)
class Item:
    """One thing of a loop: which body, when it enters, how it lies; `path` tells where it goes."""

    body: int
    path: Ride | Steps
    enters: float
    y: float
    z: float
    yaw: float


@dataclass(frozen=True)
class Present:
    """A thing that is there now: its id in the loop, and its age in seconds."""

    id: int
    item: Item
    age: float


def present(items: list[Item], loop: float, time: float) -> list[Present]:
    """All that is there at `time` (0 ≤ time < loop).

    Ids count from 1. What entered n loops ago carries its number plus n times the number of items: over the seam of the loop one thing changes its id.
    """
    found = []
    for number, item in enumerate(items):
        age, copies = time - item.enters, 0
        while age < item.path.lifetime():
            if age >= 0:
                found.append(Present(number + 1 + copies * len(items), item, age))
            age, copies = age + loop, copies + 1
    return found


def placements(things: list[Present], later: float = 0.0) -> list[Placement]:
    """Where those things are `later` seconds after."""
    return [Placement(p.item.body, (p.item.path.x(p.age + later), p.item.y, p.item.z), p.item.yaw) for p in things]
