"""Trains seeds of variants on the workers of a Dask cluster, many at a time. Knows no study.

Only a sweep that is given a cluster imports this module. Dask itself trains again, on another worker, what
a worker was at when it ended.
"""

from collections.abc import Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass
from time import perf_counter

from distributed import Client, Future, KilledWorker
from distributed.comm.core import CommClosedError
from distributed.security import Security

from makemore.checkpoints.tensor_files import pack, unpack
from makemore.config import ConfigError
from makemore.data.examples import Dataset, RememberedLists
from makemore.device import use_one_thread
from makemore.experiments.cluster_security import ClusterAddressError, read_security
from makemore.experiments.code_versions import differences, versions
from makemore.experiments.seed_runs import (
    REPORTS,
    DivergedError,
    GiveUp,
    SeedRun,
    StoppedError,
    Told,
    Variant,
    as_run,
)
from makemore.training.events import Diverged, Evaluated
from makemore.training.trainer import evenly

CONNECT_SECONDS = 10.0
POLL_SECONDS = 0.2  # between two looks at whether the search was told to stop
PART_SECONDS = 5.0  # what a worker that ends takes along, and what it is still at after a stop

_lists = RememberedLists()  # of this process, where it is a worker


@dataclass(frozen=True)
class Part:
    """A stretch of a training: what was evaluated, the packed state at its end, and why it diverged."""

    evaluated: tuple[Evaluated, ...]
    state: bytes
    cause: str = ""


class ClusterTrainer:
    """The trainings of a sweep on a cluster: `train` is called from as many threads as `hands`.

    Raises ConfigError where the address is none, nobody answers, or a worker runs other code.
    """

    def __init__(self, address: str, environment: Mapping[str, str]) -> None:
        try:
            security = read_security(address, environment) or Security()
            self._client = Client(
                address, security=security, timeout=CONNECT_SECONDS, set_as_default=False
            )
        except ClusterAddressError as error:
            raise ConfigError(str(error)) from None
        except OSError as error:
            raise ConfigError(
                f"cluster: {address} does not answer ({type(error).__name__}); start its scheduler"
            ) from None
        self.hands = sum(self._client.nthreads().values())
        if not self.hands:
            self.close()
            raise ConfigError(f"cluster: {address} has no worker yet; start one")

    def close(self) -> None:
        self._client.close(timeout=CONNECT_SECONDS)

    def train(
        self,
        variant: Variant,
        seed: int,
        dataset: Dataset,
        *,
        told_to_stop: Told,
        give_up: GiveUp | None,
    ) -> SeedRun:
        """What `train_seed` comes to, trained there part by part: nothing that runs there can be stopped.

        Raises StoppedError, DivergedError, and ConfigError where the cluster cannot go on.
        """
        steps = variant.recipe.steps
        due = sorted(evenly(steps, REPORTS))
        state, seen = b"", list[Evaluated]()
        while due:
            asked = self._client.submit(
                train_part, variant, seed, dataset, state,
                tuple(due if give_up is None else due[:1]), versions(), pure=False,
            )  # fmt: skip
            part = _wait_for(asked, told_to_stop)
            if part.cause:
                raise DivergedError(part.cause)
            state = part.state
            seen += part.evaluated
            due = due[len(part.evaluated) :]
            new = bool(part.evaluated) and seen[-1].step < steps
            if give_up and new and give_up(len(seen) - 1, seen[-1].dev):
                break
        return as_run(seed, seen)


def _wait_for(asked: Future[Part], told_to_stop: Told) -> Part:
    """The part, once it is there."""
    while True:
        try:
            return asked.result(timeout=POLL_SECONDS)
        except TimeoutError:
            if told_to_stop():
                asked.cancel()
                raise StoppedError from None
        except (CancelledError, CommClosedError, KilledWorker) as error:
            raise ConfigError(
                f"cluster: it lost the training ({type(error).__name__}); "
                "the same command goes on from here"
            ) from None


def train_part(
    variant: Variant,
    seed: int,
    dataset: Dataset,
    state: bytes,
    moments: tuple[int, ...],
    wanted: Mapping[str, str],
) -> Part:
    """Go on from a packed state (none: the start) and evaluate at these steps, as far as time allows.

    Called in a worker, where nothing can be stopped, so a part ends by itself after some seconds. wanted:
    the versions of whoever asks. Raises ConfigError where these differ.
    """
    if problem := differences(wanted, versions()):
        raise ConfigError(f"cluster: a worker runs other code: {problem}")
    use_one_thread()
    trainer = variant.start(seed, _lists.same_as(dataset))
    if state:
        trainer.restore(unpack(state))
    evaluated, cause, began = list[Evaluated](), "", perf_counter()
    for event in trainer.events(moments[-1], evaluate_at=moments):
        if isinstance(event, Diverged):
            cause = event.cause
        elif isinstance(event, Evaluated):
            evaluated.append(event)
        elif perf_counter() - began > PART_SECONDS:
            break
    return Part(tuple(evaluated), pack(trainer.state()), cause)
