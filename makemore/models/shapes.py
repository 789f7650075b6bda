"""What tensors a model will have, without their numbers. Allocates nothing and draws nothing."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from makemore.models.base import LanguageModel


class _NoDraws(TorchFunctionMode):
    """Leaves out `normal_`, which on the device `meta` imports for a second before it does nothing.

    What else draws there does so without its generator, which is one of the CPU.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        if func is torch.Tensor.normal_:
            return args[0]
        kept = {key: value for key, value in (kwargs or {}).items() if key != "generator"}
        return func(*args, **kept)


def shapes_of(made: Callable[[], LanguageModel]) -> dict[str, Tensor]:
    """The `state_dict()` of the model that this builds, every tensor on the device `meta`."""
    with torch.device("meta"), _NoDraws():
        return made().state_dict()
