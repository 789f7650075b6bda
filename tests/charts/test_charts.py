"""Every chart: one shared spec, named axes, tooltips, an alternative text, no theme baked in."""

import base64
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from makemore.charts.base import palette, png
from makemore.charts.base.chart import Chart
from makemore.charts.base.duration import duration
from makemore.charts.layers import (
    activation_curves,
    bias_lines,
    brick_silhouette,
    broadcast_shapes,
    channel_strips,
    coupled_values,
    flat_map,
    forward_strips,
    gradient_differences,
    gradient_terms,
    grouped_cells,
    heatmap_row,
    histograms,
    layer_spreads,
    matrix_product,
    neighbour_dots,
    neuron_bands,
    neuron_weights,
    running_lines,
    tanh_points,
    update_ratios,
    wandering_means,
    weight_histograms,
)
from makemore.charts.letters import (
    bigram_net,
    completion_bars,
    component_bars,
    count_heatmap,
    count_shades,
    cumulated_bar,
    embedding_scatter,
    large_count_matrix,
    letter_bars,
    log_count_scatter,
    logit_forces,
    looked_up_rows,
    name_board,
    name_scores,
    name_standings,
    name_tiles,
    plucked_row,
    sampled_shares,
    share_dots,
    sum_bars,
    surprise_strips,
)
from makemore.charts.losses import (
    batch_angles,
    batch_curves,
    checkpoint_dots,
    context_curves,
    contrast_curve,
    counted_contexts,
    descent_curves,
    floor_curve,
    importance_bars,
    losses_by_position,
    name_over_training,
    overflowing_logits,
    overlaid_losses,
    paired_gaps,
    parallel_coordinates,
    rate_sweep,
    scoreboard,
    seed_dots,
    seed_gaps,
    setting_dots,
    size_gaps,
    smoothed_curve,
    smoothing_curve,
    split_dots,
    trade_off,
    training_curve,
    trial_curves,
)
from makemore.charts.trees import (
    computation_graph,
    expected_letters,
    expression_graph,
    fusion_tree,
    sliding_lattice,
)


def cells() -> pd.DataFrame:
    rows = [(p[0], p[1], p, i, i / 10) for i, p in enumerate(["..", ".a", "a.", "aa"])]
    return pd.DataFrame(rows, columns=["first", "second", "pair", "count", "probability"])


def table(text: str, *rows: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=text.split())


