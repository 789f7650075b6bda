"""The trials of a sweep as frames: losses by seed, places on axes, curves, costs. Draws nothing."""

from collections.abc import Iterator

import pandas as pd

from makemore.experiments.sweep_records import Sweep
from makemore.lessons.experiments.trial_settings import (
    Setting,
    label_of,
    spread_of,
    value_of,
    varied,
    write_value,
)


def trial_table(sweep: Sweep) -> pd.DataFrame:
    """A row a trial, the best first, those that came to no end last, the furthest of them first."""
    settings = varied(sweep)
    rest = [trial for trial in sweep.trials if trial.state != "complete"]
    rows = []
    for trial in [*sweep.complete(), *sorted(rest, key=lambda each: each.dev)]:
        whole = trial.state == "complete"
        about = {each.title: write_value(value_of(trial, each.name)) for each in settings}
        rows.append(
            {
                "trial": trial.number,
                **about,
                "dev loss": trial.dev if whole else None,
                "± over seeds": spread_of(trial) if whole else None,
                "parameters": trial.parameters,
                "seconds": trial.seconds,
                "ended": trial.state,
            }
        )
    return pd.DataFrame(rows)


def dots(sweep: Sweep, x: Setting, group: Setting | None) -> pd.DataFrame:
    """A row a training that was not given up at once.

    Columns: trial, seed, x, place (its order), group, dev, mean (over seeds), state, label.
    """
    settings = varied(sweep)
    rows = []
    for trial in sweep.trials:
        at = value_of(trial, x.name)
        told = write_value(value_of(trial, group.name)) if group else ""
        about = (trial.number, at if x.numeric else write_value(at), x.values.index(at), told)
        ended = "complete" if trial.state == "complete" else "given up"
        text = label_of(trial, settings)
        rows += [(*about, str(run.seed), run.dev, trial.dev, ended, text) for run in trial.runs]
    columns = ["trial", "x", "place", "group", "seed", "dev", "mean", "state", "label"]
    return pd.DataFrame(rows, columns=columns)


def parallel_lines(sweep: Sweep, marked: set[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every complete trial on each axis, and the values that stand at the axes.

    Columns: trial, label, axis, order, place (0 to 1), text, dev, marked; and axis, order, place, text.
    """
    settings, whole = varied(sweep), sweep.complete()
    losses = Setting("dev", "dev loss", (whole[0].dev, whole[-1].dev), chosen=False)
    lines = []
    for trial in whole:
        label = label_of(trial, settings)
        values = [(each, value_of(trial, each.name)) for each in settings] + [(losses, trial.dev)]
        for order, (axis, value) in enumerate(values):
            place, text = axis.place(value), write_value(value)
            said = f"{value:.4f}" if axis is losses else text
            row = (trial.number, label, axis.title, order, place, said, trial.dev)
            lines.append((*row, trial.number in marked))
    columns = ["trial", "label", "axis", "order", "place", "text", "dev", "marked"]
    ticks = [tick for order, axis in enumerate([*settings, losses]) for tick in _ticks(axis, order)]
    return (
        pd.DataFrame(lines, columns=columns),
        pd.DataFrame(ticks, columns=["axis", "order", "place", "text"]),
    )


MOST_TICKS = 8


def _ticks(axis: Setting, order: int) -> Iterator[tuple[str, int, float, str]]:
    values = axis.values
    if len(values) > MOST_TICKS:
        values = (values[0], values[-1])
    for value in values:
        text = f"{value:.3f}" if axis.name == "dev" else write_value(value)
        yield axis.title, order, axis.place(value), text


def curves(sweep: Sweep, group: Setting, marked: set[int]) -> pd.DataFrame:
    """The dev loss on the way, the mean over the seeds that got as far.

    Columns: trial, label, group, share (of the steps), step, dev, marked, last (whether it ends there
    before its time).
    """
    settings = varied(sweep)
    rows = []
    for trial in sweep.trials:
        steps = trial.recipe.get("steps", 0)
        length = min((len(run.curve) for run in trial.runs), default=0)
        for i in range(length):
            step = trial.runs[0].curve[i][0]
            dev = sum(run.curve[i][1] for run in trial.runs) / len(trial.runs)
            given_up = i == length - 1 and step < steps
            group_text = write_value(value_of(trial, group.name))
            about = (trial.number, label_of(trial, settings), group_text)
            rows.append((*about, step / steps, int(step), dev, trial.number in marked, given_up))
    columns = ["trial", "label", "group", "share", "step", "dev", "marked", "last"]
    return pd.DataFrame(rows, columns=columns)


def costs(sweep: Sweep, against: str) -> pd.DataFrame:
    """A row a complete trial. Columns: trial, label, cost (parameters or seconds), loss."""
    settings = varied(sweep)
    rows = [
        (t.number, label_of(t, settings), float(getattr(t, against)), t.dev)
        for t in sweep.complete()
    ]
    return pd.DataFrame(rows, columns=["trial", "label", "cost", "loss"])


def importance(sweep: Sweep) -> pd.DataFrame:
    """What the study says of its settings, the most important first. Columns: setting, share."""
    titles = {each.name: each.title for each in varied(sweep)}
    rows = [(titles.get(name, name), share) for name, share in sweep.importance.items()]
    frame = pd.DataFrame(rows, columns=["setting", "share"])
    return frame.sort_values("share", ascending=False, ignore_index=True)
