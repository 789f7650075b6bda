"""What is recorded of a deep stack: its own training, or that of the nearest one. Draws nothing."""

from functools import lru_cache
from math import log

from makemore.checkpoints.metadata import CheckpointError
from makemore.experiments.recorded_stacks import GAINS, RATES, STACKS, STEPS, Stack
from makemore.ui.kit.moment_slider import recorded_moments
from makemore.ui.sources import loaded
from makemore.ui.sources.recorded import recording
from makemore.ui.training_panel import Former, Recorded, recorded_run
from makemore.ui.training_panel.loss_curves import trajectory_curve


def name_stack(stack: Stack) -> str:
    """What makes its net, in a few words."""
    return f"{stack.depth} tanh, gain {stack.gain}" + (", batch norm" if stack.norm else "")


@lru_cache(maxsize=len(STACKS))
def recorded_stack(stack: Stack) -> Recorded:
    """The same training as Start begins, of the course's list. Raises CheckpointError."""
    trajectory = recording(stack)
    return Recorded(
        words="this training, recorded",
        curve=trajectory_curve(trajectory),
        moments=recorded_moments(trajectory),
        steps=STEPS,
        letters=len(loaded.vocabulary()),
    )


def nearest(stack: Stack) -> Stack:
    """The recorded one that differs least: in depth before gain, gain before rate, rate before batch norm."""

    def differs(other: Stack) -> tuple[bool, float, float]:
        rate = log(RATES[stack.rate] / RATES[other.rate])
        gain = log(GAINS[stack.gain] / GAINS[other.gain])
        return stack.norm != other.norm, round(abs(rate), 6), round(abs(gain), 6)  # ×100: ×10

    alike = [each for each in STACKS if each.logits_scale == stack.logits_scale]
    return min(alike, key=differs)


def like_it(stack: Stack) -> Former | None:
    """The training of the nearest, to see until this one runs; None where its file cannot be read."""
    try:
        return _former(nearest(stack))
    except CheckpointError:
        return None


@lru_cache(maxsize=len(STACKS))
def _former(near: Stack) -> Former:
    rate = f", learning rate × {near.rate}" if near.rate != "1" else ""
    label = f"the nearest that is recorded: {name_stack(near)}{rate}, on the course's names"
    return recorded_run(label, recording(near), STEPS)