BINS = table(
    "panel layer left right share",
    ("before", "tanh", 0.0, 1.0, 0.5),
    ("after", "tanh", 0.0, 1.0, 0.2),
)
CHARTS: dict[str, Callable[[], Chart]] = {
    "count_heatmap": lambda: count_heatmap.count_heatmap(cells(), marked=[".a"]),
    "probability_heatmap": lambda: count_heatmap.count_heatmap(
        cells(), show="probability", shade="linear"
    ),
    "letter_bars": lambda: letter_bars.letter_bars(
        table("letter probability", ("a", 1.0)), given="after q"
    ),
    "compared_letters": lambda: letter_bars.compared_letters(
        table("letter counted learned", ("a", 0.5, 0.4)), given="after q"
    ),
    "agreement": lambda: log_count_scatter.agreement(
        table("pair count counted learned", ("aa", 3, 0.5, 0.4), ("ab", 1, -0.5, -0.4)), chosen="a"
    ),
    "name_path": lambda: count_heatmap.count_heatmap(
        cells(),
        show="probability",
        path=table("first second position", (".", "a", 1), ("a", ".", 2)),
        compact=True,
        lit="a",
    ),
    "shade_legend": lambda: count_shades.shade_legend(6763.0),
    "overview": lambda: large_count_matrix.overview(cells()),
    "cumulated_bar": lambda: cumulated_bar.cumulated_bar(
        table("letter low high middle probability", ("a", 0.0, 1.0, 0.5, 1.0)),
        given="after q",
        point=0.3,
    ),
    "smoothing_curve": lambda: smoothing_curve.smoothing_curve(
        table("k place series loss", (0, 0, "the whole list", 2.45), (1, 1, "this name", 2.5)),
        shown=1,
        letters=27,
    ),
    "sum_bars": lambda: sum_bars.sum_bars(
        table("letter which total", ("a", "row", 1.0), ("a", "column", 2.0)), top=2.0, panel="right"
    ),
    "name_tiles": lambda: name_tiles.name_tiles(
        table(
            "row side place letter parted",
            (1, "counted", 1, "a", False),
            (1, "learned", 1, "b", True),
        ),
        shown=12,
    ),
    "plucked_row": lambda: plucked_row.plucked_row(
        table("first second pair weight", ("a", "a", "aa", 0.5)), plucked="a", limit=4.0
    ),
    "softmax_bars": lambda: bigram_net.softmax_bars(
        table("letter one_hot logit exp probability", ("a", 1.0, 0.0, 1.0, 1.0)), part="exp"
    ),
    "descent_curve": lambda: descent_curves.descent_curve(
        table("step loss", (0, 3.76), (1, 3.37)), letters=27, steps=200, shown=1, counted=2.454
    ),
    "gap_curve": lambda: descent_curves.gap_curve(
        table("step largest mean", (0, 0.7, 0.1)), shown=0, steps=200
    ),
    "row_bars": lambda: bigram_net.row_bars(
        table("letter value", ("a", 3.0)), quantity="distance moved, nats", chosen="a", digits=1
    ),
    "scoreboard": lambda: scoreboard.scoreboard(
        table(
            "model label dev test deviation uniform reported reported_on parameters seconds recipe seed",
            ("bigram", "B", 2.45, 2.46, 0.001, 3.2958, 2.45, "all", 729, 0.1, "lecture", "1"),
        )
    ),
    "sampled_shares": lambda: sampled_shares.sampled_shares(
        table("label listed familiar", ("Bigram", 0.1, 0.7), ("MLP", 0.3, 0.9)),
        names=4096,
        dev=0.96,
    ),
    "name_scores": lambda: name_scores.name_scores(
        table("model position letter probability nll", ("Bigram", 1, "a", 0.5, 0.69)), letters=27
    ),
    "surprise_strips": lambda: surprise_strips.surprise_strips(
        table(
            "row model position context letter probability nll worst",
            (0, "Bigram", 1, ".", "a", 0.5, 0.69, True),
        ),
        table("row model note short", (0, "Bigram", "Bigram, rank 1", "Bigram")),
        letters=27,
    ),
    "name_standings": lambda: name_standings.name_standings(
        table("model row left right names height", ("Bigram", 0, 1.0, 1.5, 3, 1.0)),
        table("row model mean told short", (0, "Bigram", 1.2, "rank 2 of 3", "rank 2")),
        name="a",
        letters=27,
    ),
    "completion_bars": lambda: completion_bars.completion_bars(
        table("name probability listed", ("ada", 0.1, True), ("adb", 1e-5, False)),
        prefix="ad",
        most=10,
    ),
    "name_board": lambda: name_board.name_board(
        table(
            "column model row name listed nearest edits",
            (0, "Bigram", 0, "ada", True, "ada", 0),
            (0, "Bigram", 1, "adb", False, "ada", 1),
        ),
        table("column model told", (0, "Bigram", "1 of 2 in the list")),
        rows=2,
    ),
    "share_dots": lambda: share_dots.share_dots(
        table("row model seed share chosen", (0, "Bigram", "1", 0.1, True)),
        table(
            "row model share low high told short",
            (0, "Bigram", 0.1, 0.09, 0.11, "10% ± 0.5%", "10%"),
        ),
        count=20,
        samples=10_000,
    ),
    "split_dots": lambda: split_dots.split_dots(
        table("row model repeated all others", (0, "Bigram", 2.0, 2.1, 2.2))
    ),
    "seed_gaps": lambda: seed_gaps.seed_gaps(
        table("row note difference low high", (0, "MLP less Bigram: -0.3", -0.3, -0.4, -0.2)),
        table("row pair seed difference", (0, "MLP less Bigram", "1", -0.3)),
    ),
    "trade_off": lambda: trade_off.trade_off(
        table(
            "label cost loss front own note",
            ("Bigram", 729.0, 2.45, True, False, "lecture, seed 1"),
            ("mine", 900.0, 2.5, False, True, "fast, seed 1"),
        ),
        cost="parameters",
        uniform=3.3,
    ),
    "paired_gaps": lambda: paired_gaps.paired_gaps(
        table("left right names side", (-0.1, 0.0, 3, "lower"), (0.0, 0.1, 1, "higher")),
        models=("MLP", "WaveNet"),
        mean=-0.05,
        error=0.01,
    ),
    "training_curve": lambda: training_curve.training_curve(
        table("step loss series", (0, 3.3, "mean"), (9, 2.5, "dev")), letters=27, steps=100
    ),
    "no_training_curve_yet": lambda: training_curve.training_curve(
        training_curve.NO_CURVE, letters=27, steps=100, shown=0
    ),
    "training_curve_log": lambda: training_curve.training_curve(
        table("step loss series", (0, 3.3, "raw"), (9, 2.5, "dev")),
        letters=27,
        steps=100,
        shown=9,
        log_steps=True,
    ),
    "two_training_curves": lambda: training_curve.training_curve(
        table("step loss series", (0, 3.3, "mean"), (9, 2.5, "dev")),
        letters=27,
        steps=100,
        other=table("step loss series", (0, 3.3, "mean"), (9, 2.6, "dev")),
    ),
    "embedding_scatter": lambda: embedding_scatter.embedding_scatter(
        table("letter kind x y", ("a", "vowel", 0.1, 0.2))
    ),
    "component_bars": lambda: component_bars.component_bars(
        table("component share so_far", (1, 0.6, 0.6), (2, 0.4, 1.0))
    ),
    "weight_histograms": lambda: weight_histograms.weight_histograms(
        table("tensor left right share height place", ("bias", -1.0, 1.0, 1.0, 1.0, 0.5)),
        table("tensor shape numbers mean std low high", ("bias", "3", 3, 0.1, 0.5, -1.0, 1.0)),
    ),
    "update_ratios": lambda: update_ratios.update_ratios(
        table(
            "tensor numbers data gradient grad_to_data update_to_data",
            ("hidden.weight", 10, 1.0, 0.01, 0.01, 0.001),
        )
    ),
    "checkpoint_dots": lambda: checkpoint_dots.checkpoint_dots(
        table(
            "checkpoint label parameters dev source",
            ("mlp", "MLP", 11897, 2.09, "shipped"),
            ("own/m", "m (own)", 300, 2.5, "own"),
        ),
        letters=27,
        chosen="mlp",
    ),
    "losses_by_position": lambda: losses_by_position.losses_by_group(
        table("net position loss number share", ("A", 1, 2.9, 5, 0.5), ("A", 2, 1.9, 5, 0.5)),
        "position",
        last="2+",
    ),
    "losses_by_letter": lambda: losses_by_position.losses_by_group(
        table("net letter loss number share", ("A", "a", 2.9, 5, 0.5), ("B", "a", 1.9, 5, 0.5)),
        "letter",
    ),
    "loss_differences": lambda: losses_by_position.loss_differences(
        table("letter number share one other difference adds", ("a", 5, 1.0, 2.9, 1.9, -1.0, -1.0)),
        "letter",
        ("A", "B"),
    ),
    "contrast_histogram": lambda: histograms.contrast_histogram(BINS, quantity="pre-activation"),
    "layer_histograms": lambda: histograms.layer_histograms(BINS, quantity="activation"),
    "channel_strips": lambda: channel_strips.channel_strips(
        table("position channel value", ("1", 0, 0.5)), limit=1.0
    ),
    "tanh_points": lambda: tanh_points.tanh_points(
        table("panel pre post slope", ("naive", 2.0, 0.96, 0.07), ("repaired", 0.5, 0.46, 0.79)),
        neuron=3,
        reach=9.0,
        panels=("naive", "repaired"),
    ),
    "contrast_curve": lambda: contrast_curve.contrast_curve(
        table("panel step loss", ("naive", 0, 26.0), ("repaired", 0, 3.3)),
        letters=27,
        panels=("naive", "repaired"),
    ),
    "bands": lambda: neuron_bands.bands(
        table("place neuron mean std low high", (0, 5, 0.1, 1.0, -0.9, 1.1)),
        panel="before",
        limit=2.0,
    ),
    "coupled_values": lambda: coupled_values.coupled_values(
        table("example before after at_first", (1, 2.0, 0.7, 0.1), (2, 1.0, -0.7, -0.1)),
        chosen=2,
        reach=4.0,
    ),
    "running_line": lambda: running_lines.running_line(
        table("step value", (0, 0.0), (4, 0.3)), quantity="mean", true=0.5
    ),
    "neighbour_dots": lambda: neighbour_dots.neighbour_dots(
        table("batch probability", (1, 0.2), (2, 0.3)), alone=0.25, letter="a", count=2
    ),
    "no_neighbours": lambda: neighbour_dots.neighbour_dots(
        table("batch probability"), alone=0.25, letter="b", count=2
    ),
    "shifted_losses": lambda: bias_lines.shifted_losses(
        table("net shift loss", ("with batch norm", 1.0, 2.5), ("without", 1.0, 2.2)), shift=1.0
    ),
    "bias_gradients": lambda: bias_lines.bias_gradients(
        table("net neuron bias", ("with batch norm", 0, 0.0), ("without", 0, 0.1))
    ),
    "node_bars": lambda: fusion_tree.node_bars(
        table("channel value", (0, 0.5), (1, -0.5)), node="the node over ma"
    ),
    "fusion_tree": lambda: fusion_tree.fusion_tree(
        table(
            "node level position x y width letters worth", ("1.1", 1, 1, 0.5, 1.0, 1.7, ".a", 0.3)
        ),
        table("x y x2 y2 worth letters", (0.0, 0.0, 0.5, 1.0, -0.1, ".")),
        table("x letter padding worth", (0.0, ".", True, 0.0), (1.0, "a", False, 0.2)),
        {"1.1": np.linspace(-1, 1, 7)},
    ),
    "grouped_cells": lambda: grouped_cells.grouped_cells(
        table("row column value letter channel position stored", (0, 0, 0.5, "a", 0, 0, 0)),
        most_rows=8,
        most_columns=80,
        limit=0.5,
    ),
    "lattice": lambda: sliding_lattice.lattice(
        table("time level state ago padding letters", (1, 1, "new", 0, False, "ab")),
        table("x y x2 y2 state", (0, 0, 1, 1, "new")),
        table("time letter padding", (0, "a", False), (1, "b", False)),
    ),
    "seed_dots": lambda: seed_dots.seed_dots(
        table(
            "variant seed dev note", ("before", "1", 2.1, "before"), ("after", "1", 2.0, "after")
        ),
        panels=True,
    ),
    "setting_dots": lambda: setting_dots.setting_dots(
        table(
            "trial x place group seed dev mean state label",
            (0, 0.1, 0, "32", "1", 2.1, 2.1, "complete", "rate 0.1, batch 32"),
            (1, 1.0, 1, "64", "1", 2.6, 2.6, "given up", "rate 1, batch 64"),
        ),
        x="learning rate",
        values=(0.1, 1.0),
        by="batch size",
        groups=("32", "64"),
        log=True,
        ceiling=2.5,
    ),
    "parallel_coordinates": lambda: parallel_coordinates.parallel_coordinates(
        table(
            "trial label axis order place text dev marked",
            (0, "rate 0.1", "learning rate", 0, 0.0, "0.1", 2.1, True),
            (0, "rate 0.1", "dev loss", 1, 0.0, "2.1", 2.1, True),
            (1, "rate 1", "learning rate", 0, 1.0, "1", 2.6, False),
            (1, "rate 1", "dev loss", 1, 1.0, "2.6", 2.6, False),
        ),
        table(
            "axis order place text",
            ("learning rate", 0, 0.0, "0.1"),
            ("dev loss", 1, 1.0, "2.600"),
        ),
        short={"learning rate": "rate"},
    ),
    "trial_curves": lambda: trial_curves.trial_curves(
        table(
            "trial label group share step dev marked last",
            (0, "rate 0.1", "0.1", 0.0, 0, 3.3, True, False),
            (0, "rate 0.1", "0.1", 1.0, 9, 2.1, True, False),
            (1, "rate 1", "1", 0.0, 0, 3.3, False, False),
            (1, "rate 1", "1", 0.5, 4, 3.6, False, True),
        ),
        groups=("0.1", "1"),
        letters=27,
    ),
    "importance_bars": lambda: importance_bars.importance_bars(
        table("setting share", ("learning rate", 0.7), ("batch size", 0.3))
    ),
    "batch_angles": lambda: batch_angles.batch_angles(
        table("size draw angle", (8, 0, 70.0), (8, 1, 80.0), (0, 0, 0.0))
    ),
    "batch_curves": lambda: batch_curves.batch_curves(
        table("batch examples seconds dev", ("8", 800, 0.1, 2.8), ("all", 182_625, 1.0, 3.2)),
        against="seconds",
        top=3.4,
    ),
    "rate_sweep": lambda: rate_sweep.rate_sweep(
        table("rate loss smoothed", (0.001, 3.3, 3.3), (0.1, 2.5, 2.6), (1.0, 9.0, 5.0)),
        low=0.05,
        high=0.2,
        suggested=0.1,
        chosen=0.3,
        top=4.0,
    ),
    "floor_curve": lambda: floor_curve.floor_curve(
        table("step loss", (0, 3.3), (1, 2.0)), steps=1_000, floor=0.25
    ),
    "size_gaps": lambda: size_gaps.size_gaps(
        table("width split seed loss", (10, "train", "1", 2.4), (10, "dev", "1", 2.5)),
        table("width split seed loss", (20, "train", "2", 2.3), (20, "dev", "2", 2.4)),
        title="hidden units",
    ),
    "smoothed_curve": lambda: smoothed_curve.smoothed_curve(
        table("step loss", (0, 3.3), (100, 2.1)),
        table("step loss", (50.0, 2.7)),
        decay=60,
        low=1.2,
        high=3.4,
    ),
    "name_over_training": lambda: name_over_training.name_over_training(
        table(
            "step series loss",
            (0, name_over_training.NAME, 3.4),
            (0, name_over_training.DEV, 3.3),
        ),
        letters_loss=3.3,
    ),
    "context_curves": lambda: context_curves.context_curves(
        table(
            "series letters channels parameters seed dev",
            ("as wide", 2, 68, 3629, "1", 2.25),
            ("as large", 2, 451, 22396, "1", 2.22),
        ),
        series=("as wide", "as large"),
    ),
    "expression_graph": lambda: expression_graph.expression_graph(
        table(
            "name made_by column row value gradient",
            ("x", "", 0, 0.0, 0.5, float("nan")),
            ("o", "tanh", 1, 0.0, 0.46, 1.0),
        ),
        table(
            "part made x y x2 y2 slope passed state", ("x", "o", 0, 0, 1, 0, 0.8, 0.8, "to come")
        ),
    ),
    "logit_gradients": lambda: logit_forces.logit_gradients(
        np.array([[-0.4, 0.4], [0.1, -0.1]]), examples=["a", "b"], letters=[".", "a"], chosen=1
    ),
    "force_bars": lambda: logit_forces.force_bars(
        table("letter force probability", (".", 0.4, 0.2), ("a", -0.4, 0.8)), example=".a → ."
    ),
    "gradient_terms": lambda: gradient_terms.gradient_terms(
        table("example directly mean", (1, 0.2, -0.1), (2, -0.3, 0.1)), neuron=3
    ),
    "gradient_differences": lambda: gradient_differences.gradient_differences(
        table("name verdict largest", ("dC", "approximate", 1e-9), ("db2", "exact", 0.0))
    ),
    "overlaid_losses": lambda: overlaid_losses.overlaid_losses(
        table("way step loss apart", ("by hand", 1, 3.3, 0.0), ("autograd", 1, 3.3, 0.0)),
        letters=27,
    ),
    "losses_apart": lambda: overlaid_losses.loss_differences(
        table("way step loss apart", ("by hand", 1, 3.3, 1e-7), ("autograd", 1, 3.3, 0.0)),
        than="autograd",
    ),
    "expected_letters": lambda: expected_letters.expected_letters(
        table("letter probability", ("a", 0.75), ("b", 0.25)), given="after q", target="b"
    ),
    "computation_graph": lambda: computation_graph.computation_graph(
        table(
            "node x y row column state shape told under",
            ("h", 0, 0, 0, 0, "to come", "32 × 64", "to come", False),
            ("loss", 1, 0, 1, 0, "right", "1", "exact", True),
        ),
        table(
            "x y x2 y2 row column row2 column2 shape flowed at side",
            (0, 0, 1, 0, 0, 0, 1, 0, "32×64", False, 0.5, "below"),
        ),
        chosen="h",
    ),
    "heatmap_row": lambda: heatmap_row.heatmap_row(
        {"value": np.eye(2), "gradient": -np.eye(3)}, notes={"value": "h"}, cells={"value": (0, 1)}
    ),
    "broadcast_shapes": lambda: broadcast_shapes.broadcast_shapes(
        "bngain", "hpreact", (1, 64), (32, 64), copied=True
    ),
    "matrix_product": lambda: matrix_product.matrix_product(
        np.eye(2), np.eye(2), np.eye(2), rows=["ab", "cd"], chosen=1
    ),
    "wander": lambda: wandering_means.wander(
        table("panel step share", ("before", 400, 0.1), ("after", 400, 0.05)),
        table("panel share", ("before", 0.04), ("after", 0.02)),
    ),
    "flat_map": lambda: flat_map.flat_map(
        np.array([[True, False], [True, True]]),
        table(
            "place neuron flat mean std dead",
            (0, 1, 1.0, 0.9, 0.1, True),
            (1, 0, 0.5, 0.1, 0.4, False),
        ),
        net="naive",
        chosen=1,
    ),
    "letter_sums": lambda: neuron_weights.letter_sums(
        table("letter position adds", ("a", 1, 0.5), ("b", 1, -2.0)), neuron=3
    ),
    "weight_bars": lambda: neuron_weights.weight_bars(
        table("position dimension weight", (1, 1, 0.5), (2, 1, -2.0)), neuron=3
    ),
    "activation_curve": lambda: activation_curves.activation_curve(
        table("x y flat", (-1.0, 0.0, True), (0.0, 0.0, True), (1.0, 1.0, False)),
        table("left right share", (-1.0, 0.0, 0.5), (0.0, 1.0, 0.5)),
        name="ReLU",
        top=4,
    ),
    "shares_by_scale": lambda: activation_curves.shares_by_scale(
        table("activation scale dead", ("tanh", 1.0, 0.1), ("tanh", 2.0, 0.2)),
        field="dead",
        title="dead neurons",
        shown=2.0,
    ),
    "layer_spreads": lambda: layer_spreads.layer_spreads(
        table("layer std gradient_std flat", (1, 0.7, 2.0, 0.1), (2, 0.6, 1.0, 0.05))
    ),
    "layer_shares": lambda: layer_spreads.layer_shares(
        table("layer std gradient_std flat", (1, 0.7, 2.0, 0.1), (2, 0.6, 1.0, 0.05))
    ),
    "counted_losses": lambda: counted_contexts.counted_losses(
        table("letters floor dev", (1, 2.4, 2.5), (2, 2.1, 2.2)),
        table("label letters dev", ("MLP, 3 letters", 2, 2.0)),
        chosen=2,
    ),
    "counted_rows": lambda: counted_contexts.counted_rows(
        table("letters rows seen", (1, 27, 27), (2, 729, 595)), chosen=1
    ),
    "forward_strips": lambda: forward_strips.forward_strips(
        forward_strips.lay_cells(
            table(
                "tensor place value line column columns label",
                ("ids", 0, 1.0, 0, 0, 1, "a = 1"),
                ("probs", 0, 0.25, 0, 0, 2, "."),
                ("probs", 1, 0.75, 0, 1, 2, "a"),
            )
        ),
        table(
            "tensor shape stride does",
            ("ids", "(1, 1)", "(1, 1)", "ids"),
            ("probs", "(1, 2)", "(2, 1)", "exp"),
        ),
        chosen=("probs", 1),
        fed=table("tensor place", ("ids", 0)),
    ),
    "looked_up_rows": lambda: looked_up_rows.looked_up_rows(
        np.array([[0.5, -1.0], [1.0, 2.0]]), [".", "a"], [0, 1]
    ),
    "loss_by_constant": lambda: overflowing_logits.loss_by_constant(
        table("constant by_hand library", (0.0, 1.0, 1.0), (1.0, float("inf"), 2.0)),
        chosen=1.0,
        broken="inf",
    ),
    "logit_bars": lambda: overflowing_logits.logit_bars(
        table("letter logit counts target", ("a", 1.0, "2.718", True), ("b", 90.0, "inf", False)),
        limit=88.7,
        given="..a",
    ),
    "silhouette": lambda: brick_silhouette.silhouette(
        table(
            "place name positions features parameters state",
            (1, "Embedding 10", 8, 10, 270, "fits"),
        ),
        positions=8,
        chosen=1,
    ),
}


