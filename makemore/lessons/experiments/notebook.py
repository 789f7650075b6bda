"""The steps of pages/experiments.py as notebooks: each function's body is one. Knows no page."""

from typing import Any

from makemore.data.name_lists import NameList


def all_trials(study: str = "tree_shape") -> None:
    """Every trial of a shipped study, the best first."""
    from makemore.experiments.sweep_records import read_shipped
    from makemore.lessons.experiments.trial_settings import label_of, spread_of, varied

    sweep = read_shipped(study)
    settings = varied(sweep)
    for trial in sweep.complete():
        print(f"{label_of(trial, settings)}, dev {trial.dev:.4f} ± {spread_of(trial):.4f}")

    best = sweep.complete()[0]
    print(f"best: {label_of(best, settings)}")
    print(f"its dev loss: {best.dev:.4f}")


def parallel(study: str = "tree_shape") -> None:
    """What the best quarter of the trials has in common."""
    from makemore.experiments.sweep_records import read_shipped
    from makemore.lessons.experiments.trial_settings import (
        best_numbers,
        label_of,
        value_of,
        varied,
        write_value,
    )

    sweep = read_shipped(study)
    settings = [each for each in varied(sweep) if each.chosen]
    best = [trial for trial in sweep.complete() if trial.number in best_numbers(sweep)]
    for trial in best:
        print(f"{label_of(trial, settings)}, dev {trial.dev:.4f}")

    for setting in settings:
        values = {write_value(value_of(trial, setting.name)) for trial in best}
        print(f"{setting.title} in the best quarter is one of {sorted(values)}")
    print(f"marked: {len(best)} of {len(sweep.complete())}")


def curves(study: str = "tree_shape") -> None:
    """Who leads halfway, and where that one stands at the end."""
    from makemore.experiments.sweep_records import read_shipped
    from makemore.lessons.experiments.overlaid import halfway, place_at_end, same_order

    sweep = read_shipped(study)
    whole, place = sweep.complete(), place_at_end(sweep)
    print(f"halfway it has: {halfway(whole[place - 1]):.4f}")
    print(f"at the end: {whole[place - 1].dev:.4f}")
    print(f"the best at the end: {whole[0].dev:.4f}")

    print(f"pairs in the same order halfway and at the end: {same_order(sweep):.0%}")


def importances(study: str = "tree_shape") -> None:
    """The importance of each setting, as the study has kept it."""
    from makemore.experiments.sweep_records import read_shipped

    sweep = read_shipped(study)
    print(f"{sweep.name} keeps the importance of {len(sweep.importance)} settings")
    for share in sweep.importance.values():
        print(f"importance: {share:.0%}")


def trial_costs(study: str = "tree_shape", cost: str = "seconds") -> None:
    """Which trials no other one beats in both dev loss and seconds of training, or parameters."""
    from makemore.diagnostics.losses.pareto import on_front
    from makemore.experiments.sweep_records import read_shipped
    from makemore.lessons.experiments.trial_frames import costs

    frame = costs(read_shipped(study), cost)
    frame["front"] = on_front(frame["cost"], frame["loss"])
    print(frame.sort_values("cost").to_string())

    print(f"on the front: {frame['front'].sum()} of {len(frame)}")


def best_again(
    names: NameList, model: str, settings: dict[str, Any], recipe: dict[str, Any], seed: int
) -> None:
    """The training that the panel is set to, from its start to its end."""
    from makemore.data.examples import Dataset
    from makemore.experiments.seed_runs import Variant, train_seed
    from makemore.training.recipes import Recipe

    variant = Variant(model, settings, Recipe.from_json(recipe))
    found = train_seed(variant, seed, Dataset(names))
    for step, dev in found.curve:
        print(f"after step {step:,.0f} a dev loss of {dev:.3f}")


def own_sweep(names: NameList, space: dict[str, Any], draws: int, seeds: int) -> None:
    """Every trial of the space that the page is set to, or so many draws from it."""
    from makemore.data.examples import Dataset
    from makemore.data.vocabulary import Vocabulary
    from makemore.experiments.own_trials import trials_of
    from makemore.experiments.seed_runs import train_seed

    vocabulary = Vocabulary.of(names.names)
    dataset = Dataset(names, vocabulary)
    trials = trials_of(space, draws=draws, letters=len(vocabulary))
    for trial in trials:
        runs = [train_seed(trial.variant, seed, dataset, reports=1) for seed in range(1, seeds + 1)]
        chosen = ", ".join(f"{name} {value}" for name, value in trial.chosen.items())
        print(f"{chosen}, dev {sum(run.dev for run in runs) / seeds:.4f}")

    print(f"trials: {len(trials)}")
