"""Trains shipped nets a second time to record all looks: `python -m tests.bench.recordings [NAME]`.

By default those whose own trajectory lacks gradients, which take about as long as their checkpoints say.
"""

import argparse

from makemore.checkpoints import store
from makemore.checkpoints.shipped import SHIPPED
from makemore.data import name_lists
from makemore.data.examples import Dataset
from makemore.device import use_one_thread
from makemore.experiments import second_recordings
from makemore.experiments.kept_looks import kept_of


def main() -> None:
    lacking = [name for name in SHIPPED if "gradients" in kept_of(store.load(name)).missing]
    arguments = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    arguments.add_argument("name", nargs="*", default=lacking)
    use_one_thread()
    dataset = Dataset(name_lists.load_names())
    for name in arguments.parse_args().name:
        found = second_recordings.record(name, dataset)
        size = second_recordings.write(found)
        apart = found.losses["dev"] - store.read_metadata(name).losses["dev"]
        told = f"dev {found.losses['dev']:.4f}, {apart:+.4f} from the shipped one"
        print(f"{name}: {told}, {found.seconds:.0f} s, {size:,} bytes", flush=True)


if __name__ == "__main__":
    main()
