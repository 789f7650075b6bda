"""The tree slid along a name as a convolution: counted, compared and timed. Knows the nets, not the page."""

from collections.abc import Callable
from time import perf_counter

import pandas as pd
import streamlit as st
import torch
import torch.nn.functional as F
from torch import Tensor

from makemore.charts.trees.sliding_lattice import lattice
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset, windows
from makemore.data.vocabulary import Vocabulary
from makemore.diagnostics.trees import sliding_lattice
from makemore.inference import planned_forward, understood
from makemore.inference.evaluation import eval_mode
from makemore.layers import Linear
from makemore.lessons.wavenet import distinct_nodes_timed, letter_position
from makemore.models.convolution import CausalConvolution, kernel
from makemore.models.wavenet import WaveNet
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources import fusion_trees
from makemore.ui.sources.kept import kept_per_checkpoint

SLID = "wavenet"
TIMED = 500  # names
AGAIN = "slid_times"
ROUNDS = 3  # the quickest counts


def show_lattice(about: ChosenList, name: str, stage: Stage) -> None:
    """The lattice at a letter, first without a word on what is new in it; then also counts and times."""
    checkpoint = about.checkpoint(SLID)
    net = fusion_trees.wavenet_of(checkpoint)
    with stage.controls:
        at = letter_position.choose_position(name)
        answered = ask_taken_over()
    parts = sliding_lattice.lattice(name, net.block_size, at)
    with stage.picture:
        place_chart(lattice(*parts, hidden=not answered), key="lattice", fill="whole")
    if answered:
        with stage.controls:
            _tell_states(parts[0], net.block_size)
        with stage.below:
            _show_counts(name, checkpoint, about.dataset)
            _show_equality(name, net, checkpoint.vocabulary)
            _show_times(checkpoint, about.dataset)
            distinct_nodes_timed.show_both_ways(checkpoint, about.dataset)


def ask_taken_over() -> bool:
    """How much of a tree was there when its window stood one letter earlier?"""
    return ask_to_predict(
        "a tree over 8 letters has 4 + 2 + 1 = 7 nodes. Its window moves on by one letter, all letters "
        "differ. How many of the 7 nodes can be taken over from the window just before?",
        {
            "none": "ab|cd|ef|gh becomes bc|de|fg|hi: no pair, four or eight is cut at the same places. "
            "The window two letters earlier was cut as this one is: 3 pairs come from 2, 4 and 6 "
            "letters earlier, 1 four from 4. Whoever keeps them all computes 3 nodes a letter.",
            "4": "four can be taken over in all, but from windows 2, 4 and 6 letters earlier. The one "
            "just before is cut at other places.",
            "6": "that would be one new node a letter. Each level has one that ends at the new letter, "
            "so at least three are new, and the other four were cut at other places just before.",
        },
        answer="none",
        key="slid_new",
    )


def _tell_states(nodes: pd.DataFrame, block_size: int) -> None:
    """How many nodes are new at this letter."""
    new = int((nodes["state"] == sliding_lattice.NEW).sum())
    st.metric(
        "New nodes at this letter",
        f"{new} of {block_size - 1}",
        help="A node whose letters occurred before in the name, padding too, need not be computed again.",
    )
    st.caption(
        "“2 ago”: first computed when the window ended 2 letters earlier. “padding”: the dots before a "
        "name, computed once for all names. Each node looks at two below "
        "that stand 1, 2 and 4 letters apart, the dilations; so the last one's receptive field is "
        f"{block_size} letters."
    )


def _show_counts(name: str, checkpoint: Checkpoint, dataset: Dataset) -> None:
    here = windows((name,), checkpoint.vocabulary, checkpoint.model.block_size).contexts
    of_all = _counts_of_all(checkpoint, dataset)
    rows = []
    for label, levels in {plain(name): _counts(here), "all train names": of_all}.items():
        for i, word in enumerate(("computed afresh", "distinct")):
            numbers = [each[i] for each in levels]
            shown_ = dict(zip(("pairs", "fours", "eights"), numbers, strict=True))
            row = {"nodes": f"{label}: {word}"} | {k: f"{n:,}" for k, n in shown_.items()}
            rows.append(row)  # their sums are in the sentence below: a phone has no room for them
    place_table(rows)
    afresh, distinct = (sum(n) for n in zip(*of_all, strict=True))
    st.caption(
        f"The recipe “fast” computes each distinct node of a batch once, also across names: over all "
        f"train names {distinct:,} nodes instead of {afresh:,}, {afresh / distinct:.0f} times fewer."
    )


