"""The learning rate over a training run: a short rise, a long level, a linear fall to nearly nothing.

    rate ┤   ┌───────────────┐
         │  /                 \\
         │ /                    \\
         └┴──────────────────────┴─▶ share of the run
          WARM                FALL

Unlike a cosine, the level part does not depend on the length of the run, so a run can be made longer or shorter
when it is resumed.
"""

WARM, FALL = 0.01, 0.65
LOWEST = 0.01


def rate_factor(share: float) -> float:
    """Factor on the base learning rate at `share` (0..1) of the run."""
    if share < WARM:
        return max(share / WARM, 0.001)
    if share < FALL:
        return 1.0
    return max(LOWEST, (1 - share) / (1 - FALL))


def is_falling(share: float) -> bool:
    return share >= FALL
