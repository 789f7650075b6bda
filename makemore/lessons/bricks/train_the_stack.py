"""Trains the net that was put together. Knows the stack and the training panel, not the bricks' shapes."""

from functools import partial

import streamlit as st

from makemore.checkpoints.shipped import WAVENET_SEED
from makemore.lessons.bricks.brick_builder import (
    BLOCK,
    PRESETS,
    STACK,
    bind_stack,
    chosen_bricks,
    draw_stack,
    lay_as_far_as_fits,
    preset_bricks,
)
from makemore.models.brick_kinds import Brick
from makemore.models.brick_stack import parse, write
from makemore.ui.kit import activation_spread
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import plain
from makemore.ui.training_panel import Offer, clear_other_net, linked_settings, train_offered

KEY = "built"


def show_panel(about: ChosenList, name: str, stage: Stage) -> None:
    """The panel of the net as it is now; the runs of former stacks can be laid over its own."""
    if linked := linked_settings(KEY, "bricks", about):  # the stack that the run of the link has
        st.session_state.setdefault(STACK, parse(linked["bricks"]))
    letters = len(about.dataset.vocabulary)
    bind_stack(letters)
    now = chosen_bricks(letters)
    found, trouble = lay_as_far_as_fits(letters)
    if trouble is not None:
        clear_other_net(_offer(about, now, ""))
        stage.controls.warning(
            f"This stack cannot be trained: {plain(str(trouble))}. Step 1 of this page repairs it.",
            icon=":material/warning:",
        )
        with stage.picture:
            place_chart(draw_stack(now, found, trouble), key=f"{KEY}_misfit", fill="whole")
        return
    title = _title(now, letters, sum(each.weights for each in found))
    stage.below.markdown(f"**{title}:** {plain(_listed(now))}")
    train_offered(
        _offer(about, now, title), stage, view=partial(activation_spread.show_spread, key=KEY)
    )


def _offer(about: ChosenList, now: tuple[Brick, ...], title: str) -> Offer:
    """A stack trains as a WaveNet does, which is the stack that the page begins with."""
    return Offer(
        about=about,
        key=KEY,
        model="bricks",
        seed=WAVENET_SEED,
        recipe_name="fast",
        settings={"bricks": write(now), "block_size": BLOCK},
        like="wavenet",
        title=title,
        detail=_listed(now),
    )


def _listed(now: tuple[Brick, ...]) -> str:
    """The bricks in words; no line breaks between one and its number."""
    return ", ".join(str(brick).replace(" ", "\u00a0") for brick in now)


def _title(now: tuple[Brick, ...], letters: int, weights: int) -> str:
    """What sets this stack apart from others: a preset's name if it is one, and its size."""
    known = [word for name, word in PRESETS.items() if preset_bricks(name, letters) == now]
    return f"{known[0] if known else f'{len(now)} bricks'}, {weights:,} parameters"
