"""How often does a diagnosis hit, and how often does it cry wolf? Prints both over seeds.

`python -m tests.bench.diagnose`: 20 seeds of every sick and every sound training, and each shipped
checkpoint; about fifteen minutes on one core. `--seeds 3` is quicker. Measures no time. The thresholds
were set with seeds 1 to 20 in view; `--first 101` takes others, which is the fairer test.
"""

import argparse
from collections import Counter
from collections.abc import Iterable

from makemore.checkpoints import store
from makemore.checkpoints.shipped import SHIPPED
from makemore.data import name_lists
from makemore.data.examples import Dataset
from makemore.device import use_one_thread
from makemore.diagnostics.layers.diagnose import Finding, diagnose
from makemore.training.trainer import probe
from tests.diagnostics.layers.sick_nets import SICK, SOUND, watch


def counted(names: Iterable[str]) -> str:
    """`saturated 20, dead 3`."""
    return ", ".join(f"{name} {count}" for name, count in Counter(names).most_common()) or "-"


def report_sick(dataset: Dataset, seeds: range) -> None:
    """A line a case: how many seeds it was found at, by which numbers, and what else was."""
    print(f"{'sick on purpose':<32}{'to be found':<28}{'hits':>7}  {'measured':<20}also found")
    for label, (wanted, case) in SICK.items():
        found: list[list[Finding]] = [diagnose(watch(case, dataset, seed)) for seed in seeds]
        hits = [each for findings in found for each in findings if each.name == wanted]
        others = [each.name for findings in found for each in findings if each.name != wanted]
        numbers = [each.measured for each in hits]
        span = f"{min(numbers):.3g} to {max(numbers):.3g}" if numbers else "-"
        line = f"{label:<32}{wanted:<28}{len(hits):>3}/{len(seeds):<3}  {span:<20}{counted(others)}"
        print(line, flush=True)


def report_sound(dataset: Dataset, seeds: range) -> None:
    """A line a case: at how many seeds anything was found."""
    print(f"\n{'sound':<32}{'false alarms':>13}  found")
    for label, case in SOUND.items():
        found = [diagnose(watch(case, dataset, seed)) for seed in seeds]
        alarms = sum(map(bool, found))
        names = counted(each.name for findings in found for each in findings)
        print(f"{label:<32}{alarms:>9}/{len(seeds):<3}  {names}", flush=True)


def report_shipped(dataset: Dataset) -> None:
    """What is found in the shipped nets as they are, and on their way where that was kept."""
    print(f"\n{'shipped':<32}found")
    for name in SHIPPED:
        checkpoint = store.load(name)
        now = probe(checkpoint.model, dataset, step=checkpoint.metadata.step).snapshot
        readings = checkpoint.trajectory.readings if checkpoint.trajectory else ()
        found = [*diagnose(readings), *diagnose([now])]
        print(f"{name:<32}{counted(each.name for each in found)}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    arguments.add_argument("--seeds", type=int, default=20)
    arguments.add_argument("--first", type=int, default=1)
    args = arguments.parse_args()
    seeds = range(args.first, args.first + args.seeds)
    use_one_thread()
    dataset = Dataset(name_lists.load_names())
    report_sick(dataset, seeds)
    report_sound(dataset, seeds)
    report_shipped(dataset)


if __name__ == "__main__":
    main()
