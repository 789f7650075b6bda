"""Collects the events of a training into tensors that can be replayed later. Knows no file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite

import torch
from torch import Tensor

from makemore.inference.capture import Snapshot
from makemore.inference.readings import Reading, read, shares
from makemore.layers import Interval
from makemore.training.events import Evaluated, Event, Probed, Stepped
from makemore.training.reading_tensors import PARTS, pack_readings, unpack_readings
from makemore.training.trajectory_form import BINS, EMBEDDING, STEP, check_trajectory

SMOOTHING = 100  # points that the raw loss curve is averaged to
UNTOLD = (-1.0, 1.0)  # what a histogram spans if nothing is said of it


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A training to replay.

    evaluated: `step`, `train`, `dev` (m,). losses: `step`, `mean` (blocks,), means of the batch
    losses. probed: `step` (p,), `embedding` (p, vocab, embedding) where there is one, and for each
    layer that bends, by name, the histogram of its outputs (p, 50), as shares. intervals: those
    layers from the first to the last, and what the histogram of each spans. readings: what there is to
    diagnose at each of these moments; none of a net without gradients, and of an older trajectory.
    """

    evaluated: dict[str, Tensor]
    losses: dict[str, Tensor]
    probed: dict[str, Tensor]
    intervals: dict[str, Interval] = field(default_factory=dict)
    readings: tuple[Reading, ...] = ()

    def to_tensors(self) -> dict[str, Tensor]:
        """All of it; `intervals/LAYER` is (low, high, place), left out where it goes without saying."""
        parts = {"evaluated": self.evaluated, "losses": self.losses, "probed": self.probed}
        if list(self.intervals.items()) != list(_untold(self.probed).items()):
            parts["intervals"] = {
                name: torch.tensor([low, high, place], dtype=torch.float64)
                for place, (name, (low, high)) in enumerate(self.intervals.items())
            }
        parts |= pack_readings(self.readings)
        return {f"{part}/{k}": v for part, tensors in parts.items() for k, v in tensors.items()}

    @classmethod
    def from_tensors(cls, tensors: dict[str, Tensor]) -> "Trajectory":
        """The inverse of `to_tensors`, whatever order a file gave them. Raises ValueError."""
        known = ("evaluated", "losses", "probed", "intervals", *PARTS)
        parts: dict[str, dict[str, Tensor]] = {part: {} for part in known}
        for key, tensor in tensors.items():
            part, _, name = key.partition("/")
            if part not in parts:
                raise ValueError(f"{key!r:.80} is no part of a trajectory")
            parts[part][name] = tensor
        told, looks = parts.pop("intervals"), {part: parts.pop(part) for part in PARTS}
        check_trajectory(**parts)
        untold = _untold(parts["probed"])
        return cls(
            **parts,
            intervals=_told(told, untold) if told else untold,
            readings=unpack_readings(looks, parts["probed"][STEP]),
        )


def _untold(probed: Iterable[str]) -> dict[str, Interval]:
    """Layers of which nothing is said: in the order of their numbers, all of them drawn from -1 to 1."""
    layers = sorted(set(probed) - {STEP, EMBEDDING}, key=lambda name: (len(name), name))
    return dict.fromkeys(layers, UNTOLD)  # tanh2 before tanh10


def _told(told: Mapping[str, Tensor], layers: Iterable[str]) -> dict[str, Interval]:
    """What a file says of these layers. Raises ValueError."""
    fit = all(t.shape == (3,) and bool(torch.isfinite(t).all()) for t in told.values())
    if told.keys() != set(layers) or not fit:
        raise ValueError("intervals are not (low, high, place) for each layer")
    lows_highs_places = {name: tensor.tolist() for name, tensor in told.items()}
    by_place = sorted(lows_highs_places.items(), key=lambda item: item[1][2])
    if [place for _, (_, _, place) in by_place] != list(range(len(by_place))):
        raise ValueError("intervals do not say which layer comes first")
    if any(low >= high for _, (low, high, _) in by_place):
        raise ValueError("an interval is empty")
    return {name: (low, high) for name, (low, high, _) in by_place}


@dataclass(frozen=True, eq=False)
class Picture:
    """What a trajectory keeps of one look inside: small enough to keep fifty of.

    tensors: `embedding` and histograms as in `Trajectory.probed`, at one moment. intervals: as there.
    reading: None where the net has no gradients.
    """

    tensors: dict[str, Tensor]
    intervals: dict[str, Interval]
    reading: Reading | None = None


@dataclass
class Recorder:
    """Keeps what a Trajectory needs of each event that it is shown."""

    evaluated: list[Evaluated] = field(default_factory=list)
    stepped: list[tuple[int, float]] = field(default_factory=list)
    probed: list[tuple[int, Picture]] = field(default_factory=list)

    def add(self, event: Event) -> None:
        match event:
            case Stepped(step=step, loss=loss):
                self.stepped.append((step, loss))
            case Evaluated():
                self.evaluated.append(event)
            case Probed(step=step, snapshot=snapshot):
                self.probed.append((step, picture(snapshot)))

    def trajectory(self) -> Trajectory:
        """All of it but infinite losses, as of a pair not counted yet: a curve has no place for these."""
        finite = [e for e in self.evaluated if isfinite(e.train) and isfinite(e.dev)]
        evaluated = {
            STEP: torch.tensor([e.step for e in finite], dtype=torch.int64),
            "train": torch.tensor([e.train for e in finite]),
            "dev": torch.tensor([e.dev for e in finite]),
        }
        first = self.probed[0][1] if self.probed else Picture({}, {})
        probed = {STEP: torch.tensor([step for step, _ in self.probed], dtype=torch.int64)}
        for name in first.tensors:
            probed[name] = torch.stack([small.tensors[name] for _, small in self.probed])
        readings = tuple(small.reading for _, small in self.probed if small.reading is not None)
        return Trajectory(evaluated, self._block_means(), probed, first.intervals, readings)

    def _block_means(self) -> dict[str, Tensor]:
        """At most 100 points: raw batch losses are too many to keep and too noisy to read."""
        finite = [(step, loss) for step, loss in self.stepped if isfinite(loss)]
        if not finite:
            return {}
        steps, losses = (
            torch.tensor(column, dtype=torch.float64) for column in zip(*finite, strict=True)
        )
        size = -(-len(losses) // SMOOTHING)
        step = torch.stack([block.mean() for block in steps.split(size)])
        mean = torch.stack([block.mean() for block in losses.split(size)])
        return {"step": step.float(), "mean": mean.float()}


def picture(snapshot: Snapshot) -> Picture:
    """The embedding table, a histogram of every layer that bends, and what there is to diagnose.

    Raises ValueError for such a layer that is called as something else in a trajectory is.
    """
    tensors: dict[str, Tensor] = {}
    if snapshot.embedding is not None:
        tensors[EMBEDDING] = snapshot.weights[snapshot.embedding]
    for name, (low, high) in snapshot.intervals.items():
        if name in (STEP, EMBEDDING):
            raise ValueError(f"a trajectory keeps something else as {name!r}; rename that layer")
        tensors[name] = shares(snapshot.activations[name], low, high, BINS)
    reading = read(snapshot) if snapshot.weight_gradients else None
    return Picture(tensors, snapshot.intervals, reading)
