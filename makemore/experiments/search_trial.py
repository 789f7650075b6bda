"""One trial of a search: what it chooses, its trainings, and what is told of them. Prints nothing."""

import socket
from dataclasses import asdict, dataclass
from typing import Any

import optuna
from optuna.trial import FrozenTrial, Trial, TrialState

from makemore.config import ConfigError
from makemore.data.examples import Dataset
from makemore.experiments.search_space import MODEL, Space, Span, size_of
from makemore.experiments.seed_runs import (
    DIGITS,
    DivergedError,
    GiveUp,
    SeedRun,
    Told,
    TrainSeed,
    Variant,
)
from makemore.experiments.sweep_records import State
from makemore.training import step_cost

# What a trial keeps beside Optuna's own.
HOST, SAME_AS, RECORD, RUNS, WHY = "host", "same_as", "record", "runs", "why"
REFUSED: State = "refused"
DIVERGED: State = "diverged"


@dataclass(frozen=True)
class Search:
    """A study with what its trials are trained on."""

    study: optuna.Study
    space: Space
    dataset: Dataset
    seeds: int

    def ended(self) -> list[FrozenTrial]:
        """The trials that came to an end; those that a kill cut off are run again and not counted."""
        return [trial for trial in self.study.trials if ended(trial)]


def ended(trial: FrozenTrial) -> bool:
    """Whether it ran to its end, was pruned, diverged, or was refused."""
    whole = trial.state in (TrialState.COMPLETE, TrialState.PRUNED)
    return whole or (trial.state is TrialState.FAIL and WHY in trial.user_attrs)


def tell_why(study: optuna.Study, number: int, state: State) -> None:
    """End a trial that came to no result."""
    study.tell(number, state=TrialState.FAIL if state == REFUSED else TrialState.PRUNED)


def choose(space: Space, trial: Trial) -> dict[str, Any]:
    """A value for everything that the space has for a model, which is chosen first."""
    found = {MODEL: _suggest(trial, MODEL, space.values[MODEL])}
    for name, values in space.settings_of(found[MODEL]):
        found[name] = _suggest(trial, name, values)
    return found


def _suggest(trial: Trial, name: str, values: Any) -> Any:
    if not isinstance(values, Span):
        return values[0] if len(values) == 1 else trial.suggest_categorical(name, values)
    if values.whole:
        low, high, step = int(values.low), int(values.high), int(values.step or 1)
        return trial.suggest_int(name, low, high, step=step, log=values.log)
    return trial.suggest_float(name, values.low, values.high, step=values.step, log=values.log)


def run_trial(search: Search, trial: Trial, told_to_stop: Told, train: TrainSeed) -> None:
    """Train what the trial chooses from every seed, and tell the study how it ended.

    Raises StoppedError.
    """
    trial.set_user_attr(HOST, socket.gethostname())
    chosen, letters = choose(search.space, trial), len(search.dataset.vocabulary)
    if _answered(search, trial):
        return
    try:
        drawn = search.space.point(chosen, letters)
        step_cost.check(drawn.model, drawn.config, drawn.recipe, search.dataset)
    except ConfigError as error:
        trial.set_user_attr(WHY, [REFUSED, str(error)])
        tell_why(search.study, trial.number, REFUSED)
        return
    size = size_of(drawn.model, tuple(sorted(drawn.config.items())), letters)
    about = {"model": drawn.model, "config": drawn.config, "recipe": drawn.recipe.to_json()}
    trial.set_user_attr(RECORD, {**about, "parameters": size})
    try:
        found = _train_seeds(search, trial, drawn, told_to_stop, train)
        search.study.tell(trial, sum(found) / len(found))
    except optuna.TrialPruned:
        search.study.tell(trial, state=TrialState.PRUNED)
    except DivergedError as error:
        trial.set_user_attr(WHY, [DIVERGED, str(error)])
        tell_why(search.study, trial.number, DIVERGED)


def _answered(search: Search, trial: Trial) -> bool:
    """Tell of a choice that was made before what came of it then: the same floats would come again."""
    for former in search.ended():
        if former.params == trial.params and former.state is not TrialState.FAIL:
            trial.set_user_attr(SAME_AS, former.user_attrs.get(SAME_AS, former.number))
            done = former.state is TrialState.COMPLETE
            search.study.tell(trial, former.value if done else None, state=former.state)
            return True
    return False


def _train_seeds(
    search: Search, trial: Trial, variant: Variant, told_to_stop: Told, train: TrainSeed
) -> list[float]:
    """The dev loss from each seed; those that were trained before a kill are not trained again.

    Only the first seed may be given up, so that a trial has all of them or is no result. Raises
    StoppedError, DivergedError or TrialPruned.
    """
    steps = variant.recipe.steps
    done = [SeedRun(**each) for each in trial.user_attrs.get(RUNS, [])]
    done = [each for each in done if each.curve[-1][0] == steps]
    for i, (_, dev) in enumerate(done[0].curve[:-1] if done else []):
        trial.report(dev, i)
    for seed in range(1 + len(done), search.seeds + 1):
        give_up = _ask_pruner(trial) if seed == 1 and search.space.pruner != "none" else None
        found = train(variant, seed, search.dataset, told_to_stop=told_to_stop, give_up=give_up)
        done.append(found.rounded())
        trial.set_user_attr(RUNS, [asdict(each) for each in done])
        if done[-1].curve[-1][0] < steps:
            raise optuna.TrialPruned
    return [each.dev for each in done]


def _ask_pruner(trial: Trial) -> GiveUp:
    """Tell the study of each report; whether it thinks that the trial is not worth going on with."""

    def give_up(report: int, dev: float) -> bool:
        trial.report(round(dev, DIGITS), report)
        return trial.should_prune()

    return give_up
