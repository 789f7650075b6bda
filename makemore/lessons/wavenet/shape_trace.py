"""Shapes layer by layer, numbers grouped anew, and a Linear at work on the last axis. Knows wavenets.

All three are of one net, the small tree: ten numbers a letter and 68 channels a node.
"""

import pandas as pd
import streamlit as st
import torch
from torch import Generator, Tensor

from makemore.charts.layers.brick_silhouette import FITS, silhouette
from makemore.charts.layers.grouped_cells import grouped_cells
from makemore.charts.layers.matrix_product import matrix_product
from makemore.checkpoints.shipped import SMALL_TREE
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import windows
from makemore.diagnostics.layers import shapes
from makemore.inference.capture import capture, layers_of
from makemore.inference.evaluation import eval_mode
from makemore.layers import Embedding
from makemore.models import build
from makemore.models.wavenet import WaveNet
from makemore.ui.kit import links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain

SMALL = "wavenet_22k"
LOOKS = {"trace": "Layer by layer", "join": "Joining", "axis": "The last axis"}
BLOCKS = {"2": "2", "4": "4", "8": "8", "16": "16"}
EXAMPLES, MOST = 4, 4096
FIRST = 4  # of the 68 outputs that are written out


def show_one_of_three(about: ChosenList, name: str, stage: Stage) -> None:
    """The shapes of the whole net, what joining does, or what a Linear does."""
    with stage.controls:
        look = choose("Picture", LOOKS, key="shape_look", in_link="look")
    if look == "trace":
        show_shapes(about, stage)
    elif look == "join":
        show_joining(about, name, stage)
    else:
        show_last_axis(about, name, stage)


def show_shapes(about: ChosenList, stage: Stage) -> None:
    """The shape after every layer, for any batch and any number of letters."""
    with stage.controls:
        block = choose(
            "Context length, letters", BLOCKS, key="shape_block", first="8", in_link="context"
        )
        links.bound("batch", key="shape_batch", options=range(1, MOST + 1), first=EXAMPLES)
        batch = st.number_input(
            "Examples in the batch", min_value=1, max_value=MOST, key="shape_batch", width=170
        )
    net = _build_fresh(int(block), len(about.vocabulary))
    contexts = torch.zeros(int(batch), int(block), dtype=torch.int64)
    with eval_mode(net), capture(net) as outputs:
        net(contexts)
    rows = shapes.trace(dict(net.layers.named_children()), contexts, outputs)
    with stage.controls:
        st.metric("Parameters", f"{net.size:,}")
        st.caption(
            "Twice the letters are one level more, not twice the parameters. The examples of a batch "
            "share all of them: the batch is the first axis of every shape, and changes nothing else."
        )
    with stage.picture:
        place_chart(silhouette(_rows(rows), positions=int(block)), key="shape_trace", fill="whole")
    with stage.below:
        place_table(
            [
                {
                    "layer": row["layer"],
                    "comes out": _write_shape(row["shape"]),
                    "parameters": f"{row['parameters']:,}" if row["parameters"] else "",
                    "what it does": row["does"],
                }
                for row in rows.to_dict("records")
            ]
        )


def _rows(trace: pd.DataFrame) -> pd.DataFrame:
    """The layers, without the batch that goes in, as the picture wants them."""
    layers = trace.iloc[1:]
    return pd.DataFrame(
        {
            "place": range(1, len(layers) + 1),
            "name": layers["kind"],
            "positions": [shape[1] if len(shape) > 2 else 1 for shape in layers["shape"]],
            "features": [shape[-1] for shape in layers["shape"]],
            "parameters": layers["parameters"],
            "state": FITS,
        }
    )


@st.cache_resource(show_spinner=False, max_entries=16)
def _build_fresh(block: int, letters: int) -> WaveNet:
    settings = {**SMALL_TREE, "block_size": block}
    net = build(WaveNet.name, letters, Generator().manual_seed(0), settings)
    assert isinstance(net, WaveNet)
    return net


