"""Records the shipped trainings of deep stacks again: `python -m tests.bench.stacks`, half a minute."""

from makemore.data import name_lists
from makemore.data.examples import Dataset
from makemore.device import use_one_thread
from makemore.diagnostics.layers.diagnose import diagnose
from makemore.experiments import recorded_stacks


def main() -> None:
    use_one_thread()
    dataset = Dataset(name_lists.load_names())
    for stack in recorded_stacks.STACKS:
        recorded = recorded_stacks.record(stack, dataset)
        size = recorded_stacks.write(stack, recorded)
        found = ", ".join(each.name for each in diagnose(recorded.readings)) or "healthy"
        print(
            f"{stack.name:<28}{len(recorded.readings):>4} looks{size:>9,} bytes  {found}",
            flush=True,
        )


if __name__ == "__main__":
    main()
