"""How fast are sampling and scoring? Each beside the loop that takes one name at a time."""

from time import perf_counter

import torch

from makemore.checkpoints import store
from makemore.checkpoints.store import Checkpoint
from makemore.data import name_lists
from makemore.device import use_one_thread
from makemore.inference import evaluation, sampling
from tests.bench.alone import alone, spread

BATCH = 30_000
ONE_BY_ONE = 500
RUNS = 5


def one_by_one(loaded: Checkpoint, n: int, seed: int) -> list[str]:
    """The lecture's sampling loop: a forward pass for each letter of each name."""
    generator = torch.Generator().manual_seed(seed)
    made = []
    with torch.inference_mode():
        for _ in range(n):
            context, ids = [0] * loaded.model.block_size, list[int]()
            while True:
                probabilities = loaded.model(torch.tensor([context])).softmax(dim=1)
                drawn = int(torch.multinomial(probabilities, 1, generator=generator))
                if drawn == 0:
                    break
                ids.append(drawn)
                context = [*context[1:], drawn]
            made.append(loaded.vocabulary.decode(ids))
    return made


def measure(runs: int) -> tuple[list[float], list[float], list[float]]:
    """Names a second one by one, names a second in a batch, and seconds to score the whole list."""
    use_one_thread()
    loaded = store.load("wavenet")
    everybody = name_lists.load_names().names
    slow, fast, scoring = [], [], []
    for seed in range(runs):
        started = perf_counter()
        one_by_one(loaded, ONE_BY_ONE, seed)
        slow.append(ONE_BY_ONE / (perf_counter() - started))
        started = perf_counter()
        sampling.sample(loaded.model, loaded.vocabulary, BATCH, seed=seed)
        fast.append(BATCH / (perf_counter() - started))
        started = perf_counter()
        evaluation.score(loaded.model, loaded.vocabulary, everybody)
        scoring.append(perf_counter() - started)
    return slow, fast, scoring


def report(*, quick: bool) -> None:
    slow, fast, scoring = alone(measure, 3 if quick else RUNS)
    ratios = [f / s for f, s in zip(fast, slow, strict=True)]
    print(
        f"sampling, wavenet: {spread(slow, 0)} names/s one by one | {spread(fast, 0)} names/s "
        f"{BATCH:,} at once | {spread(ratios, 0)} times, goal 50"
    )
    print(f"scoring all of the list, wavenet: {spread(scoring)} s, goal 2 s")
