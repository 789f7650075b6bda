"""A row of buttons of which one is always chosen. Knows no page."""

from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

from makemore.ui.kit import links

T = TypeVar("T", bound=str)


def choose(
    label: str,
    options: Mapping[T, str],
    *,
    key: str,
    first: T | None = None,
    help: str | None = None,
    in_link: str = "",
    label_hidden: bool = False,
    given: bool = False,
) -> T:
    """The chosen key of `options` (key -> words on the button); before any click `first`, or the first one.

    `in_link` is what the link calls it, if it is to say it. `label_hidden`: those who hear the page
    alone get the label. `given`: this run has put a value into the session, which then is where it begins.
    """
    begin = first if first is not None and first in options else next(iter(options))
    if in_link:
        links.bound(in_link, key=key, options=options, first=begin)
    chosen = st.segmented_control(
        label,
        list(options),
        format_func=lambda option: options[option],
        default=None if in_link or given else begin,
        required=True,
        key=key,
        help=help,
        label_visibility="collapsed" if label_hidden else "visible",
    )
    return chosen or begin
