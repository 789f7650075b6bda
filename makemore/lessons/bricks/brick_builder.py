"""A net put together brick by brick: presets, changes, shapes, code. Knows bricks, not how to train them."""

from collections.abc import Callable, Collection, Iterator
from functools import partial

import pandas as pd
import streamlit as st

from makemore.charts.base.chart import Chart
from makemore.charts.layers.brick_silhouette import BEYOND, COLUMNS, FITS, MISFIT, silhouette
from makemore.models import brick_stack as bricks
from makemore.models.brick_kinds import KINDS, Brick, Laid, StackError, kind_of
from makemore.ui.kit import links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import Mark, place_chart
from makemore.ui.kit.place_table import place_table

BLOCK = 8
STACK, CHOSEN, FROM = "bricks_stack", "bricks_chosen", "bricks_from"
LETTERS = "bricks_letters"  # of the list that the stack was put together for
PRESETS = {
    "tree": "Tree",
    "flat": "Flat",
    "deep": "Too deep",
    "order": "Wrong order",
}


def preset_bricks(name: str, letters: int) -> tuple[Brick, ...]:
    """The bricks of a preset, for so many letters."""
    level = "FlattenConsecutive 2, Linear 68, BatchNorm1d, Tanh"
    texts = {
        "tree": bricks.tree(letters),
        "flat": f"Embedding 10, FlattenConsecutive 8, Linear 200, BatchNorm1d, Tanh, Linear {letters}",
        "deep": f"Embedding 10, {', '.join([level] * 4)}, Linear {letters}",
        "order": f"Embedding 10, Linear 68, Tanh, {level}, Linear {letters}",
    }
    return bricks.parse(texts[name])


def chosen_bricks(letters: int) -> tuple[Brick, ...]:
    """The bricks that the learner has put together; at first the tree."""
    found: tuple[Brick, ...] = st.session_state.setdefault(STACK, preset_bricks("tree", letters))
    before = st.session_state.get(LETTERS, letters)
    if before != letters and found and found[-1] == Brick("Linear", before):
        found = (
            *found[:-1],
            Brick("Linear", letters),
        )  # one logit for each letter of the other list
        st.session_state[STACK] = found
    st.session_state[LETTERS] = letters
    return found


class _Stacks(Collection[tuple[Brick, ...]]):
    """Every stack that somebody may put together, whether it fits or not."""

    def __contains__(self, value: object) -> bool:
        return isinstance(value, tuple) and len(value) <= bricks.MOST_BRICKS

    def __iter__(self) -> Iterator[tuple[Brick, ...]]:
        return iter(())

    def __len__(self) -> int:
        return 0


def bind_stack(letters: int) -> None:
    """Let the link say the stack, which is the tree where it says none."""
    first = preset_bricks("tree", letters)
    links.bound(
        "bricks", key=STACK, options=_Stacks(), first=first, say=_say, read=_read, keep=True
    )


def _say(stack: tuple[Brick, ...]) -> str:
    return bricks.write(stack) or "none"


def _read(said: str) -> tuple[Brick, ...] | None:
    try:
        return bricks.parse("" if said == "none" else said)
    except StackError:
        return None


def lay_chosen_bricks(letters: int) -> list[Laid]:
    """The bricks in their places. Raises StackError."""
    return bricks.laid(chosen_bricks(letters), BLOCK, letters)


def show_builder(about: ChosenList, name: str, stage: Stage) -> None:
    """The stack as a picture, the controls of one brick beside it, shapes and code below."""
    letters = len(about.dataset.vocabulary)
    with stage.controls:
        start = choose("Start from", PRESETS, key=FROM)
        if st.session_state.get(f"{FROM}_seen", "tree") != start:
            st.session_state[f"{FROM}_seen"] = start
            _put_stack(preset_bricks(start, letters), 1)
        bind_stack(letters)
        found, trouble = lay_as_far_as_fits(letters)
        _tell_fit(found, trouble)
        _draw_controls(chosen_bricks(letters))
    with stage.picture:
        _place_stack(found, trouble, letters)
    with stage.below:
        left, right = st.columns(2, gap="large")
    with left:
        _draw_table(found, trouble, letters)
    if trouble is None and found:
        right.code(bricks.code(found), language="python")


def _tell_fit(found: list[Laid], trouble: StackError | None) -> None:
    """How many parameters the net has, or what is wrong with it."""
    if trouble is not None:
        st.warning(f"Brick {trouble.place}: {trouble.why}.", icon=":material/warning:")
    elif found:
        weights = sum(each.weights for each in found)
        st.markdown(f"It fits: **{weights:,} parameters**.")


