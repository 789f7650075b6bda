"""Every checkpoint within reach as dots and as a table; upload, rename, delete, download. Runs no net."""

import math
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from makemore.charts.losses.checkpoint_dots import checkpoint_dots
from makemore.checkpoints import store
from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.store import Checkpoint
from makemore.lessons.checkpoints import looked_at
from makemore.ui.kit import links, own_checkpoints, own_folder
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import Mark, place_chart
from makemore.ui.kit.reachable import LIST, OWN, label_of, within_reach
from makemore.ui.kit.safe_text import plain
from makemore.ui.training_panel.saved_checkpoint import tell_place

UPLOAD, TROUBLE, TOLD = "checkpoint_upload", "checkpoint_trouble", "checkpoint_told"
ORDER = ("own", "of your list", "shipped")  # of the table
TABLE_HEIGHT = 285  # pixels: the half of the stage that the dots leave on a small screen


def show_all(about: ChosenList, name: str, stage: Stage, *, further: int) -> None:
    """The dots and the table; beside them the one that is looked at, and what can be done with it.

    `further` is the step that trains it further.
    """
    with stage.controls:
        checkpoint = looked_at.choose_looked_at(about)
        key = str(st.session_state[looked_at.KEY])
        _offer_actions(checkpoint, key, further)
        _offer_upload()
    known = within_reach(about)
    own_first = sorted(known, key=lambda each: ORDER.index(_source(each)))
    frame = pd.DataFrame([_row(each, known[each]) for each in own_first])
    with stage.picture:
        _draw_dots(known, key)
        st.dataframe(
            frame, hide_index=True, height=TABLE_HEIGHT, column_config=_columns(), key="reach_table"
        )
    with stage.below:
        for each, why in own_checkpoints.unreadable_checkpoints().items():
            st.warning(f"{plain(each)} in checkpoints/own: {plain(why)}", icon=":material/error:")
        st.caption(
            "Losses are those that each checkpoint says of itself, in nats a character; the next step "
            "measures them again. Date: when the file was written, or when it came into this visit."
        )
        if about.own:
            _tell_own_list(about)


def _source(key: str) -> str:
    """Where the checkpoint of this key comes from."""
    return "own" if key.startswith(OWN) else "of your list" if key.startswith(LIST) else "shipped"


def _tell_own_list(about: ChosenList) -> None:
    st.caption(
        f"Those “(your list)” were trained on {plain(about.name_list.label)}, on the pages that show such a "
        "net; the two bigrams take no time. Losses on different names, or of different alphabets, cannot "
        "be compared."
    )


def _draw_dots(known: dict[str, Checkpoint], chosen: str) -> None:
    dots = pd.DataFrame(
        [
            {
                "checkpoint": key,
                "label": label_of(key),
                "parameters": max(net.metadata.parameters, 1),
                "dev": net.metadata.losses["dev"],
                "source": _source(key),
            }
            for key, net in known.items()
        ]
    )
    letters = len(known[chosen].vocabulary)
    chart = checkpoint_dots(dots, letters=letters, chosen=chosen)
    place_chart(chart, key="reach_dots", fill="half", on_select=_take_dot)


def _take_dot(dot: Mark) -> None:
    looked_at.take(str(dot["checkpoint"]))


def _row(key: str, net: Checkpoint) -> dict[str, Any]:
    about = net.metadata
    written, size = _file_of(key)
    return {
        "checkpoint": label_of(key),
        "model": about.model,
        "parameters": about.parameters,
        "train loss": about.losses["train"],
        "dev loss": about.losses["dev"],
        "test loss": about.losses["test"],
        "recipe": about.recipe["name"],
        "steps": about.step,
        "seed": str(about.seed),
        "data": about.data,
        "date": written,
        "size, kB": size and size / 1000,
    }


def _file_of(key: str) -> tuple[datetime | None, int | None]:
    """When the files of a checkpoint were written, or came, and how many bytes they are; of none None."""
    if key.startswith(LIST):
        return None, None
    if key.startswith(OWN):
        return own_checkpoints.stat_own(key.removeprefix(OWN))
    return own_folder.stat_files(store.FOLDER / key)


