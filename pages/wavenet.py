"""Page: eight letters fused pair by pair, and a bug in batch norm that hardly showed."""

from functools import partial

from makemore.diagnostics.trees import fusion_tree
from makemore.inference import ablation, sampling, substrings
from makemore.inference.distinct_nodes import Planner
from makemore.inference.planned_forward import planned_loss
from makemore.layers import BatchNorm1d, FlattenConsecutive, Linear
from makemore.lessons.wavenet import (
    axis_bug,
    flat_beside_tree,
    name_costs,
    name_tree,
    notebook,
    shape_trace,
    sliding_convolution,
)
from makemore.models.convolution import CausalConvolution, kernel
from makemore.models.mlp_bn import MLPBN
from makemore.models.wavenet import WaveNet
from makemore.training.planned_update import Planned, PlannedForward
from makemore.training.updates import Descent
from makemore.ui.kit import activation_spread, page_frame, shared_notebooks
from makemore.ui.kit.choose_checkpoint import choose_beside, is_tree
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage, Step
from makemore.ui.kit.sampled_names import show_samples
from makemore.ui.training_panel import train_shipped


def train(about: ChosenList, name: str, stage: Stage) -> None:
    view = partial(activation_spread.show_spread, key="train_wavenet")
    train_shipped("wavenet_22k", about, stage, recipe="fast", key="train_wavenet", view=view)


def draw(about: ChosenList, name: str, stage: Stage) -> None:
    with stage.controls:
        name_costs.show_costs(about, name)
    models = choose_beside(about, name_costs.NETS, stage, fits=is_tree, key="tree_drawn")
    show_samples(about, *models.items(), stage=stage, key="wavenet")


page_frame.show_page(
    "wavenet",
    [
        Step(
            title="The tree",
            takeaway="Letters fuse into pairs, pairs into fours, fours into eight: every node sums up the "
            "letters below it, and the last one predicts the next letter.",
            body=name_tree.show_tree,
            notebook=notebook.tree,
            code=(WaveNet.__init__, ablation.worth, substrings.nearest, fusion_tree.tree),
            short="Tree",
        ),
        Step(
            title="Flat beside it",
            takeaway="A flat net with the same context of eight letters joins them all at once; the tree "
            "does it step by step, with the same weights for every pair.",
            body=flat_beside_tree.show_flat_and_tree,
            notebook=notebook.flat,
            code=(MLPBN.__init__, FlattenConsecutive.forward),
            short="Flat",
        ),
        Step(
            title="Shapes",
            takeaway="Joining two neighbours moves no number, and a Linear works on the last axis alone, so a "
            "level needs one matrix for all its positions.",
            body=shape_trace.show_one_of_three,
            notebook=notebook.shapes,
            code=(FlattenConsecutive.forward, Linear.forward),
        ),
        Step(
            title="The axis bug",
            takeaway="Batch norm once took its means over the batch alone and not over the positions too: "
            "fewer numbers for each mean, and so more noise.",
            of_course=True,
            body=axis_bug.show_bug,
            notebook=notebook.axis_bug,
            code=(BatchNorm1d.forward, BatchNorm1d.remember),
            short="Axis bug",
        ),
        Step(
            title="A convolution",
            takeaway="Slid along a name, a tree computes many nodes again. A dilated causal convolution "
            "computes each once, with the same result.",
            body=sliding_convolution.show_lattice,
            notebook=notebook.convolution,
            code=(CausalConvolution.forward, kernel, Planner.batch, planned_loss),
            short="Convolution",
        ),
        Step(
            title="Watch it learn",
            takeaway="The small tree, from the same initialisation as the shipped one, whose dev loss went "
            "four fifths of its way in the first tenth of the steps.",
            elsewhere="The small tree, trained on your list from the same seed as the shipped one.",
            body=train,
            notebook=shared_notebooks.trained,
            code=(Planned.descend, PlannedForward.losses, Descent.descend),
            short="Training",
            polls=True,
        ),
        Step(
            title="New names",
            takeaway="The same seed and temperature, three letters of context beside eight: on average the "
            "tree expects names better than the MLP, but not every name.",
            elsewhere="The same seed and temperature, three letters of context beside eight: a net that sees "
            "more can also learn a short list by heart.",
            body=draw,
            notebook=shared_notebooks.made_up_names,
            settings={"first": "mlp", "checkpoint": "wavenet"},
            code=(sampling.sample,),
            short="Names",
        ),
    ],
)
