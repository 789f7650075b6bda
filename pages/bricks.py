"""Page: a net is a list of bricks; what each kind of net reaches, and what still lowers the loss."""

from makemore.layers import (
    BatchNorm1d,
    Embedding,
    FlattenConsecutive,
    Gate,
    Linear,
    Residual,
    Skip,
    Tanh,
)
from makemore.lessons.bricks import (
    brick_builder,
    model_ladder,
    notebook,
    option_study,
    train_the_stack,
)
from makemore.models import brick_stack
from makemore.models.bricks import Bricks
from makemore.training.planned_update import Planned, PlannedForward
from makemore.training.updates import Descent
from makemore.ui.kit import page_frame, shared_notebooks
from makemore.ui.kit.page_frame import Step

page_frame.show_page(
    "bricks",
    [
        Step(
            title="Bricks",
            takeaway="A net is a list of modules; what one gives, the next must be able to take.",
            body=brick_builder.show_builder,
            notebook=notebook.stack,
            code=(
                brick_stack.laid,
                Bricks.__init__,
                Embedding,
                FlattenConsecutive,
                Linear,
                BatchNorm1d,
                Tanh,
            ),
        ),
        Step(
            title="Train it",
            takeaway="Whatever fits can be trained, on this machine, with the recipe of the tree.",
            body=train_the_stack.show_panel,
            notebook=shared_notebooks.trained,
            code=(Planned.descend, PlannedForward.losses, Descent.descend),
            polls=True,
        ),
        Step(
            title="Flat, tree, scale",
            takeaway="Up to eight letters a longer context lowers the loss, with as many parameters too; "
            "more parameters lower it further and open a gap between train and dev loss.",
            of_course=True,
            body=model_ladder.show_ladder,
            notebook=notebook.ladder,
            short="Scale",
        ),
        Step(
            title="What WaveNet adds",
            takeaway="Gated activation units, residual and skip connections are of the WaveNet paper itself "
            "(2016). Each is switched on alone here, and held against seeds and against parameters.",
            of_course=True,
            body=option_study.show_options,
            notebook=notebook.options,
            code=(Gate.forward, Residual.forward, Skip.forward),
            short="Options",
        ),
    ],
)
