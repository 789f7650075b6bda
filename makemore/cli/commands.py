"""What each command of the command line does. Parses nothing; results go to stdout."""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from makemore.checkpoints import store
from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.shipped import FIVE, SHIPPED, seed_for
from makemore.cli.reading import ENDINGS, dataset_for, load_checkpoint, load_names
from makemore.cli.signals import hear_signals
from makemore.cli.terminal import Printer, emit, print_table, warn
from makemore.data import name_lists
from makemore.data.examples import Dataset
from makemore.data.name_lists import NameList
from makemore.device import choose, use_threads
from makemore.experiments import runs
from makemore.experiments.reproduce import Listen, show_nothing, train_many
from makemore.inference import evaluation, sampling
from makemore.training import step_cost
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer


class DivergedError(ValueError):
    """A training diverged; the message names cause and remedy."""


def train(args: argparse.Namespace) -> None:
    """Train a model, tell how it goes, and save it, also when told to stop.

    Raises ConfigError, CheckpointError, DivergedError.
    """
    with hear_signals() as told_to_stop:
        _train_and_save(args, told_to_stop)


def _train_and_save(args: argparse.Namespace, told_to_stop: Callable[[], bool]) -> None:
    changes = {} if args.steps is None else {"steps": args.steps}
    if args.learning_rate is not None:
        changes["learning_rate"] = args.learning_rate
    recipe = recipe_for(args.recipe, args.model, **changes)
    seed = seed_for(args.model) if args.seed is None else args.seed
    out = args.out or store.OWN / args.model
    check_place(out)
    dataset = Dataset(load_names(args.names))
    recipe = recipe.for_examples(dataset.sizes[recipe.trains_on])
    use_threads(recipe.batch_size)
    trainer = Trainer.start(
        args.model,
        dataset,
        recipe,
        seed=seed,
        settings=dict(args.set),
        device=choose(args.device, batch_size=recipe.batch_size),
    )
    log_every = args.log_every or max(1, recipe.steps // 20)
    if large := step_cost.problem(args.model, dict(args.set), recipe, dataset):
        warn(f"{large}; a server would refuse this, here it goes on")
    if not args.json:
        print(
            f"{args.model}, {trainer.model.size:,} numbers to learn, {_describe(dataset.name_list)}"
        )
    if told_to_stop():
        raise KeyboardInterrupt  # nothing has been learned
    with Printer(recipe.steps, log_every=log_every, as_json=args.json) as listen:
        finished = runs.run(
            trainer,
            seed,
            listen=listen,
            evaluate_every=args.eval_every,
            told_to_stop=told_to_stop,
        )
    if finished.diverged is not None:
        raise DivergedError(f"{finished.diverged.cause}; {finished.diverged.remedy}")
    path = runs.save(finished, out)
    if args.json:
        emit({"event": "saved", "step": trainer.step, "path": str(path)})
    else:
        print(f"saved as {path}.safetensors and .json after {trainer.step:,} steps")


def check_place(out: Path) -> None:
    """Fail before a training, not after it, when its checkpoint cannot be saved there."""
    if out.name in ("", "..") or out.is_dir():
        raise CheckpointError(f"--out {out}: give a name, such as {out / 'model'}")
    parts = [out.with_name(out.name + ending) for ending in ENDINGS]
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        # Of a name as long as that of a part: some are too long for the file system.
        with tempfile.TemporaryFile(dir=out.parent, prefix=parts[-1].name):
            pass
        taken = [str(part) for part in parts if part.exists() and not part.is_file()]
    except OSError as error:
        raise CheckpointError(f"{out.parent}: {error.strerror}; choose another --out") from None
    if taken:
        raise CheckpointError(f"--out {out}: {taken[0]} is not a file; choose another --out")


def _describe(names: NameList) -> str:
    """The list by its label; of one that is not the known one also how many names it has."""
    known = names.sha256 == name_lists.NAMES_SHA256
    return names.label if known else f"{names.label} ({len(names.names):,} names)"


def evaluate(args: argparse.Namespace) -> None:
    """Print the loss of a checkpoint on a split, and whether training has seen it."""
    loaded = load_checkpoint(args.checkpoint)
    dataset = dataset_for(loaded, load_names(args.names))
    about = loaded.metadata
    judged = evaluation.judge(
        loaded.model,
        dataset,
        args.split,
        trained_on=about.trained_on,
        same_data=about.data_sha256 == dataset.name_list.sha256,
    )
    result = {
        "checkpoint": loaded.name,
        "nll": judged.nll,
        "split": args.split,
        "examples": len(dataset.examples(args.split, loaded.model.block_size)),
        "data": dataset.name_list.label,
        "seen_in_training": judged.seen,
    }
    if args.json:
        emit(result)
    else:
        note = ", seen in training" if judged.seen else ""
        print(
            f"{loaded.name} on {args.split} of {_describe(dataset.name_list)}: {judged.nll:.4f} nats a character "
            f"({result['examples']:,} examples{note})"
        )


def score(args: argparse.Namespace) -> None:
    """Print what each model thinks of a name, letter by letter. Raises UnknownLetterError."""
    for name in args.model or FIVE:
        loaded = load_checkpoint(name)
        [scored] = evaluation.score(
            loaded.model, loaded.vocabulary, [loaded.vocabulary.fold(args.name)]
        )
        if args.json:
            letters = [
                {
                    "context": s.context,
                    "letter": s.letter,
                    "probability": s.probability,
                    "nll": s.nll,
                }
                for s in scored.letters
            ]
            emit({"model": name, "name": scored.name, "nll": scored.nll, "letters": letters})
        else:
            shares = "  ".join(f"{s.letter} {s.probability:6.1%}" for s in scored.letters)
            print(f"{name:<16} {scored.nll:.4f}   {shares}")


def sample(args: argparse.Namespace) -> None:
    """Print names that a checkpoint makes up."""
    loaded = load_checkpoint(args.checkpoint)
    drawn = sampling.sample(
        loaded.model, loaded.vocabulary, args.n, temperature=args.temperature, seed=args.seed
    )
    for name in drawn:
        if args.json:
            emit({"name": name})
        else:
            print(name)


def reproduce(args: argparse.Namespace) -> None:
    """Train the shipped checkpoints again and print what became of each beside the reported figures."""
    device = choose(args.device)
    chosen = args.only or list(SHIPPED)
    for name in chosen:
        check_place(args.out / name)
    load_names()  # here, as each of several workers would say it again
    rows = []
    show = show_nothing if args.json else _show_training
    trained = train_many(chosen, device=device, folder=args.out, workers=args.workers, show=show)
    for name, about in zip(chosen, trained, strict=True):
        made = SHIPPED[name]
        row = {
            "checkpoint": name,
            "reported": made.reported,
            "lecture": made.lecture,
            **about.losses,
        }
        row |= {"parameters": about.parameters, "seconds": about.seconds, "seed": about.seed}
        rows.append(row)
        if args.json:
            emit(row)
        elif args.workers > 1:
            print(f"{name}: dev {about.losses['dev']:.4f} after {about.seconds:.1f} s", flush=True)
    if not args.json:
        print_table(rows)


@contextmanager
def _show_training(name: str, trainer: Trainer) -> Iterator[Listen]:
    """What a shipped checkpoint is, and then its training as it goes."""
    label, data = SHIPPED[name].label, trainer.dataset.name_list.label
    print(f"{name}: {label}, {trainer.model.size:,} numbers, {data}")
    steps = trainer.recipe.steps
    with Printer(steps, log_every=max(1, steps // 4), as_json=False) as listen:
        yield listen
