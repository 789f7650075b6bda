"""The stored moments of a job that runs or ran, and of its start. Knows no widget and no chart."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from functools import lru_cache

from makemore.data.examples import Dataset
from makemore.jobs import Spec, View
from makemore.training.trainer import log_spaced, probe
from makemore.training.trajectory import Recorder, picture
from makemore.ui.kit.moment_slider import Moments, recorded_moments

MOMENTS = 50
KEPT = 32  # jobs and stages of jobs

_worked_out: OrderedDict[Hashable, Moments] = OrderedDict()
_one_at_a_time = threading.Lock()


def planned_steps(steps: int) -> list[int]:
    """The steps that a job looks inside at: known from the start, so that the slider never grows."""
    return sorted(log_spaced(steps, MOMENTS))


@lru_cache(maxsize=32)
def moments_at_start(spec: Spec, dataset: Dataset) -> Moments:
    """Step 0 alone, which is known without a job: the weights are those of the seed."""
    seen = picture(probe(spec.build_model(dataset), dataset, step=0).snapshot)
    return recorded_moments(Recorder(probed=[(0, seen)]).trajectory())


def moments_of(handle: View, *, newest: bool = False) -> Moments:
    """What the job has stored so far; worked out once for all who watch, when there is more of it.

    newest: while it trains, the weights of the last second too. Each costs a look inside.
    """
    key = handle.moments_key(newest=newest)
    with _one_at_a_time:  # thirty watchers would otherwise work it out thirty times at once
        if key not in _worked_out:
            steps = handle.moments()  # none, as long as it waits in the queue
            _worked_out[key] = (
                recorded_moments(handle.trajectory(newest=newest))
                if steps
                else moments_at_start(handle.spec, handle.job.dataset)
            )
            while len(_worked_out) > KEPT:
                _worked_out.popitem(last=False)
        _worked_out.move_to_end(key)
        return _worked_out[key]
