"""Page: how the MLP is trained, from the noise of a mini-batch to names over a whole training."""

from makemore.diagnostics.losses import batch_gradients, block_means, few_answers, rate_valley
from makemore.experiments import few_examples as trained_by_heart
from makemore.lessons.mlp_training import (
    batch_noise,
    few_examples,
    names_over_training,
    notebook,
    rate_finder,
    size_ladder,
    smoothing,
    watched_training,
)
from makemore.training import rate_sweep
from makemore.training.planned_update import Planned, PlannedForward
from makemore.training.updates import Descent
from makemore.ui.kit import ask_beside, page_frame, shared_notebooks
from makemore.ui.kit.page_frame import Step

page_frame.show_page(
    "mlp_training",
    [
        Step(
            title="Mini-batches",
            takeaway="A mini-batch's gradient points only roughly along the full one, yet thousands of such steps "
            "get further in the same time than a few exact ones.",
            body=batch_noise.show_batch_noise,
            notebook=notebook.batch_noise,
            code=(batch_gradients.full_gradient, batch_gradients.batch_gradients),
            short="Batches",
            pace=ask_beside.pace,
        ),
        Step(
            title="Find the learning rate",
            takeaway="Let the rate rise through one short training: the loss falls, flattens in a valley and "
            "climbs. A rate from that valley trains well; divided by 10 late, it settles lower.",
            body=rate_finder.show_rate_finder,
            notebook=notebook.rate_finder,
            code=(rate_sweep.sweep, rate_valley.find_valley),
            short="Rate",
        ),
        Step(
            title="Watch it learn",
            takeaway="The loss falls fast, then slowly: after 2% of the lecture's 200,000 steps, 78% of the "
            "fall in dev loss is done.",
            elsewhere="The loss falls fast, then slowly. On a short list the dev loss soon rises again: the "
            "net learns the train names by heart.",
            body=watched_training.show_training,
            notebook=shared_notebooks.trained,
            code=(Planned.descend, PlannedForward.losses, Descent.descend),
            short="Training",
            polls=True,
        ),
        Step(
            title="A few examples by heart",
            takeaway="A net with far more parameters than examples drives their loss near, not to, zero: one "
            "context may have several right answers.",
            body=few_examples.show_few_examples,
            notebook=notebook.few_examples,
            code=(trained_by_heart.overfit, few_answers.conditional_entropy),
            short="By heart",
        ),
        Step(
            title="Train, dev, test",
            takeaway="A larger net fits the train names ever better, and new names gain less and less from that: "
            "the gap opens from 0.001 nats with 10 hidden units to 0.079 with 500.",
            body=size_ladder.show_size_ladder,
            notebook=notebook.size_ladder,
            code=(size_ladder.leak_rows,),
            short="Splits",
            of_course=True,
        ),
        Step(
            title="Read a noisy curve",
            takeaway="One batch's loss is off by 0.22 nats, which hides the 0.084 that dividing the learning rate "
            "buys; means of 1,000 batches show it at once.",
            body=smoothing.show_smoothing,
            notebook=notebook.smoothing,
            code=(block_means.block_means, block_means.spread),
            short="Smoothing",
            of_course=True,
        ),
        Step(
            title="Names as it learns",
            takeaway="The same random numbers give letter soup at first and names at the end: only the weights "
            "have changed.",
            body=names_over_training.show_names_over_training,
            notebook=notebook.names_over_training,
            code=(names_over_training.name_losses,),
            short="Names",
            pace=ask_beside.pace,
        ),
    ],
)
