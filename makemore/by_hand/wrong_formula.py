"""One wrong formula for a gradient, and the kinds of slips there are. Knows no net."""

from dataclasses import dataclass
from typing import Literal

Slip = Literal[
    "missing sum",
    "sum along the wrong axis",
    "not spread",
    "missing transpose",
    "mean for sum",
    "n for n − 1",
    "forgotten branch",
    "overwritten",
    "cut chain",
    "wrong factor",
    "wrong sign",
]


@dataclass(frozen=True)
class Wrong:
    """`code` in the place of the right gradient of `name`.

    slip: what kind of mistake it is. meaning: what it would be the gradient of, in markdown.
    """

    name: str
    slip: Slip
    code: str
    meaning: str
