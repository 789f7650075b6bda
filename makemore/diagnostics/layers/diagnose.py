"""Names what is wrong with a training by looks inside it, with the number that shows it. Runs no model.

Every rule compares one measured number with one stated threshold. The thresholds were set between
what healthy nets show and what nets show that were made sick on purpose; `tests/bench/diagnose.py`
prints how often each rule is right over seeds.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log10
from statistics import median
from typing import Literal

from makemore.diagnostics.layers.repairs import Repair
from makemore.inference.capture import Snapshot
from makemore.inference.readings import LayerNumbers, Reading, read

Name = Literal[
    "confidently wrong start",
    "saturated",
    "shrinking",
    "exploding",
    "dead",
    "learning rate too high",
    "learning rate too low",
    "layers at different speeds",
]
Chart = Literal["loss", "activations", "gradients", "updates"]

WRONG = 1.0  # nats above guessing at step 0; N(0, 1) logits stand 0.5 above, naive weights 20
SATURATED = 0.25  # of a layer's outputs at step 0; 0.11 by Kaiming's rule, 0.38 with gain 3
TIMES = 5.0  # between first and last layer; 3.5 in ten sound layers
# Of a layer's neurons, by its flat ends; the last of ten sound layers of ReLUs has up to 0.38.
DEAD = {2: 0.05, 1: 0.5}
KNOWS = 0.2  # nats below guessing: whoever is better than that has been trained
RISEN = 1.0  # nats above the start and above guessing
SLOW = -4.0  # log10 update:data, the lecture's line less one; sound trainings are above -3.8
SPEEDS = 1.0  # decades between the quickest and the slowest hidden matrix; 0.6 in ten sound layers
GOAL = -3.0  # log10 update:data: about a thousandth of its size is what a parameter should move by


@dataclass(frozen=True)
class Place:
    """Where a finding shows: a chart, what is measured there, and the layer that shows it most."""

    chart: Chart
    quantity: str
    measured: float
    layer: str


@dataclass(frozen=True)
class Finding:
    """What is wrong, and how one can tell.

    quantity: what was measured, in words. measured and threshold: the number and the one that it is
    beyond. layer: the layer or parameter that shows it most, empty for the net as a whole; step and
    chart: where to look. also: the other charts in which it is beyond the same threshold.
    """

    name: Name
    quantity: str
    measured: float
    threshold: float
    layer: str
    step: int
    chart: Chart
    repair: Repair
    also: tuple[Place, ...] = ()


def diagnose(snapshots: Sequence[Snapshot | Reading]) -> list[Finding]:
    """What is wrong with the training that these looks are of, causes before effects; [] if it is healthy.

    What a start is judged by is asked only of a net that knows nothing yet: trained nets end up
    saturated, too. What needs updates is judged only where they were recorded.
    """
    looks = [read(each) if isinstance(each, Snapshot) else each for each in snapshots]
    if not looks:
        return []
    found: dict[Name, Finding] = {}
    for rule in RULES:
        for finding in rule(looks):
            if not found.keys() & EXPLAINED_BY.get(finding.name, set()):
                found[finding.name] = finding
    return list(found.values())


def _is_fresh(look: Reading) -> bool:
    """Whether this is a start, and not the step 0 of a net that is trained further."""
    return look.step == 0 and look.loss > look.uniform - KNOWS


def _confidently_wrong(looks: Sequence[Reading]) -> Iterator[Finding]:
    first = looks[0]
    above = first.loss - first.uniform
    if _is_fresh(first) and above > WRONG:
        yield Finding(
            "confidently wrong start", "nats of the loss above guessing", above, WRONG,
            "", 0, "loss", Repair("logits_scale"),
        )  # fmt: skip


def _saturated(looks: Sequence[Reading]) -> Iterator[Finding]:
    first = looks[0]
    shares = {name: each.flat for name, each in first.layers.items() if each.flat_ends == 2}
    if _is_fresh(first) and shares and max(shares.values()) > SATURATED:
        layer = _largest(shares)
        yield Finding(
            "saturated", "share of a layer's outputs where it is flat", shares[layer], SATURATED,
            layer, 0, "activations", Repair("gain"),
        )  # fmt: skip


def _shrinking(looks: Sequence[Reading]) -> Iterator[Finding]:
    beyond = [place for place in _ratios(looks[0]) if place.measured < 1 / TIMES]
    yield from _by_layers("shrinking", beyond, 1 / TIMES, looks[0].step)


def _exploding(looks: Sequence[Reading]) -> Iterator[Finding]:
    beyond = [place for place in _ratios(looks[0]) if place.measured > TIMES]
    yield from _by_layers("exploding", beyond, TIMES, looks[0].step)


def _by_layers(
    name: Name, beyond: Sequence[Place], threshold: float, step: int
) -> Iterator[Finding]:
    """One finding, at the first of the places where it shows."""
    if not beyond:
        return
    first, *others = beyond
    yield Finding(
        name, first.quantity, first.measured, threshold,
        first.layer, step, first.chart, Repair("gain"), tuple(others),
    )  # fmt: skip


def _ratios(look: Reading) -> Iterator[Place]:
    """How activations grow on their way up, and gradients on their way down, and where that ends."""
    names = list(look.layers)
    if len(names) < 2:
        return
    bottom, top = look.layers[names[0]], look.layers[names[-1]]
    if bottom.std:
        yield Place(
            "activations",
            "standard deviation of activations, last over first layer",
            top.std / bottom.std,
            names[-1],
        )
    if top.gradient_std:
        yield Place(
            "gradients",
            "standard deviation of gradients, first over last layer",
            bottom.gradient_std / top.gradient_std,
            names[0],
        )


def _dead(looks: Sequence[Reading]) -> Iterator[Finding]:
    for look in looks:
        shares = {n: each.dead for n, each in look.layers.items() if _is_dead(each)}
        if shares:
            layer = _largest(shares)
            threshold = DEAD[look.layers[layer].flat_ends]
            repair = Repair("gain") if look.step == 0 else Repair("learning_rate", 0.1)
            yield Finding(
                "dead", "share of a layer's neurons that are flat for every example", shares[layer],
                threshold, layer, look.step, "activations", repair,
            )  # fmt: skip
            return


def _is_dead(layer: LayerNumbers) -> bool:
    return layer.flat_ends in DEAD and layer.dead > DEAD[layer.flat_ends]


def _rate_too_high(looks: Sequence[Reading]) -> Iterator[Finding]:
    first, worst = looks[0], max(looks[1:], key=lambda look: look.loss, default=looks[0])
    risen = worst.loss - max(first.loss, first.uniform)
    if risen > RISEN:
        # The first update tells by how much it is too high: later ones are those of a net in ruins.
        began = next((median(each.values()) for each in _speeds(looks)), GOAL)
        lower = min(0.1, _power_of_ten(GOAL - began))
        yield Finding(
            "learning rate too high", "nats of the loss above its start", risen, RISEN,
            "", worst.step, "loss", Repair("learning_rate", lower),
        )  # fmt: skip


def _rate_too_low(looks: Sequence[Reading]) -> Iterator[Finding]:
    typical = [median(each.values()) for each in _speeds(looks)]
    if typical and median(typical) < SLOW:
        higher = max(10.0, _power_of_ten(GOAL - median(typical)))
        yield Finding(
            "learning rate too low", "log10 of update over data, hidden matrices, the median look",
            median(typical), SLOW, "", looks[-1].step, "updates", Repair("learning_rate", higher),
        )  # fmt: skip


def _different_speeds(looks: Sequence[Reading]) -> Iterator[Finding]:
    speeds = [each for each in _speeds(looks) if len(each) > 1]
    apart = [max(each.values()) - min(each.values()) for each in speeds]
    if apart and median(apart) > SPEEDS:
        slowest = min(speeds[-1], key=lambda name: speeds[-1][name])
        yield Finding(
            "layers at different speeds", "decades between the quickest and the slowest matrix",
            median(apart), SPEEDS, slowest, looks[-1].step, "updates", Repair("batch_norm"),
        )  # fmt: skip


def _speeds(looks: Sequence[Reading]) -> list[dict[str, float]]:
    """At each look log10 of update over data of the hidden matrices that have moved.

    Not of the table where letters enter and of the matrix where they leave, unless there is no other:
    the one moves only where its letter comes, the other is drawn near zero and has far to go.
    """
    speeds = []
    for look in looks:
        matrices = list(look.weight_gradients)
        sizes = {name: look.parameters[name] for name in matrices[1:-1] or matrices}
        moved = {n: log10(p.update_std / p.std) for n, p in sizes.items() if p.update_std and p.std}
        if moved:
            speeds.append(moved)
    return speeds


def _power_of_ten(decades: float) -> float:
    """The nearest power of ten; of two that are as near the smaller one, which is safer."""
    return float(10.0 ** ceil(decades - 0.5))


def _largest(numbers: Mapping[str, float]) -> str:
    return max(numbers, key=lambda name: numbers[name])


RULES: tuple[Callable[[Sequence[Reading]], Iterator[Finding]], ...] = (
    _confidently_wrong,
    _saturated,
    _shrinking,
    _exploding,
    _rate_too_high,
    _dead,
    _rate_too_low,
    _different_speeds,
)

# What the first would be reported of, were it not for the others, whose repair mends it too.
EXPLAINED_BY: Mapping[Name, set[str]] = {
    "learning rate too low": {"shrinking", "saturated"},
    "layers at different speeds": {"learning rate too high"},
}
