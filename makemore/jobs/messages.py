"""The messages from the pool to a worker and its reports back, as plain values that any pipe carries.

`number` is always the number of the order, or search, in question.
"""

from dataclasses import dataclass
from typing import Literal

from makemore.data.examples import Dataset
from makemore.jobs.spec import Spec
from makemore.training.events import Evaluated, Sampled

AUTOSAVE_REQUEST = 0  # requests of the pool are counted from 1


@dataclass(frozen=True)
class Caps:
    """What one training may take, and how often a worker reports its state without being asked."""

    seconds: float
    steps: int
    autosave_seconds: float


@dataclass(frozen=True, kw_only=True)
class Order:
    """Train from this state (None: the start) to the end, or for a single step."""

    number: int
    spec: Spec
    dataset: Dataset
    state: bytes | None
    learning_rate: float
    single_step: bool
    caps: Caps


@dataclass(frozen=True)
class Halt:
    """End the order after the step that is under way."""

    number: int


@dataclass(frozen=True)
class RequestState:
    """Report the state and go on."""

    number: int
    request: int


@dataclass(frozen=True)
class SetLearningRate:
    """Go on with this learning rate."""

    number: int
    learning_rate: float


@dataclass(frozen=True)
class SearchRate:
    """Find a learning rate that works where this one does not, beside whatever is trained."""

    number: int
    spec: Spec
    dataset: Dataset
    learning_rate: float


@dataclass(frozen=True)
class Close:
    """End the worker."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What happened since the last report. `losses` are those of the updates up to `step`."""

    number: int
    step: int
    seconds: float  # of updates, since step 0
    elapsed: float  # on the clock, since the order
    learning_rate: float  # the one that is set
    learning_rate_now: float  # what the schedule made of it at the last update
    losses: tuple[float, ...]
    evaluated: tuple[Evaluated, ...]
    sampled: tuple[Sampled, ...]
    kept: tuple[tuple[int, bytes], ...]  # packed weights by step
    # By step, how far the update before it moved each parameter (see `Kept.updates`).
    moved: tuple[tuple[int, tuple[float, ...]], ...] = ()
    newest: "Newest | None" = None


@dataclass(frozen=True)
class Newest:
    """Packed weights on the way between two kept moments, and how far the last update moved each parameter."""

    step: int
    weights: bytes
    moved: tuple[float, ...]


@dataclass(frozen=True)
class StateReport:
    """The state at the step of the last progress, for a request or for the autosave."""

    number: int
    request: int
    state: bytes


@dataclass(frozen=True)
class RateFound:
    """The answer to a SearchRate; None if no rate was found to work in the time for it."""

    number: int
    learning_rate: float | None


Reason = Literal["halted", "stepped", "done", "capped", "diverged", "failed"]


@dataclass(frozen=True, kw_only=True)
class Ended:
    """The order has ended, at the step of the last progress. After a failure there is no state."""

    number: int
    reason: Reason
    state: bytes | None
    message: str = ""
    where: str = ""  # file and line of an error


Message = Order | Halt | RequestState | SetLearningRate | SearchRate | Close
Report = Progress | StateReport | RateFound | Ended
