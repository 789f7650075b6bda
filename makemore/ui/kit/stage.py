"""The places of a step: picture, controls, below. Knows nothing of what stands there."""

from dataclasses import dataclass

from streamlit.delta_generator import DeltaGenerator


@dataclass(frozen=True)
class Stage:
    """The places of a step. On a phone they stand one below the other: picture, controls, below.

    picture: what there is to see, at the height of the screen. controls: what changes it, beside it,
    with its numbers and a few words. below: what is looked at second, under both.
    """

    picture: DeltaGenerator
    controls: DeltaGenerator
    below: DeltaGenerator
