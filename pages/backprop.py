"""Page: every gradient of the two-layer net with batch norm, written by hand and checked."""

from makemore.by_hand import backprop, checked_gradients
from makemore.lessons.backprop import notebook, walk_graph
from makemore.ui.kit import page_frame
from makemore.ui.kit.page_frame import Step

page_frame.show_page(
    "backprop",
    [
        Step(
            title="Back through the graph",
            takeaway="Each gradient is the local derivative times what comes back, added up over all ways "
            "on which a value acts on the loss.",
            body=walk_graph.show_walk,
            notebook=notebook.walk,
            code=(backprop.forward, backprop.walk_back, checked_gradients.check),
            short="Graph",
        ),
    ],
)
