"""What `inspect` and `compare` do: a checkpoint in numbers, and two against each other. Parses nothing."""

import argparse
from dataclasses import asdict
from typing import Any

from makemore.checkpoints import claims
from makemore.checkpoints.claims import Claim
from makemore.checkpoints.metadata import SPLITS, CheckpointError
from makemore.checkpoints.store import Checkpoint
from makemore.cli.reading import dataset_for, lacking, load_checkpoint, load_names
from makemore.cli.terminal import emit
from makemore.data.examples import Dataset, Split
from makemore.inference import evaluation, example_losses
from makemore.inference.example_losses import Losses
from makemore.inference.tensor_numbers import distances, named_tensors, spread

SPLIT: Split = "dev"
ROOM = 60  # letters of a setting that is printed
LAST = 10  # letter of a name; those after it count with it


def inspect(args: argparse.Namespace) -> None:
    """Print what a checkpoint says of itself, whether its losses hold, and its tensors in numbers."""
    checkpoint = load_checkpoint(args.checkpoint)
    names = load_names(args.names)
    dataset = None if lacking(checkpoint, names) else Dataset(names, checkpoint.vocabulary)
    measured = _measure(checkpoint, dataset)
    tensors = {
        name: asdict(spread(tensor)) for name, tensor in named_tensors(checkpoint.model).items()
    }
    about = asdict(checkpoint.metadata)
    if args.json:
        emit({"checkpoint": checkpoint.name, "about": about, **measured, "tensors": tensors})
        return
    _print_about(checkpoint)
    _print_losses(checkpoint, dataset, measured)
    print(f"\n{'tensor':<32}{'shape':>16}{'mean':>10}{'std':>10}{'smallest':>10}{'largest':>10}")
    for name, each in tensors.items():
        shape = " x ".join(map(str, each["shape"]))
        numbers = "".join(f"{each[key]:>10.4f}" for key in ("mean", "std", "low", "high"))
        print(f"{name:<32}{shape:>16}{numbers}")


def compare(args: argparse.Namespace) -> None:
    """Print what two checkpoints say differently, where in names one is better, how far they lie apart.

    Raises CheckpointError for one that lacks letters of the list, or where no list can be read by both.
    """
    nets = [load_checkpoint(where) for where in (args.one, args.other)]
    _check_letters(*nets)
    names = load_names(args.names)
    datasets = [dataset_for(net, names) for net in nets]
    losses = [_losses(net, dataset) for net, dataset in zip(nets, datasets, strict=True)]
    found = {
        "one": nets[0].name,
        "other": nets[1].name,
        "split": SPLIT,
        "losses": [float(each.mean()) for each in losses],
        "differences": [asdict(each) for each in claims.differences(*(n.metadata for n in nets))],
        "by_position": _by_position(datasets[0], losses),
        "by_letter": _by_letter(datasets[0], losses),
        "distances": {
            name: distance and asdict(distance)
            for name, distance in distances(*(named_tensors(net.model) for net in nets)).items()
        },
    }
    if args.name:
        found["name"] = _score(nets, args.name)
    if args.json:
        emit(found)
    else:
        _print_comparison(found)


def _check_letters(one: Checkpoint, other: Checkpoint) -> None:
    """Raises CheckpointError for two that no list can be read by."""
    if not set(one.vocabulary.characters) & set(other.vocabulary.characters):
        raise CheckpointError(
            f"{one.name} and {other.name} have no letter in common, so there is no list to compare them "
            "on; look at each with inspect"
        )


def _measure(checkpoint: Checkpoint, dataset: Dataset | None) -> dict[str, Any]:
    """Its losses as measured here: against what it says where that is about this list."""
    if dataset is None:
        return {"same_list": False, "measured": {}}
    if claims.is_measured_on(checkpoint, dataset):
        held = [claims.check_claim(checkpoint, dataset, split) for split in SPLITS]
        return {"same_list": True, "measured": {each.split: _told(each) for each in held}}
    measured = {
        split: {
            "nll": evaluation.loss(
                checkpoint.model, dataset.examples(split, checkpoint.model.block_size)
            )
        }
        for split in SPLITS
    }
    return {"same_list": False, "measured": measured}


def _told(claim: Claim) -> dict[str, Any]:
    return {
        "nll": claim.measured,
        "claimed": claim.claimed,
        "holds": claim.holds,
        "seen_in_training": claim.seen,
    }


