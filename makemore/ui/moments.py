"""The stored moments of a training, and the slider that goes back to one. Knows no page and no chart."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st
from torch import Tensor

from makemore.trajectory import Trajectory

EMBEDDING = "embedding"


@dataclass(frozen=True)
class Moments:
    """Looks inside a training, oldest first; the last one is the moment that the learner looks at.

    pictures: as in a Trajectory, one row a step: `embedding` (moments, vocab, embedding) where there
    is one, and for each tanh layer a histogram (moments, 50).
    """

    steps: tuple[int, ...] = ()
    pictures: Mapping[str, Tensor] = field(default_factory=dict)

    @property
    def step(self) -> int:
        """The step that is looked at, 0 when nothing is stored."""
        return self.steps[-1] if self.steps else 0

    def until(self, step: int) -> "Moments":
        """These up to the last one that is not after `step`; never none if there are any."""
        count = max(bisect_right(self.steps, step), min(len(self.steps), 1))
        return Moments(self.steps[:count], {k: v[:count] for k, v in self.pictures.items()})


def recorded(trajectory: Trajectory | None) -> Moments:
    """The moments of a training that was recorded."""
    if trajectory is None or "step" not in trajectory.probed:
        return Moments()
    pictures = {k: v for k, v in trajectory.probed.items() if k != "step"}
    return Moments(tuple(trajectory.probed["step"].tolist()), pictures)


def scrub(steps: Sequence[int], *, key: str, newest: str = "") -> int:
    """A slider over these steps; returns the chosen one, at first the last.

    `newest` is what the last place is called when more may follow.
    """
    if len(steps) < 2:
        return steps[-1] if steps else 0
    last = len(steps) - 1
    chosen: int = st.select_slider(
        "Moment of the training",
        range(len(steps)),
        value=last,
        format_func=lambda i: newest if newest and i == last else f"{steps[i]:,}",
        key=key,
        help="Goes back to what was stored at this step, dense at the start, where most happens. "
        "Arrow keys move it by one moment.",
    )
    return steps[chosen]