def _columns() -> dict[str, Any]:
    number = st.column_config.NumberColumn
    losses = ("train loss", "dev loss", "test loss")
    return {
        each: number(format="%.4f", help="Mean NLL, nats per character.") for each in losses
    } | {
        "parameters": number(format="localized"),
        "steps": number(format="localized"),
        "size, kB": number(format="%.0f"),
        "date": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm"),
        "seed": st.column_config.TextColumn(alignment="right"),
    }


def _offer_actions(checkpoint: Checkpoint, key: str, further: int) -> None:
    """What can be done with the one that is looked at."""
    own = key.startswith(OWN)
    name = key.removeprefix(OWN).removeprefix(LIST)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Download",
            _packing(checkpoint, key, name),
            file_name=f"{name}.zip",
            mime="application/zip",
            key=f"reach_download_{key}",
            icon=":material/download:",
            on_click="ignore",
            help="A zip of the weights, of what they say of themselves, and of the recorded training.",
        )
        st.button(
            "Train further",
            key="reach_further",
            icon=":material/fast_forward:",
            on_click=links.go_to,
            args=(further,),
        )
        if own:
            with st.popover("Rename or delete", icon=":material/edit:"):
                st.text_input("New name", value=name, key=f"reach_name_{key}", max_chars=60)
                st.button("Rename", key="reach_rename", on_click=_rename, args=(name, key))
                st.button(
                    "Delete", key="reach_delete", icon=":material/delete:",
                    on_click=_delete, args=(name,),
                )  # fmt: skip


def _packing(checkpoint: Checkpoint, key: str, name: str) -> Callable[[], bytes]:
    """What zips its files when it is pressed."""
    if key.startswith(LIST):
        return partial(own_checkpoints.zip_of_loaded, checkpoint)
    own = key.startswith(OWN)
    return (own_checkpoints.packing if own else own_checkpoints.packing_of_shipped)(name)


def _rename(name: str, key: str) -> None:
    def act() -> str:
        new = own_checkpoints.rename(name, st.session_state.get(f"reach_name_{key}") or name)
        looked_at.take(f"{OWN}{new}")
        return f"{name} is called {new} now."

    _try(act)


def _delete(name: str) -> None:
    def act() -> str:
        own_checkpoints.delete(name)
        return f"{name} is deleted."

    _try(act)


def _offer_upload() -> None:
    """The box for files of one's own, and what became of the last ones."""
    turn = st.session_state.setdefault(f"{UPLOAD}_turn", 0)
    # A box of another key is empty, so that the server lets go of what was uploaded.
    st.file_uploader(
        "Upload a checkpoint",
        type=["zip", "safetensors", "json"],
        accept_multiple_files=True,
        key=f"{UPLOAD}_{turn}",
        on_change=_take_upload,
        args=(f"{UPLOAD}_{turn}",),
        help="The zip of a download; or NAME.safetensors, as `python -m makemore train` writes it, with "
        "or without its trajectory. Nothing in it is executed.",
    )
    if trouble := st.session_state.get(TROUBLE):
        st.error(plain(trouble), icon=":material/error:")
    elif told := st.session_state.get(TOLD):
        st.success(plain(told), icon=":material/check_circle:")
    _tell_room()


def _take_upload(key: str) -> None:
    sent = {file.name: file.getvalue() for file in st.session_state.get(key) or []}
    if not sent:
        return
    st.session_state[f"{UPLOAD}_turn"] += 1

    def act() -> str:
        name = own_checkpoints.add_upload(sent)
        looked_at.take(f"{OWN}{name}")
        return f"{name} is one of your own now{tell_place()}"

    _try(act)


def _try(act: Any) -> None:
    """Do it, and keep what is to be told: that it was done, or why not."""
    for each in (TROUBLE, TOLD):
        st.session_state.pop(each, None)
    try:
        st.session_state[TOLD] = act()
    except CheckpointError as error:
        message = str(error)
        st.session_state[TROUBLE] = message[:1].upper() + message[1:] + "."


def _tell_room() -> None:
    if own_checkpoints.keeps_on_disk():
        st.caption("Own checkpoints are files in checkpoints/own.")
        return
    number, left = own_checkpoints.room_left()
    st.caption(
        f"Your own stay in this visit: room for {number} more, {math.floor(left / 1e6)} MB. Nobody else "
        "sees them; download what you want to keep."
    )
