"""Keeps what a job has seen, in bounded memory: curve, evaluations, names, weights. Knows no worker."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

from makemore.jobs.messages import Progress
from makemore.training.events import Evaluated, Sampled
from makemore.training.recipes import MOST_STEPS

CURVE_POINTS = 300
RECENT = 50  # batches
Moved = tuple[float, ...]  # a standard deviation for each parameter, in their order


@dataclass
class History:
    """The training up to `step` of `steps`.

    `sums` are the batch losses added up over blocks of `block` steps, `raw` the first of each block,
    `recent` those of the last RECENT batches, `moments` packed weights by step, `moved` how far the
    update before some of these moved each parameter. Copies share the entries, none of which can be
    changed.
    """

    steps: int
    learning_rate: float  # the one that is set from `step` on
    step: int = 0
    seconds: float = 0.0
    loss: float | None = None
    sums: list[float] = field(default_factory=list)
    raw: list[float] = field(default_factory=list)
    recent: list[float] = field(default_factory=list)
    evaluated: dict[int, Evaluated] = field(default_factory=dict)
    sampled: dict[int, Sampled] = field(default_factory=dict)
    moments: dict[int, bytes] = field(default_factory=dict)
    moved: dict[int, Moved] = field(default_factory=dict)

    @property
    def block(self) -> int:
        return max(1, -(-self.steps // CURVE_POINTS))

    def add_progress(self, progress: Progress) -> None:
        """Go on to the step of a report."""
        for step, loss in enumerate(progress.losses, progress.step - len(progress.losses)):
            if step % self.block == 0:
                self.sums.append(0.0)
                self.raw.append(loss)
            self.sums[-1] += loss
            self.loss = loss
        self.recent = [*self.recent, *progress.losses][-RECENT:]
        self.step, self.seconds = progress.step, progress.seconds
        self.learning_rate = progress.learning_rate
        # By step: a training that goes on from a state tells the events of its step a second time.
        self.evaluated |= {e.step: e for e in progress.evaluated}
        self.sampled |= {s.step: s for s in progress.sampled}
        self.moments |= dict(progress.kept)
        self.moved |= dict(progress.moved)

    def copy(self) -> "History":
        """A history of its own, which grows apart from this one."""
        return replace(
            self,
            sums=list(self.sums),
            raw=list(self.raw),
            recent=list(self.recent),
            evaluated=dict(self.evaluated),
            sampled=dict(self.sampled),
            moments=dict(self.moments),
            moved=dict(self.moved),
        )

    def curve(self, *, ended: bool = False) -> tuple[tuple[int, float], ...]:
        """(middle step, mean loss) of every block that is complete, or to which nothing is added."""
        whole = self.step // self.block
        if ended or self.step == self.steps:
            whole = len(self.sums)
        return tuple((self._middle(i), self._mean(i)) for i in range(whole))

    def raw_curve(self) -> tuple[tuple[int, float], ...]:
        """(step, loss) of the first batch of every block."""
        return tuple((i * self.block, loss) for i, loss in enumerate(self.raw))

    def last_batches(self) -> tuple[tuple[int, float], ...]:
        """(step, loss) of every recent batch after the last one of `raw_curve`."""
        last, first = (len(self.raw) - 1) * self.block, self.step - len(self.recent)
        return tuple((first + i, loss) for i, loss in enumerate(self.recent) if first + i > last)

    def _length(self, i: int) -> int:
        return min((i + 1) * self.block, self.step) - i * self.block

    def _middle(self, i: int) -> int:
        return i * self.block + (self._length(i) - 1) // 2

    def _mean(self, i: int) -> float:
        return self.sums[i] / self._length(i)

    def to_parts(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """The history as tensors and values for JSON."""
        tensors = {
            "sums": torch.tensor(self.sums, dtype=torch.float64),
            "raw": torch.tensor(self.raw, dtype=torch.float64),
            "recent": torch.tensor(self.recent, dtype=torch.float64),
        }
        for step, packed in self.moments.items():
            tensors[f"moment.{step}"] = torch.frombuffer(bytearray(packed), dtype=torch.uint8)
        for step, moved in self.moved.items():
            tensors[f"moment_moved.{step}"] = torch.tensor(moved, dtype=torch.float64)
        return tensors, {
            "steps": self.steps,
            "rate": self.learning_rate,
            "step": self.step,
            "seconds": self.seconds,
            "loss": self.loss,
            "evaluated": [[e.step, e.seconds, e.train, e.dev] for e in self.evaluated.values()],
            "sampled": [[s.step, list(s.names)] for s in self.sampled.values()],
        }

    @classmethod
    def from_parts(cls, tensors: Mapping[str, Tensor], about: Mapping[str, Any]) -> "History":
        """The inverse of `to_parts`, checked. Raises ValueError, KeyError or TypeError."""
        moments = {
            int(name.removeprefix("moment.")): tensor.numpy().tobytes()
            for name, tensor in tensors.items()
            if name.startswith("moment.")
        }
        moved = {
            int(name.removeprefix("moment_moved.")): tuple(tensor.tolist())
            for name, tensor in tensors.items()
            if name.startswith("moment_moved.")
        }
        found = cls(
            steps=about["steps"],
            learning_rate=about["rate"],
            step=about["step"],
            seconds=about["seconds"],
            loss=about["loss"],
            sums=tensors["sums"].tolist(),
            raw=tensors["raw"].tolist(),
            recent=tensors["recent"].tolist(),
            evaluated={
                step: Evaluated(step=step, seconds=seconds, train=train, dev=dev)
                for step, seconds, train, dev in about["evaluated"]
            },
            sampled={step: Sampled(step, tuple(names)) for step, names in about["sampled"]},
            moments=dict(sorted(moments.items())),
            moved=dict(sorted(moved.items())),
        )
        found._check()
        return found

    def _check(self) -> None:
        """Raises ValueError or TypeError unless all of it is what a training can have left."""
        numbers = [self.seconds, self.learning_rate, *self.sums, *self.raw, *self.recent]
        numbers += [n for e in self.evaluated.values() for n in (e.seconds, e.train, e.dev)]
        numbers += [number for moved in self.moved.values() for number in moved]
        numbers += [] if self.loss is None else [self.loss]
        names = [name for each in self.sampled.values() for name in each.names]
        told = [*self.evaluated, *self.sampled, *self.moments]
        if {type(step) for step in (self.steps, self.step, *told)} != {int}:
            raise ValueError("a step is not a whole number")
        if not 1 <= self.steps <= MOST_STEPS or not 0 <= self.step <= self.steps:
            raise ValueError(f"step {self.step} of {self.steps} cannot be")
        if any(not 0 <= step <= self.step for step in told):
            raise ValueError("it tells of a step that is yet to come")
        if not self.moved.keys() <= self.moments.keys():
            raise ValueError("it tells of an update at a moment that was not kept")
        if any(type(number) not in (int, float) or not number >= 0 for number in numbers):
            raise ValueError("a number is missing or below 0")
        blocks = -(-self.step // self.block)
        if (len(self.sums), len(self.raw), len(self.recent)) != (
            blocks,
            blocks,
            min(self.step, RECENT),
        ):
            raise ValueError("the curve is of another length than the training")
        if (self.loss is None) is (self.step > 0) or not all(isinstance(n, str) for n in names):
            raise ValueError("a loss or a name is missing")


@dataclass(frozen=True)
class Point:
    """A place to go on from: a packed state (None: the start) and the history up to it."""

    state: bytes | None
    history: History

    @classmethod
    def start(cls, steps: int, learning_rate: float) -> "Point":
        return cls(None, History(steps, learning_rate))

    def with_learning_rate(self, rate: float) -> "Point":
        """The same place, with another learning rate from here on."""
        history = self.history.copy()
        history.learning_rate = rate
        return Point(self.state, history)
