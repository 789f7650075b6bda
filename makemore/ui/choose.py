"""A row of buttons of which one is always chosen. Knows no page."""

from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

T = TypeVar("T", bound=str)


def choose(label: str, options: Mapping[T, str], *, key: str, help: str | None = None) -> T:
    """The chosen key of `options` (key -> words on the button); at first the first one."""
    chosen = st.segmented_control(
        label,
        list(options),
        format_func=lambda option: options[option],
        default=next(iter(options)),
        required=True,
        key=key,
        help=help,
    )
    return chosen or next(iter(options))