def _counts(contexts: Tensor) -> list[tuple[int, int]]:
    """(afresh, distinct) a level."""
    frame = sliding_lattice.counts(contexts)
    return list(zip(frame["afresh"].tolist(), frame["distinct"].tolist(), strict=True))


@kept_per_checkpoint(most=4)
def _counts_of_all(checkpoint: Checkpoint, dataset: Dataset) -> list[tuple[int, int]]:
    """The same for all train names."""
    return _counts(dataset.examples("train", checkpoint.model.block_size).contexts)


def _show_equality(name: str, net: WaveNet, vocabulary: Vocabulary) -> None:
    """Both forms on the name, and one level against the library's convolution."""
    contexts = windows((name,), vocabulary, net.block_size).contexts
    with eval_mode(net):
        slid = net(contexts)
        at_once = CausalConvolution(net)(torch.tensor([vocabulary.encode(name)]))[0]
        one = _one_level(net, contexts)
    with st.container(horizontal=True, gap="large"):
        st.metric(
            "Tree against convolution",
            f"{float((slid - at_once).abs().max()):.0e}",
            help=f"Largest difference of the {slid.numel()} logits for {plain(name)}.",
        )
        st.metric(
            "One level against Conv1d",
            f"{one:.0e}",
            help="FlattenConsecutive(2) and Linear, against conv1d with kernel 2 and stride 2.",
        )
    st.caption(
        "The two forms differ by rounding alone: they add the same products in another order."
    )


def _one_level(net: WaveNet, contexts: Tensor) -> float:
    embedding, flatten, linear, *_ = net.layers
    assert isinstance(linear, Linear)
    x = embedding(contexts)
    fused = linear(flatten(x)).view(len(contexts), -1, linear.fan_out)
    twin = F.conv1d(x.transpose(1, 2), kernel(linear), stride=2).transpose(1, 2)
    return float((fused - twin).abs().max())


def _show_times(checkpoint: Checkpoint, dataset: Dataset) -> None:
    """Three ways to the same predictions, timed on this machine a moment ago."""
    again = st.session_state.setdefault(AGAIN, 0)
    st.button("Time again", key="slid_again", icon=":material/timer:", on_click=_again)
    rows = [
        {"way": way, "milliseconds": f"{1000 * seconds:.1f}"}
        for way, seconds in _times(checkpoint, dataset, again).items()
    ]
    place_table(rows)
    st.caption(
        f"All predictions for {len(_names(dataset))} names of the dev split, on one thread, the quickest of "
        f"{ROUNDS} rounds. The convolution takes names of one length together; it computes nodes over "
        "the padding too, so for short names it gains little or nothing. Most is saved by what names "
        "share."
    )


def _again() -> None:
    st.session_state[AGAIN] += 1


def _names(dataset: Dataset) -> tuple[str, ...]:
    return dataset.names("dev")[:TIMED]


@kept_per_checkpoint(most=100)
def _times(checkpoint: Checkpoint, dataset: Dataset, again: int) -> dict[str, float]:
    """Measured once, and whenever somebody asks for it again."""
    net = fusion_trees.wavenet_of(checkpoint)
    return time_ways(net, checkpoint.vocabulary, _names(dataset))


def time_ways(net: WaveNet, vocabulary: Vocabulary, names: tuple[str, ...]) -> dict[str, float]:
    """Seconds for every window afresh, for the convolution, and with each distinct node once."""
    examples = windows(names, vocabulary, net.block_size)
    lengths: dict[int, list[list[int]]] = {}  # names of one length need no blanks
    for name in names:
        lengths.setdefault(len(name), []).append(vocabulary.encode(name))
    batches = [torch.tensor(ids) for ids in lengths.values()]
    convolution = CausalConvolution(net)
    ways: dict[str, Callable[[], object]] = {
        "every window afresh": lambda: net(examples.contexts),
        "convolution along the names": lambda: [convolution(ids) for ids in batches],
    }
    if understood.understands(net):
        ways["each distinct node once"] = lambda: planned_forward.logits(net, examples.contexts)
    found = {}
    with eval_mode(net):
        for way, run in ways.items():
            rounds = []
            for _ in range(ROUNDS):
                start = perf_counter()
                run()
                rounds.append(perf_counter() - start)
            found[way] = min(rounds)
    return found
