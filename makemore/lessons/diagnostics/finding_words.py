"""What a finding says: in a sentence, beside its mark in a chart, and on the button of its repair."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from makemore.diagnostics.layers.diagnose import Chart, Finding

MEANS = {
    "confidently wrong start": "Before the first step the net is sure, and wrong.",
    "saturated": "Most of what this layer gives lies where the tanh is flat: gradients stop there.",
    "shrinking": "Each layer makes what goes through it smaller; what arrives is next to nothing.",
    "exploding": "Each layer makes what goes through it larger.",
    "dead": "These neurons are flat for every example, so no gradient gets past them.",
    "learning rate too high": "Updates overshoot: the loss has risen above its start.",
    "learning rate too low": "Updates are so small that the net hardly moves.",
    "layers at different speeds": "One matrix learns far faster than another.",
}
BUTTONS = {
    "gain": "Kaiming's gain",
    "logits_scale": "last matrix near zero",
    "batch_norm": "batch norm",
}
_SHARES = ("saturated", "dead")


def sentence(finding: Finding) -> str:
    """What was measured, against its threshold, and where."""
    where = f"{finding.layer}, " if finding.layer else ""
    return (
        f"{finding.quantity[0].upper()}{finding.quantity[1:]}: **{figure(finding, finding.measured)}**, "
        f"{side(finding)} {figure(finding, finding.threshold)} ({where}step {finding.step:,})."
    )


def note(finding: Finding) -> str:
    """The same for a mark in a chart."""
    digits = 3 if finding.chart == "loss" else 2  # there is little room beside a row
    measured, threshold = (
        figure(finding, each, digits=digits) for each in (finding.measured, finding.threshold)
    )
    return f"{finding.name}: {measured} {'>' if side(finding) == 'above' else '<'} {threshold}"


def side(finding: Finding) -> str:
    """On which side of the threshold the number lies."""
    return "above" if finding.measured > finding.threshold else "below"


def figure(finding: Finding, value: float, *, digits: int = 3) -> str:
    """A number as this finding counts."""
    return f"{value:.0%}" if finding.name in _SHARES else number(value, digits=digits)


def number(value: float, *, digits: int = 3) -> str:
    """So many digits, and powers of ten where it is far from 1."""
    said = f"{value:.{digits}g}"
    return said.replace("e-0", "e-").replace("-", "−").replace("e+0", "e")


def button(finding: Finding) -> str:
    """What the button of its repair says."""
    repair = finding.repair
    if repair.setting == "learning_rate":
        return f"Repair: learning rate × {repair.factor:g}"
    return f"Repair: {BUTTONS[repair.setting]}"


def marks_in(findings: Sequence[Finding], chart: Chart) -> tuple[tuple[str, str], ...]:
    """The layer and the words of each mark in this chart; the first finding of a layer counts."""
    marks: dict[str, str] = {}
    for each in findings:
        for there in places_of(each):
            if there.chart == chart:
                marks.setdefault(there.layer, note(there))
    return tuple(marks.items())


def places_of(finding: Finding) -> Iterator[Finding]:
    """The finding as told by each chart in which it shows."""
    yield finding
    for place in finding.also:
        yield replace(
            finding,
            quantity=place.quantity,
            measured=place.measured,
            layer=place.layer,
            chart=place.chart,
            also=(),
        )
