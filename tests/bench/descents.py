"""Records the lecture's loop, with one setting changed each: `python -m tests.bench.descents [NAME]`.

One to two minutes for each of the two whole runs, half a minute of updates for each batch size. The
seconds it keeps are processor time of this machine; they say nothing of another.
"""

import argparse

from makemore.checkpoints import store
from makemore.data import name_lists
from makemore.data.examples import Dataset
from makemore.device import use_one_thread
from makemore.experiments import recorded_descents as descents


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    arguments.add_argument("name", nargs="*", default=list(descents.DESCENTS))
    use_one_thread()
    dataset = Dataset(name_lists.load_names())
    for name in arguments.parse_args().name:
        found = descents.record(name, dataset)
        size = descents.write(found)
        print(f"{name}: dev {found.dev[-1]:.4f}, {size:,} bytes", flush=True)
        if name == "lecture":
            same = found.ends == descents.ends_in(store.load(descents.LIKE).model)
            print(f"ends in the weights of {descents.LIKE}, bit for bit: {same}", flush=True)


if __name__ == "__main__":
    main()
