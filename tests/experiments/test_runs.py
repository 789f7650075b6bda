"""One training from start to checkpoint: who is told, what is kept to replay, and what Ctrl-C keeps."""

from pathlib import Path

import pytest
import torch

from makemore.checkpoints import store
from makemore.experiments import runs
from makemore.models import MODELS
from makemore.training.events import Diverged, Evaluated, Event, Probed, Stepped
from makemore.training.trajectory import Trajectory
from tests.conftest import Start


@pytest.mark.parametrize("model", MODELS)
def test_the_listener_hears_all_and_the_trajectory_keeps_it(start: Start, model: str) -> None:
    heard: list[Event] = []
    run = runs.run(start(model, steps=30), 7, listen=heard.append)
    evaluated = [event for event in heard if isinstance(event, Evaluated)]
    probed = [event for event in heard if isinstance(event, Probed)]
    kept = run.trajectory
    assert run.diverged is None
    assert [e.step for e in evaluated] == kept.evaluated["step"].tolist() == list(range(31))
    assert kept.evaluated["dev"].tolist() == pytest.approx([e.dev for e in evaluated])
    assert kept.evaluated["train"].tolist() == pytest.approx([e.train for e in evaluated])
    assert [p.step for p in probed] == kept.probed["step"].tolist()
    for tensor in kept.probed.values():
        assert len(tensor) == len(probed)


@pytest.mark.parametrize(
    ("steps", "fewest", "most"),
    [(9, 10, 10), (288, 17, 21), (512, 25, 33), (800, 40, 52), (200_000, 45, 52)],
)
def test_short_trainings_are_looked_into_less_often(steps: int, fewest: int, most: int) -> None:
    moments = runs.moments_to_probe(steps)
    assert {0, 1, 2, 3, steps} <= moments
    assert fewest <= len(moments) <= most


def test_histograms_and_tables_of_a_trajectory(start: Start) -> None:
    run = runs.run(start("wavenet", steps=5), 7)
    probed = run.trajectory.probed
    assert set(probed) == {"step", "embedding", "tanh1", "tanh2", "tanh3"}
    for level in ("tanh1", "tanh2", "tanh3"):
        assert probed[level].shape == (6, 50)
        assert torch.allclose(probed[level].sum(1), torch.ones(6))
    last = run.trainer.model.state_dict()["layers.embedding.weight"]
    assert torch.equal(probed["embedding"][-1], last)
    assert not torch.equal(probed["embedding"][0], last)


@pytest.mark.parametrize(("steps", "points"), [(7, 7), (100, 100), (250, 84)])
def test_the_raw_curve_is_averaged_in_blocks(start: Start, steps: int, points: int) -> None:
    heard: list[Event] = []
    run = runs.run(start("mlp", steps=steps), 7, listen=heard.append, evaluate_every=1000)
    losses = torch.tensor([event.loss for event in heard if isinstance(event, Stepped)])
    kept = run.trajectory.losses
    size = -(-steps // 100)
    assert len(kept["mean"]) == points
    assert kept["mean"][0].item() == pytest.approx(losses[:size].mean().item())
    assert kept["mean"][-1].item() == pytest.approx(losses.split(size)[-1].mean().item())
    assert kept["step"][0].item() == (size - 1) / 2


def test_a_trajectory_comes_back_from_its_tensors(start: Start) -> None:
    kept = runs.run(start("mlp", steps=3), 7).trajectory
    again = Trajectory.from_tensors(kept.to_tensors())
    assert again.to_tensors().keys() == kept.to_tensors().keys()
    assert torch.equal(again.losses["mean"], kept.losses["mean"])


def test_evaluations_fall_on_the_given_steps_and_the_end(start: Start) -> None:
    run = runs.run(start("mlp", steps=10), 7, evaluate_every=4)
    assert run.trajectory.evaluated["step"].tolist() == [0, 4, 8, 10]


def test_ctrl_c_keeps_what_has_been_learned(start: Start, tmp_path: Path) -> None:
    def listen(event: Event) -> None:
        if isinstance(event, Stepped) and event.step == 4:
            raise KeyboardInterrupt

    run = runs.run(start("mlp", steps=30), 7, listen=listen)
    assert run.trainer.step == 5
    runs.save(run, tmp_path / "mine")
    assert store.load(tmp_path / "mine").metadata.step == 5


def test_a_run_ends_soon_after_it_is_told_to(start: Start) -> None:
    heard: list[Event] = []
    trainer = start("mlp", steps=30)
    runs.run(trainer, 7, listen=heard.append, told_to_stop=lambda: trainer.step == 5)
    assert trainer.step == 5
    assert {type(event) for event in heard} == {Evaluated, Probed, Stepped}


def test_a_diverged_run_says_so(start: Start) -> None:
    trainer = start("mlp", steps=30)
    with torch.no_grad():
        next(trainer.model.parameters()).fill_(float("nan"))
    run = runs.run(trainer, 7)
    assert isinstance(run.diverged, Diverged)


def test_the_losses_are_those_of_the_three_splits(start: Start) -> None:
    trainer = start("mlp")
    assert runs.losses(trainer) == {
        "train": trainer.loss("train"), "dev": trainer.loss("dev"), "test": trainer.loss("test"),
    }  # fmt: skip
