"""A row of buttons of which one is always chosen. Knows no page."""

from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

T = TypeVar("T", bound=str)


def choose(
    label: str,
    options: Mapping[T, str],
    *,
    key: str,
    first: T | None = None,
    help: str | None = None,
) -> T:
    """The chosen key of `options` (key -> words on the button); before any click `first`, or the first one."""
    begin = first if first is not None and first in options else next(iter(options))
    chosen = st.segmented_control(
        label,
        list(options),
        format_func=lambda option: options[option],
        default=begin,
        required=True,
        key=key,
        help=help,
    )
    return chosen or begin
