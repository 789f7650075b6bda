"""What was kept of a checkpoint's training, in words and as looks to diagnose it by. Trains nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset
from makemore.experiments import second_recordings
from makemore.experiments.second_recordings import SecondRecording
from makemore.inference.capture import layers_of
from makemore.inference.readings import Reading, read
from makemore.layers import Nonlinearity
from makemore.models import LanguageModel
from makemore.training.trainer import probe
from makemore.training.trajectory import Trajectory
from makemore.training.trajectory_form import EMBEDDING, STEP

EVERYTHING = ("embedding", "activations", "gradients", "updates")
Source = Literal["its training", "a second training", "its weights now"]


@dataclass(frozen=True)
class Kept:
    """What there is of a training to go back through, and what that net has but nobody kept.

    steps: the moments. there and missing: names out of EVERYTHING.
    """

    steps: tuple[int, ...]
    there: tuple[str, ...]
    missing: tuple[str, ...]

    def __str__(self) -> str:
        """One sentence."""
        return self.tell("its training")

    def tell(self, whose: str) -> str:
        """The same, of a training that is called so."""
        lacks = f"no {_listed(self.missing, 'or')}" if self.missing else ""
        if not self.there:
            return f"Of {whose} the losses alone were kept{lacks and f', {lacks}'}."
        when = f"{len(self.steps)} moments, steps {self.steps[0]:,} to {self.steps[-1]:,}"
        return f"Kept of {whose}, at {when}: {_listed(self.there, 'and')}{lacks and f'; {lacks}'}."


@dataclass(frozen=True, eq=False)
class Looks:
    """What a net is diagnosed by, oldest first, and whose looks these are.

    second: the recording that they are of, where they are of one. trouble: why there is none of it
    where one belongs to the project, else "".
    """

    readings: tuple[Reading, ...]
    source: Source
    second: SecondRecording | None = None
    trouble: str = ""


def kept_of(checkpoint: Checkpoint) -> Kept:
    """What was kept of the training of a checkpoint."""
    return kept_in(checkpoint.trajectory, checkpoint.model)


def kept_in(trajectory: Trajectory | None, model: LanguageModel) -> Kept:
    """What was kept of a training of such a net."""
    probed = trajectory.probed if trajectory else {}
    looked = bool(trajectory and trajectory.readings)
    bends = bool(layers_of(model, Nonlinearity))
    learns = any(True for _ in model.parameters())
    known = {
        "embedding": EMBEDDING in probed,
        "activations": bool(probed.keys() - {STEP, EMBEDDING}),
        "gradients": looked,
        "updates": looked,
    }
    has = {"activations": bends, "gradients": learns, "updates": learns}
    return Kept(
        tuple(probed[STEP].tolist()) if STEP in probed else (),
        tuple(each for each in EVERYTHING if known[each]),
        tuple(each for each in EVERYTHING if not known[each] and has.get(each)),
    )


def has_second(checkpoint: Checkpoint) -> bool:
    """Whether a second recording belongs to it: a shipped one whose own training kept no gradients."""
    return "gradients" in kept_of(checkpoint).missing and second_recordings.is_shipped(checkpoint)


def looks_at(checkpoint: Checkpoint, dataset: Callable[[], Dataset], *, now: bool = False) -> Looks:
    """Those of its training, else those of its second recording, else one at the net as it is.

    dataset: asked for only in the last case, a list in the letters of the checkpoint. now: that case,
    whatever was recorded.
    """
    trouble = ""
    if checkpoint.trajectory is not None and checkpoint.trajectory.readings and not now:
        return Looks(checkpoint.trajectory.readings, "its training")
    if has_second(checkpoint) and not now:
        try:
            second = second_recordings.read(checkpoint)
            return Looks(second.trajectory.readings, "a second training", second)
        except CheckpointError as error:
            trouble = str(error)
    look = read(probe(checkpoint.model, dataset(), step=checkpoint.metadata.step).snapshot)
    return Looks((look,), "its weights now", trouble=trouble)


def _listed(words: Sequence[str], last: str) -> str:
    """a, b and c."""
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end