@pytest.fixture(params=CHARTS)
def chart(request: pytest.FixtureRequest) -> Chart:
    return CHARTS[request.param]()


def test_spec_is_built_once(request: pytest.FixtureRequest, chart: Chart) -> None:
    again = CHARTS[request.node.callspec.params["chart"]]()
    assert again.spec is chart.spec


def test_has_an_alternative_text(chart: Chart) -> None:
    assert len(chart.alt) > 20


def test_has_the_data_that_its_spec_names(chart: Chart) -> None:
    looked_up = [each["from"] for part in parts(chart.spec) for each in part.get("transform", [])
                 if "lookup" in each]  # fmt: skip
    sources = [part.get("data", {}) for part in [*parts(chart.spec), *looked_up]]
    assert {data["name"] for data in sources if "name" in data} == set(chart.frames)


def test_tells_what_is_seen_as_data(chart: Chart) -> None:
    first = chart.spec["layer"][0]
    assert first["encoding"]["description"] == {"field": "said"}
    assert chart.frames["said"]["said"].tolist() == [chart.alt]
    assert chart.alt not in strings(dict(chart.spec))


def test_has_the_selections_that_it_promises(chart: Chart) -> None:
    found = {
        param["name"]
        for part in parts(chart.spec)
        for param in part.get("params", [])
        if "select" in param and param.get("bind") != "scales"  # zooming is the client's own
    }
    assert found == set(chart.selections)


