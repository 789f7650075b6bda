"""The way to a list of one's own, and back: paste, upload or a sample, looked at before it is used.

Knows no model and no page.
"""

from dataclasses import replace
from statistics import median

import streamlit as st

from makemore.data.name_lists import (
    MAX_BYTES,
    MAX_NAME,
    MIN_NAMES,
    NameListError,
    Reading,
    read_lines,
)
from makemore.data.sample_lists import LABELS, OWN, SAMPLES, read_sample
from makemore.data.vocabulary import MAX_LETTERS
from makemore.ui.kit.chosen_list import ChosenList, own_list
from makemore.ui.kit.linked_list import choose_list, follow_link
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain

BOX = "own_list_box"
READ, TROUBLE = "own_list_reading", "own_list_trouble"
LETTERS = 60  # of an alphabet that are shown


def ask_list() -> ChosenList:
    """Draw the way to an own list; return the list that is in force."""
    current = follow_link()
    label = f"{len(current.names):,} names" if current.own else "Own list"
    box = st.popover(
        label, icon=":material/upload_file:", width="content", key=BOX, on_change="rerun"
    )
    if box.open:  # closed, as it mostly is, it costs the runs of a page nothing
        with box:
            _draw_box(current)
    return current


def _draw_box(current: ChosenList) -> None:
    if current.own:
        _draw_way_back(current)
    st.markdown("**A list of your own:** one name a line, in any alphabet. All pages follow it.")
    if trouble := st.session_state.get(TROUBLE):
        st.error(plain(trouble) + " The former list stays.", icon=":material/error:")
    if READ in st.session_state:  # above the inputs, where a low window shows the button to use it
        _draw_reading(st.session_state[READ])
    _draw_inputs()
    st.caption(
        f"From {MIN_NAMES} names up to {MAX_BYTES // 1_000_000} MB, at most {MAX_LETTERS} different "
        f"letters and {MAX_NAME} letters a name. The list stays in this visit: nobody else sees "
        "it, no link takes it along, and it is gone when you close the page."
    )


def _draw_way_back(current: ChosenList) -> None:
    what = "Your own list" if current.name_list.source == OWN else current.name_list.source
    st.markdown(f"**In use:** {plain(what)}, {len(current.names):,} names.")
    st.button(
        "Back to the course's names",
        key="own_list_back",
        icon=":material/undo:",
        on_click=drop_list,
    )


def _draw_inputs() -> None:
    with st.container(horizontal=True, gap="small"):
        for key, (label, _) in SAMPLES.items():
            st.button(label, key=f"own_list_{key}", on_click=_read_sample, args=(key,))
    st.text_area(
        "Paste names",
        key="own_list_text",
        height=110,
        placeholder="anna\nbea\ncarla",
        persist_state="session",  # a touch beside the box, which closes it, loses nothing
    )
    st.button("Read these names", key="own_list_read", on_click=_read_pasted)
    st.file_uploader(
        "Or upload a text file", type=["txt", "csv"], key="own_list_file", on_change=_read_uploaded
    )


def _draw_reading(read: Reading) -> None:
    """What was read, line for line accounted for, and the button that takes it up."""
    with st.container(border=True, key="own_list_seen", gap="small"):
        st.markdown(f"**Read from {plain(read.source)}**")
        if read.names:
            place_table([{"": what, "found": plain(text)} for what, text in _found(read).items()])
        if read.rejections:
            _draw_rejected(read)
        if read.trouble:
            st.error(plain(read.trouble) + ". The former list stays.", icon=":material/error:")
            return
        without = f" without {read.rejections:,} lines" if read.rejections else ""
        st.button(f"Use this list{without}", key="own_list_use", type="primary", on_click=_use_list)


def _found(read: Reading) -> dict[str, str]:
    """Names, alphabet, lengths and duplicates of a list that was read."""
    letters, lengths = read.letters, [len(name) for name in read.names]
    shown = " ".join(letters[:LETTERS]) + (" …" if len(letters) > LETTERS else "")
    return {
        "names": f"{len(read.names):,}, from {read.names[0]} to {read.names[-1]}",
        "alphabet": f"{len(letters)} letters: {shown}",
        "lengths": f"{min(lengths)} to {max(lengths)} letters, median {median(lengths):g}",
        "duplicates": f"{read.repeated:,} stand there again" if read.repeated else "none",
    }


def _draw_rejected(read: Reading) -> None:
    """How many lines cannot be used, and why the first ones cannot."""
    number, more = read.rejections, read.rejections - len(read.rejected)
    lines = [f"- line {line.number:,}: {plain(line.why)}" for line in read.rejected]
    lines += [f"- and {more:,} more"] if more else []
    cannot = "line cannot" if number == 1 else "lines cannot"
    st.warning(
        f"**{number:,} of {read.lines:,} {cannot} be used:**\n\n" + "\n".join(lines),
        icon=":material/warning:",
    )


def _read_pasted() -> None:
    _read(st.session_state.get("own_list_text") or "", "pasted text")


def _read_uploaded() -> None:
    if file := st.session_state.get("own_list_file"):
        _read(file.getvalue(), file.name)
    else:
        _forget()


def _read_sample(key: str) -> None:
    _forget()
    try:
        st.session_state[READ] = read_sample(key)
    except NameListError as error:
        st.session_state[TROUBLE] = f"{error}."


def _read(content: bytes | str, source: str) -> None:
    """What is in it is shown; what is wrong with all of it is told."""
    _forget()
    try:
        st.session_state[READ] = read_lines(content, source)
    except NameListError as error:
        st.session_state[TROUBLE] = f"{error}."


def _use_list() -> None:
    read: Reading | None = st.session_state.get(READ)
    try:
        if read is not None:
            source = read.source if read.source in LABELS else OWN
            choose_list(own_list(replace(read.to_list(), source=source)))
    except NameListError as error:
        st.session_state[TROUBLE] = f"{error}."
        return
    st.session_state[BOX] = False
    _forget()


def drop_list() -> None:
    """Back to the shipped list; for callbacks."""
    choose_list(None)
    st.session_state[BOX] = False
    _forget()


def _forget() -> None:
    for each in (READ, TROUBLE):
        st.session_state.pop(each, None)
