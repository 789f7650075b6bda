"""The steps of pages/checkpoints.py as notebooks: each function's body is one. Knows no page."""

from typing import Any

from makemore.data.name_lists import NameList


def within_reach(names: NameList, checkpoint: str = "wavenet") -> None:
    """What every shipped checkpoint, and the chosen one, says of itself."""
    from makemore.checkpoints.shipped import SHIPPED
    from makemore.experiments.nets_of_lists import find_net

    for key in dict.fromkeys([*SHIPPED, checkpoint]):
        about = find_net(key, names).metadata
        print(f"{key} has {about.parameters:,} parameters, a dev loss of {about.losses['dev']:.4f}")


def claims(names: NameList, checkpoint: str = "wavenet") -> None:
    """Measure the losses again, on the list that they are of where that is here."""
    from makemore.data.examples import Dataset
    from makemore.experiments.nets_of_lists import find_net, list_of_claims
    from makemore.inference import evaluation

    net = find_net(checkpoint, names)
    said, measured_on = net.metadata, list_of_claims(names, net)
    dataset = Dataset(measured_on, net.vocabulary)
    for split in ("dev", "test"):
        judged = evaluation.judge(
            net.model,
            dataset,
            split,
            trained_on=said.trained_on,
            same_data=said.data_sha256 == measured_on.sha256,
        )
        print(f"{split} loss on {measured_on.label}: {judged.nll:.4f}")


def weights(names: NameList, checkpoint: str = "wavenet") -> None:
    """Every tensor and how its numbers are spread."""
    from makemore.experiments.nets_of_lists import find_net

    net = find_net(checkpoint, names)
    for tensor, values in net.model.state_dict().items():
        if values.is_floating_point() and values.numel() > 1:
            print(f"{tensor} has the shape {tuple(values.shape)} and std {values.std():.4f}")

    print(f"parameters: {net.metadata.parameters:,}")


def inside(names: NameList, letter: str, checkpoint: str = "wavenet") -> None:
    """The letters nearest to one in the embedding, if there is one, and the units that bend."""
    from makemore.diagnostics.letters.embeddings import neighbours
    from makemore.experiments.nets_of_lists import find_net
    from makemore.inference.capture import layers_of
    from makemore.layers import Activation, Embedding

    net = find_net(checkpoint, names)
    for table in list(layers_of(net.model, Embedding).values())[:1]:
        for row in neighbours(table.weight.detach(), net.vocabulary, letter, 3).itertuples():
            print(f"{row.letter} is near to {letter}: {row.distance:.2f}")

    print(f"layers that bend, {', '.join(layers_of(net.model, Activation)) or 'none'}")


def batch(names: NameList, checkpoint: str = "wavenet", rate: float = 0.1) -> None:
    """One batch forward and back, and how far one step would move each tensor."""
    import copy

    from makemore.data.examples import Dataset
    from makemore.diagnostics.layers.gradients import update_ratios
    from makemore.experiments.nets_of_lists import find_net, list_for
    from makemore.inference.capture import snapshot

    net = find_net(checkpoint, names)
    train = Dataset(list_for(names, net), net.vocabulary).examples("train", net.model.block_size)
    batch = train.draw(32, seed=7)
    fresh = copy.deepcopy(net.model).train()
    look = snapshot(fresh, batch.contexts, batch.targets)
    print(f"loss of the batch: {look.loss:.3f}")

    ratios = update_ratios(look, learning_rate=rate)
    print(ratios.to_string())
    print(f"most moved: {ratios['update_to_data'].max():.2g}")


def further(
    names: NameList,
    model: str,
    settings: dict[str, Any],
    recipe: dict[str, Any],
    seed: int,
    moment: int = -1,
    checkpoint: str = "wavenet",
) -> None:
    """The training that the panel is set to, which goes on from the weights of the checkpoint."""
    from makemore.data.examples import Dataset
    from makemore.experiments.nets_of_lists import find_net, list_for
    from makemore.training.events import Diverged, Evaluated
    from makemore.training.recipes import Recipe
    from makemore.training.trainer import Trainer, evenly

    net = find_net(checkpoint, names)
    dataset = Dataset(list_for(names, net), net.vocabulary)
    trainer = Trainer.start(model, dataset, Recipe.from_json(recipe), seed=seed, settings=settings)
    trainer.model.load_state_dict(net.model.state_dict())
    until = recipe["steps"] if moment < 0 else moment
    for event in trainer.events(until, evaluate_at=evenly(until, 4)):
        match event:
            case Evaluated(step=step, train=train, dev=dev):
                print(f"after step {step:,} a train loss of {train:.3f}, a dev loss of {dev:.3f}")
            case Diverged(cause=cause, remedy=remedy):
                print(f"{cause}; {remedy}")


def two(
    names: NameList, beside: str = "mlp", checkpoint: str = "wavenet", by: str = "position"
) -> None:
    """Where in a name, or at which letters, one net loses less than another."""
    from makemore.data.examples import Dataset
    from makemore.diagnostics.losses.losses_by_position import by_letter, by_position
    from makemore.experiments.nets_of_lists import find_net, list_for
    from makemore.inference import example_losses

    nets = {key: find_net(key, names) for key in (beside, checkpoint)}
    read = list_for(names, *nets.values())
    losses, means = {}, []
    for key, net in nets.items():
        said, dataset = net.metadata, Dataset(read, net.vocabulary)
        losses[key] = example_losses.example_losses(
            net.model,
            dataset,
            "dev",
            trained_on=said.trained_on,
            same_data=said.data_sha256 == read.sha256,
        )
        means.append(float(losses[key].mean()))
        print(f"{key}, dev loss: {means[-1]:.4f}")
    print(f"second less first: {means[-1] - means[0]:+.4f}")

    if by == "position":
        print(by_position(losses, example_losses.places(dataset, "dev"), last=10).to_string())
    else:
        targets = dataset.examples("dev", net.model.block_size).targets
        print(by_letter(losses, targets, net.vocabulary).to_string())
