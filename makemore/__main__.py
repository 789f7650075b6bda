"""The command line: `python -m makemore --help`. Parses and reports errors; the work is in commands."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from makemore.checkpoints.store import FOLDER
from makemore.cli import commands, diagnose, looks, sweep
from makemore.data.examples import SPLITS
from makemore.device import DEVICES, use_one_thread
from makemore.models import MODELS
from makemore.training.recipes import RECIPES


class Parser(argparse.ArgumentParser):
    """Answers a wrong call in one line."""

    def error(self, message: str) -> "Any":
        """Say what is wrong on stderr and end with status 2."""
        print(f"makemore: {message}; try --help", file=sys.stderr)
        sys.exit(2)


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit status: 0, or 2 after one line on stderr."""
    args = parser().parse_args(arguments)
    use_one_thread()
    try:
        args.run(args)
    except BrokenPipeError:  # whoever read our output has had enough
        sys.stderr.close()
    except (ValueError, OSError, MemoryError) as error:
        message = " ".join(str(error).split()) or type(error).__name__
        print(f"makemore: {message}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def parser() -> Parser:
    """All commands with their arguments; `run` of the parsed ones carries out the command."""
    top = Parser(prog="makemore", description="Train and look into five models that make names.")
    commands_ = top.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)

    def command(name: str, run: Any, help_: str) -> argparse.ArgumentParser:
        added = commands_.add_parser(name, help=help_, description=help_)
        added.set_defaults(run=run)
        added.add_argument("--json", action="store_true", help="one JSON object a line on stdout")
        return added

    _train(command("train", commands.train, "train a model and save it"))
    evaluate = command("evaluate", commands.evaluate, "the loss of a checkpoint on a split")
    evaluate.add_argument("checkpoint")
    evaluate.add_argument("--split", choices=SPLITS, default="dev")
    _names(evaluate)
    inspect = command(
        "inspect", looks.inspect, "what a checkpoint says, whether it holds, its tensors"
    )
    inspect.add_argument("checkpoint")
    _names(inspect)
    compare = command(
        "compare", looks.compare, "where one of two checkpoints is better, and what differs"
    )
    compare.add_argument("one")
    compare.add_argument("other")
    _names(compare)
    compare.add_argument("--name", help="a name to put through both")
    sick = command(
        "diagnose", diagnose.report, "what is wrong with a checkpoint, and what repairs it"
    )
    sick.add_argument("checkpoint")
    sick.add_argument(
        "--now", action="store_true", help="by its weights alone, whatever was recorded"
    )
    score = command("score", commands.score, "what models think of a name, letter by letter")
    score.add_argument("name")
    score.add_argument("--model", action="append", help="a checkpoint; may be given several times")
    sample = command("sample", commands.sample, "names that a checkpoint makes up")
    sample.add_argument("checkpoint")
    sample.add_argument("-n", type=int, default=20, help="how many")
    sample.add_argument("--temperature", type=float, default=1.0, help="below 1: safer names")
    sample.add_argument("--seed", type=_seed, default=1)
    reproduce = command("reproduce", commands.reproduce, "train all shipped checkpoints again")
    reproduce.add_argument("--only", action="append", help="a checkpoint; may be given again")
    reproduce.add_argument("--out", type=Path, default=FOLDER, help="the folder to write to")
    reproduce.add_argument("--workers", type=_count, default=2, help="trainings side by side")
    reproduce.add_argument("--device", choices=DEVICES)
    _sweep(command("sweep", sweep.sweep, "search a space of settings, trial by trial"))
    again = command("repeat", sweep.repeat, "train a trial of a sweep again, from its record")
    again.add_argument("record", type=Path, help="such as checkpoints/sweeps/ladder.json")
    again.add_argument("trial", type=_seed, help="its number")
    again.add_argument("--seed", type=_seed, default=1)
    again.add_argument("--out", type=Path, help="where to save, without ending")
    _names(again)
    return top


def _sweep(added: argparse.ArgumentParser) -> None:
    added.add_argument(
        "space", type=Path, help="a TOML file, such as checkpoints/spaces/ladder.toml"
    )
    _names(added)
    added.add_argument("--trials", type=_count, help="how many in all, former ones too")
    added.add_argument("--seeds", type=_count, default=1, help="trainings a trial")
    added.add_argument(
        "--storage", metavar="URL", help="of a database; SQLite beside --out if left out"
    )
    added.add_argument(
        "--cluster", metavar="ADDRESS", help="of a Dask scheduler, whose workers train; "
        "MAKEMORE_CLUSTER if left out"
    )  # fmt: skip
    added.add_argument("--keep", type=_count, default=1, help="how many of the best to save")
    added.add_argument("--out", type=Path, help="where to save the best, without ending")


def _train(train: argparse.ArgumentParser) -> None:
    train.add_argument("model", choices=MODELS)
    _names(train)
    train.add_argument("--recipe", choices=RECIPES, default="lecture")
    train.add_argument("--steps", type=int, help="stop after so many updates")
    train.add_argument(
        "--seed", type=_seed, help="of weights and batches; the lecture's by default"
    )
    train.add_argument("--device", choices=DEVICES)
    train.add_argument("--learning-rate", type=float)
    train.add_argument("--out", type=Path, help="where to save, without ending")
    train.add_argument("--log-every", type=_count, help="print the loss at every so many steps")
    train.add_argument("--eval-every", type=_count, default=0, help="50 times a run by default")
    train.add_argument(
        "--set", action="append", default=[], type=_setting, metavar="KEY=VALUE",
        help="a setting of the model, such as hidden=100; may be given again",
    )  # fmt: skip


def _names(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--names", type=Path, metavar="FILE", help="the name list: a text file, one name a line"
    )


def _count(text: str) -> int:
    if not _is_number(text) or not 1 <= int(text) <= 10_000_000:
        raise argparse.ArgumentTypeError(f"{text!r:.60} is not a whole number from 1 to 10,000,000")
    return int(text)


def _seed(text: str) -> int:
    if not _is_number(text) or int(text) >= 2**63:
        raise argparse.ArgumentTypeError(
            f"{text!r:.60} is not a whole number from 0 to {2**63 - 1}"
        )
    return int(text)


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= 4_000  # of more digits Python makes no number


def _setting(text: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r:.60} is not KEY=VALUE")
    try:
        return key, json.loads(value)
    except RecursionError:
        raise argparse.ArgumentTypeError(f"{text!r:.60} is nested too deeply") from None
    except ValueError:
        return key, value  # a word such as kaiming


if __name__ == "__main__":
    sys.exit(main())
