"""Searches: trials that are trained as said, cut off anywhere and gone on with, pruned and repeated."""

from collections.abc import Callable
from typing import Any

import pytest
from optuna.storages import InMemoryStorage
from optuna.trial import TrialState

from makemore.config import ConfigError
from makemore.data.examples import Dataset
from makemore.experiments import search, sweep_records
from makemore.experiments.read_space import parse
from makemore.experiments.search import open_search
from makemore.experiments.search_results import to_sweep
from makemore.experiments.search_space import Space
from makemore.experiments.search_trial import HOST, Search
from makemore.experiments.sweep_records import Sweep
from makemore.training.recipes import Recipe
from makemore.training.trainer import Trainer

SMALL: dict[str, Any] = {
    "model": ["mlp", "mlp_bn"],
    "recipe": "lecture",
    "sampler": "every",
    "pruner": "none",
    "config": {"logits_init": ["naive", "small"], "embedding": 2, "hidden": 4},
    "training": {"steps": 6},
}
DRAWN: dict[str, Any] = {
    "model": "mlp",
    "recipe": "lecture",
    "config": {"embedding": 2, "hidden": [2, 4, 8]},
    "training": {"steps": 20, "learning_rate": {"low": 0.01, "high": 1.0, "log": True}},
}


def searched(
    few: Dataset,
    told: dict[str, Any],
    *,
    trials: int | None = None,
    seeds: int = 2,
    storage: InMemoryStorage | None = None,
) -> Search:
    """The whole of a search, as often as a process that is not cut off runs it."""
    found = open_search(space(told), few, url=storage or InMemoryStorage(), seeds=seeds)
    assert search.run(found, trials, told_to_stop=lambda: False, listen=lambda trial: None)
    return found


def space(told: dict[str, Any]) -> Space:
    return parse("small", told)


def results(sweep: Sweep) -> list[tuple[Any, ...]]:
    """All that does not depend on the clock, or on how often a search was cut off."""
    found = [
        (t.state, t.chosen, t.recipe, [(r.seed, r.train, r.dev, r.curve) for r in t.runs])
        for t in sweep.trials
    ]
    return sorted(found, key=lambda trial: str(trial[1]))


def test_a_trial_is_trained_as_its_record_says(few: Dataset) -> None:
    found = to_sweep(searched(few, SMALL))
    assert [trial.chosen for trial in found.trials] == [*space(SMALL).points()]
    for trial in found.trials:
        for run in trial.runs:
            twin = Trainer.start(
                trial.model, few, Recipe.from_json(trial.recipe), seed=run.seed,
                settings=dict(trial.config),
            )  # fmt: skip
            for _ in twin.events():
                pass
            assert (run.train, run.dev) == (
                round(twin.loss("train"), 6),
                round(twin.loss("dev"), 6),
            )
            assert trial.parameters == twin.model.size
            assert run.curve[-1] == [6, round(run.dev, 4)]


def test_a_repeated_trial_comes_to_the_same_floats(few: Dataset) -> None:
    found = to_sweep(searched(few, DRAWN, trials=3))
    trial = found.complete()[0]
    for run in trial.runs:
        again = sweep_records.train_again(trial, few, seed=run.seed)
        assert round(again.trainer.loss("dev"), 6) == run.dev


class CutOffError(BaseException):
    """What a kill is to a test: nobody hears it."""


class Cut(InMemoryStorage):
    """Is cut off before or after its nth write; what was written until then stays."""

    writes = (
        "set_study_user_attr", "create_new_trial", "set_trial_param", "set_trial_user_attr",
        "set_trial_system_attr", "set_trial_intermediate_value", "set_trial_state_values",
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.left, self.after = 10**9, False
        for name in self.writes:
            setattr(self, name, self._counted(getattr(self, name)))

    def _counted(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **options: Any) -> Any:
            self.left -= 1
            if self.left == 0 and not self.after:
                raise CutOffError
            result = write(*args, **options)
            if self.left == 0:
                raise CutOffError
            return result

        return counted


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("told", "trials", "stride"), [(SMALL, None, 3), (DRAWN, 4, 11)], ids=["every", "tpe"]
)
def test_a_search_cut_off_at_any_write_loses_no_trial_and_runs_none_twice(
    few: Dataset, told: dict[str, Any], trials: int | None, stride: int, after: bool
) -> None:
    whole = Cut()
    unbroken = to_sweep(searched(few, told, trials=trials, seeds=1, storage=whole))
    writes = 10**9 - whole.left
    for n in range(1 + after, writes + 1, stride):  # fewer of TPE, whose draws take long
        storage = Cut()
        storage.left, storage.after = n, after
        with pytest.raises(CutOffError):
            searched(few, told, trials=trials, seeds=1, storage=storage)
        broken = to_sweep(searched(few, told, trials=trials, seeds=1, storage=storage))
        assert results(broken) == results(unbroken), n