def test_axes_are_named(chart: Chart) -> None:
    for part in parts(chart.spec):
        for channel in ("x", "y"):
            encoding = part.get("encoding", {}).get(channel, {})
            if (
                "field" in encoding
                and encoding.get("axis", {}) is not None
                and part["mark"]["type"] == "bar"
            ):
                assert encoding.get("title"), (channel, encoding)


def test_no_colour_is_bound_to_one_theme(chart: Chart) -> None:
    assert not [text for text in strings(chart.spec) if text.startswith("#")]


def parts(spec: Any) -> list[dict[str, Any]]:
    """The spec and everything that is layered or joined in it."""
    inside = [part for key in ("layer", "hconcat", "vconcat") for part in spec.get(key, [])]
    return [dict(spec), *(deeper for part in inside for deeper in parts(part))]


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for each in value for text in strings(each)] if isinstance(value, list) else []


@pytest.mark.parametrize("shape", [(1, 1), (3, 8), (300, 13), (5_000, 200)])
def test_a_mask_is_a_picture_of_two_colours(shape: tuple[int, int]) -> None:
    """As Pillow reads it."""
    mask = np.random.default_rng(7).random(shape) < 0.3
    content = base64.b64decode(png.marked(mask).partition(",")[2])
    image = Image.open(io.BytesIO(content))
    image.verify()
    pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
    wanted = np.where(mask[..., None], palette.IMAGE_MARKED, palette.IMAGE_PLAIN)
    assert pixels.shape == (*shape, 3)
    assert (pixels == wanted).all()
    assert len(content) < mask.size / 8 + 200 + shape[0]


