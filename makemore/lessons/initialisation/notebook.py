"""The steps of pages/initialisation.py as notebooks: each function's body is one. Knows no page."""

from typing import Any

from makemore.data.name_lists import NameList


def first_loss(names: NameList, name: str, scale: float = 1.0, letter: int = 4) -> None:
    """The loss before the first step, with the last layer of the naive start scaled."""
    from math import log

    import torch

    from makemore.data.examples import Dataset, windows
    from makemore.data.vocabulary import Vocabulary
    from makemore.experiments.recorded_starts import fresh
    from makemore.inference import evaluation

    vocabulary = Vocabulary.of(names.names)
    as_drawn, scaled = fresh("naive", len(vocabulary)), fresh("naive", len(vocabulary))
    with torch.no_grad():
        for parameter in scaled.get_submodule("layers.logits").parameters():
            parameter.mul_(scale)

    train = Dataset(names, vocabulary).examples("train", scaled.block_size)
    print(f"loss at step 0: {evaluation.loss(scaled, train):.2f}")
    print(f"ln {len(vocabulary)}: {log(len(vocabulary)):.2f}")

    batch = train.draw(1000, seed=7)
    with torch.inference_mode():
        likeliest = as_drawn(batch.contexts).softmax(dim=1).max(dim=1)
    right = (likeliest.indices == batch.targets).double().mean()
    print(f"as drawn it gives to one letter, on average: {likeliest.values.mean():.0%}")
    print(f"and is right: {right:.0%}")

    with torch.inference_mode():
        answers = scaled(windows((name,), vocabulary, scaled.block_size).contexts).softmax(dim=1)
    answer = answers[letter - 1]
    comes, best = vocabulary.letters.index(f"{name}."[letter - 1]), int(answer.argmax())
    print(f"p = {answer[comes]:.2%} for {vocabulary.letters[comes]}, which comes next")
    print(f"{vocabulary.letters[best]} leads with: {answer[best]:.1%}")


def hockey_stick(names: NameList, repair: str = "logits") -> None:
    """The first steps of a training from the naive start, and from a repaired one."""
    from makemore.experiments.recorded_starts import STARTS, recording_of

    for start in STARTS:
        if start in ("naive", repair):
            recording = recording_of(start, names)
            steps = recording.steps.tolist()
            for step in (0, 10, 100, 500, 1_000, 2_000):
                dev = recording.dev[steps.index(step)]
                print(f"{start}, dev loss after {step:,} steps: {dev:.2f}")


def saturation(
    names: NameList,
    left: str = "naive",
    right: str = "kaiming",
    moment: int = 0,
    examples: int = 100,
    threshold: float = 0.99,
    hidden: int = 200,
    neuron: int = 99,
) -> None:
    """Where the tanh of two nets is flat, after so many steps, and one neuron of both."""
    from makemore.data.examples import Dataset
    from makemore.data.vocabulary import Vocabulary
    from makemore.diagnostics.layers.saturation_image import saturation_image
    from makemore.experiments.recorded_starts import STARTS, fresh, net_at, recording_of
    from makemore.inference.capture import snapshot
    from makemore.layers import Tanh

    vocabulary = Vocabulary.of(names.names)
    batch = Dataset(names, vocabulary).examples("train", 3).draw(examples, seed=7)

    looks = {}
    for start in STARTS:
        if start.replace(" ", "-") in (left, right):
            net = fresh(start, len(vocabulary), hidden=hidden)
            if moment:
                net = net_at(recording_of(start, names), moment, len(vocabulary))
            looks[start] = snapshot(net.train(), batch.contexts, batch.targets)

    for label, look in looks.items():
        pre = look.activations[look.before("tanh")]  # (examples, hidden)
        image = saturation_image(pre.tanh(), Tanh(), threshold=threshold)
        print(f"{label}, flat: {image.share:.1%}")
        print(f"neurons that are flat for every example, {label} start, {image.dead}")
        print(f"neuron {neuron}, mean of 1 − h²: {(1 - pre[:, neuron].tanh() ** 2).mean():.3f}")
        gradient = look.weight_gradients["layers.hidden.weight"][:, neuron]
        print(f"its gradient has length: {gradient.norm():.2g}")