def test_seeds_that_were_done_before_a_kill_are_not_trained_again(
    few: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    start = Trainer.start

    def counted(*args: Any, **options: Any) -> Trainer:
        started.append(options["seed"])
        if started == [1, 2]:
            raise CutOffError
        return start(*args, **options)

    monkeypatch.setattr(Trainer, "start", counted)
    storage = InMemoryStorage()
    with pytest.raises(CutOffError):
        searched(few, SMALL, storage=storage, seeds=2)
    started.clear()
    started.append(0)
    searched(few, SMALL, storage=storage, seeds=2)
    assert started.count(1) == len([*space(SMALL).points()]) - 1


def test_a_stop_puts_its_trial_back(few: Dataset) -> None:
    storage = InMemoryStorage()
    found = open_search(space(SMALL), few, url=storage, seeds=1)
    told = iter([False] * 12 + [True] * 3)
    assert not search.run(found, None, told_to_stop=lambda: next(told), listen=lambda trial: None)
    states = [trial.state for trial in found.study.trials]
    assert TrialState.RUNNING not in states
    again = to_sweep(searched(few, SMALL, seeds=1, storage=storage))
    assert results(again) == results(to_sweep(searched(few, SMALL, seeds=1)))


def test_a_trial_of_another_machine_is_left_alone(few: Dataset) -> None:
    found = open_search(space(DRAWN), few, url=InMemoryStorage(), seeds=1)
    there, here = found.study.ask(), found.study.ask()
    there.set_user_attr(HOST, "another machine")
    search._recover(found)
    states = {trial.number: trial.state for trial in found.study.trials}
    assert states[there.number] is TrialState.RUNNING
    assert states[here.number] is TrialState.FAIL
    assert states[2] is TrialState.WAITING


def test_a_choice_made_twice_is_answered_from_its_record(
    few: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {**DRAWN, "training": {"steps": 4}, "sampler": "random"}
    started: list[int] = []
    start = Trainer.start

    def counted(*args: Any, **options: Any) -> Trainer:
        started.append(options["seed"])
        return start(*args, **options)

    monkeypatch.setattr(Trainer, "start", counted)
    found = searched(few, told, trials=9, seeds=1)
    assert len(found.study.trials) == 9
    assert len(started) == len({str(t.params) for t in found.study.trials}) <= 3
    assert len(to_sweep(found).trials) == len(started)


def test_a_hopeless_trial_is_given_up_after_its_first_seed_at_most(few: Dataset) -> None:
    told = {
        **DRAWN, "sampler": "every", "pruner": "median",
        "training": {"steps": 60, "learning_rate": [0.5, 0.4, 0.3, 0.2, 1e-4, 2e-4]},
        "config": {"embedding": 2, "hidden": 8},
    }  # fmt: skip
    found = to_sweep(searched(few, told, seeds=2))
    states = {trial.chosen["training.learning_rate"]: trial for trial in found.trials}
    assert states[1e-4].state == states[2e-4].state == "pruned"
    for trial in found.trials:
        if trial.state == "pruned":
            assert [run.seed for run in trial.runs] == [1]
            assert trial.runs[0].curve[-1][0] < 60
        else:
            assert [run.seed for run in trial.runs] == [1, 2]


def test_a_trial_that_diverges_or_is_too_large_says_so(few: Dataset) -> None:
    rates = {
        **SMALL,
        "model": "mlp",
        "config": {"hidden": 4},
        "training": {"steps": 60, "learning_rate": [0.1, 1e5]},
    }
    sound, sick = to_sweep(searched(few, rates)).trials
    assert sound.state == "complete"
    assert sick.state == "diverged"
    assert "at learning rate 100000 the updates overshot" in sick.why
    large = {
        **SMALL,
        "model": "mlp",
        "config": {"hidden": [4, 2048]},
        "training": {"steps": 2, "batch_size": 1_000_000},
    }
    refused = to_sweep(searched(few, large)).trials[1]
    assert refused.state == "refused"
    assert "is over the limit of" in refused.why
    with pytest.raises(sweep_records.SweepError, match=r"trial 1 was refused .*; choose another"):
        sweep_records.repeat(refused, few, seed=1)


def test_a_study_that_was_begun_otherwise_is_not_gone_on_with(few: Dataset) -> None:
    storage = InMemoryStorage()
    searched(few, SMALL, seeds=1, storage=storage)
    with pytest.raises(ConfigError, match="small was begun with another seeds; rename the file"):
        open_search(space(SMALL), few, url=storage, seeds=2)
    with pytest.raises(ConfigError, match="small was begun with another space"):
        open_search(space(DRAWN), few, url=storage, seeds=1)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "postgresql://nobody@localhost/x",
            "no driver for postgresql; install one, such as psycopg2",
        ),
        ("nonsense", "name one such as sqlite:///sweeps.db"),
        ("sqlite:////dev/null/x.db", "name one such as sqlite:///sweeps.db"),
    ],
)
def test_a_storage_that_is_none_says_so(few: Dataset, url: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        open_search(space(SMALL), few, url=url, seeds=1)
    assert message in str(caught.value)


def test_without_an_end_it_asks_for_one(few: Dataset) -> None:
    with pytest.raises(ConfigError, match="has no end; say how many trials, such as --trials 20"):
        searched(few, DRAWN)


def test_importance_names_the_setting_that_decides(few: Dataset) -> None:
    told = {
        **DRAWN, "sampler": "every", "pruner": "none",
        "config": {"embedding": [2, 3, 4, 5], "hidden": 8},
        "training": {"steps": 30, "learning_rate": [1e-6, 1e-5, 1e-4, 0.3]},
    }  # fmt: skip
    found = to_sweep(searched(few, told, seeds=1))
    assert found.importance_of == "mlp"
    assert sum(found.importance.values()) == pytest.approx(1, abs=1e-3)
    assert found.importance["training.learning_rate"] > found.importance["config.embedding"]
