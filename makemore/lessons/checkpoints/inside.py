"""The letters of a checkpoint as points, and which of its units are saturated. Knows any net."""

import streamlit as st
from torch import Tensor

from makemore.charts.base.chart import Chart
from makemore.charts.layers.flat_map import flat_map
from makemore.charts.letters.embedding_scatter import embedding_scatter
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset
from makemore.diagnostics.layers.saturation_image import saturation_image
from makemore.diagnostics.letters import embeddings
from makemore.inference.capture import layers_of, snapshot
from makemore.layers import SATURATED, Activation, Embedding
from makemore.lessons.checkpoints import looked_at
from makemore.ui.kit import examined, links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources.kept import identity, kept_per_checkpoint

EXAMPLES = 400
NEAREST = 3
FLAT = ("first embedding dimension", "second embedding dimension")
COMPONENTS = ("first principal component", "second principal component")


def show_inside(about: ChosenList, name: str, stage: Stage) -> None:
    """The embedding above, a saturation map below it; beside them what is nearest, and the shares."""
    with stage.controls:
        checkpoint = looked_at.choose_looked_at(about)
        embeds = bool(layers_of(checkpoint.model, Embedding))
        bends = layers_of(checkpoint.model, Activation)
        layer = _choose_layer(bends) if bends else ""
        letter = _choose_letter(checkpoint, name) if embeds else ""
    with stage.picture:
        if embeds:
            place_chart(
                _draw_letters(checkpoint, letter),
                key="inside_letters",
                fill="half" if bends else "whole",
            )
        else:
            st.info(
                "This net has no embedding: a bigram has one row of numbers a letter, and no hidden "
                "layer between it and the prediction. Choose another checkpoint.",
                icon=":material/info:",
            )
    if bends:
        _show_map(about, checkpoint, layer, stage)


def _choose_letter(checkpoint: Checkpoint, name: str) -> str:
    letters = list(checkpoint.vocabulary.letters)
    key = f"inside_letter_{identity(checkpoint)[:8]}"
    first = name[0] if name[0] in letters else letters[0]
    links.bound("letter", key=key, options=letters, first=first)
    letter = st.selectbox("Letter", letters, key=key, width=120)
    table = _table_of(checkpoint)
    near = embeddings.neighbours(table, checkpoint.vocabulary, letter, NEAREST)
    place_table(
        [
            {"nearest": plain(each), "distance": f"{far:.2f}"}
            for each, far in zip(near["letter"], near["distance"], strict=True)
        ]
    )
    _, kept = embeddings.plane(table)
    width = table.shape[1]
    if width > 2:
        st.caption(
            f"Embedding dimension {width}, projected onto its first two principal components, which keep "
            f"{kept:.0%} of the variance. Distances count all {width}."
        )
    return letter


def _table_of(checkpoint: Checkpoint) -> Tensor:
    first, *_ = layers_of(checkpoint.model, Embedding).values()
    return first.weight.detach()


@kept_per_checkpoint(most=256)
def _draw_letters(checkpoint: Checkpoint, letter: str) -> Chart:
    table = _table_of(checkpoint)
    flat, _ = embeddings.plane(table)
    near = embeddings.neighbours(table, checkpoint.vocabulary, letter, NEAREST)["letter"].tolist()
    return embedding_scatter(
        embeddings.points(flat, checkpoint.vocabulary),
        chosen=letter,
        near=near,
        titles=FLAT if table.shape[1] <= 2 else COMPONENTS,
    )


def _choose_layer(bends: dict[str, Activation]) -> str:
    if len(bends) == 1:
        return next(iter(bends))
    return choose(
        "Layer",
        {name: name for name in bends},
        key="inside_layer",
        first=list(bends)[-1],
        in_link="layer",
    )


def _show_map(about: ChosenList, checkpoint: Checkpoint, layer: str, stage: Stage) -> None:
    on = examined.list_for(about, checkpoint)
    if on is None:
        told = plain(examined.tell_lacking(about, checkpoint))
        stage.picture.info(f"No saturation map: {told}.", icon=":material/info:")
        return
    dataset = examined.dataset_for(on, checkpoint)
    key = (identity(checkpoint), "map", layer)
    with stage.picture:
        chart, share, always = on.kept(key, lambda: _draw_map(checkpoint, layer, dataset))
        place_chart(chart, key="inside_map", fill="half")
    with stage.controls:
        st.markdown(
            f"**{share:.1%}** of the activations of {plain(layer)} are saturated; **{always}** units always.",
            help=f"Beyond ±{SATURATED} for a tanh; at the flat part of others. White in the map.",
        )
        if told := examined.tell_list(about, on):
            st.caption(told)


def _draw_map(checkpoint: Checkpoint, layer: str, dataset: Dataset) -> tuple[Chart, float, int]:
    net = checkpoint.model
    batch = examined.batch_of(dataset, net.block_size, EXAMPLES)
    look = snapshot(net, batch.contexts, batch.targets)
    image = saturation_image(look.activations[layer], layers_of(net, Activation)[layer])
    chart = flat_map(image.pixels, image.neurons, net=f"layer {layer}")
    return chart, image.share, len(image.dead)
