"""Measures the studies of several seeds: `python -m tests.bench.studies [NAME]`.

`axis_bug` takes about 15 minutes on one core, `options` and `context_ladder` about 10. What is
measured already is kept;
delete checkpoints/studies/NAME.json to measure it again.
`seed_spread` takes about 8 minutes, `start_ladder` about 30, `size_ladder` and `fast_ends` about two.
What a study says of seconds depends on what else the machine does.
"""

import argparse

from makemore.data import name_lists
from makemore.data.examples import Dataset
from makemore.device import use_one_thread
from makemore.experiments import studies, study_runs


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    arguments.add_argument("name", nargs="*", default=list(studies.STUDIES))
    use_one_thread()
    dataset = Dataset(name_lists.load_names())
    for name in arguments.parse_args().name:
        study_runs.measure(
            name,
            dataset,
            lambda r: print(
                f"{r.variant:<24} seed {r.seed:<3} {r.parameters:>8,} numbers  train {r.train:.4f}  "
                f"dev {r.dev:.4f}  {r.seconds:.0f} s",
                flush=True,
            ),
        )


if __name__ == "__main__":
    main()
