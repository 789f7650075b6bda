"""A sweep of learning rates, the valley in it, and what dividing the rate by 10 buys. Knows no job."""

import pandas as pd
import streamlit as st
from torch import Generator

from makemore.charts.losses.contrast_curve import contrast_curve
from makemore.charts.losses.rate_sweep import rate_sweep
from makemore.checkpoints.shipped import SHIPPED
from makemore.diagnostics.losses.rate_valley import NEAR, SMOOTHED, Valley, find_valley, sweep_frame
from makemore.lessons.mlp_training.rates import FIRST, KEY, RATES, bind_rate, write_rate
from makemore.lessons.mlp_training.records import recorded
from makemore.models import build
from makemore.training.rate_sweep import HIGHEST, LOWEST, STEPS, Sweep, sweep
from makemore.training.recipes import recipe_for
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.stage import Stage

NET = "mlp_2d"  # the one that the next step trains
SWEEPS = range(1, 10)
TOP = 4.0  # nats: above the uniform baseline there is nothing to choose between
PANELS = ("never decayed", "÷ 10 at step 100,000")
TRAINS = 3  # the step that trains


def show_rate_finder(about: ChosenList, name: str, stage: Stage) -> None:
    """The sweep with the rate that the learner has picked, and the two recorded trainings."""
    with stage.controls:
        number = _choose_sweep()
        found = swept(about, number)
        valley = find_valley(found.rates, found.losses)
        rate = _pick_rate()
        _tell_rate(rate, valley)
    with stage.picture:
        chart = rate_sweep(
            sweep_frame(found.rates, found.losses),
            low=valley.low,
            high=valley.high,
            suggested=valley.suggested,
            chosen=rate,
            top=TOP,
        )
        place_chart(chart, key="finder_sweep", fill="whole" if about.own else "half")
        if not about.own:
            decayed = contrast_curve(decay_curves(), letters=len(about.vocabulary), panels=PANELS)
            place_chart(decayed, key="finder_decay", fill="half")
    with stage.controls:
        _tell_rules(about)


def swept(about: ChosenList, number: int) -> Sweep:
    """The sweep of this number, trained when it is first asked for: half a second at most."""
    return about.kept(("rate sweep", number), lambda: _sweep(about, number))


def _sweep(about: ChosenList, number: int) -> Sweep:
    made = SHIPPED[NET]
    generator = Generator().manual_seed(made.seed + number - 1)
    net = build(made.model, len(about.vocabulary), generator, dict(made.settings))
    examples = about.dataset.examples("train", net.block_size)
    return sweep(net, examples, recipe_for("lecture", made.model), generator)


def decay_curves() -> pd.DataFrame:
    """The dev loss of both recorded runs. Columns: panel, step, loss."""
    frames = []
    for panel, descent in zip(PANELS, ("never decayed", "lecture"), strict=True):
        record = recorded("lecture" if descent == "lecture" else "never decayed")
        columns = {"step": record.steps.tolist(), "loss": record.dev.tolist()}
        frames.append(pd.DataFrame({"panel": panel, **columns}).iloc[1:])
    return pd.concat(frames, ignore_index=True)


def decay_gain() -> tuple[float, float]:
    """The dev losses at the end, never decayed and decayed, in nats."""
    return float(recorded("never decayed").dev[-1]), float(recorded("lecture").dev[-1])


def verdict(rate: float, valley: Valley) -> str:
    """What to expect of a rate, by where it lies."""
    if rate < valley.low:
        return (
            "**Left of the valley**: every step is in the right direction and too short, so the loss falls "
            "slowly."
        )
    if rate <= valley.high:
        return (
            "**In the valley**: about as long a step as the batches' noise and the curvature allow."
        )
    if rate <= HIGHEST:
        return (
            "**Right of the valley**: the loss of the sweep rises here, as steps overshoot and land higher up "
            "on the other slope."
        )
    return (
        "**Beyond the sweep**: a step is far longer than the slope it follows, the weights grow until the "
        "tanh is flat, and the loss ends above that of guessing; at 1000 it is soon no number."
    )


def _choose_sweep() -> int:
    links.bound("sweep", key="finder_number", options=SWEEPS, first=1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.number_input(
            "Sweep",
            SWEEPS[0],
            SWEEPS[-1],
            key="finder_number",
            width=120,
            help=f"Each is a training of its own from another seed: {STEPS:,} steps on batches of 32.",
        )
        st.button("Sweep again", key="finder_again", icon=":material/replay:", on_click=_go_on)
    return int(number)


def _go_on() -> None:
    st.session_state["finder_number"] = st.session_state["finder_number"] % SWEEPS[-1] + 1


def _pick_rate() -> float:
    bind_rate(trains=False)
    rate: float = st.select_slider(
        "Your learning rate",
        RATES,
        format_func=write_rate,
        key=KEY,
        persist_state="session",
        help="The next step trains with it.",
    )
    return rate


def _tell_rate(rate: float, valley: Valley) -> None:
    st.markdown(
        f"Valley: **{valley.low:.2g}** to **{valley.high:.2g}**; suggested **{valley.suggested:g}**."
    )
    st.markdown(f"{write_rate(rate)}: {verdict(rate, valley)}")
    st.button(
        f"Train with {write_rate(rate)}",
        key="finder_train",
        type="primary",
        icon=":material/arrow_forward:",
        on_click=_turn_to_training,
    )


def _turn_to_training() -> None:
    """To the step that trains, by a whole run: this step's own would draw its body again and no more."""
    links.go_to(TRAINS)
    st.rerun()


def _tell_rules(about: ChosenList) -> None:
    st.caption(
        f"The rate rises from {LOWEST:g} to {HIGHEST:g} over {STEPS:,} steps. Valley: where the mean of "
        f"{SMOOTHED} batches is within {NEAR:g} nats of its lowest; suggested is its middle on this axis, to "
        f"one digit. The lecture takes {FIRST:g}."
    )
    if not about.own:
        never, decayed = decay_gain()
        st.caption(
            "Below: the lecture's loop twice, same net (ten dimensions), seed and batches, at rate "
            f"{FIRST:g}; one divides it by 10 halfway. At the end its dev loss is {decayed:.3f}, the other's "
            f"{never:.3f}: {never - decayed:.3f} nats, as short steps settle where long ones go on jumping."
        )
