"""Records the trainings from five initialisations: `python -m tests.bench.starts [NAME]`, a minute or two each."""

import argparse

from makemore.data import name_lists
from makemore.data.examples import Dataset
from makemore.device import use_one_thread
from makemore.experiments import recorded_starts


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    arguments.add_argument("name", nargs="*", default=list(recorded_starts.STARTS))
    use_one_thread()
    dataset = Dataset(name_lists.load_names())
    for name in arguments.parse_args().name:
        recording = recorded_starts.record(name, dataset)
        size = recorded_starts.write(recording)
        print(f"{name}: dev {recording.dev[-1]:.4f}, {size:,} bytes", flush=True)


if __name__ == "__main__":
    main()
