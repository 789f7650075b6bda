"""One number of a gradient, chosen and worked out with its own numbers. Knows no graph."""

import streamlit as st
from torch import Tensor

from makemore.by_hand.entry_arithmetic import Term, terms_of
from makemore.lessons.backprop.one_batch import Pass, matrix
from makemore.ui.kit import links
from makemore.ui.kit.safe_text import plain

SHOWN = 3  # products of a sum that are written out


def choose_cell(found: Pass, node: str) -> tuple[int, int]:
    """Row and column of one number, at first the largest."""
    gradient = matrix(found.own[node])
    rows, columns = gradient.shape
    largest = int(gradient.abs().argmax())
    chosen = []
    with st.container(horizontal=True):
        for word, size, first in (
            ("row", rows, largest // columns),
            ("column", columns, largest % columns),
        ):
            key = f"walk_{word}_{node}"
            if size == 1:
                chosen.append(0)
                continue
            links.bound(word, key=key, options=range(size), first=first)
            help = "The numbers of a row are added up."
            chosen.append(int(st.number_input(word.capitalize(), 0, size - 1, key=key, help=help)))
    return chosen[0], chosen[1]


def index_of(tensor: Tensor, cell: tuple[int, int]) -> tuple[int, ...]:
    """The place in the tensor of a cell of its matrix."""
    row, column = cell
    match tensor.dim():
        case 3:
            return (row, *divmod(column, tensor.shape[2]))
        case 2:
            return cell
        case 1:
            return (column,)
    return ()


def tell_arithmetic(found: Pass, node: str, cell: tuple[int, int]) -> None:
    """The products that the number is the sum of."""
    index = index_of(found.own[node], cell)
    terms = terms_of(node, index, found.values, found.own, found.X, found.Y)
    st.markdown(arithmetic(node, index, terms, float(found.own[node][index])))
    if found.own[node].dim() > 1 and len(found.own[node]) == len(found.labels):
        st.caption(f"Row {cell[0]} is the example {plain(found.labels[cell[0]])}.")


def arithmetic(node: str, index: tuple[int, ...], terms: list[Term], total: float) -> str:
    """One number of a gradient as local derivative times incoming gradient, the largest products first."""
    place = f"[{', '.join(map(str, index))}]" if index else ""
    ordered = sorted(terms, key=lambda term: -abs(term.product))
    lines = [f"{_short(term.local)} × {_short(term.incoming)}" for term in ordered[:SHOWN]]
    if rest := ordered[SHOWN:]:
        lines.append(f"{len(rest)} more: {_short(sum(term.product for term in rest))}")
    added = " + ".join(lines) or "0, as nothing leads from here to the loss"
    return f"`d{node}{place}` = {added} = **{_short(total).strip('()')}**"


def _short(number: float) -> str:
    return f"{number:.4g}".replace("-", "−") if number >= 0 else f"(−{abs(number):.4g})"
