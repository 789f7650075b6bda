"""Where a training stands, in words and figures. Knows no chart and no remedy."""

import streamlit as st

from makemore.charts.base.duration import duration
from makemore.jobs import JobState
from makemore.ui.kit.safe_text import plain
from makemore.ui.training_panel import loss_curves

WORDS = {
    "queued": "Waiting",
    "running": "Running",
    "paused": "Paused",
    "finished": "Finished",
    "stopped": "Stopped",
    "failed": "Failed",
    "diverged": "Diverged",
}
LONGEST, NAMES = 10, 8  # an untrained model makes up long ones


def show_progress(state: JobState | None, steps: int, shown: str = "") -> None:
    """The bar with one line over it; it is there before anything runs, so that nothing moves.

    shown: what training is seen until then, where that is not the shipped one.
    """
    if state is None:
        seen = f"; shown is {plain(shown)}" if shown else ""
        st.progress(0.0, f"**Not started:** {steps:,} steps{seen}")
        return
    done = min(state.step / max(state.steps, 1), 1.0)
    st.progress(done, f"**{WORDS[state.status]}:** {_where(state)}")


def _where(state: JobState) -> str:
    if state.status == "queued":
        return f"place {state.place} in the queue"
    text = f"step {state.step:,} of {state.steps:,}"
    left = state.steps - state.step
    if state.status == "running" and left and state.steps_per_second:
        text += f", {duration(left / state.steps_per_second)} left"
    return text


def show_figures(losses: loss_curves.Curve, step: int, rate: float, *, key: str) -> None:
    """The numbers at the moment that is looked at, in one row; `rate` is in steps a second."""
    mean, dev = loss_curves.loss_at(losses, "mean", step), loss_curves.loss_at(losses, "dev", step)
    shown = {
        "Step": f"{step:,}",
        "Mean loss": write_loss(mean),
        "Dev loss": write_loss(dev),
        "Steps / s": f"{rate:,.0f}" if rate else "–",
    }
    with st.container(key=f"{key}_figures"):
        for label, value in shown.items():
            st.metric(label, value)


def write_loss(loss: float | None) -> str:
    """Nats with as many digits as mean anything and fit: 2.152; 1,420.1 and 98,765 of a run that exploded."""
    if loss is None:
        return "–"
    if loss >= 1e6:
        return f"{loss:.1e}"
    digits = 3 if loss < 100 else 1 if loss < 10_000 else 0
    return f"{loss:,.{digits}f}"


def show_names(state: JobState | None, step: int) -> None:
    """What the model made up at the moment that is looked at, in a place of its own."""
    drawn = [s for s in state.sampled if s.step <= step] if state else []
    text = "Names that the model makes up appear here while it trains."
    if drawn:
        made = ", ".join(plain(_short(name)) for name in drawn[-1].names[:NAMES] if name)
        text = f"After step {drawn[-1].step:,} it makes up: {made}"
    elif state and state.sampled:
        text = f"The names of step {step:,} are no longer kept."
    st.caption(text)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else name[:LONGEST] + "…"
