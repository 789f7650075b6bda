"""Whose training is gone back through: that of the net, or the second one of a shipped net. Knows no job."""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from makemore.checkpoints.metadata import CheckpointError, Metadata
from makemore.checkpoints.store import Checkpoint
from makemore.experiments.kept_looks import kept_in, kept_of
from makemore.experiments.second_recordings import SecondRecording
from makemore.training.trajectory import Trajectory
from makemore.ui.kit.choose import choose
from makemore.ui.kit.moment_slider import Moments, recorded_moments
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources.recorded import second_recording

Whose = Literal["second", "shipped"]
WHOSE: dict[Whose, str] = {"second": "A second training", "shipped": "The shipped net"}
WHY = (
    "No gradients and updates were kept of the training that led to this net. Its recipe and seed were run "
    "once more, with all looks: on another processor, where the floats part after the first steps. So the "
    "second training is like the first and never the same; the shipped net itself can be looked at as it is."
)


@dataclass(frozen=True, eq=False)
class Watched:
    """A checkpoint, and the second training that is gone back through in the place of its own, or None."""

    checkpoint: Checkpoint
    second: SecondRecording | None = None

    @property
    def trajectory(self) -> Trajectory | None:
        """That of the training that is gone back through."""
        return self.second.trajectory if self.second else self.checkpoint.trajectory

    @property
    def moments(self) -> Moments:
        """What was kept of it."""
        return recorded_moments(self.trajectory)

    @property
    def mark(self) -> str:
        """Tells the two of one checkpoint apart, in keys."""
        return "second" if self.second else "itself"

    def name(self, label: str) -> str:
        """How a curve of it is called."""
        return f"{label}, second training" if self.second else label


def choose_watched(checkpoint: Checkpoint, *, key: str) -> Watched:
    """The second training where there is one and the learner does not ask for the shipped net itself."""
    try:
        second = second_recording(checkpoint)
    except CheckpointError as error:
        st.warning(
            f"Its second training cannot be read: {plain(str(error))}. Here is the shipped net itself.",
            icon=":material/info:",
        )
        return Watched(checkpoint)
    if second is None:
        return Watched(checkpoint)
    whose = choose("Looks inside", WHOSE, key=f"{key}_whose", in_link="whose", help=WHY)
    if whose == "shipped":
        return Watched(checkpoint)
    st.caption(second.tell(checkpoint.metadata))
    return Watched(checkpoint, second)


def _tell_machine(second: SecondRecording, shipped: Metadata) -> str:
    """What decided its floats, beside what is known of the shipped one."""
    both = (second.versions, shipped.versions)
    here, there = (", ".join(f"{name} {each}" for name, each in told.items()) for told in both)
    told = "" if here == there else f" with {there}"
    return f"It ran on {second.processor} ({here}), the first on another processor{told}."


def tell_kept(watched: Watched, *, now: bool) -> str:
    """What the slider goes back through; `now`: gradients come of one look at the net as it is."""
    said = watched.checkpoint.metadata
    if watched.second:
        kept = kept_in(watched.trajectory, watched.checkpoint.model)
        return f"{kept.tell('that training')} {_tell_machine(watched.second, said)}"
    own = kept_of(watched.checkpoint)
    if not now:
        return str(own)
    looks = " and ".join(each for each in ("activations", "gradients") if each in own.missing)
    return (
        f"{own} So its {looks} are those of one look at the weights that it ended with, step "
        f"{said.step:,}, and what the start and the updates are judged by cannot be told."
    )
