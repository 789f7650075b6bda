"""Page: what is quietly broken inside a net, by the charts that show it and by rules that name it."""

from makemore.diagnostics.layers import (
    diagnose,
    gradient_histograms,
    histograms,
    repairs,
    updates_over_time,
)
from makemore.inference import readings
from makemore.lessons.diagnostics import (
    any_checkpoint,
    notebook,
    own_stack,
    rates,
    recorded_pair,
    sick_or_healthy,
)
from makemore.training.updates import Descent
from makemore.ui.kit import page_frame
from makemore.ui.kit.page_frame import Step

page_frame.show_page(
    "diagnostics",
    [
        Step(
            title="Activations",
            takeaway="In a sound net every layer spreads over the bend of its tanh. With a gain of 0.5 each "
            "layer shrinks what it gets: the fifth gives 6% of what the first does.",
            body=recorded_pair.show_activations,
            notebook=notebook.activations,
            code=(readings.read, histograms.stored_histograms, diagnose._shrinking),
            of_course=True,
        ),
        Step(
            title="Gradients",
            takeaway="Gradients go back through the same matrices. With a gain of 0.5 they shrink on the way "
            "down as well: the first layer gets 6% of what the fifth does.",
            body=recorded_pair.show_gradients,
            notebook=notebook.gradients,
            code=(gradient_histograms.gradient_ratios, diagnose._ratios),
            of_course=True,
        ),
        Step(
            title="Updates",
            takeaway="A sound update moves a matrix by about a thousandth of its size: −3 on this axis. The "
            "learning rate decides where the lines lie.",
            body=rates.show_updates,
            notebook=notebook.updates,
            code=(updates_over_time.updates_over_time, diagnose._rate_too_low),
            of_course=True,
        ),
        Step(
            title="Your stack",
            takeaway="Eight rules read the same charts: each finding is a number beyond a threshold, has its "
            "place in a chart, and a repair.",
            body=own_stack.show_stack,
            notebook=notebook.own_stack,
            code=(diagnose.diagnose, *diagnose.RULES, repairs.repaired, Descent.descend),
            polls=True,
        ),
        Step(
            title="Sick or healthy?",
            takeaway="Six nets of the same layers, letters and batches. What is wrong shows in the charts, "
            "if one knows in which.",
            body=sick_or_healthy.show_quiz,
            notebook=notebook.quiz,
            code=(diagnose.diagnose, *diagnose.RULES),
            short="Sick?",
            of_course=True,
            polls=True,
        ),
        Step(
            title="Any checkpoint",
            takeaway="The rules read whatever was kept of a training; of what was not, one look at the "
            "weights tells a part.",
            body=any_checkpoint.show_checkpoint,
            notebook=notebook.any_checkpoint,
            code=(diagnose.diagnose, repairs.repaired),
            short="Yours",
            polls=True,
        ),
    ],
)
