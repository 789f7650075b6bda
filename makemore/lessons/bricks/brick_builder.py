"""A net put together brick by brick: presets, changes, shapes, code. Knows bricks, not how to train them."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from makemore.charts.layers.brick_silhouette import silhouette
from makemore.models import brick_stack as bricks
from makemore.models.brick_kinds import KINDS, Brick, Laid, StackError, kind_of
from makemore.ui.kit.choose import choose
from makemore.ui.kit.place_chart import place_chart as drawn
from makemore.ui.sources import loaded

BLOCK = 8
STACK, CHOSEN, FROM = "bricks_stack", "bricks_chosen", "bricks_from"
PRESETS = {
    "tree": "Tree",
    "flat": "Flat",
    "deep": "Too deep",
    "order": "Wrong order",
}


def preset_bricks(name: str) -> tuple[Brick, ...]:
    """The bricks of a preset, for the letters that are here."""
    letters = len(loaded.dataset().vocabulary)
    level = "FlattenConsecutive 2, Linear 68, BatchNorm1d, Tanh"
    texts = {
        "tree": bricks.tree(letters),
        "flat": f"Embedding 10, FlattenConsecutive 8, Linear 200, BatchNorm1d, Tanh, Linear {letters}",
        "deep": f"Embedding 10, {', '.join([level] * 4)}, Linear {letters}",
        "order": f"Embedding 10, Linear 68, Tanh, {level}, Linear {letters}",
    }
    return bricks.parse(texts[name])


def chosen_bricks() -> tuple[Brick, ...]:
    """The bricks that the learner has put together; at first the tree."""
    found: tuple[Brick, ...] = st.session_state.setdefault(STACK, preset_bricks("tree"))
    return found


def lay_chosen_bricks() -> list[Laid]:
    """The bricks in their places. Raises StackError."""
    return bricks.laid(chosen_bricks(), BLOCK, len(loaded.dataset().vocabulary))


def show_builder() -> None:
    """Presets, the controls of one brick, and what the whole stack makes of 8 letters."""
    start = choose("Start from", PRESETS, key=FROM)
    if st.session_state.get(f"{FROM}_seen", "tree") != start:
        st.session_state[f"{FROM}_seen"] = start
        _put_stack(preset_bricks(start), 1)
    found, trouble = _lay_as_far_as_fits()
    _draw_silhouette(found)
    left, right = st.columns([2, 3], gap="large")
    with left:
        _draw_controls(chosen_bricks())
    with right:
        _draw_table(found, trouble)
    if trouble is not None:
        st.warning(f"Brick {trouble.place}: {trouble.why}.", icon=":material/warning:")
    elif found:
        st.metric("Weights", f"{sum(each.weights for each in found):,}")
        st.code(bricks.code(found), language="python")


def _put_stack(new: tuple[Brick, ...], chosen: int) -> None:
    """Another stack, with this brick (from 1) in hand."""
    st.session_state[STACK] = new
    st.session_state[CHOSEN] = max(1, min(chosen, len(new)))


def _draw_controls(now: tuple[Brick, ...]) -> None:
    """What can be done with one brick; everything by keyboard too."""
    if now:
        st.selectbox(
            "Brick in hand",
            range(1, len(now) + 1),
            format_func=lambda place: f"{place}  {now[place - 1]}",
            key=CHOSEN,
        )
    at = int(st.session_state.get(CHOSEN) or 1) if now else 0
    if now:
        _draw_size_box(now, at)
    with st.container(horizontal=True, gap="small"):
        _button("Take out", "delete", now, _without(now, at), at if at < len(now) else at - 1)
        _button("Up", "arrow_upward", now, _swapped(now, at, -1), at - 1)
        _button("Down", "arrow_downward", now, _swapped(now, at, 1), at + 1)
    kinds = list(KINDS)
    kind = st.selectbox("New brick", kinds, index=kinds.index("Tanh"), key="bricks_new")
    fresh = Brick(kind, KINDS[kind].fresh)
    added = (*now[:at], fresh, *now[at:]) if len(now) < bricks.MOST_BRICKS else now
    _button("Put in after it", "add", now, added, at + 1)


def _draw_size_box(now: tuple[Brick, ...], at: int) -> None:
    """The number of the brick in hand, where its kind takes one."""
    brick = now[at - 1]
    kind = kind_of(brick, at)
    if kind.sizes is None:
        return
    low, high = kind.sizes
    key = f"bricks_size_{at}_{brick}"  # another brick is another box

    def take() -> None:
        changed = Brick(brick.kind, int(st.session_state[key]))
        _put_stack((*now[: at - 1], changed, *now[at:]), at)

    st.number_input(kind.size_is, low, high, brick.size, key=key, on_change=take)


def _without(now: tuple[Brick, ...], at: int) -> tuple[Brick, ...]:
    return (*now[: at - 1], *now[at:]) if now else now


def _swapped(now: tuple[Brick, ...], at: int, way: int) -> tuple[Brick, ...]:
    """The brick in hand one place further; as it was at an end of the stack."""
    if not now or not 1 <= at + way <= len(now):
        return now
    new = list(now)
    new[at - 1], new[at + way - 1] = new[at + way - 1], new[at - 1]
    return tuple(new)


def _button(
    word: str, icon: str, now: tuple[Brick, ...], new: tuple[Brick, ...], chosen: int
) -> None:
    press: Callable[[], None] = partial(_put_stack, new, chosen)
    st.button(
        word,
        key=f"bricks_{icon}",
        icon=f":material/{icon}:",
        disabled=len(new) == len(now) and new == now,
        on_click=press,
    )


def _lay_as_far_as_fits() -> tuple[list[Laid], StackError | None]:
    """The bricks as far as they fit, and what is wrong with the rest."""
    try:
        return lay_chosen_bricks(), None
    except StackError as error:
        return list(error.laid), error


def _draw_silhouette(found: list[Laid]) -> None:
    """How the positions grow fewer and the numbers at each more."""
    rows = [
        (place, str(e.brick), e.after[0] if len(e.after) > 1 else 1, e.after[-1], e.weights)
        for place, e in enumerate(found, 1)
    ]
    frame = pd.DataFrame(rows, columns=["place", "brick", "positions", "features", "weights"])
    if rows:
        chosen = int(st.session_state.get(CHOSEN) or 1)
        drawn(silhouette(frame, positions=BLOCK, chosen=chosen), key="bricks_silhouette")
        st.caption(
            "From left to right what the bricks make of eight letters: as high as the positions "
            "that are left, coloured by how many numbers stand at each. In the table B is the batch."
        )


def _draw_table(found: list[Laid], trouble: StackError | None) -> None:
    """Shapes and weights; what does not fit is marked where it stands."""
    rows = [_row(place, each) for place, each in enumerate(found, 1)]
    for place, brick in enumerate(chosen_bricks()[len(found) :], len(found) + 1):
        here = trouble is not None and place == trouble.place
        rows.append(_unfit(place, brick, "does not fit" if here else ""))
    if trouble is not None and trouble.place <= len(found):
        rows[trouble.place - 1]["comes out"] += ": does not fit"
    st.table(rows, border="horizontal", hide_index=True)


def _row(place: int, each: Laid) -> dict[str, str]:
    shape = ",\u00a0".join(map(str, ("B", *each.after)))
    return {
        "brick": f"{place}\u00a0\u00a0{each.brick}",
        "comes out": f"({shape})",
        "weights": f"{each.weights:,}" if each.weights else "",
    }


def _unfit(place: int, brick: Brick, word: str) -> dict[str, str]:
    return {"brick": f"{place}\u00a0\u00a0{brick}", "comes out": word, "weights": ""}
