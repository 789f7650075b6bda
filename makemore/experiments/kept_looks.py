"""What was kept of a checkpoint's training, in words and as looks to diagnose it by. Trains nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset
from makemore.inference.capture import layers_of
from makemore.inference.readings import Reading, read
from makemore.layers import Nonlinearity
from makemore.training.trainer import probe
from makemore.training.trajectory_form import EMBEDDING, STEP

EVERYTHING = ("embedding", "activations", "gradients", "updates")


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
        lacks = f"no {_listed(self.missing, 'or')}" if self.missing else ""
        if not self.there:
            return f"Of its training the losses alone were kept{lacks and f', {lacks}'}."
        when = f"{len(self.steps)} moments, steps {self.steps[0]:,} to {self.steps[-1]:,}"
        return f"Kept of its training, at {when}: {_listed(self.there, 'and')}{lacks and f'; {lacks}'}."


def kept_of(checkpoint: Checkpoint) -> Kept:
    """What was kept of the training of a checkpoint."""
    trajectory, model = checkpoint.trajectory, checkpoint.model
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


def looks_at(checkpoint: Checkpoint, dataset: Callable[[], Dataset]) -> tuple[Reading, ...]:
    """Those that were kept of its training, or one at the net as it is.

    dataset: asked for only in the second case, a list in the letters of the checkpoint.
    """
    if checkpoint.trajectory is not None and checkpoint.trajectory.readings:
        return checkpoint.trajectory.readings
    return (read(probe(checkpoint.model, dataset(), step=checkpoint.metadata.step).snapshot),)


def _listed(words: Sequence[str], last: str) -> str:
    """a, b and c."""
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end
