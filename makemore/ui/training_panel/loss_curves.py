"""Losses of a job or of a recorded training, as lists and as one frame. Knows no chart and no widget."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache

import pandas as pd

from makemore.checkpoints.store import Checkpoint
from makemore.jobs import JobState
from makemore.training.trajectory import Trajectory

# The points (step, loss) of each series, by step: raw, mean, train, dev.
Curve = Mapping[str, Sequence[tuple[float, float]]]


def job_curve(state: JobState) -> Curve:
    """The curve of a job."""
    return {
        "raw": state.raw,
        "mean": state.losses,
        "train": [(e.step, e.train) for e in state.evaluated],
        "dev": [(e.step, e.dev) for e in state.evaluated],
    }


def checkpoint_curve(checkpoint: Checkpoint | None) -> Curve:
    """The curve of a shipped training; empty if there is none or it was not recorded."""
    trajectory = checkpoint.trajectory if checkpoint else None
    return trajectory_curve(trajectory) if trajectory else {}


def trajectory_curve(trajectory: Trajectory) -> Curve:
    """The curve of a training that was recorded."""
    stored, batches = trajectory.evaluated, trajectory.losses
    steps = stored["step"].tolist()
    points = {
        name: list(zip(steps, stored[name].tolist(), strict=True)) for name in ("train", "dev")
    }
    if batches:
        means = zip(batches["step"].tolist(), batches["mean"].tolist(), strict=True)
        points["mean"] = list(means)
    return points


def loss_at(curve: Curve, series: str, step: int) -> float | None:
    """The last loss of a series that is not later than `step`."""
    points = curve.get(series, ())
    place = bisect_right(points, float(step), key=lambda point: float(point[0]))
    return points[place - 1][1] if place else None


def curve_frame(curve: Curve) -> pd.DataFrame:
    """All of it. Columns: step, loss, series. The same object for all who watch the same points."""
    return _frame(tuple((name, tuple(points)) for name, points in curve.items()))


@lru_cache(maxsize=128)
def _frame(curve: tuple[tuple[str, tuple[tuple[float, float], ...]], ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "step": [float(step) for _, points in curve for step, _ in points],
            "loss": [loss for _, points in curve for _, loss in points],
            "series": [name for name, points in curve for _ in points],
        }
    )
