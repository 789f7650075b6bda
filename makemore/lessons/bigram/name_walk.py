"""A name made up draw by draw, at the learner's pace. Knows one list, no page."""

import streamlit as st

from makemore.by_hand import counted_pairs
from makemore.by_hand.counted_pairs import Draw
from makemore.charts.letters.count_heatmap import MOST_LETTERS_WITH_TEXT, count_heatmap
from makemore.charts.letters.count_shades import shade_legend
from makemore.charts.letters.cumulated_bar import cumulated_bar
from makemore.data.vocabulary import DOT
from makemore.diagnostics.letters import probabilities
from makemore.lessons.bigram.count_matrix import cells_of
from makemore.ui.kit.drawn_names import FIRST_SEED, SEED
from makemore.ui.kit.own_list import Subject
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.seed_box import seed_box

AT, PLAYING = "walk_at", "walk_playing"
PACES = {2.0: "slow", 1.0: "steady", 0.5: "quick"}


def show_walk(about: Subject, name: str) -> None:
    """Ask for the first row, then let the learner walk."""
    if not _ask_first_letter(about):
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = seed_box(SEED, FIRST_SEED, in_link=True)
        pace = st.select_slider(
            "Pace", PACES, 1.0, format_func=PACES.__getitem__, key="pace", width=160
        )
    draws = counted_pairs.walk(counted_pairs.smoothed(about.counts, 0), seed, about.vocabulary)
    _start_over_if_changed((about.key, seed))
    playing = bool(st.session_state.get(PLAYING))
    st.fragment(_stage, run_every=pace if playing else None)(about, draws)


def _ask_first_letter(about: Subject) -> bool:
    """The row of the dot, asked before it is seen."""
    row = about.counts[0]
    best = row[1:].argsort(descending=True)[:4].tolist()
    letters = about.vocabulary.characters
    choices = {
        plain(letters[i]): (
            f"{int(row[i + 1]):,} of the {int(row.sum()):,} names start with it"
            + (", more than with any other." if i == best[0] else f"; that is place {rank}.")
        )
        for i, rank in sorted((i, rank) for rank, i in enumerate(best, 1))
    }
    return ask_to_predict(
        "which letter do most names start with?",
        choices,
        answer=plain(letters[best[0]]),
        key="bigram_first" if not about.own else f"first_{about.key}",
    )


def _start_over_if_changed(what: tuple[str, int]) -> None:
    if st.session_state.get("walk_of") != what:
        st.session_state.update({"walk_of": what, AT: 0, PLAYING: False})


def _stage(about: Subject, draws: tuple[Draw, ...]) -> None:
    """The controls, the name so far, the bar and the matrix; ticks while it plays."""
    if st.session_state[PLAYING]:
        _advance(len(draws))
    at: int = st.session_state[AT]
    _draw_controls(at, len(draws))
    made = "".join(draw.letter for draw in draws[:at])
    current = draws[at - 1] if at else None
    given = current.given if current else DOT
    st.markdown(f"### {plain(DOT + made)}{'' if made.endswith(DOT) else ' …'}")
    st.markdown(_tell_draw(current))
    row = about.vocabulary.letters.index(given)
    table = counted_pairs.smoothed(about.counts, 0)
    segments = probabilities.cumulated(table[row], about.vocabulary)
    point = current.point if current else None
    place_chart(cumulated_bar(segments, given=f"after {given}", point=point), key="walk_bar")
    if len(about.vocabulary) <= MOST_LETTERS_WITH_TEXT:
        place_chart(shade_legend(1.0, show="probability"), key="walk_legend")
        marked = [current.given + current.letter] if current else []
        chart = count_heatmap(
            cells_of(about), show="probability", lit=given, marked=marked, compact=True
        )
        place_chart(chart, key="walk_matrix")


def _advance(last: int) -> None:
    """One draw further; the last one ends the playing by a run of the whole page."""
    if st.session_state[AT] < last:
        st.session_state[AT] += 1
    if st.session_state[AT] >= last:
        st.session_state[PLAYING] = False
        st.rerun()


def _tell_draw(draw: Draw | None) -> str:
    if draw is None:
        return "The walk stands at the dot, the start of every name. The frame shows its row."
    ends = " The dot ends the name." if draw.letter == DOT else ""
    return (
        f"In the row {plain(draw.given)} the random number {draw.point:.4f} falls between "
        f"{draw.low:.4f} and {draw.high:.4f}: **{plain(draw.letter)}**.{ends}"
    )


def _draw_controls(at: int, last: int) -> None:
    playing = st.session_state[PLAYING]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Back one", key="walk_back", icon=":material/skip_previous:", disabled=not at,
                  on_click=_move, args=(-1, last))  # fmt: skip
        st.button("Draw", key="walk_step", icon=":material/skip_next:", disabled=at == last,
                  on_click=_move, args=(1, last))  # fmt: skip
        icon = ":material/pause:" if playing else ":material/play_arrow:"
        # A press changes how often the stage ticks, which only a run of the whole page can do.
        if st.button("Pause" if playing else "Play", key="walk_play", icon=icon,
                     disabled=at == last and not playing):  # fmt: skip
            st.session_state[PLAYING] = not playing
            st.rerun()
        st.button("To the start", key="walk_reset", icon=":material/replay:", disabled=not at,
                  on_click=_move, args=(-at, last))  # fmt: skip
        st.caption(f"Draw {at} of {last}")


def _move(by: int, last: int) -> None:
    st.session_state[AT] = min(max(st.session_state[AT] + by, 0), last)
    st.session_state[PLAYING] = False
