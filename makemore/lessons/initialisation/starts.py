"""Five initialisations of one net, from one seed: how they are called and what is known of them. Knows no page."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import streamlit as st
from torch import Tensor

from makemore.data.examples import Examples
from makemore.experiments import recorded_starts
from makemore.experiments.recorded_starts import FIRST_STEPS, KEPT, STARTS, Recording, Start
from makemore.inference.capture import Snapshot, snapshot
from makemore.ui.kit import ask_beside
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.examined import batch_of

WORDS: Mapping[Start, str] = {
    "naive": "Naive",
    "logits": "Logits repaired",
    "by hand": "Scaled by hand",
    "kaiming": "Kaiming",
    "batch norm": "Batch norm",
}
BLOCK, HIDDEN = 3, 200  # letters that the net sees, and its hidden units
RECENT = 12  # looks inside that are kept, 4 MB each at most where nets have 200 units
MEANT = (
    "Each changes one thing about the one before. Naive: all parameters from N(0, 1). Logits repaired: "
    "W2 × 0.01, b2 = 0. Scaled by hand: also W1 × 0.2, b1 × 0.01. Kaiming: W1 × (5/3)/√30 instead. "
    "Batch norm: a layer more, before the tanh, in the place of b1."
)


def recordings(about: ChosenList, wanted: Sequence[Start] = STARTS) -> dict[Start, Recording]:
    """Their trainings: shipped ones, or on an own list the first steps, trained beside the page.

    Only those that are there; ask_beside.pace looks again for the others. Raises CheckpointError.
    """
    if not about.own:
        return {start: shipped_recording(start) for start in wanted}
    found = {start: _own_recording(about, start) for start in wanted}
    return {start: recording for start, recording in found.items() if recording is not None}


def _own_recording(about: ChosenList, start: Start) -> Recording | None:
    def make() -> Recording:
        return recorded_starts.record(start, about.dataset, steps=FIRST_STEPS)

    return ask_beside.ask_beside(about, ("start", start), make)


def recorded_moments(about: ChosenList) -> list[int]:
    """The steps at which one can look inside."""
    return [0, *(step for step in KEPT if not about.own or step <= FIRST_STEPS)]


def tell_waiting(found: Mapping[Start, Recording], wanted: Sequence[Start] = STARTS) -> bool:
    """Say so while some are still being trained, and have the step look again; tells whether."""
    waits = len(found) < len(wanted)
    if waits:
        st.caption(
            f"Training {len(wanted) - len(found)} of {len(wanted)} nets on your list, "
            f"{FIRST_STEPS:,} steps each. What is there is drawn."
        )
    ask_beside.look_again(waits)
    return waits


@lru_cache(maxsize=len(STARTS))
def shipped_recording(start: Start) -> Recording:
    """Read once. Raises CheckpointError."""
    return recorded_starts.read(start)


def batch(about: ChosenList, size: int) -> Examples:
    """The same examples of the train split for every net."""
    return about.kept(("start batch", size), lambda: batch_of(about.dataset, BLOCK, size))


@dataclass(frozen=True, eq=False)
class Inside:
    """What a batch looks like inside a net: `pre` (examples, hidden) goes into the tanh.

    weight (inputs, hidden) and its gradient; table (letters, embedding); loss of the batch.
    """

    pre: Tensor
    weight: Tensor
    gradient: Tensor
    table: Tensor
    loss: float


def inside(
    about: ChosenList,
    start: Start,
    step: int,
    size: int,
    recording: Recording | None,
    *,
    hidden: int,
) -> Inside:
    """The net after so many steps on a batch of this size, batch norm by the statistics of that batch.

    Without a recording it is the net as its seed draws it. The last few are kept.
    """
    recent: OrderedDict[Hashable, Inside] = about.kept("start insides", OrderedDict)
    key = start, step, size, hidden
    found = recent.pop(key, None) or _look(about, start, step, size, recording, hidden)
    recent[key] = found
    while len(recent) > RECENT:
        recent.popitem(last=False)
    return found


def _look(
    about: ChosenList, start: Start, step: int, size: int, recording: Recording | None, hidden: int
) -> Inside:
    letters = len(about.vocabulary)
    if step and recording:
        net = recorded_starts.net_at(recording, step, letters)
    else:
        net = recorded_starts.fresh(start, letters, hidden=hidden)
    examples = batch(about, size)
    return read_inside(snapshot(net.train(), examples.contexts, examples.targets, step=step))


def read_inside(look: Snapshot) -> Inside:
    """What the maps show of a look inside a net with one tanh."""
    return Inside(
        look.activations[look.before("tanh")],
        look.weights["layers.hidden.weight"],
        look.weight_gradients["layers.hidden.weight"],
        look.weights["layers.embedding.weight"],
        look.loss,
    )