def test_diverging_image_is_clear_at_zero_and_full_at_the_limit() -> None:
    url = png.diverging(np.array([[-2.0, 0.0, 2.0]]), 2.0)
    image = Image.open(io.BytesIO(base64.b64decode(url.removeprefix("data:image/png;base64,"))))
    pixels = [image.getpixel((x, 0)) for x in range(3)]
    alphas = [pixel[3] for pixel in pixels if isinstance(pixel, tuple)]
    assert alphas == [255, 0, 255]
    assert pixels[0] != pixels[2]


@pytest.mark.parametrize("number", [1, 2, 5, 6, 11])
def test_every_model_has_a_colour_of_its_own_beside_the_name(number: int) -> None:
    names = [f"Model {i}" for i in range(number)]
    rows = [(name, 1, "a", 0.5, 0.69) for name in names]
    chart = name_scores.name_scores(
        table("model position letter probability nll", *rows), letters=27
    )
    [scale] = {
        str(part["encoding"]["color"]["scale"]): part["encoding"]["color"]["scale"]
        for part in parts(chart.spec)
        if "color" in part.get("encoding", {})
    }.values()
    assert scale["domain"] == [*names, "uniform baseline: 1/27 = 3.7%"]
    assert len(set(scale["range"])) == number + 1
    assert chart.datasets["scores"]["model"].tolist() == names


