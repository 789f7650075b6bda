"""The net's descent, step by step in the learner's hand. Knows one list, no page.

On weighted rows a step takes less than a tenth of a millisecond, so it needs no thread: whatever
is asked for is done within the run of the page.
"""

from dataclasses import dataclass, field
from itertools import pairwise

import streamlit as st
from torch import Tensor

from makemore.by_hand import bigram_descent, counted_pairs
from makemore.charts.letters.letter_bars import compared_letters
from makemore.charts.losses.descent_curves import descent_curve, gap_curve
from makemore.diagnostics.letters import bigram_net, pairs
from makemore.lessons.bigram_nn.letter_box import choose_letter
from makemore.training.trainer import log_spaced
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.moment_slider import choose_moment
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart

STEPS, AT_ONCE, TICK = 200, 5, 0.5
RATES = {"5": "5", "50": "50", "500": "500"}
KEPT = log_spaced(STEPS, 40)
RUN, PLAYING, PACE = "descent_run", "descent_playing", "descent_pace"

RATE_HELP = (
    "Gradient descent moves every parameter against its gradient, the slope of the loss. The learning "
    "rate says how far: the move is the rate times the slope. 50 is the course's; 5 is careful, 500 bold."
)
LOSS_HELP = (
    "Mean negative log-likelihood a character in nats, also called cross-entropy. The uniform baseline, "
    "which gives every letter the same probability, has ln of their number."
)
GAP_HELP = "Between a learned and a counted probability, in the pair where it is largest."


@dataclass
class Run:
    """A descent so far: `losses` before each step and now, `tables` at some of the steps."""

    of: tuple[str, str]  # the list and the learning rate
    W: Tensor
    losses: list[float]
    tables: dict[int, Tensor] = field(default_factory=dict)

    @property
    def step(self) -> int:
        return len(self.losses) - 1

    def go_on(self, counts: Tensor, steps: int) -> None:
        """Take so many steps, but none after the last one."""
        for _ in range(min(steps, STEPS - self.step)):
            self.W = bigram_descent.descend(self.W, counts, rate=float(self.of[1]), steps=1)
            self.losses.append(bigram_descent.loss(self.W, counts))
            if self.step in KEPT:
                self.tables[self.step] = self.W


@dataclass(frozen=True)
class View:
    """What is looked at: a step of the descent and a row of W."""

    step: int
    letter: str


def start_descent(about: ChosenList, rate: str) -> Run:
    """The start, identical each time: the lecture's seed."""
    W = bigram_descent.start(len(about.vocabulary), bigram_descent.LECTURE_SEED)
    losses = [bigram_descent.loss(W, about.counts)]
    return Run(of=(about.key, rate), W=W, losses=losses, tables={0: W})


def descent_pace() -> float | None:
    """Seconds between two runs of the step by itself, while the descent plays."""
    st.session_state[PACE] = _wanted_pace()
    return _wanted_pace()


def _wanted_pace() -> float | None:
    return TICK if st.session_state.get(PLAYING) else None


def show_descent(about: ChosenList, name: str, stage: Stage) -> None:
    """Controls and pictures of the descent; runs at the pace that `descent_pace` names."""
    with stage.controls, st.container(horizontal=True, vertical_alignment="bottom"):
        rate = choose(
            "Learning rate", RATES, key="descent_rate", first="50", help=RATE_HELP, in_link="rate"
        )
        letter = choose_letter(about, name)
    run: Run | None = st.session_state.get(RUN)
    if run is None or run.of != (about.key, rate):
        run = start_descent(about, rate)
        st.session_state.update({RUN: run, PLAYING: False})
    _play_on(about, run)
    with stage.controls:
        _draw_controls(about, run)
        _warn_of_overshoot(run)
        moments = {**run.tables, run.step: run.W}
        shown = choose_moment(
            sorted(moments) if run.step else (0, STEPS),
            key=f"descent_moment_{run.of[1]}_{run.step}",  # a new step is what is looked at
            waiting=not run.step,
            following=bool(st.session_state[PLAYING]),
            in_link=False,  # whoever opens a link has not run it yet
        )
    _draw_views(about, run, moments, View(shown, letter), stage)


