"""What a search has found, for a file that is read without Optuna. Trains nothing."""

import optuna
from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances
from optuna.trial import FrozenTrial, TrialState

from makemore.checkpoints.metadata import versions
from makemore.experiments.search_trial import RECORD, RUNS, SAME_AS, WHY, Search
from makemore.experiments.seed_runs import SeedRun
from makemore.experiments.sweep_records import State, Sweep, TrialRecord

BEST_SHARE = 0.25  # of the trials; importance says which settings set them apart from the others
FEWEST = 8


def to_sweep(search: Search) -> Sweep:
    """All trials that have ended, a choice that was made twice only once."""
    trials = [each for each in search.ended() if SAME_AS not in each.user_attrs]
    model, shares = importance(trials)
    return Sweep(
        name=search.space.name,
        space=search.space.told,
        seeds=search.seeds,
        data=search.dataset.name_list.label,
        data_sha256=search.dataset.name_list.sha256,
        versions=versions() | {"optuna": optuna.__version__},
        trials=[to_record(each) for each in trials],
        importance=shares,
        importance_of=model,
    )


def to_record(trial: FrozenTrial) -> TrialRecord:
    """A trial that has ended; of one that was refused nothing but what was chosen, and why."""
    kept = trial.user_attrs
    unknown = {"model": "", "config": {}, "recipe": {}, "parameters": 0}
    state: State = "complete" if trial.state is TrialState.COMPLETE else "pruned"
    why = ""
    if WHY in kept:
        state, why = kept[WHY]
    return TrialRecord(
        number=trial.number,
        state=state,
        chosen=dict(trial.params),
        runs=[SeedRun(**each) for each in kept.get(RUNS, [])],
        why=why,
        **kept.get(RECORD, unknown),
    )


def importance(trials: list[FrozenTrial]) -> tuple[str, dict[str, float]]:
    """The model with most complete trials, and PED-ANOVA's share of each setting among those.

    Source: Watanabe et al. 2023, PED-ANOVA. Empty where the trials are few or nothing varies.
    """
    by_model: dict[str, list[FrozenTrial]] = {}
    for trial in trials:
        if trial.state is TrialState.COMPLETE:
            by_model.setdefault(trial.user_attrs[RECORD]["model"], []).append(trial)
    if not by_model:
        return "", {}
    model, some = max(by_model.items(), key=lambda each: len(each[1]))
    varied = [name for name in some[0].params if len({each.params[name] for each in some}) > 1]
    if len(some) < FEWEST or not varied:
        return "", {}
    study = optuna.create_study(direction="minimize")
    study.add_trials(some)
    evaluator = PedAnovaImportanceEvaluator(target_quantile=BEST_SHARE)
    found = get_param_importances(study, evaluator=evaluator, params=varied)
    return model, {name: round(float(share), 4) for name, share in found.items()}
