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
from makemore.experiments.kept_looks import kept_of, looks_at
from makemore.inference.readings import LayerNumbers, Reading
from makemore.training.recipes import Recipe


def report(args: argparse.Namespace) -> None:
    """Print what is wrong with a checkpoint, by its looks on the way or else by one look at it now.

    Raises CheckpointError where there is neither: the list has letters that the checkpoint lacks, and
    nothing was kept of its training.
    """
    checkpoint = load_checkpoint(args.checkpoint)
    looks = _looks(checkpoint)
    findings = diagnose(looks)
    told = [_told(checkpoint, each) for each in findings]
    kept = kept_of(checkpoint)
    if args.json:
        emit(
            {
                "checkpoint": checkpoint.name,
                "looks": [look.step for look in looks],
                "kept": asdict(kept),
                "healthy": not findings,
                "findings": told,
                "layers": {name: asdict(each) for name, each in looks[-1].layers.items()},
            }
        )
        return
    first, last = looks[0].step, looks[-1].step
    seen = f"{len(looks)} looks, step {first:,} to {last:,}" if len(looks) > 1 else "one look, now"
    print(f"{checkpoint.name}: {seen}; {_counted(len(findings))}")
    print(kept)
    for finding, each in zip(findings, told, strict=True):
        _print_finding(finding, each)
    _print_layers(looks[-1])


def _looks(checkpoint: Checkpoint) -> tuple[Reading, ...]:
    """Those that were kept of its training, or one at the net as it is."""
    try:
        return looks_at(checkpoint, lambda: Dataset(load_names(), checkpoint.vocabulary))
    except (UnknownLetterError, NameListError) as error:
        raise CheckpointError(
            f"{checkpoint.name}: nothing was kept of its training, and to look at it now ({error}) takes "
            "a list in its letters; name one with MAKEMORE_NAMES"
        ) from None


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
