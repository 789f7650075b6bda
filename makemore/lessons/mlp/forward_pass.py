"""The forward pass of one context, all tensors in one picture; each number opens its arithmetic."""

import pandas as pd
import streamlit as st
import torch
from torch import Tensor

from makemore.by_hand import mlp_forward
from makemore.by_hand.mlp_forward import FORMULAS, Arithmetic
from makemore.charts.layers.forward_strips import forward_strips, lay_cells
from makemore.checkpoints.store import Checkpoint
from makemore.diagnostics.layers import forward_cells
from makemore.lessons.mlp.chosen_context import Looked, choose_context, pass_forward, weights_of
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import Mark, place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.stage import Stage
from makemore.ui.sources.kept import kept_per_checkpoint

KEY = "forward"
NUMBER = f"{KEY}_number"
FIRST = "hpreact.0"
LISTED = 32  # terms of a sum; of more only the largest
TIMED = 1_024  # examples that are joined both ways


def show_forward_pass(about: ChosenList, name: str, first: str, stage: Stage) -> None:
    """The strips, the arithmetic of the chosen number, and joining by view and by cat."""
    with stage.controls:
        above = st.container()
        looked = choose_context(about, name, first, key=KEY)
        tensors = pass_forward(looked)
        with above:
            tensor, place = _choose_number(tensors)
        found = mlp_forward.arithmetic(tensors, weights_of(looked.checkpoint), tensor, place)
        with above:
            _tell(looked, tensors, tensor, place, found)
    with stage.picture:
        cells = _lay_cells(looked.checkpoint, tuple(looked.ids[0].tolist()))
        rows = forward_cells.forward_rows(tensors, FORMULAS)
        fed = _fed(tensors, found)
        strips = forward_strips(cells, rows, chosen=(tensor, place), fed=fed)
        place_chart(strips, key="forward_strips", fill="whole", on_select=_take)
    with stage.below:
        if found.terms:
            _show_terms(found, f"{tensor}[0, {place}]")
        _show_joining(about, looked)


@kept_per_checkpoint(most=256)
def _lay_cells(checkpoint: Checkpoint, ids: tuple[int, ...]) -> pd.DataFrame:
    """The cells of one context, the same object for every number of it that is chosen."""
    tensors = mlp_forward.forward(torch.tensor([ids]), weights_of(checkpoint))
    return lay_cells(forward_cells.forward_cells(tensors, checkpoint.vocabulary.letters))


def _choose_number(tensors: dict[str, Tensor]) -> tuple[str, int]:
    """Any number of any tensor, by the name of the tensor and its place in the storage."""
    options = [f"{name}.{i}" for name, each in tensors.items() for i in range(each.numel())]
    links.bound(
        "number",
        key=NUMBER,
        options=options,
        first=FIRST,
        read=lambda said: said if said in options else None,
    )
    chosen = st.selectbox(
        "Number",
        options,
        format_func=lambda option: _bracketed(option, tensors),
        key=NUMBER,
        help="Or click a cell. A tensor's numbers are counted along its storage.",
    )
    name, _, place = chosen.rpartition(".")
    return name, int(place)


def _bracketed(option: str, tensors: dict[str, Tensor]) -> str:
    """hpreact.17 -> hpreact[0, 17]."""
    name, _, place = option.rpartition(".")
    return index_of(name, int(place), tensors[name])


def index_of(name: str, place: int, tensor: Tensor) -> str:
    """How a number is written: emb[0, 1, 3] for the place 13 of a tensor of (1, 3, 10)."""
    if tensor.dim() < 3:
        return f"{name}[0, {place}]"
    return f"{name}[0, {place // tensor.shape[2]}, {place % tensor.shape[2]}]"


def _take(mark: Mark) -> None:
    st.session_state[NUMBER] = f"{mark['tensor']}.{mark['place']}"


def _tell(
    looked: Looked, tensors: dict[str, Tensor], name: str, place: int, found: Arithmetic
) -> None:
    value = float(tensors[name][0].flatten()[place])
    here = index_of(name, place, tensors[name])
    lines = [f"**{here}** = {plain(found.formula)}"]
    if found.terms:
        whole = sum(term.product for term in found.terms)
        lines.append(f"= {whole:+.4f} from {len(found.terms)} products, {found.bias:+.4f} the bias")
    elif found.written:
        lines.append(f"= {plain(found.written)}")
    lines.append(f"= **{value:+.4f}**; worked out again here it differs by {_apart(found, value)}")
    st.markdown("  \n".join(lines))
    target = looked.vocabulary.letters[looked.target]
    share = float(tensors["probs"][0, looked.target])
    st.caption(
        f"After {plain(looked.context)} comes {plain(target)}, and probs gives it {share:.2%}. What is "
        "framed in ink goes into the chosen number. Double precision."
    )


def _apart(found: Arithmetic, value: float) -> str:
    apart = abs(found.value - value)
    return f"{apart:.0e}" if apart else "0"


def _fed(tensors: dict[str, Tensor], found: Arithmetic) -> pd.DataFrame:
    """The numbers that go in. Columns: tensor, place."""
    if found.fed is None:
        return pd.DataFrame({"tensor": [], "place": []}).astype({"tensor": str, "place": int})
    name, place = found.fed
    places = range(tensors[name].numel()) if place is None else [place]
    return pd.DataFrame({"tensor": name, "place": list(places)})


def _show_terms(found: Arithmetic, name: str) -> None:
    """The products of a sum, the largest first where there are many."""
    terms = list(found.terms)
    if len(terms) > LISTED:
        terms = sorted(terms, key=lambda term: -abs(term.product))[:LISTED]
    rest = len(found.terms) - len(terms)
    left = sum(term.product for term in found.terms) - sum(term.product for term in terms)
    st.subheader(f"The sum behind {plain(name)}", anchor=False)
    rows = [
        {
            "number": plain(f"{term.of} = {term.x:+.4f}"),
            "times": plain(f"{term.times} = {term.by:+.4f}"),
            "product": f"{term.product:+.4f}",
        }
        for term in terms
    ]
    if rest:
        rows.append({"number": f"{rest} smaller ones", "times": "", "product": f"{left:+.4f}"})
    rows.append({"number": "bias", "times": "", "product": f"{found.bias:+.4f}"})
    place_table(rows)


def _show_joining(about: ChosenList, looked: Looked) -> None:
    """`view` against `cat`, on as many contexts of the list as there are, up to 1,024."""
    contexts = about.dataset.examples("train", looked.checkpoint.model.block_size).contexts
    emb = weights_of(looked.checkpoint).C.float()[contexts[:TIMED]]
    st.subheader("view against cat", anchor=False)
    rows = [
        {
            "joins the letters by": f"`{joined.way}`",
            "storage": "that of emb" if joined.shared else "a new one, copied",
            "takes": f"{1e6 * joined.seconds:,.1f} µs",
        }
        for joined in mlp_forward.joined_timed(emb)
    ]
    place_table(rows)
    numbers = emb.numel()
    st.caption(
        f"Timed just now on {len(emb):,} contexts, {numbers:,} numbers. A view changes shape and stride "
        f"alone, and `data_ptr()` stays; cat writes all {numbers:,} numbers anew."
    )
