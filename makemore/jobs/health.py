"""Tells by its losses whether a training goes wrong, though it runs. Knows no worker and no remedy."""

import math

from makemore.jobs.history import RECENT, History

# Before the end of the warm-up no loss means anything.
WARM_UP, LEAST_WARM_UP, MOST_WARM_UP = 0.05, 50, 1_000  # share of the steps; steps
FEWEST = 10  # batches whose mean is no luck
SICK = 1.0  # nats


def sick_loss(history: History, letters: int) -> float | None:
    """The recent mean loss if it is far above the uniform baseline, ln(letters), and above the start's."""
    half = history.steps // 2  # which a short training is judged by when it has ended
    warm_up = min(max(WARM_UP * history.steps, LEAST_WARM_UP), MOST_WARM_UP, half)
    judged = min(RECENT, half)
    if judged < FEWEST or history.step < warm_up + judged:
        return None
    recent = sum(history.recent[-judged:]) / judged
    return recent if recent > max(math.log(letters), history.raw[0]) + SICK else None
