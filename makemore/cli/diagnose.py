"""What `diagnose` does: names what is wrong with a checkpoint and how it was trained. Parses nothing."""

import argparse
from dataclasses import asdict
from typing import Any

from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.store import Checkpoint
from makemore.cli.reading import load_checkpoint, load_names
from makemore.cli.terminal import emit
from makemore.data.examples import Dataset
from makemore.data.name_lists import NameListError
from makemore.data.vocabulary import UnknownLetterError
from makemore.diagnostics.layers.diagnose import Finding, diagnose
from makemore.diagnostics.layers.repairs import repaired
from makemore.experiments.kept_looks import Looks, kept_in, kept_of, looks_at
from makemore.inference.readings import LayerNumbers, Reading
from makemore.training.recipes import Recipe


def report(args: argparse.Namespace) -> None:
    """Print what is wrong with a checkpoint, by looks on the way or else by one look at it now.

    Raises CheckpointError where there is neither: the list has letters that the checkpoint lacks, and
    nothing was kept of its training.
    """
    checkpoint = load_checkpoint(args.checkpoint)
    looks = _looks(checkpoint, now=args.now)
    findings = diagnose(looks.readings)
    told = [_told(checkpoint, each) for each in findings]
    last = looks.readings[-1]
    if args.json:
        emit(
            {
                "checkpoint": checkpoint.name,
                "looks": [look.step for look in looks.readings],
                "source": looks.source,
                "second": _second(looks, checkpoint),
                "trouble": looks.trouble,
                "kept": asdict(kept_of(checkpoint)),
                "healthy": not findings,
                "findings": told,
                "layers": {name: asdict(each) for name, each in last.layers.items()},
            }
        )
        return
    print(f"{checkpoint.name}: {_seen(looks)}; {_counted(len(findings))}")
    _print_source(looks, checkpoint)
    for finding, each in zip(findings, told, strict=True):
        _print_finding(finding, each)
    _print_layers(last)


def _looks(checkpoint: Checkpoint, *, now: bool) -> Looks:
    """Those of a training of it, or one at the net as it is."""
    try:
        return looks_at(checkpoint, lambda: Dataset(load_names(), checkpoint.vocabulary), now=now)
    except (UnknownLetterError, NameListError) as error:
        why = "" if now else "nothing was kept of its training, and "
        raise CheckpointError(
            f"{checkpoint.name}: {why}to look at it now ({error}) takes "
            "a list in its letters; name one with MAKEMORE_NAMES"
        ) from None


def _second(looks: Looks, checkpoint: Checkpoint) -> dict[str, Any] | None:
    """What the looks are of, where they are not of the training of the checkpoint itself."""
    if looks.second is None:
        return None
    second = looks.second
    return {
        "kept": asdict(kept_in(second.trajectory, checkpoint.model)),
        "losses": dict(second.losses),
        "seconds": second.seconds,
        "processor": second.processor,
        "versions": dict(second.versions),
    }


def _seen(looks: Looks) -> str:
    """How many looks, and of what."""
    if len(looks.readings) == 1:
        return "one look, now"
    first, last = looks.readings[0].step, looks.readings[-1].step
    of = " of a second training" if looks.second else ""
    return f"{len(looks.readings)} looks{of}, step {first:,} to {last:,}"


def _print_source(looks: Looks, checkpoint: Checkpoint) -> None:
    """What was kept of its training, and what of the second one."""
    print(kept_of(checkpoint))
    if looks.trouble:
        print(f"Its second training cannot be read: {looks.trouble}")
    if looks.second is None:
        return
    print(looks.second.tell(checkpoint.metadata))
    print(kept_in(looks.second.trajectory, checkpoint.model).tell("that training"))
    print("--now looks at the shipped weights themselves.")


def _told(checkpoint: Checkpoint, finding: Finding) -> dict[str, Any]:
    """A finding with what its repair makes of this training."""
    about = checkpoint.metadata
    recipe = Recipe.from_json(about.recipe)
    after = repaired(finding.repair, about.model, about.config, recipe.learning_rate)
    return {**asdict(finding), "instead": after and asdict(after)}


def _counted(findings: int) -> str:
    if not findings:
        return "nothing wrong is found"
    return f"{findings} thing{'s' if findings > 1 else ''} found"


def _print_finding(finding: Finding, told: dict[str, Any]) -> None:
    side = "above" if finding.measured > finding.threshold else "below"
    where = f", {finding.layer}" if finding.layer else ""
    print(
        f"\n{finding.name}: {finding.quantity} {finding.measured:.4g}, {side} {finding.threshold:.4g}"
        f" (step {finding.step:,}{where}; chart of {finding.chart})"
    )
    known = "" if told["instead"] else "; no setting of this model does that"
    for place in finding.also:
        print(
            f"  also: {place.quantity} {place.measured:.4g} ({place.layer}; chart of {place.chart})"
        )
    print(f"  repair: {finding.repair}{known}")


def _print_layers(look: Reading) -> None:
    """The layers that bend at the last look."""
    if not look.layers:
        return
    print(f"\n{'layer':<24}{'std':>8}{'flat':>8}{'dead':>8}{'gradient std':>14}")
    for name, each in look.layers.items():
        flat, dead = (_share(each, value) for value in (each.flat, each.dead))
        print(f"{name:<24}{each.std:>8.3f}{flat:>8}{dead:>8}{each.gradient_std:>14.2e}")


def _share(layer: LayerNumbers, value: float) -> str:
    return f"{value:.1%}" if layer.flat_ends else "–"
