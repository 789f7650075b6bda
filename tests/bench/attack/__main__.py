"""Attacks what was built and prints what came of it: `python -m tests.bench.attack`.

Every attempt is drawn from a seed. A promised error is one that says what to do; lost is what was there
before, or what was shown and is not so; every other error is counted by its kind.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence

from tests.bench.attack import (
    addresses,
    kills,
    lists,
    memory,
    mutations,
    settings,
    starts,
    uploads,
    widgets,
)
from tests.bench.attack.count import HEAD, Count

QUICK = 0.05
SEED = 20_260
# Each takes the share of its attempts to make, and a seed; it yields its counts as they are known.
PARTS: list[tuple[str, Callable[[float, int], Iterator[Count]]]] = [
    ("mutations", mutations.attack),
    ("uploads", uploads.attack),
    ("lists", lists.attack),
    ("kills", kills.attack),
    ("widgets", widgets.attack),
    ("addresses", addresses.attack),
    ("starts", starts.attack),
    ("settings", settings.attack),
    ("memory", memory.attack),
]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the attacks; the number of those that did harm."""
    names = [name for name, _ in PARTS]
    parser = argparse.ArgumentParser(prog="python -m tests.bench.attack", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a twentieth of each")
    parser.add_argument("--only", nargs="+", choices=names, help="these parts alone")
    parser.add_argument("--seed", type=int, default=SEED)
    args = parser.parse_args(arguments)
    print(HEAD)
    harmful = 0
    for name, attack in PARTS:
        if args.only is None or name in args.only:
            for count in attack(QUICK if args.quick else 1.0, args.seed):
                print(count.row(), flush=True)
                harmful += bool(count.harm)
    return harmful


if __name__ == "__main__":
    sys.exit(main())
