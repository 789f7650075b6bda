"""What varies over the trials of a sweep, and each trial in a few words. Draws nothing and trains nothing."""

from dataclasses import dataclass
from math import log
from statistics import stdev
from typing import Any

from makemore.experiments.sweep_records import Sweep, TrialRecord

TITLES = {
    "model": "model",
    "config.block_size": "letters of context",
    "config.embedding": "embedding dimensions",
    "config.hidden": "hidden width",
    "config.logits_init": "start of the logits",
    "config.hidden_init": "start of the hidden layer",
    "training.learning_rate": "learning rate",
    "training.batch_size": "batch size",
    "training.steps": "steps",
    "equal.parameters": "parameters asked for",
}
SHORT = {  # beside a value
    "config.block_size": "context",
    "config.embedding": "embedding",
    "config.hidden": "hidden",
    "config.logits_init": "logits",
    "config.hidden_init": "hidden layer",
    "training.learning_rate": "rate",
    "training.batch_size": "batch",
}
FOLLOWS = ("training.steps",)  # may follow from others, beside the settings of the model
NONE = "–"  # of a setting that a model does not have
WIDE = 4  # from this ratio of largest to smallest on an axis is logarithmic
MOST_COLOURS = 8
BEST = 0.25  # the share of the trials that are called the best


@dataclass(frozen=True)
class Setting:
    """What varies over a sweep: its values, smallest first, texts in the order of the trials.

    chosen: by the search; else it follows from what was chosen.
    """

    name: str
    title: str
    values: tuple[Any, ...]
    chosen: bool

    @property
    def numeric(self) -> bool:
        return all(isinstance(each, int | float) for each in self.values)

    @property
    def logarithmic(self) -> bool:
        return self.numeric and 0 < WIDE * self.values[0] <= self.values[-1]

    @property
    def coarse(self) -> bool:
        """Whether its values are so few that colours can tell them apart."""
        return len(self.values) <= MOST_COLOURS

    def place(self, value: Any) -> float:
        """Where a value lies between the first, 0, and the last, 1."""
        if not self.numeric:
            return self.values.index(value) / max(len(self.values) - 1, 1)
        low, high, at = (float(each) for each in (self.values[0], self.values[-1], value))
        if self.logarithmic:
            low, high, at = log(low), log(high), log(at)
        return (at - low) / (high - low)


def varied(sweep: Sweep) -> list[Setting]:
    """The settings that were chosen, and then those of the nets that follow from them."""
    chosen = dict.fromkeys(name for trial in sweep.trials for name in trial.chosen)
    known = dict.fromkeys(f"config.{key}" for trial in sweep.trials for key in trial.config)
    one_model = len({trial.model for trial in sweep.trials}) == 1
    following = [*known, *FOLLOWS] if one_model else []
    found = []
    for name in dict.fromkeys([*chosen, *following]):
        values = _distinct([value_of(trial, name) for trial in sweep.trials])
        if len(values) > 1:
            title = TITLES.get(name, name.partition(".")[2].replace("_", " "))
            found.append(Setting(name, title, values, name in chosen))
    return found


def short_titles(sweep: Sweep) -> dict[str, str]:
    """What a phone has room for, by title."""
    return {each.title: SHORT.get(each.name, each.title) for each in varied(sweep)}


def _distinct(values: list[Any]) -> tuple[Any, ...]:
    once = tuple(dict.fromkeys(values))
    return tuple(sorted(once)) if all(isinstance(v, int | float) for v in once) else once


def value_of(trial: TrialRecord, name: str) -> Any:
    """What a trial has of a setting, chosen or not; NONE if its model has no such setting."""
    if name == "model":
        return trial.model
    if name in trial.chosen:
        return trial.chosen[name]
    table, _, key = name.partition(".")
    return (trial.config if table == "config" else trial.recipe).get(key, NONE)


def write_value(value: Any) -> str:
    """Short enough for a chart."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value).replace("_", " ")
    return f"{value:,}" if isinstance(value, int) else f"{value:.3g}"


def label_of(trial: TrialRecord, settings: list[Setting]) -> str:
    """A trial by what was chosen for it."""
    chosen = [(each, value_of(trial, each.name)) for each in settings if each.chosen]
    return ", ".join(
        f"{SHORT.get(each.name, '' if each.name == 'model' else each.title)} {write_value(value)}".strip()
        for each, value in chosen
        if value != NONE
    )


def spread_of(trial: TrialRecord) -> float:
    """The standard deviation of its dev loss over seeds; 0 of a single one."""
    return stdev(run.dev for run in trial.runs) if len(trial.runs) > 1 else 0.0


def best_numbers(sweep: Sweep, share: float = BEST) -> set[int]:
    """The trials with the lowest mean dev loss, at least one."""
    whole = sweep.complete()
    return {trial.number for trial in whole[: max(1, round(share * len(whole)))]}
