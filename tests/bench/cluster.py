"""What a cluster costs and brings, on this machine's loopback: `python -m tests.bench.cluster [--quick]`.

wire: bytes and messages a second of one training's reports, beside those that rest.
throughput: trainings of a tiny recipe an hour with one worker and with two, and with one process.
cut: a network that passes nothing for 20 seconds, with the patience of a real server.
waits: what 30 learners wait while trainings run on the cluster: those rows of `tests.bench.load`.
It ends by itself in about five minutes, with `--quick` in two.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager

from makemore.data.examples import Dataset
from makemore.data.name_lists import load_names
from makemore.device import use_one_thread
from makemore.jobs import Handle, Jobs, Spec
from makemore.jobs.quotas import Limits
from makemore.jobs.workers.cluster import Cluster
from makemore.training.recipes import recipe_for
from tests.bench import load
from tests.jobs.clusters import HOST, LoopbackCluster, free_port, loopback_cluster
from tests.jobs.wires import Wire, wire_to

PATIENCE = 120.0  # seconds; a machine that needs longer is too busy to measure anything
CUT = 20.0  # seconds
TINY_STEPS = 500


def arrived(jobs: Jobs, number: int) -> None:
    """Wait for so many workers."""
    with jobs.pool.changed:
        if not jobs.pool.changed.wait_for(lambda: len(jobs.pool.hosts()) >= number, PATIENCE):
            raise RuntimeError(jobs.pool.missing)


def start(
    jobs: Jobs, dataset: Dataset, seed: int, recipe: str = "lecture", steps: int = 0
) -> Handle:
    """A training of the lecture's MLP in a session of its own."""
    chosen = recipe_for(recipe, "mlp", **({"steps": steps} if steps else {}))
    return jobs.start(Spec.of("mlp", chosen, seed=seed, dataset=dataset), dataset, f"{seed}")


@contextmanager
def wired() -> Iterator[tuple[Jobs, Wire, Wire]]:
    """Jobs of a server that reaches its one worker, and the scheduler, by wires of their own."""
    port = free_port()
    with loopback_cluster() as cluster, wire_to(cluster.port) as one, wire_to(port) as other:
        places = {"listen": port, "contact": other.port}
        cluster.add_worker(*(f"--{k}-address=tcp://{HOST}:{v}" for k, v in places.items()))
        with closing(Jobs(workers=1, crew=Cluster(f"tcp://{HOST}:{one.port}"))) as jobs:
            arrived(jobs, 1)
            yield jobs, one, other


def wire(seconds: float) -> None:
    """Print what passes while a training runs, and while none does."""
    dataset = Dataset(load_names())
    with wired() as (jobs, scheduler, worker):

        def passed(what: str) -> None:
            ends = (scheduler, worker)
            before = [(end.bytes, end.pieces) for end in ends]
            time.sleep(seconds)
            for name, end, (size, pieces) in zip(
                ("scheduler", "worker"), ends, before, strict=True
            ):
                print(
                    f"{what}, {name}: {(end.bytes - size) / seconds / 1000:.1f} kB/s, "
                    f"{(end.pieces - pieces) / seconds:.1f} pieces/s both ways"
                )

        passed("nothing runs")
        before = worker.bytes
        handle = start(jobs, dataset, 1)
        handle.wait(lambda state: state.step > 0, PATIENCE)
        print(f"an order and its first report: {(worker.bytes - before) / 1000:.0f} kB")
        time.sleep(2)  # the moments are dense at the start
        passed("lecture's mlp runs")
        print(f"  at {handle.snapshot().steps_per_second:,.0f} steps/s")


def trainings_an_hour(jobs: Jobs, dataset: Dataset, number: int) -> float:
    """From the first start to the last end; the first one of each worker is not counted."""
    warm = [start(jobs, dataset, seed, steps=10) for seed in (1, 2)]
    for each in warm:
        each.wait(lambda state: state.over, PATIENCE)
    began = time.perf_counter()
    started = [start(jobs, dataset, 100 + i, steps=TINY_STEPS) for i in range(number)]
    for each in started:
        each.wait(lambda state: state.over, PATIENCE)
    return number / (time.perf_counter() - began) * 3600


def throughput(number: int) -> None:
    """Print the trainings an hour of one and two workers."""
    dataset, starts = Dataset(load_names()), Limits(each=10_000, all=10_000)
    makers: dict[str, Callable[[LoopbackCluster], Jobs]] = {
        "1 process": lambda _: Jobs(workers=1, starts=starts),
        "2 processes": lambda _: Jobs(workers=2, starts=starts),
        "1 worker": lambda c: Jobs(workers=1, crew=Cluster(c.address), starts=starts),
        "2 workers": lambda c: Jobs(workers=2, crew=Cluster(c.address), starts=starts),
    }
    with loopback_cluster(2) as cluster:
        for name, make in makers.items():
            with closing(make(cluster)) as jobs:
                arrived(jobs, int(name[0]))
                rate = trainings_an_hour(jobs, dataset, number)
            print(f"{name}: {rate:,.0f} trainings of {TINY_STEPS} steps an hour ({number} of them)")


def cut(seconds: float) -> None:
    """Print what becomes of a training whose network is cut for so long."""
    with wired() as (jobs, *wires):
        handle = start(jobs, Dataset(load_names()), 1)
        handle.wait(lambda state: state.step > 100, PATIENCE)
        for each in wires:
            each.cut()
        time.sleep(seconds)
        before, mended = handle.snapshot(), time.perf_counter()
        for each in wires:
            each.mend()
        handle.wait(lambda state: state.step > before.step, PATIENCE)
        waited, after = time.perf_counter() - mended, handle.snapshot()
        missed = after.step - before.step
        print(
            f"cut for {seconds:g} s: {after.status}; {waited:.2f} s after its end the first report came, "
            f"with {missed:,} steps at once {after.message}"
        )


def waits(quick: bool) -> None:
    """Print those rows of the load that learners wait in, trainings on two workers of the cluster."""
    with loopback_cluster(2) as cluster:
        os.environ["MAKEMORE_CLUSTER"] = cluster.address
        load.main(["--only", "light", "beside", *(["--quick"] if quick else [])])
        del os.environ["MAKEMORE_CLUSTER"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.cluster", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parts = ("wire", "throughput", "cut", "waits")
    parser.add_argument("--only", nargs="*", choices=parts, default=parts)
    args = parser.parse_args(arguments)
    use_one_thread()
    for part in args.only:
        print(f"{part}, on {os.cpu_count()} cores under a load of {os.getloadavg()[0]:.1f}:")
        match part:
            case "wire":
                wire(5.0 if args.quick else 20.0)
            case "throughput":
                throughput(10 if args.quick else 40)
            case "cut":
                cut(CUT)
            case "waits":
                waits(args.quick)
    return 0


if __name__ == "__main__":
    sys.exit(main())