def _print_about(checkpoint: Checkpoint) -> None:
    about = checkpoint.metadata
    settings = ", ".join(f"{key}={value}" for key, value in about.config.items())
    recipe = about.recipe
    print(f"{checkpoint.name}: {about.model}, {about.parameters:,} parameters ({settings})")
    print(
        f"trained on {about.data} ({about.trained_on}, SHA-256 {about.data_sha256[:12]}), recipe "
        f"{recipe['name']}, {about.step:,} steps of {recipe['optimizer']}, seed {about.seed}, "
        f"{about.seconds:,.1f} s on {about.device}"
    )
    if about.start:
        print(f"trained further from the tensors {about.start[:12]}")
    print(f"letters: {about.vocabulary}")


def _print_losses(
    checkpoint: Checkpoint, dataset: Dataset | None, measured: dict[str, Any]
) -> None:
    losses = checkpoint.metadata.losses
    if dataset is None:
        claimed = ", ".join(f"{split} {losses[split]:.4f}" for split in SPLITS)
        print(f"it says {claimed}; it lacks letters of the list here, so nothing is measured")
        return
    if not measured["same_list"]:
        print(f"measured on {dataset.name_list.label}, another list than its own:")
    for split, each in measured["measured"].items():
        note = ""
        if measured["same_list"] and not each["holds"]:
            note = ", which DIFFERS from what it says"
        print(f"  {split:<6} says {losses[split]:.4f}, measured {each['nll']:.4f}{note}")


def _losses(checkpoint: Checkpoint, dataset: Dataset) -> Losses:
    return example_losses.example_losses(
        checkpoint.model,
        dataset,
        SPLIT,
        trained_on=checkpoint.metadata.trained_on,
        same_data=claims.is_measured_on(checkpoint, dataset),
    )


def _by_position(dataset: Dataset, losses: list[Losses]) -> dict[str, list[float]]:
    """Number of the letter from 1 (the last one: and after) -> the mean loss of both."""
    places = example_losses.places(dataset, SPLIT).clamp(max=LAST - 1)
    count = int(places.max()) + 1
    return example_losses.means_by_label(losses, places, [str(place + 1) for place in range(count)])


def _by_letter(dataset: Dataset, losses: list[Losses]) -> dict[str, list[float]]:
    targets = dataset.examples(SPLIT, 1).targets  # the same for any context length
    return example_losses.means_by_label(losses, targets, list(dataset.vocabulary.letters))


def _score(nets: list[Checkpoint], name: str) -> dict[str, Any]:
    """The same name through both, letter by letter. Raises UnknownLetterError."""
    scored = [
        evaluation.score(net.model, net.vocabulary, [net.vocabulary.fold(name)])[0] for net in nets
    ]
    return {
        "name": scored[0].name,
        "nll": [each.nll for each in scored],
        "letters": [
            {"letter": one.letter, "nll": [one.nll, other.nll]}
            for one, other in zip(scored[0].letters, scored[1].letters, strict=True)
        ],
    }


def _print_comparison(found: dict[str, Any]) -> None:
    names = (found["one"], found["other"])
    one, other = found["losses"]
    print(
        f"{SPLIT} loss: {names[0]} {one:.4f}, {names[1]} {other:.4f}, difference {other - one:+.4f}"
    )
    print("\nwhat they say differently")
    for each in found["differences"]:
        print(f"  {each['what']:<28}{_cut(each['one']):>20}  {_cut(each['other'])}")
    for what, title in (("by_position", "letter of the name"), ("by_letter", "letter that comes")):
        print(f"\n{title:<24}{names[0]:>16.16}{names[1]:>16.16}{'difference':>12}")
        for label, (first, second) in found[what].items():
            more = "+" if what == "by_position" and label == str(LAST) else ""
            print(f"{label + more:<24}{first:>16.4f}{second:>16.4f}{second - first:>+12.4f}")
    _print_distances(found["distances"])
    if "name" in found:
        _print_name(found["name"], names)


def _cut(value: object) -> str:
    """As much of it as a line has room for."""
    text = str(value)
    return text if len(text) <= ROOM else text[: ROOM - 1] + "…"


def _print_distances(found: dict[str, Any]) -> None:
    print(f"\n{'tensor':<32}{'distance':>12}{'relative':>12}{'cosine':>12}")
    for name, each in found.items():
        if each is None:
            print(f"{name:<32}{'in one alone, or of another shape':>36}")
        else:
            numbers = (each["distance"], each["relative"], each["cosine"])
            print(
                f"{name:<32}"
                + "".join("–".rjust(12) if n is None else f"{n:>12.4f}" for n in numbers)
            )


def _print_name(found: dict[str, Any], names: tuple[str, str]) -> None:
    print(f"\n{found['name']}: {names[0]} {found['nll'][0]:.4f}, {names[1]} {found['nll'][1]:.4f}")
    for each in found["letters"]:
        print(f"  {each['letter']}  {each['nll'][0]:.4f}  {each['nll'][1]:.4f}")
