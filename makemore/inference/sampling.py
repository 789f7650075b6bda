"""Draws names from a model, many side by side. Knows nothing of how the model came about."""

from collections.abc import Callable

import torch
from torch import Tensor

from makemore.data.vocabulary import Vocabulary
from makemore.inference import planned_forward
from makemore.inference.evaluation import eval_mode
from makemore.models import LanguageModel

MAX_LENGTH = 100
MOST = 1_000_000  # names at once
MOST_EACH = 10_000  # names with a generator each, of which every one takes 5 kB
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
    _check(n, temperature, MOST)
    generator = torch.Generator().manual_seed(seed)

    def pick(probabilities: Tensor, active: Tensor) -> Tensor:
        return torch.multinomial(probabilities, 1, generator=generator)[:, 0]

    return _draw(model, vocabulary, n, pick, temperature, max_length)


def sample_each(
    model: LanguageModel,
    vocabulary: Vocabulary,
    n: int,
    *,
    seed: int,
    temperature: float = 1.0,
    max_length: int = MAX_LENGTH,
) -> list[str]:
    """n names as `sample` draws one, each with a generator of its own.

    The i-th of them is seeded by the i-th number that the generator of `seed` gives. So a name depends
    on seed, i and model alone, not on how many are drawn or where another one ends, and the names
    of two models can be compared one by one. Raises ValueError as `sample` does.
    """
    _check(n, temperature, MOST_EACH)
    seeds = torch.randint(2**32, (n,), generator=torch.Generator().manual_seed(seed)).tolist()
    generators = [torch.Generator().manual_seed(own) for own in seeds]

    def pick(probabilities: Tensor, active: Tensor) -> Tensor:
        drawn = [
            torch.multinomial(row, 1, generator=generators[i])
            for row, i in zip(probabilities, active.tolist(), strict=True)
        ]
        return torch.cat(drawn)

    return _draw(model, vocabulary, n, pick, temperature, max_length)


def _check(n: int, temperature: float, most: int) -> None:
    if not COLDEST <= temperature < float("inf"):
        raise ValueError(
            f"temperature is {temperature}; it must be a number above 0, at least {COLDEST}"
        )
    if not 0 <= n <= most:
        raise ValueError(f"cannot draw {n} names; the limit is {most:,}")


def _draw(
    model: LanguageModel,
    vocabulary: Vocabulary,
    n: int,
    pick: Callable[[Tensor, Tensor], Tensor],
    temperature: float,
    max_length: int,
) -> list[str]:
    """n names, letter by letter; `pick` gets (active, vocab) probabilities and which names those are."""
    device = next(iter(model.state_dict().values())).device
    drawn = torch.zeros(n, model.block_size + max_length + 1, dtype=torch.int64)
    active = torch.arange(n)  # the names that have not met their dot yet
    end = model.block_size
    with eval_mode(model):
        while len(active) and end < model.block_size + max_length:
            contexts = drawn[active, end - model.block_size : end]
            logits = planned_forward.logits(model, contexts.to(device)).cpu() / temperature
            ids = pick(logits.softmax(dim=1), active)
            drawn[active, end] = ids
            active = active[ids != 0]
            end += 1
    rows = drawn[:, model.block_size : end + 1].tolist()  # each a name, and dots after its end
    return [vocabulary.decode(row[: row.index(0)]) for row in rows]
