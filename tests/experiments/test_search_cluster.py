"""Sweeps on a cluster: the same losses as at home, several trials at a time, and no trial lost with a worker."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from optuna.trial import FrozenTrial

from makemore.config import ConfigError
from makemore.data.examples import Dataset
from makemore.experiments import search
from makemore.experiments.cluster import ClusterTrainer, train_part
from makemore.experiments.code_versions import versions
from makemore.experiments.search import open_search
from makemore.experiments.search_results import to_sweep
from makemore.experiments.search_trial import Search
from makemore.experiments.seed_runs import REPORTS, Variant, as_run, train_here
from makemore.training.events import Evaluated
from makemore.training.recipes import recipe_for
from makemore.training.trainer import evenly
from tests.experiments.test_search import DRAWN, SMALL, results, space
from tests.jobs.clusters import LoopbackCluster, free_port, loopback_cluster

ARRIVAL_SECONDS = 60.0


@pytest.fixture(scope="module")
def cluster() -> Iterator[LoopbackCluster]:
    with loopback_cluster(2) as started:
        yield started


@pytest.fixture(scope="module")
def trainer(cluster: LoopbackCluster) -> Iterator[ClusterTrainer]:
    found = reached(cluster, hands=2)
    yield found
    found.close()


def reached(cluster: LoopbackCluster, *, hands: int) -> ClusterTrainer:
    """The cluster once so many workers are there."""
    until = time.monotonic() + ARRIVAL_SECONDS
    while True:
        try:
            found = ClusterTrainer(cluster.address, {})
            if found.hands >= hands:
                return found
            found.close()
        except ConfigError:
            assert time.monotonic() < until
        time.sleep(0.2)


def swept(
    few: Dataset, told: dict[str, object], trainer: ClusterTrainer | None, url: str
) -> Search:
    """A whole search: in this process, or on the cluster."""
    found = open_search(space(told), few, url=url, seeds=2)
    train, hands = (trainer.train, 2) if trainer else (train_here, 1)
    assert search.run(
        found, None, told_to_stop=lambda: False, listen=lambda trial: None, train=train, hands=hands
    )
    return found


def test_every_choice_comes_to_the_same_losses_as_at_home(
    few: Dataset, trainer: ClusterTrainer, tmp_path: Path
) -> None:
    there = to_sweep(swept(few, SMALL, trainer, f"sqlite:///{tmp_path / 'there.db'}"))
    here = to_sweep(swept(few, SMALL, None, f"sqlite:///{tmp_path / 'here.db'}"))
    assert results(there) == results(here)
    assert len(here.trials) == 3


def test_a_pruner_is_asked_at_every_report(few: Dataset, trainer: ClusterTrainer) -> None:
    """The training goes on from its state there, report by report, to the same floats."""
    variant = Variant("mlp", {"hidden": 4, "embedding": 2}, recipe_for("lecture", "mlp", steps=20))
    told: dict[str, list[tuple[int, float]]] = {"here": [], "there": []}

    def heard(where: str, report: int, dev: float) -> bool:
        told[where].append((report, dev))
        return report == 4

    ways = {"here": train_here, "there": trainer.train}
    runs = [
        train(
            variant, 3, few, told_to_stop=lambda: False,
            give_up=lambda report, dev, where=where: heard(where, report, dev),  # type: ignore[misc]
        )
        for where, train in ways.items()
    ]  # fmt: skip
    assert told["here"] == told["there"]
    assert [report for report, _ in told["here"]] == [0, 1, 2, 3, 4]
    assert runs[0].curve == runs[1].curve
    assert runs[0].curve[-1][0] == 8


def test_a_stop_puts_back_what_was_under_way(
    few: Dataset, trainer: ClusterTrainer, tmp_path: Path
) -> None:
    told = {**SMALL, "training": {"steps": 400_000}}
    found = open_search(space(told), few, url=f"sqlite:///{tmp_path / 'stop.db'}", seeds=1)
    until = time.monotonic() + 1.0
    whole = search.run(
        found, None, told_to_stop=lambda: time.monotonic() > until, listen=lambda trial: None,
        train=trainer.train, hands=2,
    )  # fmt: skip
    assert not whole
    assert found.ended() == []
    waiting = [each for each in found.study.trials if each.state.name == "WAITING"]
    assert len(waiting) == 3  # the one that was not begun, and the two that were


def test_drawn_trials_are_as_many_as_were_asked_for(few: Dataset, trainer: ClusterTrainer) -> None:
    found = open_search(space(DRAWN), few, url="sqlite://", seeds=1)
    assert search.run(
        found, 5, told_to_stop=lambda: False, listen=lambda trial: None,
        train=trainer.train, hands=1,
    )  # fmt: skip
    assert len(found.ended()) == 5


def test_parts_that_time_cuts_off_are_one_training(
    few: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a client puts them together, with no time for more than a step each."""
    monkeypatch.setattr("makemore.experiments.cluster.PART_SECONDS", 0.0)
    variant = Variant("mlp", {"hidden": 4, "embedding": 2}, recipe_for("lecture", "mlp", steps=20))
    state, due, seen, parts = b"", sorted(evenly(20, REPORTS)), list[Evaluated](), 0
    while due:
        part = train_part(variant, 3, few, state, tuple(due), versions())
        state, seen, parts = part.state, [*seen, *part.evaluated], parts + 1
        due = due[len(part.evaluated) :]
    assert parts >= 20
    whole = train_here(variant, 3, few, told_to_stop=lambda: False, give_up=None)
    assert as_run(3, seen).curve == whole.curve


def test_a_worker_with_other_code_is_refused(few: Dataset) -> None:
    variant = Variant("mlp", {}, recipe_for("lecture", "mlp", steps=2))
    other = {**versions(), "makemore": "0" * 12}
    with pytest.raises(ConfigError, match=r"runs other code: makemore \w{12} there, 0{12} here"):
        train_part(variant, 1, few, b"", (0, 2), other)


@pytest.mark.parametrize("address", ["", "scheduler:8786", "http://a:1"])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(ConfigError, match="must be like tcp://host:8786"):
        ClusterTrainer(address, {})


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("makemore.experiments.cluster.CONNECT_SECONDS", 0.5)
    with pytest.raises(ConfigError, match=r"does not answer \(\w+\); start its scheduler"):
        ClusterTrainer(f"tcp://127.0.0.1:{free_port()}", {})


def test_a_worker_that_is_killed_loses_no_trial(
    few: Dataset, cluster: LoopbackCluster, trainer: ClusterTrainer, tmp_path: Path
) -> None:
    told = {**SMALL, "training": {"steps": 600}}
    ended: list[FrozenTrial] = []
    found = open_search(space(told), few, url=f"sqlite:///{tmp_path / 'killed.db'}", seeds=1)

    def listen(trial: FrozenTrial) -> None:
        if not ended:  # the other trial is under way
            os.kill(cluster.workers[0].pid, signal.SIGKILL)
        ended.append(trial)

    assert search.run(
        found, None, told_to_stop=lambda: False, listen=listen, train=trainer.train, hands=2
    )
    assert cluster.workers[0].wait(ARRIVAL_SECONDS) == -signal.SIGKILL
    twin = to_sweep(swept(few, told, None, f"sqlite:///{tmp_path / 'twin.db'}"))
    assert len(ended) == len(twin.trials) == 3
    losses = [
        {trial.number: [run.dev for run in trial.runs][:1] for trial in each.trials}
        for each in (to_sweep(found), twin)
    ]
    assert losses[0] == losses[1]
