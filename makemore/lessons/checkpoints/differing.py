"""A name through two nets, what the two say differently, and how far their weights lie apart."""

import streamlit as st

from makemore.charts.letters.name_scores import name_scores
from makemore.checkpoints.claims import differences
from makemore.checkpoints.store import Checkpoint
from makemore.diagnostics.layers.weight_histograms import distance_table
from makemore.diagnostics.letters.name_scores import scores
from makemore.inference import evaluation
from makemore.inference.tensor_numbers import distances, named_tensors
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain

Pair = tuple[Checkpoint, Checkpoint]


def show_differing(name: str, nets: Pair, labels: tuple[str, str]) -> None:
    """All three, one below the other."""
    _show_name(name, nets, labels)
    _show_differences(nets, labels)
    _show_distances(nets, labels)


def _show_name(name: str, nets: Pair, labels: tuple[str, str]) -> None:
    st.subheader(f"{plain(name)} through both", anchor=False)
    unknown = [
        label
        for label, net in zip(labels, nets, strict=True)
        if set(name) - set(net.vocabulary.characters)
    ]
    if unknown:
        st.info(f"{plain(unknown[0])} does not know every letter of {plain(name)}.")
        return
    scored = {
        label: evaluation.score(net.model, net.vocabulary, [name])[0]
        for label, net in zip(labels, nets, strict=True)
    }
    place_chart(name_scores(scores(scored), letters=len(nets[0].vocabulary)), key="two_name")
    told = ", ".join(f"{plain(label)} {score.nll:.4f}" for label, score in scored.items())
    st.caption(f"Mean loss of {plain(name)}, its end counted: {told} nats a character.")


def _show_differences(nets: Pair, labels: tuple[str, str]) -> None:
    st.subheader("What they say differently", anchor=False)
    found = differences(nets[0].metadata, nets[1].metadata)
    if not found:
        st.caption("Nothing: model, settings, recipe, seed and data are the same.")
        return
    place_table(
        [
            {
                "what": plain(each.what),
                plain(labels[0]): _written(each.one),
                plain(labels[1]): _written(each.other),
            }
            for each in found
        ]
    )


def _written(value: object) -> str:
    return "–" if value is None else plain(str(value)[:60])


def _show_distances(nets: Pair, labels: tuple[str, str]) -> None:
    st.subheader("How far their weights lie apart", anchor=False)
    found = distances(*(named_tensors(net.model) for net in nets))
    table = distance_table(found)
    if not len(table):
        st.caption("They have no tensor of the same name and shape, so there is no distance.")
        return
    only = len(found) - len(table)
    st.dataframe(
        table,
        hide_index=True,
        height="content",
        column_config={
            "distance": st.column_config.NumberColumn(format="%.4f"),
            "relative": st.column_config.NumberColumn("over the first one's norm", format="%.4f"),
            "cosine": st.column_config.NumberColumn("cosine of the angle", format="%.4f"),
        },
    )
    st.caption(
        "Distance: the norm of the difference of two tensors of one name and shape. Weights of two seeds "
        "lie far apart though the nets predict alike: hidden units can be put in any order."
        + (f" {only} tensors of either have no such partner." if only else "")
    )
