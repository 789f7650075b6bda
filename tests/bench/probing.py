"""What does looking inside cost? Prints the share of a training that its looks take at the default cadence.

`python -m tests.bench.probing`: a minute or two on one core. A look is timed inside a training, less a
step without one: what is copied before the update, the pass through a copy of the net, and what is
kept of it. Medians of `--times` trainings and of ten times as many looks. `live` is what a job spends
on reporting its newest weights by the clock, for pages that show them as it trains.
"""

import argparse
from statistics import median
from time import perf_counter

from makemore.checkpoints.tensor_files import pack
from makemore.data import name_lists
from makemore.data.examples import Dataset
from makemore.device import use_one_thread
from makemore.experiments.runs import moments_to_probe
from makemore.jobs.workers.order_run import NEWEST_BYTES, NEWEST_SECONDS
from makemore.models.brick_stack import deep
from makemore.training.events import Kept
from makemore.training.recipes import Recipe, recipe_for
from makemore.training.trainer import Trainer
from makemore.training.trajectory import Recorder

TIMED = 2_000  # steps of the lecture's loop; the rest of a whole training is worked out from these
CASES: dict[str, tuple[str, dict[str, object], Recipe]] = {
    "MLP, lecture": ("mlp", {}, recipe_for("lecture", "mlp")),
    "MLP with norm, lecture": ("mlp_bn", {}, recipe_for("lecture", "mlp_bn")),
    "WaveNet, lecture": ("wavenet", {}, recipe_for("lecture", "wavenet")),
    "10 tanh + norm, lecture": (
        "bricks",
        {"bricks": deep(27, depth=10, norm=True), "block_size": 3},
        recipe_for("lecture", "mlp"),
    ),
    "MLP, fast": ("mlp", {}, recipe_for("fast", "mlp")),
    "MLP with norm, fast": ("mlp_bn", {}, recipe_for("fast", "mlp_bn")),
    "WaveNet, fast": ("wavenet", {}, recipe_for("fast", "wavenet")),
    "MLP, best": ("mlp", {}, recipe_for("best", "mlp")),
}


def seconds(case: str, dataset: Dataset, *, steps: int) -> float:
    """How long so many steps take without any look."""
    model, settings, recipe = CASES[case]
    trainer = Trainer.start(model, dataset, recipe, seed=1, settings=settings)
    started = perf_counter()
    for _ in trainer.events(steps, log_every=steps):
        pass
    return perf_counter() - started


def look_seconds(case: str, dataset: Dataset, times: int) -> float:
    """What one look costs: the pass through a copy of the net, and what is kept of it."""
    model, settings, recipe = CASES[case]
    trainer = Trainer.start(model, dataset, recipe, seed=1, settings=settings)
    taken = []
    for step in range(1, 10 * times + 1):
        plain = perf_counter()
        list(trainer.events(2 * step - 1, log_every=1_000_000))
        started = perf_counter()
        for event in trainer.events(2 * step, probe_at=[2 * step], log_every=1_000_000):
            Recorder().add(event)
        taken.append(perf_counter() - started - (started - plain))
    return median(taken)


def live_share(case: str, dataset: Dataset, times: int) -> float:
    """The share of a second that goes into reports of the newest weights: a kept step less a plain one."""
    model, settings, recipe = CASES[case]
    trainer = Trainer.start(model, dataset, recipe, seed=1, settings=settings)
    taken: list[float] = []
    for step in range(1, 10 * times + 1):
        plain = perf_counter()
        list(trainer.events(2 * step - 1, log_every=1_000_000))
        started = perf_counter()
        for event in trainer.events(2 * step, pass_at={2 * step}, log_every=1_000_000):
            if isinstance(event, Kept):
                pack(event.weights)
        taken.append(perf_counter() - started - (started - plain))
    size = sum(weights.nbytes for weights in trainer.model.state_dict().values())
    seconds_between: float = NEWEST_SECONDS + size / NEWEST_BYTES
    return median(taken) / seconds_between


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    arguments.add_argument("--times", type=int, default=3)
    times = arguments.parse_args().times
    use_one_thread()
    dataset = Dataset(name_lists.load_names())
    print(
        f"{'training':<26}{'steps':>9}{'looks':>7}{'a look':>10}{'without':>11}{'looks cost':>12}{'live':>8}"
    )
    for case, (_, _, recipe) in CASES.items():
        steps = min(recipe.steps, TIMED) if recipe.optimizer == "sgd" else recipe.steps
        plain = median(seconds(case, dataset, steps=steps) for _ in range(times))
        whole = plain * recipe.steps / steps
        look, looks = look_seconds(case, dataset, times), len(moments_to_probe(recipe.steps))
        share, live = looks * look / whole, live_share(case, dataset, times)
        print(
            f"{case:<26}{recipe.steps:>9,}{looks:>7}{look * 1e3:>7.2f} ms{whole:>9.2f} s"
            f"{share:>12.2%}{live:>8.2%}",
            flush=True,
        )


if __name__ == "__main__":
    main()
