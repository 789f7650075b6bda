"""Records where one job stands and who holds it. Knows no thread: the pool locks it and lets it train."""

import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakSet

import torch

from makemore.checkpoints.tensor_files import pack, unpack
from makemore.data.examples import Dataset
from makemore.jobs.health import sick_loss
from makemore.jobs.history import Moved, Point
from makemore.jobs.messages import Ended, Newest, Progress, Reason
from makemore.jobs.spec import OVER, JobState, Spec, Status
from makemore.models import build
from makemore.training.events import Probed
from makemore.training.trainer import probe
from makemore.training.trajectory import Picture, picture

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
    """An id that is too long to be guessed by anybody who does not hold the job."""
    return secrets.token_hex(8)


@dataclass(eq=False)
class Job:
    """A training. While it runs, `history` is ahead of `point`, the last place to go on from."""

    spec: Spec
    dataset: Dataset
    steps: int
    point: Point
    seen_at: float
    present_at: float = 0.0  # when somebody who watches it was last connected
    affordable: bool = False  # whether its steps are known to be small enough
    patient: bool = False  # whether the jobs of everybody else go first
    id: str = field(default_factory=new_id)
    status: Status = "paused"
    altered: bool = False  # whether its learning rate was changed on the way
    message: str = ""
    safer_learning_rate: float | None = None
    searched: bool = False  # whether a search for a safer learning rate has come to its end
    search: int | None = None  # its number, while a worker carries it out
    order: int | None = None  # its number, while a worker carries it out
    halt_status: Status = "paused"  # that the job has once its order is halted
    pace: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=PACE_REPORTS))
    holders: WeakSet[Any] = field(default_factory=WeakSet)
    onlookers: WeakSet[Any] = field(default_factory=WeakSet)
    links: set[str] = field(default_factory=set)  # tokens to watch it by
    ours: bool = False  # whether this server writes its file; else it is a look at that file
    elsewhere: bool = False  # whether another server had it when its file was read
    pictures: dict[int, tuple[bytes, Picture]] = field(default_factory=dict)  # by step
    newest: Newest | None = None  # while it trains, what it has reached between two moments

    def __post_init__(self) -> None:
        self.rewind(self.point)

    @property
    def active(self) -> bool:
        return self.status in ("queued", "running")

    @property
    def over(self) -> bool:
        return self.status in OVER

    @property
    def visitors(self) -> set[str]:
        """The sessions that hold it."""
        return {handle.session for handle in self.holders}

    @property
    def joinable(self) -> bool:
        """Whether a session that starts the same training may share this job."""
        return not self.altered and (self.active or self.status in ("finished", "diverged"))

    def add_progress(self, progress: Progress) -> None:
        """Take in what happened since the last report."""
        self.history.add_progress(progress)
        self.pace.append((progress.elapsed, progress.step))
        self.learning_rate_now = progress.learning_rate_now
        self.newest = progress.newest or self.newest

    def set_point(self, state: bytes) -> None:
        """Make this state, which is that of the history's step, the place to go on from."""
        self.point = Point(state, self.history.copy())

    def end_order(self, ended: Ended) -> None:
        """Take in the last report; no worker trains the job any more."""
        self.order = self.newest = None
        if ended.reason == "halted":
            self.status = self.halt_status
        else:
            self.status, self.message = ENDS[ended.reason], ended.message
        if ended.state is not None:
            self.set_point(ended.state)

    def reset(self) -> None:
        """Go back to the identical start: the learning rate of the spec, nothing trained yet."""
        self.rewind(Point.start(self.steps, self.spec.recipe.learning_rate))
        self.status, self.altered, self.message = "paused", False, ""
        self.forget_search()

    @property
    def sick_loss(self) -> float | None:
        """The recent mean loss where it shows that the training goes wrong."""
        return sick_loss(self.history, len(self.dataset.vocabulary))

    @property
    def needs_search(self) -> bool:
        """Whether a learning rate that works is to be looked for."""
        if self.patient or self.searched or self.search or self.spec.recipe.optimizer == "count":
            return False
        return self.status == "diverged" or self.sick_loss is not None

    def end_search(self, rate: float | None) -> None:
        """Take in the rate that was found, if there is one."""
        self.search, self.searched, self.safer_learning_rate = None, True, rate

    def forget_search(self) -> None:
        """What was found holds no longer; what a worker still finds is ignored."""
        self.search, self.searched, self.safer_learning_rate = None, False, None

    def rewind(self, point: Point) -> None:
        """Go back to a point and forget what came after it."""
        self.point, self.history = point, point.history.copy()
        self.learning_rate = self.learning_rate_now = point.history.learning_rate
        self.newest = None
        self.pace.clear()

    def fork(self, point: Point) -> "Job":
        """Another job that stands where this one stood at the point."""
        twin = Job(
            spec=self.spec,
            dataset=self.dataset,
            steps=self.steps,
            point=point,
            seen_at=self.seen_at,
            present_at=self.present_at,
            affordable=self.affordable,
            status="paused" if self.active else self.status,
            altered=self.altered,
            message=self.message,
            safer_learning_rate=self.safer_learning_rate,
            searched=self.searched,
        )
        twin.learning_rate_now = self.learning_rate_now
        return twin

    def snapshot(self, place: int, missing: str = "") -> JobState:
        """How the job stands now; `place` is the one in the queue, `missing` why nobody trains it there."""
        history, exploded = self.history, self.status == "diverged"
        return JobState(
            status=self.status,
            place=place,
            step=history.step,
            steps=self.steps,
            seconds=history.seconds,
            steps_per_second=self.speed,
            losses=history.curve(ended=exploded),
            raw=history.raw_curve() + (history.last_batches() if exploded else ()),
            loss=history.loss,
            evaluated=tuple(history.evaluated.values()),
            sampled=tuple(history.sampled.values()),
            message=missing if missing and self.status == "queued" else self.message,
            resumes_at=self.point.history.step if self.status in RUNNABLE else None,
            sick_loss=self.sick_loss,
            searched=self.searched,
            safer_learning_rate=self.safer_learning_rate,
            learning_rate=self.learning_rate,
            learning_rate_now=self.learning_rate_now,
            watchers=len(self.holders) + len(self.onlookers),
            elsewhere=self.elsewhere,
        )

    @property
    def speed(self) -> float:
        """Steps a second by the clock, over the last two seconds."""
        if len(self.pace) < 2:
            return 0.0
        (since, first), (now, last) = self.pace[0], self.pace[-1]
        return (last - first) / (now - since) if now > since else 0.0

    def moments(self, *, newest: bool = False) -> list[int]:
        """The steps whose weights are there: the kept ones, and the one where the job rests.

        newest: also the one that the training has reached, which is forgotten when the next comes.
        """
        resting = {self.point.history.step} if self.order is None else set()
        kept = sorted(resting | set(self.history.moments))
        ahead = newest and self.newest is not None and self.newest.step > max(kept, default=-1)
        return [*kept, self.newest.step] if ahead and self.newest else kept

    def weights(self, step: int) -> bytes | None:
        """The packed weights of a moment; None for any other step."""
        if self.newest is not None and step == self.newest.step:
            return self.newest.weights
        if step in self.history.moments or step not in self.moments():
            return self.history.moments.get(step)
        if self.point.state is None:
            trainer = self.spec.build_trainer(self.dataset, None, self.learning_rate)
            return pack(trainer.weights())
        prefix, state = "model.", unpack(self.point.state)
        return pack({k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)})

    def moved(self, step: int) -> Moved:
        """How far the update before a moment moved each parameter, where that is known."""
        if self.newest is not None and step == self.newest.step:
            return self.newest.moved
        return self.history.moved.get(step, ()) if step in self.history.moments else ()

    def picture(self, step: int, weights: bytes, moved: Moved) -> Picture:
        """What a trajectory keeps of a moment; made once and then remembered."""
        known = self.pictures.get(step)
        if known and known[0] is weights:  # a reset job has other weights at the same step
            return known[1]
        found = picture(probe_weights(self.spec, self.dataset, step, weights, moved).snapshot)
        self.pictures = {
            each: self.pictures[each] for each in self.moments() if each in self.pictures
        }
        self.pictures[step] = weights, found
        return found


def probe_weights(spec: Spec, dataset: Dataset, step: int, weights: bytes, moved: Moved) -> Probed:
    """The look inside that the trainer has at this step, from packed weights.

    moved: how far the update before it moved each parameter, in their order, where that is known.
    """
    model = build(spec.model, len(dataset.vocabulary), torch.Generator(), dict(spec.settings))
    model.load_state_dict(unpack(weights))
    names = [name for name, _ in model.named_parameters()]
    return probe(model, dataset, step=step, updates=dict(zip(names, moved, strict=False)))
