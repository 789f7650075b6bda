"""What a training tells whoever listens, one frozen dataclass an occasion. Knows nobody who listens."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor

from makemore.inference.capture import Snapshot


@dataclass(frozen=True, slots=True)
class Stepped:
    """Update number `step` (from 0) was made; `loss` is that of its batch before the update, in nats."""

    step: int
    seconds: float  # spent in updates so far, evaluation not counted
    loss: float
    learning_rate: float


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Mean NLL a character of the whole train and dev split after `step` updates, in nats."""

    step: int
    seconds: float
    train: float
    dev: float


@dataclass(frozen=True, slots=True)
class Probed:
    """A look inside after `step` updates."""

    step: int
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy of the weights after `step` updates: all that a look inside needs, at any later time.

    updates: by parameter the standard deviation of what the last of these updates changed; empty at
    step 0, and for a trainer that has just gone back to a state.
    """

    step: int
    weights: dict[str, Tensor]
    updates: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sampled:
    """Names that the model makes up after `step` updates."""

    step: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diverged:
    """The loss left the finite numbers at `step`; that update was not made and none follows."""

    step: int
    cause: str
    remedy: str
    safer_learning_rate: float


@dataclass(frozen=True, slots=True)
class Working:
    """A break for whoever may want to stop, after `step` updates: in the next one, or in an evaluation."""

    step: int
    updating: bool


Event = Stepped | Evaluated | Probed | Kept | Sampled | Diverged | Working
