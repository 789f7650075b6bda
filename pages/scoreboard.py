"""Page: how low each model's loss is, how sure that is, what it costs, and on which names."""

from makemore.diagnostics.losses import pareto, seed_effects
from makemore.diagnostics.losses.paired import paired
from makemore.inference import evaluation
from makemore.lessons.scoreboard import (
    losses,
    notebook,
    paired_models,
    repeated_names,
    seed_gaps,
    trade_offs,
)
from makemore.ui.kit import page_frame
from makemore.ui.kit.page_frame import Step

page_frame.show_page(
    "scoreboard",
    [
        Step(
            title="Dev and test loss",
            takeaway="The loss is the mean negative log-likelihood (NLL) of a letter, in nats. A model's loss on "
            "test differs from that on dev by less than 0.007.",
            elsewhere="The loss is the mean negative log-likelihood (NLL) of a letter, in nats. The fewer dev and "
            "test names a list has, the further a model's two losses may lie apart.",
            body=losses.show_losses,
            notebook=notebook.losses,
            code=(evaluation.judge,),
            short="Losses",
        ),
        Step(
            title="What seeds alone do",
            takeaway="The same training from another seed ends a little elsewhere. A difference that is no larger "
            "than that says nothing.",
            body=seed_gaps.show_seed_gaps,
            notebook=notebook.seed_gaps,
            code=(seed_effects.effect,),
            short="Seeds",
        ),
        Step(
            title="What a lower loss costs",
            takeaway="On the Pareto front no model is beaten on both counts. Along it every lower loss costs "
            "more parameters, or more time.",
            body=trade_offs.show_trade_offs,
            notebook=notebook.trade_offs,
            code=(pareto.on_front,),
            short="Costs",
        ),
        Step(
            title="Names that stand in train too",
            takeaway="Some dev names have been seen in training, since the list has them twice. Without them "
            "every loss is higher.",
            elsewhere="A name that a list has twice may stand in train and in dev too. Then the dev loss is in "
            "part one of names that were seen in training.",
            body=repeated_names.show_repeated,
            notebook=notebook.repeated,
            code=(repeated_names.repeated_losses,),
            short="Repeated",
        ),
        Step(
            title="Two models, name by name",
            takeaway="On the same names two models can be told apart by far less than either loss is sure to.",
            body=paired_models.show_paired,
            notebook=notebook.paired,
            code=(paired,),
            short="Paired",
        ),
    ],
)
