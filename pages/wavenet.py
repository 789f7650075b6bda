"""Page: eight letters fused pair by pair, and a bug in batch norm that hardly showed."""

from functools import partial

from makemore.checkpoints.shipped import SHIPPED
from makemore.diagnostics.trees import fusion_tree
from makemore.inference import ablation, fragments, sampling
from makemore.inference.distinct_nodes import Planner
from makemore.inference.planned_forward import planned_loss
from makemore.layers import BatchNorm1d, FlattenConsecutive, Linear
from makemore.lessons.wavenet import (
    axis_bug,
    flat_beside_tree,
    name_tree,
    shape_trace,
    sliding_convolution,
)
from makemore.models.convolution import CausalConvolution, kernel
from makemore.models.mlp_bn import MLPBN
from makemore.models.wavenet import WaveNet
from makemore.training.planned_update import Planned, PlannedForward
from makemore.training.updates import Descent
from makemore.ui.kit import activation_spread, page_frame
from makemore.ui.kit.page_frame import Stage, Step
from makemore.ui.kit.sampled_names import show_samples
from makemore.ui.sources import loaded
from makemore.ui.training_panel import train_shipped


def fused(name: str, stage: Stage) -> None:
    name_tree.show_tree(name, stage)


def beside(name: str) -> None:
    flat_beside_tree.show_flat_and_tree(name)


def traced(name: str) -> None:
    shape_trace.show_shapes()
    shape_trace.show_joining(name)
    shape_trace.show_last_axis(name)


def bug(name: str) -> None:
    if axis_bug.ask_gain():
        axis_bug.show_repair()


def slid(name: str) -> None:
    if sliding_convolution.ask_new_nodes():
        sliding_convolution.show_convolution(name)


def train(name: str) -> None:
    view = partial(activation_spread.show_spread, key="train_wavenet")
    train_shipped("wavenet_22k", recipe="fast", key="train_wavenet", view=view)


def draw(name: str) -> None:
    keys = loaded.present(("mlp", "wavenet"))
    show_samples(*[(SHIPPED[key].label, loaded.checkpoint(key)) for key in keys], key="wavenet")


page_frame.show_page(
    "wavenet",
    [
        Step(
            title="The tree",
            takeaway="Letters fuse into pairs, pairs into fours, fours into eight: every node sums up what "
            "it sees, and the last one guesses the next letter.",
            body=fused,
            code=(WaveNet.__init__, ablation.worth, fragments.nearest, fusion_tree.tree),
            short="Tree",
        ),
        Step(
            title="Flat beside it",
            takeaway="A flat net with the same eight letters in view squeezes them all in one go; the tree "
            "does it step by step, with the same weights for every pair, and loses less.",
            body=beside,
            code=(MLPBN.__init__, FlattenConsecutive.forward),
            short="Flat",
        ),
        Step(
            title="Shapes",
            takeaway="Joining two neighbours moves no number, and a Linear works on the last axis alone, so a "
            "level needs one matrix for all its positions.",
            body=traced,
            code=(FlattenConsecutive.forward, Linear.forward),
        ),
        Step(
            title="The axis bug",
            takeaway="Batch norm once took its means over the batch alone and not over the positions too: "
            "fewer numbers for each mean, and so more noise.",
            body=bug,
            code=(BatchNorm1d.forward, BatchNorm1d.remember),
            short="Axis bug",
        ),
        Step(
            title="A convolution",
            takeaway="Slid along a name, the tree computes most of its nodes again; a dilated causal "
            "convolution computes each once and gets the same numbers.",
            body=slid,
            code=(CausalConvolution.forward, kernel, Planner.batch, planned_loss),
            short="Convolution",
        ),
        Step(
            title="Watch it learn",
            takeaway="The small tree, from the same start as the shipped one: most of the loss goes in "
            "the first seconds, the last hundredths take longest.",
            body=train,
            code=(Planned.descend, PlannedForward.losses, Descent.descend),
            short="Training",
            polls=True,
        ),
        Step(
            title="New names",
            takeaway="With eight letters in view the names keep their thread from the first letter to the "
            "last.",
            body=draw,
            code=(sampling.sample,),
            short="Names",
        ),
    ],
)