def test_sampled_shares_say_every_figure() -> None:
    models = table("label listed familiar", ("Bigram", 0.1064, 0.7), ("MLP", 0.3, 0.9))
    chart = sampled_shares.sampled_shares(models, names=4096, dev=0.962)
    drawn = chart.datasets["shares"]
    assert sorted(zip(drawn["label"], drawn["figure"], strict=True)) == [
        ("Bigram", "10.6%"), ("Bigram", "70.0%"), ("MLP", "30.0%"), ("MLP", "90.0%"),
    ]  # fmt: skip
    for figure in ("4,096", "10.6%", "90.0%", "96.2%"):
        assert figure in chart.alt


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "under 1 s"),
        (0.99, "under 1 s"),
        (1, "1 s"),
        (42.4, "42 s"),
        (99, "99 s"),
        (100, "2 min"),
        (600, "10 min"),
        (7200, "120 min"),
    ],
)
def test_a_duration_in_words(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_folding_pads_the_last_row() -> None:
    folded = png.folded(np.arange(5.0), 2)
    assert folded.tolist() == [[0, 1, 2], [3, 4, 0]]


def test_letters_step_aside_and_their_points_do_not() -> None:
    crowd = [("a", "vowel", 0.0, 0.0), ("b", "consonant", 0.01, 0.0), ("c", "consonant", 5.0, 5.0)]
    points = table("letter kind x y", *crowd)
    drawn = embedding_scatter.embedding_scatter(points).datasets["points"]
    assert drawn[["x", "y"]].equals(points[["x", "y"]])
    for size in "012":
        aside = np.hypot(drawn[f"dx{size}"], drawn[f"dy{size}"])
        assert (aside > 10).tolist() == [True, True, False]
        assert aside[2] == 0


def test_scatters_of_other_limits_share_all_but_the_limits() -> None:
    """To build a spec takes as long as a page, and each moment of each training has its own limits."""
    points = table("letter kind x y", ("a", "vowel", 0.1, 0.2))
    one, two = (
        embedding_scatter.embedding_scatter(points, limits=limits).spec
        for limits in ((-1.0, 1.0, -2.0, 2.0), (-3.0, 5.0, 0.0, 1.0))
    )
    assert one["layer"] is two["layer"]
    for spec, width, height, across, up in (
        (one, 500, 1000, (-1.12, 1.12), (-2.24, 2.24)),
        (one, 1000, 500, (-4.48, 4.48), (-2.24, 2.24)),
        (two, 800, 400, (-3.48, 5.48), (-1.74, 2.74)),
    ):
        values = {each["name"]: each["value"] for each in spec["params"] if "value" in each}
        values |= {"width": width, "height": height, "max": max}
        encoded = spec["layer"][1]["encoding"]
        for axis, wanted in (("x", across), ("y", up)):
            ends = [eval(end["expr"], values) for end in encoded[axis]["scale"]["domain"]]
            assert ends == pytest.approx(wanted)


def test_charts_of_activations_share_one_height() -> None:
    names = ("contrast_histogram", "layer_histograms", "tanh_points", "bands")
    assert {CHARTS[name]().spec["height"] for name in names} == {histograms.HEIGHT}


def test_a_layer_alone_is_drawn_as_strongly_as_the_last_of_many() -> None:
    rows = [(layer, 0.0, 1.0, 0.5) for layer in ("tanh1", "tanh2", "tanh3")]

    def colours(bins: pd.DataFrame) -> list[str]:
        spec = histograms.layer_histograms(bins, quantity="activation").spec
        found: list[str] = spec["layer"][1]["encoding"]["stroke"]["scale"]["range"]
        return found

    bins = table("layer left right share", *rows)
    assert colours(bins[bins["layer"] == "tanh1"]) == colours(bins)[-1:]
    assert len(set(colours(bins))) == 3


def test_a_heatmap_has_its_proportions_and_a_frame_around_the_chosen_cell() -> None:
    chart = heatmap_row.heatmap_row(
        {"wide": np.ones((1, 64)), "whole": np.ones((32, 64))}, cells={"whole": (31, 0)}
    )
    panels = {str(row["name"]): row for row in chart.datasets["panels"].to_dict("records")}
    assert (panels["whole"]["right"], panels["whole"]["low"]) == (1.0, 1.0)
    assert (panels["wide"]["right"], panels["wide"]["low"]) == (1.0, heatmap_row.LEAST)
    [cell] = chart.datasets["cells"].to_dict("records")
    assert (cell["left"], cell["right"], cell["low"]) == (0.0, 1 / 64, 1.0)


def test_a_graph_says_how_many_gradients_are_right() -> None:
    assert "right: 1, wrong: 0, to come: 1. Ringed: h." in CHARTS["computation_graph"]().alt
