"""Where shapes differ, what is copied forward is added up backward. Knows one path of one value."""

import streamlit as st
from torch import Tensor

from makemore.by_hand.gradient_entries import Path
from makemore.charts.layers.broadcast_shapes import broadcast_shapes
from makemore.lessons.backprop.one_batch import Pass, matrix
from makemore.ui.kit.place_chart import place_chart


def show_broadcast(found: Pass, node: str, path: Path) -> None:
    """Where the shapes differ: what is copied one way is added up the other way."""
    own, made = found.values[node], found.values[path.through]
    if path.kind != "times" or own.shape == made.shape or not made.dim():
        return
    st.subheader("Copied one way, added up the other", anchor=False)
    copied = own.numel() < made.numel()
    small, large = (own, made) if copied else (made, own)
    axes = axes_between(small, large)
    place_chart(
        broadcast_shapes(
            node,
            path.through,
            tuple(matrix(own).shape),
            tuple(matrix(made).shape),
            copied=copied,
        ),
        key="walk_broadcast",
    )
    axis, times = axes[0], large.shape[axes[0]]
    if copied:
        st.markdown(
            f"Forward, each number of `{node}` is copied {times} times along axis {axis}. Backward, what "
            f"comes back from the {times} copies is added up along that axis."
        )
    else:
        st.markdown(
            f"Forward, {times} numbers of `{node}` are added up along axis {axis}. Backward, the gradient "
            f"of their sum is copied to each of the {times}."
        )


def axes_between(small: Tensor, large: Tensor) -> tuple[int, ...]:
    """The axes of the larger along which the smaller was copied."""
    lacking = large.dim() - small.dim()
    sizes = (1,) * lacking + tuple(small.shape)
    return tuple(
        axis for axis, (own, all_) in enumerate(zip(sizes, large.shape, strict=True)) if own < all_
    )
