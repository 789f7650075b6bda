"""One training from one seed: the losses of a plain trainer, given up where it is told, fit to travel."""

import pickle

import pytest

from makemore.data.examples import Dataset
from makemore.experiments.seed_runs import DivergedError, Variant, train_seed
from makemore.training.recipes import recipe_for

SMALL = {"embedding": 2, "hidden": 4}


def variant(**changes: object) -> Variant:
    return Variant("mlp", SMALL, recipe_for("lecture", "mlp", **{"steps": 20, **changes}))


def test_its_losses_are_those_of_a_plain_trainer(few: Dataset) -> None:
    found = train_seed(variant(), 3, few)
    twin = variant().start(3, few)
    for _ in twin.events():
        pass
    assert (found.train, found.dev, found.seed) == (twin.loss("train"), twin.loss("dev"), 3)
    assert [step for step, _ in found.curve] == [*range(0, 21, 2)]
    assert found.rounded().dev == round(found.dev, 6)
    assert found.rounded().curve[0] == [0, round(found.curve[0][1], 4)]


def test_how_often_it_reports_changes_nothing(few: Dataset) -> None:
    assert train_seed(variant(), 3, few, reports=1).dev == train_seed(variant(), 3, few).dev


def test_it_is_given_up_where_it_is_told(few: Dataset) -> None:
    asked: list[int] = []

    def give_up(report: int, dev: float) -> bool:
        asked.append(report)
        return report == 4

    found = train_seed(variant(), 3, few, give_up=give_up)
    assert asked == [0, 1, 2, 3, 4]
    assert found.curve[-1] == [8, found.dev]


def test_one_that_diverges_says_why(few: Dataset) -> None:
    with pytest.raises(DivergedError, match="the updates overshot"):
        train_seed(variant(steps=60, learning_rate=1e5), 3, few)


def test_what_it_takes_and_gives_can_be_sent_elsewhere(few: Dataset) -> None:
    """As a cluster would: all of it as bytes, there and back."""
    sent, names = pickle.loads(pickle.dumps((variant(), few.name_list)))
    found = pickle.loads(pickle.dumps(train_seed(sent, 3, Dataset(names))))
    alone = train_seed(variant(), 3, few)
    assert (found.dev, found.curve) == (alone.dev, alone.curve)
