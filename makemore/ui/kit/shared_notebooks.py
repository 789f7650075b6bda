"""Notebooks of steps that several pages have: made-up names, a training. Knows no page."""

from typing import Any

from makemore.data.name_lists import NameList


def made_up_names(
    names: NameList, first: str, checkpoint: str, seed: int = 42, temperature: float = 1.0
) -> None:
    """Twenty names of each of two nets."""
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference import sampling

    known = set(names.names)
    for key in (first, checkpoint):
        net = net_of(key, names)
        drawn = sampling.sample(
            net.model, net.vocabulary, 20, seed=seed, temperature=temperature, max_length=20
        )
        listed = sum(each in known for each in drawn)
        print(f"{key}, {listed} of 20 in the list: {', '.join(drawn)}")


def trained(
    names: NameList,
    model: str,
    settings: dict[str, Any],
    recipe: dict[str, Any],
    seed: int,
    moment: int = -1,
    shipped: str = "",
) -> None:
    """The training that the panel is set to, up to a moment; before it, how the shipped one went."""
    from makemore.data.examples import Dataset
    from makemore.data.vocabulary import Vocabulary
    from makemore.experiments.nets_of_lists import find_net
    from makemore.training.events import Diverged, Evaluated
    from makemore.training.recipes import Recipe
    from makemore.training.trainer import Trainer, evenly

    if shipped and (trajectory := find_net(shipped).trajectory):
        steps, losses = (trajectory.evaluated[each].tolist() for each in ("step", "dev"))
        far = [dev for step, dev in zip(steps, losses, strict=True) if moment < 0 or step <= moment]
        print(f"dev loss of the shipped training: {far[-1]:.3f}")

    dataset = Dataset(names, Vocabulary.of(names.names))
    trainer = Trainer.start(model, dataset, Recipe.from_json(recipe), seed=seed, settings=settings)
    until = recipe["steps"] if shipped or moment < 0 else moment
    for event in trainer.events(until, evaluate_at=evenly(until, 10)):
        match event:
            case Evaluated(step=step, train=train, dev=dev):
                print(f"after step {step:,} a train loss of {train:.3f}, a dev loss of {dev:.3f}")
            case Diverged(cause=cause, remedy=remedy):
                print(f"{cause}; {remedy}")


def trained_then_drawn(
    names: NameList,
    model: str,
    settings: dict[str, Any],
    recipe: dict[str, Any],
    seed: int,
    moment: int = -1,
    shipped: str = "",
    first: str = "mlp",
    checkpoint: str = "mlp_bn",
    names_seed: int = 42,
    temperature: float = 1.0,
) -> None:
    """The training that the panel is set to, up to a moment; then twenty names of each of two nets."""
    from makemore.data.examples import Dataset
    from makemore.data.vocabulary import Vocabulary
    from makemore.experiments.nets_of_lists import find_net, net_of
    from makemore.inference import sampling
    from makemore.training.events import Diverged, Evaluated
    from makemore.training.recipes import Recipe
    from makemore.training.trainer import Trainer, evenly

    if shipped and (trajectory := find_net(shipped).trajectory):
        steps, losses = (trajectory.evaluated[each].tolist() for each in ("step", "dev"))
        far = [dev for step, dev in zip(steps, losses, strict=True) if moment < 0 or step <= moment]
        print(f"dev loss of the shipped training: {far[-1]:.3f}")

    dataset = Dataset(names, Vocabulary.of(names.names))
    trainer = Trainer.start(model, dataset, Recipe.from_json(recipe), seed=seed, settings=settings)
    until = recipe["steps"] if shipped or moment < 0 else moment
    for event in trainer.events(until, evaluate_at=evenly(until, 10)):
        match event:
            case Evaluated(step=step, train=train, dev=dev):
                print(f"after step {step:,} a train loss of {train:.3f}, a dev loss of {dev:.3f}")
            case Diverged(cause=cause, remedy=remedy):
                print(f"{cause}; {remedy}")

    known = set(names.names)
    for key in (first, checkpoint):
        net = net_of(key, names)
        drawn = sampling.sample(
            net.model, net.vocabulary, 20, seed=names_seed, temperature=temperature, max_length=20
        )
        listed = sum(each in known for each in drawn)
        print(f"{key}, {listed} of 20 in the list: {', '.join(drawn)}")
