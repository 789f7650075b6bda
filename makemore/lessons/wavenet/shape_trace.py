"""Shapes layer by layer, numbers grouped anew, and a Linear at work on the last axis. Knows wavenets."""

import streamlit as st
import torch
from torch import Generator, Tensor

from makemore.charts.layers.grouped_cells import grouped_cells
from makemore.data.examples import windows
from makemore.diagnostics.layers import shapes
from makemore.inference.capture import capture, layers_of
from makemore.inference.evaluation import eval_mode
from makemore.layers import Embedding
from makemore.models import build
from makemore.models.wavenet import WaveNet
from makemore.ui.kit.choose import choose
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources import loaded

SMALL = "wavenet_22k"
BLOCKS = {"2": "2", "4": "4", "8": "8", "16": "16"}
EXAMPLES = 4
FIRST = 4  # of the 68 outputs that are written out


def show_shapes() -> None:
    """The shape after every layer, for any batch and any number of letters."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        block = choose("Letters in view", BLOCKS, key="shape_block", first="8")
        batch = st.number_input(
            "Examples in the batch", 1, 4096, EXAMPLES, key="shape_batch", width=170
        )
    net = _build_fresh(int(block))
    contexts = torch.zeros(int(batch), int(block), dtype=torch.int64)
    with eval_mode(net), capture(net) as outputs:
        net(contexts)
    rows = shapes.trace(dict(net.layers.named_children()), contexts, outputs)
    st.table(
        [
            {
                "layer": row["layer"],
                "comes out": _write_shape(row["shape"]),
                "weights": f"{row['weights']:,}" if row["weights"] else "",
                "what it does": row["does"],
            }
            for row in rows.to_dict("records")
        ],
        border="horizontal",
        hide_index=True,
    )
    st.caption(
        f"A tree with 24 numbers a letter and 128 a node has {net.size:,} weights. Twice the letters "
        "are one level more, not twice the weights; the examples of a batch cost no weight at all."
    )


@st.cache_resource(show_spinner=False, max_entries=4)
def _build_fresh(block: int) -> WaveNet:
    net = build(
        WaveNet.name, len(loaded.vocabulary()), Generator().manual_seed(0), {"block_size": block}
    )
    assert isinstance(net, WaveNet)
    return net


def _write_shape(shape: tuple[int, ...]) -> str:
    """(4, 8, 24), with blanks that a narrow table does not break at."""
    return "(" + ",\u00a0".join(map(str, shape)) + ")"


def show_joining(name: str) -> None:
    """FlattenConsecutive on the embedded letters of the name, step by step."""
    letters, rows = _embedded(name)
    positions, features = rows.shape
    groups = {
        str(2**i): f"{positions // 2**i} × {features * 2**i}" for i in range(positions.bit_length())
    }
    st.markdown(f"**The end of {plain(name)}, embedded and joined**")
    n = int(choose("Positions × features", groups, key="shape_joined"))
    cells = shapes.regrouped(rows, n, letters)
    chart = grouped_cells(
        cells, most_rows=positions, most_columns=rows.numel(), limit=float(rows.abs().max())
    )
    place_chart(chart, key="shape_cells")
    st.caption(
        f"The {rows.numel()} numbers of the trained embedding for {plain(letters)}: the same cells in "
        "the same order, only the line breaks move. FlattenConsecutive is a view: nothing is "
        "copied, and each number keeps its place in memory (hover over a cell)."
    )


def _embedded(name: str) -> tuple[str, Tensor]:
    """The last letters of the name that fill a window, and their rows of the embedding."""
    checkpoint = loaded.checkpoint(SMALL)
    context = windows((name,), checkpoint.vocabulary, checkpoint.model.block_size).contexts[-1]
    first, *_ = layers_of(checkpoint.model, Embedding).values()
    return checkpoint.vocabulary.decode(context.tolist()), first(context).detach()


def show_last_axis(name: str) -> None:
    """One cell of Linear on (4, 4, 20), taken out and recomputed alone."""
    checkpoint = loaded.checkpoint(SMALL)
    net, vocabulary = checkpoint.model, checkpoint.vocabulary
    examples = windows((name, "emma"), vocabulary, net.block_size).contexts[:EXAMPLES]
    with eval_mode(net), capture(net) as outputs:
        net(examples)
    x, y = outputs["flatten1"], outputs["linear1"]
    weight = net.state_dict()["layers.linear1.weight"]
    st.markdown(f"**Linear on {_write_shape(tuple(x.shape))}: the last axis alone**")
    with st.container(horizontal=True, gap="medium"):
        i = int(
            st.number_input("Example", 0, len(x) - 1, len(x) - 1, key="axis_example", width=130)
        )
        j = int(
            st.number_input(
                "Position", 0, x.shape[1] - 1, x.shape[1] - 1, key="axis_position", width=130
            )
        )
    alone = x[i, j] @ weight
    pair = vocabulary.decode(examples[i, 2 * j : 2 * j + 2].tolist())
    facts = {
        "x": f"{_write_shape(tuple(x.shape))}: {x.shape[0]} examples, {x.shape[1]} pairs, {x.shape[2]} numbers",
        "W": f"{_write_shape(tuple(weight.shape))}: one matrix for all",
        "y = x @ W": _write_shape(tuple(y.shape)),
        f"y[{i}, {j}]": _some(y[i, j]),
        f"x[{i}, {j}] @ W": f"{_some(alone)} (the pair {plain(pair)} alone)",
        "largest difference": f"{float((alone - y[i, j]).abs().max()):.0e}",
    }
    st.table([{"what": k, "is": v} for k, v in facts.items()], border="horizontal", hide_index=True)
    st.caption(
        "Every pair of every example goes through the same W, as if it were alone: that is why a "
        "level of the tree needs one matrix, whatever the batch and the number of positions."
    )


def _some(values: Tensor) -> str:
    return ", ".join(f"{v:+.4f}" for v in values[:FIRST].tolist()) + ", …"
