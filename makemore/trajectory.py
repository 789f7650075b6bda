"""Collects the events of a training into tensors that can be replayed later. Knows no file."""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from makemore.capture import Snapshot
from makemore.events import Evaluated, Event, Probed, Stepped

BINS = 50
SMOOTHING = 100  # points that the raw loss curve is averaged to


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A training to replay.

    evaluated: `step`, `train`, `dev` (m,). losses: `step`, `mean` (blocks,), means of the batch
    losses. probed: `step` (p,), `embedding` (p, vocab, embedding) where there is one, and for each
    tanh layer `NAME` the histogram of its outputs in [-1, 1] (p, 50), as shares.
    """

    evaluated: dict[str, Tensor]
    losses: dict[str, Tensor]
    probed: dict[str, Tensor]

    def to_tensors(self) -> dict[str, Tensor]:
        parts = {"evaluated": self.evaluated, "losses": self.losses, "probed": self.probed}
        return {f"{part}/{k}": v for part, tensors in parts.items() for k, v in tensors.items()}

    @classmethod
    def from_tensors(cls, tensors: dict[str, Tensor]) -> "Trajectory":
        parts: dict[str, dict[str, Tensor]] = {"evaluated": {}, "losses": {}, "probed": {}}
        for key, tensor in tensors.items():
            part, name = key.split("/", 1)
            parts[part][name] = tensor
        return cls(**parts)


@dataclass
class Recorder:
    """Keeps what a Trajectory needs of each event that it is shown."""

    evaluated: list[Evaluated] = field(default_factory=list)
    stepped: list[tuple[int, float]] = field(default_factory=list)
    probed: list[tuple[int, dict[str, Tensor]]] = field(default_factory=list)

    def add(self, event: Event) -> None:
        match event:
            case Stepped(step=step, loss=loss):
                self.stepped.append((step, loss))
            case Evaluated():
                self.evaluated.append(event)
            case Probed(step=step, snapshot=snapshot):
                self.probed.append((step, picture(snapshot)))

    def trajectory(self) -> Trajectory:
        evaluated = {
            "step": torch.tensor([e.step for e in self.evaluated]),
            "train": torch.tensor([e.train for e in self.evaluated]),
            "dev": torch.tensor([e.dev for e in self.evaluated]),
        }
        probed = {"step": torch.tensor([step for step, _ in self.probed])}
        for name in self.probed[0][1] if self.probed else ():
            probed[name] = torch.stack([small[name] for _, small in self.probed])
        return Trajectory(evaluated, self._block_means(), probed)

    def _block_means(self) -> dict[str, Tensor]:
        """At most 100 points: raw batch losses are too many to keep and too noisy to read."""
        if not self.stepped:
            return {}
        steps, losses = (
            torch.tensor(column, dtype=torch.float64) for column in zip(*self.stepped, strict=True)
        )
        size = -(-len(losses) // SMOOTHING)
        step = torch.stack([block.mean() for block in steps.split(size)])
        mean = torch.stack([block.mean() for block in losses.split(size)])
        return {"step": step.float(), "mean": mean.float()}


def picture(snapshot: Snapshot) -> dict[str, Tensor]:
    """The embedding table and a histogram of every tanh: small enough to keep fifty of."""
    table = next((v for k, v in snapshot.weights.items() if k in EMBEDDINGS), None)
    small = {} if table is None else {"embedding": table}
    for name, activation in snapshot.activations.items():
        if name.startswith("tanh"):
            counts = torch.histc(activation.float(), BINS, -1, 1)
            small[name] = counts / activation.numel()
    return small


EMBEDDINGS = ("layers.embedding.weight", "layers.W.weight")
