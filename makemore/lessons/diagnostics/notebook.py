"""The steps of pages/diagnostics.py as notebooks: each function's body is one. Knows no page."""

from typing import Any

from makemore.data.name_lists import NameList


def activations(gain: str = "0.5", norm: str = "no", moment: int = 0) -> None:
    """What the layers of a recorded stack give at one moment, and those of the sound one."""
    from makemore.diagnostics.layers.diagnose import diagnose
    from makemore.experiments.recorded_stacks import SOUND, Stack, read

    for stack in (Stack(gain=gain, norm=norm == "yes"), SOUND):
        readings = read(stack).readings
        look = [each for each in readings if each.step <= moment][-1]
        for name, layer in look.layers.items():
            print(f"{name} of {stack.name}: std {layer.std:.2g}, {layer.flat:.0%} flat")
        for finding in diagnose(readings):
            print(
                f"{finding.measured:.3g}, where {finding.threshold:.3g} is the limit, is: {finding.name}"
            )


def gradients(gain: str = "0.5", norm: str = "no", moment: int = 0, of: str = "gradients") -> None:
    """What gets back to the layers of a recorded stack, or to their weights, and to the sound one's."""
    from makemore.diagnostics.layers.diagnose import diagnose
    from makemore.experiments.recorded_stacks import SOUND, Stack, read

    for stack in (Stack(gain=gain, norm=norm == "yes"), SOUND):
        readings = read(stack).readings
        look = [each for each in readings if each.step <= moment][-1]
        if of == "gradients":
            stds = {name: layer.gradient_std for name, layer in look.layers.items()}
        else:
            stds = {name: look.parameters[name].gradient_std for name in look.weight_gradients}
        for name, std in stds.items():
            print(f"{name} of {stack.name}: std {std:.1e}".replace("e-0", "e-"))
        for finding in diagnose(readings):
            print(
                f"{finding.measured:.3g}, where {finding.threshold:.3g} is the limit, is: {finding.name}"
            )


def updates(rate: str = "1", norm: str = "no", moment: int = -1) -> None:
    """How far each update moves each matrix of a recorded stack, and what the rules say of it."""
    from makemore.diagnostics.layers.diagnose import diagnose
    from makemore.diagnostics.layers.updates_over_time import updates_over_time
    from makemore.experiments.recorded_stacks import Stack, read

    readings = read(Stack(rate=rate, norm=norm == "yes")).readings
    frame = updates_over_time(readings)
    matrices = frame[frame["matrix"]].pivot(index="step", columns="parameter", values="log10_ratio")
    far = matrices if moment < 0 else matrices[matrices.index <= moment]
    print(far.to_string())

    for name, ratio in matrices.iloc[-1].items():
        layer = str(name).removeprefix("layers.").removesuffix(".weight")
        print(f"log10 of update over data, at the end: {layer} {ratio:.1f}")

    for finding in diagnose(readings):
        print(f"{finding.quantity[1:]}: {finding.measured:.3g}")


def own_stack(
    names: NameList,
    model: str,
    settings: dict[str, Any],
    recipe: dict[str, Any],
    seed: int,
    moment: int = -1,
) -> None:
    """The stack that the switches say, trained as the panel is set to, and diagnosed."""
    from makemore.data.examples import Dataset
    from makemore.data.vocabulary import Vocabulary
    from makemore.diagnostics.layers.diagnose import diagnose
    from makemore.training.events import Diverged, Evaluated, Probed
    from makemore.training.recipes import Recipe
    from makemore.training.trainer import Trainer, evenly, log_spaced

    dataset = Dataset(names, Vocabulary.of(names.names))
    trainer = Trainer.start(model, dataset, Recipe.from_json(recipe), seed=seed, settings=settings)
    steps, looks = recipe["steps"], []
    until = steps if moment < 0 else moment
    for event in trainer.events(
        until, evaluate_at=evenly(until, 10), probe_at=log_spaced(steps, 50)
    ):
        match event:
            case Evaluated(step=step, train=train, dev=dev):
                print(f"after step {step:,} a train loss of {train:.3f}, a dev loss of {dev:.3f}")
            case Probed(snapshot=snapshot):
                looks.append(snapshot)
            case Diverged(cause=cause, remedy=remedy):
                print(f"{cause}; {remedy}")

    for finding in diagnose(looks):
        print(f"{finding.name}, {finding.quantity} {finding.measured:.3g}, {finding.repair}")


def quiz(net: str = "A", moment: int = 0) -> None:
    """The charts of one of six nets as numbers, and what the rules find."""
    from makemore.diagnostics.layers.diagnose import diagnose
    from makemore.experiments.recorded_stacks import QUIZ, read

    readings = read(QUIZ[net]).readings
    look = [each for each in readings if each.step <= moment][-1]
    print(f"a batch's loss at step {look.step:,} is {look.loss:.2f}")
    for name, layer in look.layers.items():
        print(f"{name}: std {layer.std:.2g}, {layer.flat:.0%} flat")

    for finding in diagnose(readings):
        print(f"Found, by {finding.measured:.3g} beyond {finding.threshold:.3g}: "
              f"{finding.name[0].upper()}{finding.name[1:]}")  # fmt: skip


def any_checkpoint(
    names: NameList, checkpoint: str = "mlp_naive", whose: str = "second", moment: int = 0
) -> None:
    """What the rules find in what was kept of a training, or in one look at the net as it is."""
    from makemore.data.examples import Dataset
    from makemore.diagnostics.layers.diagnose import diagnose
    from makemore.experiments.kept_looks import looks_at
    from makemore.experiments.nets_of_lists import find_net, list_for

    net = find_net(checkpoint, names)
    own = bool(net.trajectory and net.trajectory.readings)
    looks = looks_at(
        net,
        lambda: Dataset(list_for(names, net), net.vocabulary),
        now=not own and whose == "shipped",
    )
    if looks.second:
        print(looks.second.tell(net.metadata))

    look = ([each for each in looks.readings if each.step <= moment] or [*looks.readings])[-1]
    print(f"a batch's loss at step {look.step:,} is {look.loss:.2f}")
    for finding in diagnose(looks.readings):
        print(
            f"Found, by {finding.measured:.3g} beyond {finding.threshold:.3g}: "
            f"{finding.name[0].upper()}{finding.name[1:]}"
        )
