"""Page: what is quietly broken inside a net, by the charts that show it and by rules that name it."""

from makemore.diagnostics.layers import histograms
from makemore.lessons.diagnostics import layer_by_layer
from makemore.ui.kit import page_frame
from makemore.ui.kit.page_frame import Step

page_frame.show_page(
    "diagnostics",
    [
        Step(
            title="Activations",
            takeaway="In a net that learns well every layer spreads over the bend of its tanh: none has "
            "shrunk to a needle at zero, none is stuck at the ends.",
            body=layer_by_layer.show_activations,
            code=(histograms.stored_histograms,),
        ),
    ],
)