def _play_on(about: ChosenList, run: Run) -> None:
    """A few steps if it plays. The pace of the step changes only with a run of the whole page."""
    if st.session_state.get(PACE) != _wanted_pace():
        st.rerun()
    if st.session_state[PLAYING]:
        run.go_on(about.counts, AT_ONCE)
        if run.step >= STEPS:
            st.session_state[PLAYING] = False
            st.rerun()


def _draw_controls(about: ChosenList, run: Run) -> None:
    playing, over = st.session_state[PLAYING], run.step >= STEPS
    with st.container(horizontal=True, vertical_alignment="center"):
        icon = ":material/pause:" if playing else ":material/play_arrow:"
        word = "Pause" if playing else "Train" if not run.step else "Go on"
        st.button(word, key="descent_play", icon=icon, disabled=over, on_click=_toggle)
        st.button("One step", key="descent_step", icon=":material/skip_next:", disabled=over,
                  on_click=_take_steps, args=(run, about.counts, 1))  # fmt: skip
        st.button(f"To step {STEPS}", key="descent_end", icon=":material/fast_forward:",
                  disabled=over, on_click=_take_steps, args=(run, about.counts, STEPS))  # fmt: skip
        st.button("To the start", key="descent_reset", icon=":material/replay:",
                  disabled=not run.step, on_click=_reset)  # fmt: skip
        st.caption(f"Step {run.step} of {STEPS}")


def _toggle() -> None:
    st.session_state[PLAYING] = not st.session_state[PLAYING]


def _take_steps(run: Run, counts: Tensor, steps: int) -> None:
    st.session_state[PLAYING] = False
    run.go_on(counts, steps)


def _reset() -> None:
    st.session_state.update({RUN: None, PLAYING: False})


def _draw_views(
    about: ChosenList, run: Run, moments: dict[int, Tensor], view: View, stage: Stage
) -> None:
    counted = counted_pairs.smoothed(about.counts, 0)
    best = bigram_descent.nll(counted.log(), about.counts)
    gaps = bigram_net.distances([moments[s] for s in sorted(moments)], sorted(moments), counted)
    row = about.vocabulary.letters.index(view.letter)
    both = pairs.compared(counted[row], moments[view.step][row].softmax(dim=0), about.vocabulary)
    with stage.controls, st.container(horizontal=True, gap="medium"):
        loss = f"{run.losses[view.step]:.4f}"
        st.metric(f"Loss at step {view.step}", loss, width="content", help=LOSS_HELP)
        st.metric("Loss of counting", f"{best:.4f}", width="content")
    with stage.picture:
        chart = descent_curve(
            bigram_net.curve(run.losses), letters=len(about.vocabulary), steps=STEPS,
            shown=view.step, counted=best,
        )  # fmt: skip
        place_chart(chart, key="descent_curve", fill="half")
        chart = compared_letters(both, given=f"after {view.letter}")
        place_chart(chart, key="descent_rows", fill="half")
    with stage.below:
        largest = float(gaps.loc[gaps["step"] == view.step, "largest"].iloc[0])
        st.metric("Largest difference", f"{largest:.2%}", help=GAP_HELP)
        place_chart(gap_curve(gaps, shown=view.step, steps=STEPS), key="descent_gaps")


def _warn_of_overshoot(run: Run) -> None:
    """A loss that rises at every other step has a cause and a cure."""
    rises = sum(b > a + 1e-3 for a, b in pairwise(run.losses))
    if rises < 3:
        return
    st.warning(
        f"At learning rate {run.of[1]} the loss rose at {rises} of {run.step} steps: each update "
        "overshoots the lowest point and lands higher on the other side.",
        icon=":material/warning:",
    )
    st.button("Start again with learning rate 50", key="descent_repair", on_click=_repair)


def _repair() -> None:
    st.session_state["descent_rate"] = "50"
    _reset()
