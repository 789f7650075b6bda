"""What a job remembers of its training, in bounded memory: the curve, evaluations, names, moments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from makemore.events import Evaluated, Sampled
from makemore.jobs.messages import Progress

CURVE_POINTS = 300


@dataclass
class History:
    """Up to step `step` of `steps`.

    `sums` are the batch losses added up over blocks of `block` steps, `raw` the first of each block,
    `moments` packed weights by step. It grows by `add()` alone, so a copy may share what is in it.
    """

    steps: int
    rate: float  # the learning rate that is set from `step` on
    step: int = 0
    seconds: float = 0.0
    loss: float | None = None
    sums: list[float] = field(default_factory=list)
    raw: list[float] = field(default_factory=list)
    evaluated: dict[int, Evaluated] = field(default_factory=dict)
    sampled: dict[int, Sampled] = field(default_factory=dict)
    moments: dict[int, bytes] = field(default_factory=dict)

    @property
    def block(self) -> int:
        return max(1, -(-self.steps // CURVE_POINTS))

    def add(self, progress: Progress) -> None:
        """Go on to the step of a report."""
        for step, loss in enumerate(progress.losses, progress.step - len(progress.losses)):
            if step % self.block == 0:
                self.sums.append(0.0)
                self.raw.append(loss)
            self.sums[-1] += loss
            self.loss = loss
        self.step, self.seconds = progress.step, progress.seconds
        self.rate = progress.learning_rate
        # By step: whoever goes on from a state meets the moments of its step a second time.
        self.evaluated |= {e.step: e for e in progress.evaluated}
        self.sampled |= {s.step: s for s in progress.sampled}
        self.moments |= dict(progress.kept)

    def copy(self) -> "History":
        return History(
            self.steps, self.rate, self.step, self.seconds, self.loss, list(self.sums), list(self.raw),
            dict(self.evaluated), dict(self.sampled), dict(self.moments),
        )  # fmt: skip

    def curve(self) -> tuple[tuple[int, float], ...]:
        """(middle step, mean loss) of every block that is complete."""
        whole = self.step // self.block
        if self.step == self.steps:
            whole = len(self.sums)
        return tuple((self._middle(i), self._mean(i)) for i in range(whole))

    def raw_curve(self) -> tuple[tuple[int, float], ...]:
        """(step, loss) of the first batch of every block."""
        return tuple((i * self.block, loss) for i, loss in enumerate(self.raw))

    def _length(self, i: int) -> int:
        return min((i + 1) * self.block, self.step) - i * self.block

    def _middle(self, i: int) -> int:
        return i * self.block + (self._length(i) - 1) // 2

    def _mean(self, i: int) -> float:
        return self.sums[i] / self._length(i)

    def to_parts(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """All of it as tensors and as what JSON can say."""
        double = torch.float64
        tensors = {"sums": torch.tensor(self.sums, dtype=double)}
        tensors["raw"] = torch.tensor(self.raw, dtype=double)
        for step, packed in self.moments.items():
            tensors[f"moment.{step}"] = torch.frombuffer(bytearray(packed), dtype=torch.uint8)
        told = [[e.step, e.seconds, e.train, e.dev] for e in self.evaluated.values()]
        names = [[s.step, list(s.names)] for s in self.sampled.values()]
        about = {"steps": self.steps, "rate": self.rate, "step": self.step, "seconds": self.seconds}
        return tensors, {**about, "loss": self.loss, "evaluated": told, "sampled": names}

    @classmethod
    def from_parts(cls, tensors: Mapping[str, Tensor], about: Mapping[str, Any]) -> "History":
        """The inverse of `to_parts`. Raises KeyError, TypeError or ValueError."""
        moments = {
            int(name.removeprefix("moment.")): tensor.numpy().tobytes()
            for name, tensor in tensors.items()
            if name.startswith("moment.")
        }
        return cls(
            about["steps"], about["rate"], about["step"], about["seconds"], about["loss"],
            tensors["sums"].tolist(), tensors["raw"].tolist(),
            {e[0]: Evaluated(*e) for e in about["evaluated"]},
            {step: Sampled(step, tuple(names)) for step, names in about["sampled"]},
            dict(sorted(moments.items())),
        )  # fmt: skip


@dataclass(frozen=True)
class Point:
    """A packed state (None: the start) and the history up to it: enough to go on from there."""

    state: bytes | None
    history: History

    @classmethod
    def start(cls, steps: int, rate: float) -> "Point":
        return cls(None, History(steps, rate))

    def at_rate(self, rate: float) -> "Point":
        """The same place, with another learning rate from here on."""
        history = self.history.copy()
        history.rate = rate
        return Point(self.state, history)
