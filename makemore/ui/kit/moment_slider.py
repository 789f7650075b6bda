"""The stored moments of a training, and the slider that goes back to one. Knows no page and no chart."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import streamlit as st
from torch import Tensor

from makemore.inference.readings import Reading
from makemore.layers import Interval
from makemore.training.trajectory import Trajectory
from makemore.training.trajectory_form import STEP
from makemore.ui.kit import links

KEPT = 128
MOMENT = "moment"  # in the link, as the step of the training


@dataclass(frozen=True, eq=False)
class Moments:
    """Looks inside a training, oldest first, and which of them the learner looks at.

    pictures: as in a Trajectory, one row a step: `embedding` (moments, vocab, embedding) where there
    is one, and the histogram (moments, 50) of each layer that bends. All of them are there also when
    an early one is looked at, so that axes can stay. intervals: those layers from the first to the
    last, and what the histogram of each spans. readings: what there is to diagnose at each moment;
    none of a net without gradients, and of an older training.
    """

    steps: tuple[int, ...] = ()
    pictures: Mapping[str, Tensor] = field(default_factory=dict)
    at: int = -1
    intervals: Mapping[str, Interval] = field(default_factory=dict)
    readings: tuple[Reading, ...] = ()

    @property
    def step(self) -> int:
        """The step that is looked at, 0 when nothing is stored."""
        return self.steps[self.at] if self.steps else 0

    @lru_cache(maxsize=KEPT)  # noqa: B019 - the same object again, so that charts can be kept for it
    def back_to(self, step: int) -> "Moments":
        """The same, seen from the last stored one that is not after `step`."""
        return replace(self, at=max(bisect_right(self.steps, step) - 1, 0))

    @property
    def reading(self) -> Reading | None:
        """What there is to diagnose at the moment that is looked at."""
        return self.readings[self.at] if self.readings else None

    def now(self, name: str) -> Tensor:
        """A picture at the moment that is looked at."""
        return self.pictures[name][self.at]

    def so_far(self, name: str) -> Tensor:
        """A picture at that moment and at all before it, (moments, ...)."""
        return self.pictures[name][: self.steps.index(self.step) + 1]


@lru_cache(maxsize=KEPT)
def recorded_moments(trajectory: Trajectory | None) -> Moments:
    """The moments of a training that was recorded, the last one in view."""
    if trajectory is None or STEP not in trajectory.probed:
        return Moments()
    pictures = {name: rows for name, rows in trajectory.probed.items() if name != STEP}
    steps = tuple(trajectory.probed[STEP].tolist())
    return Moments(steps, pictures, intervals=trajectory.intervals, readings=trajectory.readings)


def choose_moment(
    steps: Sequence[int],
    *,
    key: str,
    newest: str = "",
    waiting: bool = False,
    following: bool = False,
    in_link: bool = True,
    first: int | None = None,
) -> int:
    """A slider over these steps; returns the chosen one, at first the last, or `first` if it is there.

    `newest` is what the last place is called when more may follow. While nothing has run yet
    (`waiting`) it stands at the first, while something runs (`following`) at the last, and cannot
    be moved: so it keeps its place on the page. `in_link`: the link says the step.
    """
    if len(steps) < 2:
        return steps[-1] if steps else 0
    last = len(steps) - 1
    begin = 0 if waiting else steps.index(first) if first in steps else last
    bound = in_link and not (waiting or following)
    if bound:
        links.bound(
            MOMENT, key=key, options=range(len(steps)), first=begin, say=lambda i: str(steps[i])
        )
    chosen: int = st.select_slider(
        "Moment of the training",
        range(len(steps)),
        value=None if bound else begin,
        format_func=lambda i: newest if newest and i == last else f"{steps[i]:,}",
        key=key,
        help="The step that the charts show: dense at the start, where most happens. Arrow keys "
        "move it by one moment.",
        disabled=waiting or following,
    )
    return steps[chosen]