def _write_shape(shape: tuple[int, ...]) -> str:
    """(4, 8, 10), with blanks that a narrow table does not break at."""
    return "(" + ",\u00a0".join(map(str, shape)) + ")"


def show_joining(about: ChosenList, name: str, stage: Stage) -> None:
    """FlattenConsecutive on the embedded letters of the name, step by step."""
    letters, rows = _embedded(about.checkpoint(SMALL), name)
    positions, features = rows.shape
    groups = {
        str(2**i): f"{positions // 2**i} × {features * 2**i}" for i in range(positions.bit_length())
    }
    with stage.controls:
        n = int(choose("Positions × features", groups, key="shape_joined", in_link="joined"))
        st.caption(
            f"The {rows.numel()} numbers of the trained embedding for {plain(letters)}: the same cells "
            "in the same order, only the line breaks move. FlattenConsecutive is a view: nothing is "
            "copied, and each number keeps its place in memory (hover over a cell)."
        )
    cells = shapes.regrouped(rows, n, letters)
    chart = grouped_cells(
        cells, most_rows=positions, most_columns=rows.numel(), limit=float(rows.abs().max())
    )
    with stage.picture:
        place_chart(chart, key="shape_cells", fill="whole")


def _embedded(checkpoint: Checkpoint, name: str) -> tuple[str, Tensor]:
    """The last letters of the name that fill a window, and their rows of the embedding."""
    context = windows((name,), checkpoint.vocabulary, checkpoint.model.block_size).contexts[-1]
    first, *_ = layers_of(checkpoint.model, Embedding).values()
    return checkpoint.vocabulary.decode(context.tolist()), first(context).detach()


def show_last_axis(about: ChosenList, name: str, stage: Stage) -> None:
    """One row of Linear on (4, 4, 20), taken out and recomputed alone."""
    checkpoint = about.checkpoint(SMALL)
    net, vocabulary = checkpoint.model, checkpoint.vocabulary
    examples = windows((name, *about.names[:EXAMPLES]), vocabulary, net.block_size).contexts[
        :EXAMPLES
    ]
    with eval_mode(net), capture(net) as outputs:
        net(examples)
    x, y = outputs["flatten1"], outputs["linear1"]
    weight = net.state_dict()["layers.linear1.weight"]
    with stage.controls:
        i, j = _choose_cell(x)
        st.caption(
            f"Linear gets {_write_shape(tuple(x.shape))}: {x.shape[0]} examples of {x.shape[1]} pairs "
            f"of {x.shape[2]} numbers. Every pair of every example goes through the same W as if it "
            "were alone, so a level needs one matrix, whatever the batch and the positions."
        )
    pairs = [vocabulary.decode(part) for part in examples[i].view(x.shape[1], -1).tolist()]
    with stage.picture:
        drawn = matrix_product(x[i].numpy(), weight.numpy(), y[i].numpy(), rows=pairs, chosen=j)
        place_chart(drawn, key="shape_axis", fill="whole")
    alone = x[i, j] @ weight
    facts = {
        f"y[{i}, {j}]": _some(y[i, j]),
        f"x[{i}, {j}] @ W": f"{_some(alone)} (the pair {plain(pairs[j])} alone)",
        "largest difference": f"{float((alone - y[i, j]).abs().max()):.0e}",
    }
    with stage.below:
        table = [{"what": k, "is": v} for k, v in facts.items()]
        place_table(table)


def _choose_cell(x: Tensor) -> tuple[int, int]:
    """An example and a position in it."""
    with st.container(horizontal=True, gap="small"):
        i, j = (
            _ask_place(words, size)
            for words, size in zip(("Example", "Position"), x.shape[:2], strict=True)
        )
    return i, j


def _ask_place(words: str, size: int) -> int:
    """A place on an axis of this size, at first the last."""
    name = words.lower()
    key = f"axis_{name}"
    links.bound(name, key=key, options=range(size), first=size - 1)
    return int(st.number_input(words, min_value=0, max_value=size - 1, key=key, width=130))


def _some(values: Tensor) -> str:
    return ", ".join(f"{v:+.4f}" for v in values[:FIRST].tolist()) + ", …"
