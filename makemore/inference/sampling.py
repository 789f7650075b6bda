"""Draws names from a model, many side by side. Knows nothing of how the model came about."""

import torch
from torch import Tensor

from makemore.data.vocabulary import Vocabulary
from makemore.inference import planned_forward
from makemore.inference.evaluation import eval_mode
from makemore.models import LanguageModel

MAX_LENGTH = 100
MOST = 1_000_000  # names at once
COLDEST = 1e-3  # below this, logits divided by the temperature overflow


def sample(
    model: LanguageModel,
    vocabulary: Vocabulary,
    n: int,
    *,
    seed: int,
    temperature: float = 1.0,
    max_length: int = MAX_LENGTH,
) -> list[str]:
    """n names, the same for the same seed; a name that reaches `max_length` letters is cut there.

    Temperatures below 1 make the likely likelier, above 1 the unlikely. Raises ValueError for a
    temperature or a number of names that is out of range.
    """
    if not COLDEST <= temperature < float("inf"):
        raise ValueError(
            f"temperature is {temperature}; it must be a number above 0, at least {COLDEST}"
        )
    if not 0 <= n <= MOST:
        raise ValueError(f"cannot draw {n} names; the limit is {MOST:,}")
    generator = torch.Generator().manual_seed(seed)
    rows = _draw(model, n, generator, temperature, max_length).tolist()
    return [vocabulary.decode(row[: row.index(0)]) for row in rows]


def _draw(
    model: LanguageModel, n: int, generator: torch.Generator, temperature: float, max_length: int
) -> Tensor:
    """(n, longest + 1) ids; each row is a name, and dots after its end."""
    device = next(iter(model.state_dict().values())).device
    drawn = torch.zeros(n, model.block_size + max_length + 1, dtype=torch.int64)
    active = torch.arange(n)  # the names that have not met their dot yet
    end = model.block_size
    with eval_mode(model):
        while len(active) and end < model.block_size + max_length:
            contexts = drawn[active, end - model.block_size : end]
            logits = planned_forward.logits(model, contexts.to(device)).cpu() / temperature
            ids = torch.multinomial(logits.softmax(dim=1), 1, generator=generator)[:, 0]
            drawn[active, end] = ids
            active = active[ids != 0]
            end += 1
    return drawn[:, model.block_size : end + 1]