def activations(names: NameList, activation: str = "ReLU", scale: float = 5.0) -> None:
    """The same pre-activations of the naive start, scaled, through five activations."""
    from makemore.data.examples import Dataset
    from makemore.data.vocabulary import Vocabulary
    from makemore.diagnostics.layers.flat_regions import ACTIVATIONS, curves, flat_by_scale
    from makemore.experiments.recorded_starts import fresh
    from makemore.inference.capture import snapshot

    vocabulary = Vocabulary.of(names.names)
    batch = Dataset(names, vocabulary).examples("train", 3).draw(32, seed=7)
    net = fresh("naive", len(vocabulary)).train()
    look = snapshot(net, batch.contexts, batch.targets)
    pre = look.activations[look.before("tanh")]  # (examples, hidden)

    for row in flat_by_scale(pre, [scale]).itertuples():
        print(f"{row.activation}, flat: {row.flat:.0%}")
        print(f"{row.activation}, dead neurons: {row.dead:.1%}")
        print(f"{row.activation}, mean slope: {row.passed:.2f}")

    curve = curves({activation: ACTIVATIONS[activation]}, low=-6, high=6)
    print(f"{activation} is flat on {curve['flat'].mean():.0%} of the way from −6 to 6")


def kaiming_rule(names: NameList, gain: str = "1", layers: int = 10) -> None:
    """So many tanh layers of one gain, and std(x) · std(w) · √fan-in on three starts."""
    from makemore.data.examples import Dataset
    from makemore.data.vocabulary import Vocabulary
    from makemore.diagnostics.layers.kaiming import spreads, through_layers
    from makemore.experiments.recorded_starts import STARTS, fresh
    from makemore.inference.capture import snapshot

    factor = 5 / 3 if gain == "5-3" else float(gain)
    through = through_layers(factor, layers)
    print(through.to_string())
    print(f"saturated in the last layer: {through['flat'].iloc[-1]:.1%}")

    vocabulary = Vocabulary.of(names.names)
    batch = Dataset(names, vocabulary).examples("train", 3).draw(1000, seed=7)
    for start in STARTS:
        if start in ("naive", "by hand", "kaiming"):
            net = fresh(start, len(vocabulary)).train()
            look = snapshot(net, batch.contexts, batch.targets)
            x = look.weights["layers.embedding.weight"][batch.contexts].flatten(1)
            rule = spreads(x, look.weights["layers.hidden.weight"])
            print(f"{start}, std of x and of w: {rule.x:.2f}, {rule.w:.2f}")
            print(f"times √fan-in, and measured: {rule.formula:.2f}, {rule.y:.2f}")


def ladder() -> None:
    """What each rung does to the dev loss, seed by seed, from the shipped study."""
    from itertools import pairwise

    from makemore.diagnostics.losses.seed_effects import effect, verdict
    from makemore.experiments import studies
    from makemore.experiments.recorded_starts import STARTS

    runs = studies.read_whole("start_ladder")
    losses = {start: [run.dev for run in runs if run.variant == start] for start in STARTS}
    for start in STARTS:
        print(f"{start}, dev loss seed by seed, {losses[start]}")

    for before, after in pairwise(STARTS):
        found = effect(losses[before], losses[after])
        print(f"{before} → {after} is {verdict(found)}, mean difference: "
              f"{found.difference:+.4f} ± {found.error:.4f}")  # fmt: skip


def watched(
    names: NameList,
    model: str,
    settings: dict[str, Any],
    recipe: dict[str, Any],
    seed: int,
    moment: int = -1,
    start: str = "naive",
) -> None:
    """The training that the panel is set to, up to a moment, and how much of it is flat then."""
    from makemore.data.examples import Dataset
    from makemore.data.vocabulary import Vocabulary
    from makemore.layers import Tanh
    from makemore.training.events import Diverged, Evaluated
    from makemore.training.recipes import Recipe
    from makemore.training.trainer import Trainer, evenly

    dataset = Dataset(names, Vocabulary.of(names.names))
    trainer = Trainer.start(model, dataset, Recipe.from_json(recipe), seed=seed, settings=settings)
    until = recipe["steps"] if moment < 0 else moment
    for event in trainer.events(until, evaluate_at=evenly(until, 10)):
        match event:
            case Evaluated(step=step, train=train, dev=dev):
                print(f"after step {step:,} a train loss of {train:.3f}, a dev loss of {dev:.3f}")
            case Diverged(cause=cause, remedy=remedy):
                print(f"{cause}; {remedy}")

    outputs = trainer.probe().snapshot.activations["tanh"]
    flat = Tanh().saturated(outputs).double().mean()
    print(f"{start} start, share of the tanh that is flat by now, {flat:.1%}")
