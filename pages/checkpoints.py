"""Page: open any checkpoint, shipped or one's own: where it comes from, what is in it, two side by side."""

from functools import partial

from makemore.checkpoints import claims, uploads
from makemore.diagnostics.layers import gradients, saturation_image, weight_histograms
from makemore.diagnostics.losses import losses_by_position
from makemore.inference import capture, example_losses, tensor_numbers
from makemore.lessons.checkpoints import notebook
from makemore.lessons.checkpoints.gradients import show_gradients
from makemore.lessons.checkpoints.inside import show_inside
from makemore.lessons.checkpoints.provenance import show_provenance
from makemore.lessons.checkpoints.train_further import show_further
from makemore.lessons.checkpoints.two_nets import show_two
from makemore.lessons.checkpoints.weights import show_weights
from makemore.lessons.checkpoints.within_reach import show_all
from makemore.training.updates import Descent
from makemore.ui.kit import page_frame
from makemore.ui.kit.page_frame import Step

FURTHER = 6  # the step that trains further

page_frame.show_page(
    "checkpoints",
    [
        Step(
            title="Within reach",
            takeaway="A checkpoint is the weights of a net and what they mean: model, recipe, seed, data and "
            "the losses that it claims.",
            body=partial(show_all, further=FURTHER),
            notebook=notebook.within_reach,
            code=(uploads.read_upload,),
            short="All",
        ),
        Step(
            title="Does it keep its word?",
            takeaway="A loss that a file claims is worth something only when it can be measured again.",
            body=show_provenance,
            notebook=notebook.claims,
            code=(claims.check_claim,),
            short="Claims",
        ),
        Step(
            title="All its weights",
            takeaway="Before a net is run at all, its tensors tell what it is made of and how far they spread.",
            body=show_weights,
            notebook=notebook.weights,
            code=(weight_histograms.weight_histograms, tensor_numbers.spread),
            short="Weights",
        ),
        Step(
            title="Letters and units",
            takeaway="What a trained net knows of letters lies in its embedding; which of its units still bend "
            "shows in a saturation map.",
            body=show_inside,
            notebook=notebook.inside,
            code=(saturation_image.saturation_image,),
            short="Inside",
        ),
        Step(
            title="One batch",
            takeaway="Gradients tell how a net would go on learning: which tensor a step would move, and by how "
            "much of its size.",
            body=show_gradients,
            notebook=notebook.batch,
            code=(gradients.update_ratios, capture.snapshot),
            short="Gradients",
        ),
        Step(
            title="Train it further",
            takeaway="Training can go on from any weights: step 0 is the checkpoint itself.",
            body=show_further,
            notebook=notebook.further,
            code=(Descent.descend,),
            short="Further",
            polls=True,
        ),
        Step(
            title="Two side by side",
            takeaway="Two losses are two means; where in names the difference comes from shows place by place.",
            body=show_two,
            notebook=notebook.two,
            code=(losses_by_position.contributions, example_losses.example_losses),
            short="Compare",
        ),
    ],
)
