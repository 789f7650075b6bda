"""The study that the page is about, the same on all its steps. Knows no step."""

from functools import lru_cache
from math import log

import streamlit as st

from makemore.experiments import sweep_records
from makemore.experiments.sweep_records import SHIPPED, Sweep
from makemore.lessons.experiments.trial_settings import Setting, varied
from makemore.ui.kit import links

KEY = "study"
WORDS = {
    "tree_shape": "Shape of a tree",
    "rate_and_batch": "Learning rate and batch size",
    "rate_search": "The same two, searched",
    "ladder": "Ladder of initialisations",
}
ABOUT = {
    "tree_shape": "WaveNets with about 22,000 parameters each: context and embedding are chosen, the "
    "hidden width follows. The recipe fast, 288 steps.",
    "rate_and_batch": "The MLP with the lecture's SGD. Every training sees 640,000 examples, so a larger "
    "batch makes fewer steps. Each pair of values is tried.",
    "rate_search": "The same settings, drawn by Optuna's TPE sampler: it looks where former trials did "
    "well. A trial that does worse than the median on the way is pruned.",
    "ladder": "The MLP from each way to scale its first weights, and with batch norm. The lecture's loop "
    "cut to 20,000 steps, a tenth.",
}


def choose_study() -> Sweep:
    """The box in which it is chosen, and what it is. Raises SweepError."""
    links.bound(KEY, key=KEY, options=SHIPPED, first=SHIPPED[0], keep=True)
    chosen = st.selectbox(
        "Study", SHIPPED, format_func=WORDS.__getitem__, key=KEY, persist_state="session"
    )
    st.caption(ABOUT[chosen])
    return read_study(chosen)


def read_study(name: str) -> Sweep:
    """Read once, and again when the file is another. Raises SweepError."""
    path = sweep_records.FOLDER / f"{name}.json"
    try:
        stamp = path.stat().st_mtime_ns
    except OSError:
        stamp = 0
    return _read(name, str(path), stamp)


@lru_cache(maxsize=16)
def _read(name: str, path: str, stamp: int) -> Sweep:
    return sweep_records.read_shipped(name)


def choose_setting(
    sweep: Sweep, label: str, *, key: str, in_link: str, coarse: bool = False
) -> Setting:
    """One of the settings of the search; of each study another box. coarse: one of few values."""
    settings = [each for each in varied(sweep) if each.chosen and (each.coarse or not coarse)]
    settings.sort(key=lambda each: each.name == "model")  # last: it sets fewer trials apart
    options = [each.name.rpartition(".")[2] for each in settings]
    begin = options[0]
    box = f"{key}_{sweep.name}"
    links.bound(in_link, key=box, options=options, first=begin)
    titles = {option: each.title for option, each in zip(options, settings, strict=True)}
    chosen = st.segmented_control(
        label, options, format_func=titles.__getitem__, key=box, required=True
    )
    return settings[options.index(chosen or begin)]


def ceiling_of(sweep: Sweep) -> float:
    """What lost more is drawn at this height, so that the others can be told apart: in nats.

    Six times as far from the best as the median of the complete trials, ln 27 at most.
    """
    losses = [trial.dev for trial in sweep.complete()]
    median = losses[len(losses) // 2]
    return min(log(27), losses[0] + max(6 * (median - losses[0]), 0.3))