def _put_stack(new: tuple[Brick, ...], chosen: int) -> None:
    """Another stack, with this brick (from 1) in hand."""
    st.session_state[STACK] = new
    st.session_state[CHOSEN] = max(1, min(chosen, len(new)))


def _draw_controls(now: tuple[Brick, ...]) -> None:
    """What can be done with one brick; everything by keyboard too."""
    if now:
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            st.selectbox(
                "Brick in hand",
                range(1, len(now) + 1),
                format_func=lambda place: f"{place}  {now[place - 1]}",
                key=CHOSEN,
                help="Or click it in the picture.",
            )
            _draw_size_box(now, int(st.session_state.get(CHOSEN) or 1))
    at = int(st.session_state.get(CHOSEN) or 1) if now else 0
    with st.container(horizontal=True, gap="small"):
        _button("Take out", "delete", now, _without(now, at), at if at < len(now) else at - 1)
        _button("Up", "arrow_upward", now, _swapped(now, at, -1), at - 1)
        _button("Down", "arrow_downward", now, _swapped(now, at, 1), at + 1)
    kinds = list(KINDS)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        kind = st.selectbox("New brick", kinds, index=kinds.index("Tanh"), key="bricks_new")
        fresh = Brick(kind, KINDS[kind].fresh)
        added = (*now[:at], fresh, *now[at:]) if len(now) < bricks.MOST_BRICKS else now
        _button("Put in", "add", now, added, at + 1)


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

    st.number_input(kind.size_is, low, high, brick.size, key=key, on_change=take, width=140)


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


def lay_as_far_as_fits(letters: int) -> tuple[list[Laid], StackError | None]:
    """The bricks as far as they fit, and what is wrong with the rest."""
    try:
        return lay_chosen_bricks(letters), None
    except StackError as error:
        return list(error.laid), error


def _place_stack(found: list[Laid], trouble: StackError | None, letters: int) -> None:
    """The net from the letters down; a click takes another brick in hand."""

    def take(brick: Mark) -> None:
        st.session_state[CHOSEN] = int(brick["place"])

    if now := chosen_bricks(letters):
        chart = draw_stack(now, found, trouble, chosen=int(st.session_state.get(CHOSEN) or 1))
        place_chart(chart, key="bricks_silhouette", fill="whole", on_select=take)
    else:
        st.info("There is no brick. Put one in, or start from another stack.")


def draw_stack(
    now: tuple[Brick, ...],
    found: list[Laid],
    trouble: StackError | None,
    *,
    chosen: int | None = None,
) -> Chart:
    """How the positions grow fewer and the numbers at each more, and where that ends too early."""
    rows = [
        (place, str(e.brick), e.after[0] if len(e.after) > 1 else 1, e.after[-1], e.weights, FITS)
        for place, e in enumerate(found, 1)
    ]
    rest = enumerate(now[len(found) :], len(found) + 1)
    rows += [(place, str(brick), 0, 0, 0, BEYOND) for place, brick in rest]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    if trouble is not None:
        frame.loc[frame["place"] == trouble.place, "state"] = MISFIT
    return silhouette(frame, positions=BLOCK, chosen=chosen)


def _draw_table(found: list[Laid], trouble: StackError | None, letters: int) -> None:
    """Shapes and parameters; what does not fit is marked where it stands."""
    rows = [_row(place, each) for place, each in enumerate(found, 1)]
    for place, brick in enumerate(chosen_bricks(letters)[len(found) :], len(found) + 1):
        here = trouble is not None and place == trouble.place
        rows.append(_unfit(place, brick, "does not fit" if here else ""))
    if trouble is not None and trouble.place <= len(found):
        rows[trouble.place - 1]["comes out"] += ": does not fit"
    if rows:
        place_table(rows)
        st.caption("B is the batch: how many examples go through at once.")


def _row(place: int, each: Laid) -> dict[str, str]:
    shape = ",\u00a0".join(map(str, ("B", *each.after)))
    return {
        "brick": f"{place}\u00a0\u00a0{each.brick}",
        "comes out": f"({shape})",
        "parameters": f"{each.weights:,}" if each.weights else "",
    }


def _unfit(place: int, brick: Brick, word: str) -> dict[str, str]:
    return {"brick": f"{place}\u00a0\u00a0{brick}", "comes out": word, "parameters": ""}
