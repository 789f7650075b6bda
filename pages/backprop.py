"""Page: every gradient of a two-layer net with batch norm, written by hand."""

from makemore.by_hand import backprop, checked_gradients, scalar_autograd, scalar_walk
from makemore.lessons.backprop import graph_notebook, notebook, one_neuron, walk_graph
from makemore.ui.kit import page_frame
from makemore.ui.kit.page_frame import Step

page_frame.show_page(
    "backprop",
    [
        Step(
            title="One neuron",
            takeaway="Backprop is the chain rule, edge by edge: a number's gradient is the local derivative "
            "times the gradient of what was made of it, added up over all its uses.",
            body=one_neuron.show_one_neuron,
            notebook=notebook.one_neuron,
            code=(
                scalar_autograd.Number,
                scalar_autograd.neuron,
                scalar_walk.edges_back,
                scalar_walk.walk_back,
            ),
            short="Neuron",
        ),
        Step(
            title="Back through the graph",
            takeaway="Each gradient is the local derivative times what comes back, added up over all ways "
            "on which a value acts on the loss.",
            body=walk_graph.show_walk,
            notebook=graph_notebook.walk,
            code=(backprop.forward, backprop.walk_back, checked_gradients.check),
            short="Graph",
        ),
    ],
)
