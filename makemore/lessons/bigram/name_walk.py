"""A name made up draw by draw, at the learner's pace. Knows one list, no page."""

import streamlit as st

from makemore.by_hand import counted_pairs
from makemore.by_hand.counted_pairs import Draw
from makemore.charts.letters.cumulated_bar import cumulated_bar
from makemore.data.vocabulary import DOT
from makemore.diagnostics.letters import probabilities
from makemore.lessons.bigram.pair_matrix import (
    cells_of,
    draw_probabilities,
    is_large,
    place_legend,
)
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.drawn_names import FIRST_SEED, SEED
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.seed_box import seed_box

AT, PLAYING, PACE = "walk_at", "walk_playing", "pace"
TICKING = "walk_ticking"  # the pace at which the page was told to run the step
PACES = {2.0: "slow", 1.0: "steady", 0.5: "quick"}
STEADY = 1.0


def pace() -> float | None:
    """Seconds from draw to draw while the walk plays; for the frame, which runs the step so often."""
    wanted = _wanted_pace()
    st.session_state[TICKING] = wanted
    return wanted


def _wanted_pace() -> float | None:
    return float(st.session_state.get(PACE, STEADY)) if st.session_state.get(PLAYING) else None


def show_walk(about: ChosenList, name: str, stage: Stage) -> None:
    """Ask for the first row, then let the learner walk; each run while it plays is a draw."""
    with stage.controls:
        known = _ask_first_letter(about)
        if not known:
            st.caption("The matrix shows the probabilities of all rows but that of the dot.")
    if not known:
        with stage.picture:
            _draw_other_rows(about)
        return
    with stage.controls:
        walk = st.container()
        seed = _choose_seed_and_pace()
        place_legend(about, key="walk_legend")
    draws = counted_pairs.walk(counted_pairs.smoothed(about.counts, 0), seed, about.vocabulary)
    _start_over_if_changed((about.key, seed))
    _advance_or_rerun(len(draws))
    at: int = st.session_state[AT]
    with walk:
        _draw_controls(draws, at)
    with stage.picture:
        _draw_row(about, draws[at - 1] if at else None)
        _draw_matrix(about, draws[at - 1] if at else None)


def _choose_seed_and_pace() -> int:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = seed_box(SEED, FIRST_SEED, in_link=True)
        st.select_slider("Pace", PACES, STEADY, format_func=PACES.__getitem__, key=PACE, width=150)
    return seed


def _ask_first_letter(about: ChosenList) -> bool:
    """The row of the dot, asked before it is seen; True too where no single letter leads."""
    starts, letters = about.counts[0, 1:], about.vocabulary.characters
    best, *others = starts.argsort(descending=True, stable=True)[:4].tolist()
    if int((starts == starts[best]).sum()) > 1:
        return True
    answer, most = plain(letters[best]), int(starts[best])
    choices = {
        best: f"{most:,} of the {int(starts.sum()):,} names start with it, more than with any other."
    }
    for i in others:
        place = int((starts > starts[i]).sum()) + 1
        choices[i] = (
            f"{plain(letters[i])} starts {int(starts[i]):,} names, place {place}; {answer} starts "
            f"{most:,}, the most."
        )
    return ask_to_predict(
        "which letter do the most names start with?",
        {plain(letters[i]): choices[i] for i in sorted(choices)},
        answer=answer,
        key="bigram_first" if not about.own else f"first_{about.key}",
    )


def _start_over_if_changed(what: tuple[str, int]) -> None:
    if st.session_state.get("walk_of") != what:
        st.session_state.update({"walk_of": what, AT: 0, PLAYING: False})


def _advance_or_rerun(last: int) -> None:
    """One draw further if it plays; where the pace is another one, the page has to run first."""
    if st.session_state[PLAYING] and _wanted_pace() == st.session_state.get(TICKING):
        st.session_state[AT] = min(st.session_state[AT] + 1, last)
        st.session_state[PLAYING] = st.session_state[AT] < last
    if _wanted_pace() != st.session_state.get(TICKING):
        st.rerun()


def _draw_controls(draws: tuple[Draw, ...], at: int) -> None:
    """The name so far, what the last draw was, and the buttons."""
    made = "".join(draw.letter for draw in draws[:at])
    st.subheader(plain(DOT + made) + ("" if made.endswith(DOT) else " …"), anchor=False)
    last, playing = len(draws), st.session_state[PLAYING]
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.button("Draw", key="walk_step", icon=":material/skip_next:", disabled=at == last,
                  on_click=_move, args=(1, last))  # fmt: skip
        icon = ":material/pause:" if playing else ":material/play_arrow:"
        st.button("Pause" if playing else "Play", key="walk_play", icon=icon,
                  disabled=at == last and not playing, on_click=_turn)  # fmt: skip
        st.button("Back one", key="walk_back", icon=":material/skip_previous:", disabled=not at,
                  on_click=_move, args=(-1, last))  # fmt: skip
        st.button("To the start", key="walk_reset", icon=":material/replay:", disabled=not at,
                  on_click=_move, args=(-at, last))  # fmt: skip
        st.caption(f"Draw {at} of {last}")
    st.markdown(_tell_draw(draws[at - 1] if at else None))


def _turn() -> None:
    st.session_state[PLAYING] = not st.session_state[PLAYING]


def _move(by: int, last: int) -> None:
    st.session_state[AT] = min(max(st.session_state[AT] + by, 0), last)
    st.session_state[PLAYING] = False


def _tell_draw(draw: Draw | None) -> str:
    if draw is None:
        return "The walk stands at the dot, the start of every name. The frame shows its row."
    ends = " The dot ends the name." if draw.letter == DOT else ""
    return (
        f"In the row {plain(draw.given)} the random number {draw.point:.4f} falls between "
        f"{draw.low:.4f} and {draw.high:.4f}: **{plain(draw.letter)}**.{ends}"
    )


def _draw_row(about: ChosenList, draw: Draw | None) -> None:
    """The probabilities of the row laid end to end, and the number that fell on them."""
    given, point = (draw.given, draw.point) if draw else (DOT, None)
    row = counted_pairs.smoothed(about.counts, 0)[about.vocabulary.letters.index(given)]
    segments = probabilities.cumulated(row, about.vocabulary)
    place_chart(cumulated_bar(segments, given=f"after {given}", point=point), key="walk_bar")


def _draw_matrix(about: ChosenList, draw: Draw | None) -> None:
    """The matrix, framed the row that the walk stands in, outlined the cell that it came by."""
    lit, marked = (draw.given, [draw.given + draw.letter]) if draw else (DOT, [])
    chart = draw_probabilities(about, cells_of(about), lit=lit, marked=marked)
    place_chart(chart, key="walk_matrix", fill="most")


def _draw_other_rows(about: ChosenList) -> None:
    """The matrix without the row that is asked about."""
    cells, hidden = cells_of(about), cells_of(about)["first"] == DOT
    if is_large(about):  # one picture of all rows: this one is left blank in it
        shown = cells.assign(**{c: cells[c].mask(hidden, 0) for c in ("count", "probability")})
    else:
        shown = cells[~hidden]
    place_chart(draw_probabilities(about, shown), key="walk_rows", fill="whole")
