"""Page: how a net should start, and batch norm, which keeps it there."""

from functools import partial

from makemore.diagnostics.layers import neurons
from makemore.inference import sampling
from makemore.layers import BatchNorm1d
from makemore.lessons.mlp_bn import batch_norm_bands, loss_at_start, saturation, spread_at_start
from makemore.models.mlp import MLP
from makemore.training.planned_update import Planned, PlannedForward
from makemore.training.updates import Descent
from makemore.ui.kit import activation_spread, page_frame
from makemore.ui.kit.choose_checkpoint import choose_beside, embeds_letters
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage, Step
from makemore.ui.kit.perplexities import show_perplexities
from makemore.ui.kit.sampled_names import show_samples
from makemore.ui.training_panel import train_shipped


def train(about: ChosenList, name: str, stage: Stage) -> None:
    view = partial(activation_spread.show_spread, key="train_mlp_bn")
    train_shipped("mlp_bn", about, stage, recipe="fast", key="train_mlp_bn", view=view)


def draw(about: ChosenList, name: str, stage: Stage) -> None:
    nets = ("mlp_naive", "mlp_lecture")
    models = choose_beside(about, nets, stage, fits=embeds_letters, key="mlp_bn_drawn")
    with stage.controls:
        show_perplexities(about, models)
    show_samples(about, *models.items(), stage=stage, key="mlp_bn")


page_frame.show_page(
    "mlp_bn",
    [
        Step(
            title="Saturation",
            takeaway="A tanh beyond ±0.99 passes back less than 2% of a gradient. At the naive start that "
            "holds for 62% of all activations, at the repaired one for 10%.",
            elsewhere="A tanh beyond ±0.99 passes back less than 2% of a gradient. At the naive start that "
            "holds for far more of the activations than at the repaired one.",
            body=saturation.show_maps,
            code=(neurons.saturation, neurons.responses),
        ),
        Step(
            title="Histograms",
            takeaway="A pre-activation, which goes into a tanh, is a sum of many products and spreads far; "
            "weights scaled to their number keep it where the tanh still bends.",
            body=spread_at_start.show_histograms,
            code=(MLP._draw,),
        ),
        Step(
            title="First loss",
            takeaway="The loss before the first step is known in advance, so it is the first thing to check.",
            body=loss_at_start.show_first_loss,
            code=(MLP._draw,),
        ),
        Step(
            title="Batch norm",
            takeaway="Batch norm gives each neuron mean 0 and standard deviation 1 over the batch, whatever "
            "the weights before it do.",
            body=batch_norm_bands.show_before_after,
            code=(BatchNorm1d.forward, BatchNorm1d.remember),
        ),
        Step(
            title="Watch it learn",
            takeaway="Kaiming initialisation gets below ln 27 in ten steps of the lecture's loop, with batch "
            "norm or without; the naive start needs more than 1,500.",
            elsewhere="With a sound initialisation and batch norm the loss falls from the first step on; how "
            "the activations spread stays the same.",
            body=train,
            code=(Planned.descend, PlannedForward.losses, Descent.descend),
            short="Training",
            polls=True,
        ),
        Step(
            title="New names",
            takeaway="Same seed, same loop, another initialisation: the perplexity falls from 8.7 to 8.2. In "
            "twenty names that hardly shows.",
            elsewhere="Same seed, same recipe, another initialisation: in twenty names that hardly shows, "
            "so look at the perplexity and at the shares of many.",
            body=draw,
            code=(sampling.sample,),
            short="Names",
        ),
    ],
)
