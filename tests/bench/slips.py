"""Trains with every wrong gradient and writes what became of it: `python -m tests.bench.slips`, two minutes."""

from makemore.data import name_lists
from makemore.data.examples import Dataset
from makemore.device import use_one_thread
from makemore.experiments import slip_study


def main() -> None:
    use_one_thread()
    results = []
    for result in slip_study.measure(Dataset(name_lists.load_names())):
        results.append(result)
        print(f"{result.name} {result.number + 1}: {result.fate}, {result.end}", flush=True)
    slip_study.write(results)


if __name__ == "__main__":
    main()
