"""The record of one job: where it stands and who holds it. Does nothing by itself; its pool locks it."""

import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakSet

import torch

from makemore.data import Dataset
from makemore.events import Probed
from makemore.files import pack, unpack
from makemore.jobs.history import Point
from makemore.jobs.messages import Ended, Progress, Reason
from makemore.jobs.spec import JobState, Spec, Status
from makemore.models import build
from makemore.training import probe
from makemore.trajectory import Picture, picture

PACE_REPORTS = 20  # the speed is that of the last two seconds
ENDS: dict[Reason, Status] = {
    "stepped": "paused",
    "done": "finished",
    "capped": "stopped",
    "diverged": "diverged",
    "failed": "failed",
}
RUNNABLE: tuple[Status, ...] = ("paused", "stopped", "failed")


def new_id() -> str:
    """Long enough that nobody can guess the job of somebody else."""
    return secrets.token_hex(8)


@dataclass(eq=False)
class Job:
    """A training; `history` may run ahead of `point`, the last place from where it can go on."""

    spec: Spec
    dataset: Dataset
    steps: int
    point: Point
    seen: float
    id: str = field(default_factory=new_id)
    status: Status = "paused"
    altered: bool = False  # whether it left the course that its spec sets
    message: str = ""
    safer: float | None = None
    order: int | None = None
    ends_as: Status = "paused"  # if it is halted now
    pace: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=PACE_REPORTS))
    holders: WeakSet[Any] = field(default_factory=WeakSet)
    pictures: dict[int, tuple[bytes, Picture]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.go_back(self.point)

    @property
    def active(self) -> bool:
        return self.status in ("queued", "running")

    @property
    def joinable(self) -> bool:
        """Whether another session that wants the same may have this very job."""
        return not self.altered and (self.active or self.status in ("finished", "diverged"))

    def add(self, progress: Progress) -> None:
        self.history.add(progress)
        self.pace.append((progress.elapsed, progress.step))
        self.rate_now = progress.learning_rate_now

    def stands_at(self, state: bytes) -> None:
        """From here it can go on: this is the state at the step of its history."""
        self.point = Point(state, self.history.copy())

    def end(self, ended: Ended) -> None:
        """No worker is at it any more."""
        self.order = None
        if ended.reason == "halted":
            self.status = self.ends_as
        else:
            self.status, self.message = ENDS[ended.reason], ended.message
            self.safer = ended.safer_learning_rate
        if ended.state is not None:
            self.stands_at(ended.state)

    def to_start(self) -> None:
        """The identical start: its spec's learning rate, nothing trained yet."""
        self.go_back(Point.start(self.steps, self.spec.recipe.learning_rate))
        self.status, self.altered, self.message, self.safer = "paused", False, "", None

    def go_back(self, point: Point) -> None:
        self.point, self.history = point, point.history.copy()
        self.rate = self.rate_now = point.history.rate
        self.pace.clear()

    def fork(self, point: Point) -> "Job":
        """A job of its own that stands where this one stood at that point."""
        twin = Job(self.spec, self.dataset, self.steps, point, self.seen)
        twin.status = "paused" if self.active else self.status
        twin.altered, twin.message, twin.safer = self.altered, self.message, self.safer
        twin.rate_now = self.rate_now
        return twin

    def state(self, place: int) -> JobState:
        """A copy of what can be said of it now."""
        told = self.history
        return JobState(
            self.status, place, told.step, self.steps, told.seconds, self.speed,
            told.curve(), told.raw_curve(), told.loss,
            tuple(told.evaluated.values()), tuple(told.sampled.values()),
            self.message, self.safer, self.rate, self.rate_now, len(self.holders),
        )  # fmt: skip

    @property
    def speed(self) -> float:
        """Steps a second on the clock, lately."""
        if len(self.pace) < 2:
            return 0.0
        (since, first), (now, last) = self.pace[0], self.pace[-1]
        return (last - first) / (now - since) if now > since else 0.0

    def moments(self) -> list[int]:
        """Steps that can be looked at: those that were kept, and the one where the job rests."""
        resting = {self.point.history.step} if self.order is None else set()
        return sorted(resting | set(self.history.moments))

    def weights(self, step: int) -> bytes | None:
        """Packed weights of one of the moments."""
        if step in self.history.moments or step not in self.moments():
            return self.history.moments.get(step)
        if self.point.state is None:
            return pack(self.spec.trainer(self.dataset, None, self.rate).weights())
        prefix, state = "model.", unpack(self.point.state)
        return pack({k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)})

    def picture(self, step: int, weights: bytes) -> Picture:
        """What a trajectory keeps of a moment; made once and then remembered."""
        known = self.pictures.get(step)
        if known and known[0] is weights:  # a reset job has other weights at the same step
            return known[1]
        found = picture(look(self.spec, self.dataset, step, weights).snapshot)
        self.pictures[step] = weights, found
        return found


def look(spec: Spec, dataset: Dataset, step: int, weights: bytes) -> Probed:
    """The look inside that the trainer itself would have had with these weights."""
    model = build(spec.model, len(dataset.vocabulary), torch.Generator(), dict(spec.settings))
    model.load_state_dict(unpack(weights))
    return probe(model, dataset, step=step)
