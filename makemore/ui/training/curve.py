"""Losses of a job or of a recorded training as one frame. Knows no chart and no widget."""

import pandas as pd

from makemore.checkpoints import Checkpoint
from makemore.jobs import JobState

COLUMNS = ["step", "loss", "series"]  # series: raw | mean | train | dev


def lived(state: JobState) -> pd.DataFrame:
    """The curve of a job. Columns: step, loss, series."""
    return _long(
        raw=[(float(step), loss) for step, loss in state.raw],
        mean=[(float(step), loss) for step, loss in state.losses],
        train=[(float(e.step), e.train) for e in state.evaluated],
        dev=[(float(e.step), e.dev) for e in state.evaluated],
    )


def replayed(checkpoint: Checkpoint) -> pd.DataFrame:
    """The curve of a shipped training; empty if it was not recorded. Columns: step, loss, series."""
    trajectory = checkpoint.trajectory
    if trajectory is None:
        return _long()
    stored, batches = trajectory.evaluated, trajectory.losses
    steps = stored["step"].tolist()
    means = zip(batches["step"].tolist(), batches["mean"].tolist(), strict=True) if batches else ()
    return _long(
        mean=list(means),
        train=list(zip(steps, stored["train"].tolist(), strict=True)),
        dev=list(zip(steps, stored["dev"].tolist(), strict=True)),
    )


def at(frame: pd.DataFrame, series: str, step: int) -> float | None:
    """The last loss of a series that is not later than `step`."""
    points = frame[(frame["series"] == series) & (frame["step"] <= step)]
    return float(points["loss"].iloc[-1]) if len(points) else None


def _long(**series: list[tuple[float, float]]) -> pd.DataFrame:
    rows = [(step, loss, name) for name, points in series.items() for step, loss in points]
    return pd.DataFrame(rows, columns=COLUMNS)
