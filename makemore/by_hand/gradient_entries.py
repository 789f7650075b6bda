"""What an entry of the hand-written backward pass is: value, formula, code, and its gradient. Knows no net.

Code is a text in the lecture's names and is what runs: a learner reads the very line that made the
numbers. All texts are constants of this package; nothing that a visitor sends is ever run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType
from typing import Any, Literal

import torch
from torch import Tensor

Values = dict[str, Tensor]  # name -> value, or name -> gradient
Kind = Literal["times", "incoming @ local", "local @ incoming", "reshaped", "gathered"]


@dataclass(frozen=True)
class Path:
    """One way on which a value acts on the loss: through the value `through`, made from it.

    formula: LaTeX of what comes back on this way. code: the same in torch, where dNAME is the gradient
    of NAME. local: code of the local derivative. kind: how the two combine; "times" is element by
    element, broadcast, and summed over every axis along which the value was broadcast.
    reason: why it is so, in a sentence of markdown.
    """

    through: str
    formula: str
    code: str
    local: str
    reason: str
    kind: Kind = "times"


@dataclass(frozen=True)
class Entry:
    """One intermediate of the forward pass, and its gradient as the sum over its paths.

    formula: LaTeX of the forward line. code: the same in torch; "" for a parameter. shape: in words.
    inputs: the entries that the line reads. reason: what the line is for. paths: none for the loss.
    """

    name: str
    formula: str
    code: str
    shape: str
    reason: str
    inputs: tuple[str, ...] = ()
    paths: tuple[Path, ...] = field(default=())

    @property
    def gradient_code(self) -> str:
        """All paths added up: `dcounts = …`, in one line without the name before it."""
        return " + ".join(path.code for path in self.paths) or "torch.ones_like(loss)"

    @property
    def gradient_formula(self) -> str:
        """The same as LaTeX."""
        return " + ".join(path.formula for path in self.paths) or "1"


def run(code: str, names: Mapping[str, Any]) -> Tensor:
    """The value of a line of code. Raises RuntimeError where torch refuses the shapes."""
    found: Tensor = eval(_compiled(code), {"torch": torch, "__builtins__": {}}, names)
    return found


@lru_cache(maxsize=512)
def _compiled(code: str) -> CodeType:
    return compile(code, code, "eval")


def gradient_names(gradients: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The gradients under the names that code has for them: dlogits for that of logits."""
    return {f"d{name}": gradient for name, gradient in gradients.items()}
