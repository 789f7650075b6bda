"""Page: how a net should begin, from the first loss to a rule for every layer."""

from makemore.diagnostics.layers import flat_regions, kaiming, saturation_image
from makemore.experiments import recorded_starts
from makemore.lessons.initialisation import (
    confident_start,
    hockey_stick,
    kaiming_rule,
    live_map,
    notebook,
    other_activations,
    saturation,
    start_ladder,
)
from makemore.models.mlp import MLP
from makemore.ui.kit import ask_beside, page_frame
from makemore.ui.kit.page_frame import Step

page_frame.show_page(
    "initialisation",
    [
        Step(
            title="Confidently wrong",
            takeaway="The loss before the first step is known in advance: that of uniform guesses. So it is the "
            "first thing to check.",
            body=confident_start.show_confident_start,
            notebook=notebook.first_loss,
            code=(MLP._draw, confident_start.scaled),
            short="First loss",
        ),
        Step(
            title="Hockey stick",
            takeaway="The naive net spends its first steps squashing its logits: its dev loss falls from 26 to "
            "4.9 by step 500 and 3.05 by step 2,000. A repaired start has that behind it.",
            elsewhere="The naive net spends its first steps squashing its logits; a repaired start has that "
            "behind it.",
            body=hockey_stick.show_hockey_stick,
            notebook=notebook.hockey_stick,
            code=(recorded_starts.record,),
            pace=ask_beside.pace,
        ),
        Step(
            title="Saturation",
            takeaway="A tanh beyond ±0.99 passes back less than 2% of a gradient. At the naive start that "
            "holds for 62% of all activations, with Kaiming initialisation for 10%.",
            elsewhere="A tanh beyond ±0.99 passes back less than 2% of a gradient. At the naive start that "
            "holds for far more of the activations than with Kaiming initialisation.",
            body=saturation.show_saturation,
            notebook=notebook.saturation,
            code=(saturation_image.saturation_image, saturation_image.neuron_weights),
            pace=ask_beside.pace,
        ),
        Step(
            title="Other activations",
            takeaway="Every activation has its flat region; a neuron that lies in it for every example is "
            "dead. How many, the scale decides.",
            body=other_activations.show_other_activations,
            notebook=notebook.activations,
            code=(flat_regions.flat_by_scale,),
            short="Activations",
        ),
        Step(
            title="Kaiming's rule",
            takeaway="A sum of fan-in products spreads std(x) · std(w) · √fan-in. Weights of gain / √fan-in "
            "keep activations alive through any number of layers.",
            body=kaiming_rule.show_kaiming_rule,
            notebook=notebook.kaiming_rule,
            code=(kaiming.spreads, kaiming.through_layers),
            short="Kaiming",
        ),
        Step(
            title="The ladder",
            takeaway="One thing changed at a time, from five seeds each: that tells what a repair of the start is "
            "worth from what the draw alone does.",
            body=start_ladder.show_start_ladder,
            notebook=notebook.ladder,
            code=(start_ladder.gap,),
            short="Ladder",
            of_course=True,
        ),
        Step(
            title="Watch it saturate",
            takeaway="The map of the moment while a net trains. Over the lecture's 200,000 steps the share of "
            "flat activations goes from 62% to 66% (naive) and from 10% to 25% (Kaiming).",
            elsewhere="The map of the moment while a net trains: how many neurons are flat, and for which "
            "examples.",
            body=live_map.show_live_map,
            notebook=notebook.watched,
            code=(saturation_image.flat_at,),
            short="Training",
            polls=True,
        ),
    ],
)
