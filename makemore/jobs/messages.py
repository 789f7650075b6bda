"""What jobs and workers tell each other. All of it is plain values and bytes, which any pipe carries."""

from dataclasses import dataclass
from typing import Literal

from makemore.data import Dataset
from makemore.events import Evaluated, Sampled
from makemore.jobs.spec import Spec


@dataclass(frozen=True)
class Caps:
    """What one training may take, and how often its state is handed out unasked."""

    seconds: float
    steps: int
    autosave_seconds: float


@dataclass(frozen=True)
class Order:
    """Train this from here: to the end, or one step."""

    number: int
    spec: Spec
    dataset: Dataset
    state: bytes | None
    learning_rate: float
    single: bool
    caps: Caps


@dataclass(frozen=True)
class Halt:
    """Cease after the step that is under way."""

    number: int


@dataclass(frozen=True)
class Give:
    """Hand out the state without ceasing."""

    number: int
    request: int


@dataclass(frozen=True)
class Rate:
    """Go on with this learning rate."""

    number: int
    learning_rate: float


@dataclass(frozen=True)
class Close:
    """Cease and end."""


@dataclass(frozen=True)
class Progress:
    """What happened since the last report. `losses` are those of the updates up to `step`."""

    number: int
    step: int
    seconds: float  # of updates, since step 0
    elapsed: float  # on the clock, since the order
    learning_rate: float  # that is set
    learning_rate_now: float  # what the schedule made of it at the last update
    losses: tuple[float, ...]
    evaluated: tuple[Evaluated, ...]
    sampled: tuple[Sampled, ...]
    kept: tuple[tuple[int, bytes], ...]  # packed weights by step


@dataclass(frozen=True)
class Given:
    """The state at the step of the last progress; `request` 0 is the autosave."""

    number: int
    request: int
    state: bytes


Reason = Literal["halted", "stepped", "done", "capped", "diverged", "failed"]


@dataclass(frozen=True)
class Ended:
    """The order is over, at the step of the last progress; no state after a failure."""

    number: int
    reason: Reason
    state: bytes | None
    message: str = ""
    safer_learning_rate: float | None = None
    where: str = ""  # file and line of an error


Message = Order | Halt | Give | Rate | Close
Report = Progress | Given | Ended
